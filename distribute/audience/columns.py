"""Write a subscriber into the cells of a table, and languages in one of them.

Languages stand in order of preference, ``pt-BR; en``; a ``!`` at the end says that no
other is wanted: ``fr!``. What is written here is read back the same.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from distribute.audience.subscriber import Subscriber
from distribute.audience.tags import format_tags
from distribute.errors import LanguageError
from distribute.language import Language

COLUMNS = (
    "email", "name", "languages", "status", "joined", "source", "tags", "paused_until",
)  # fmt: skip
"""The columns of an export; of an import, only ``email`` is required."""

LONGEST_NAME = 200
"""Characters."""

_MOST_LANGUAGES = 20
_LIST_MARKS = re.compile(r"[;|,/、\s]+")
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")
"""How a cell begins that a spreadsheet runs, with the apostrophes that guard it."""


def write_subscriber(subscriber: Subscriber) -> tuple[str, ...]:
    """Write the cells of one row, in the order of `COLUMNS`.

    A name or source that a spreadsheet would run as a formula gets an apostrophe in
    front, which an import takes away again. Addresses are left as they are: an
    altered one would be another address to every other program.
    """
    return (
        subscriber.mailbox.address,
        guarded(subscriber.mailbox.name),
        format_languages(subscriber.languages, only_these=subscriber.only_these),
        subscriber.status,
        subscriber.joined.isoformat() if subscriber.joined else "",
        guarded(subscriber.source),
        guarded(format_tags(subscriber.tags)),
        subscriber.paused_until.isoformat() if subscriber.paused_until else "",
    )


@lru_cache(maxsize=1024)
def parse_languages(text: str) -> tuple[tuple[Language, ...], bool]:
    """Read ``pt-BR; en`` or ``fr!``; also with ``|``, ``,``, ``/`` or blanks between.

    >>> parse_languages("pt_br|EN!")
    ((Language(tag='pt-BR'), Language(tag='en')), True)

    Gives the languages, each once, and whether only these are wanted.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    only_these, text = text.endswith("!"), text.removesuffix("!")
    tags = [tag for tag in _LIST_MARKS.split(text) if tag]
    if len(tags) > _MOST_LANGUAGES:
        raise LanguageError(f"more than {_MOST_LANGUAGES} languages")
    if only_these and not tags:
        raise LanguageError("'!' stands behind no language")
    return tuple(dict.fromkeys(map(Language.parse, tags))), only_these


def format_languages(languages: Sequence[Language], *, only_these: bool) -> str:
    """Write what `parse_languages` reads."""
    listed = "; ".join(language.tag for language in languages)
    return f"{listed}!" if listed and only_these else listed


def guarded(text: str) -> str:
    """Write a cell that no spreadsheet runs as a formula: with an apostrophe in front.

    >>> guarded("=1+1"), guarded("Ada")
    ("'=1+1", 'Ada')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Undo `guarded`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
