"""Turn the cells of a table into a subscriber, and a subscriber into cells.

Languages stand in order of preference, ``pt-BR; en``; a ``!`` at the end says that no
other is wanted: ``fr!``. What is written here is read back the same.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from distribute.audience.subscriber import Status, Subscriber
from distribute.errors import AudienceError, LanguageError
from distribute.language import Language
from distribute.mailbox import Mailbox

COLUMNS = ("email", "name", "languages", "status", "joined", "source")
"""The columns of an export; of an import, only ``email`` is required."""

_COLUMN_OF = {
    "email": "email",
    "mail": "email",
    "emailaddress": "email",
    "mailaddress": "email",
    "name": "name",
    "fullname": "name",
    "displayname": "name",
    "languages": "languages",
    "language": "languages",
    "langs": "languages",
    "lang": "languages",
    "locales": "languages",
    "locale": "languages",
    "status": "status",
    "state": "status",
    "joined": "joined",
    "source": "source",
}
_LONGEST_NAME = 200
_MOST_LANGUAGES = 20
_LIST_MARKS = re.compile(r"[;|,/、\s]+")
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")
"""How a cell begins that a spreadsheet runs, with the apostrophes that guard it."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which cell holds which column, and the names that mean nothing to us."""

    places: Mapping[str, int]
    unknown: tuple[str, ...]
    width: int


def read_header(cells: Sequence[str]) -> Header:
    """Recognise the columns by their names, in any order, case and common spelling.

    Raises `AudienceError` where there is no ``email``, or two for the same thing.
    """
    places: dict[str, int] = {}
    unknown = []
    for place, cell in enumerate(cells):
        column = _COLUMN_OF.get("".join(c for c in cell.casefold() if c.isalnum()))
        if column is None:
            unknown.append(_printable(cell.strip()))
        elif column in places:
            first = _printable(cells[places[column]])
            raise AudienceError(
                f"two columns for {column}: {first!r} and {_printable(cell)!r}",
                hint="Rename or remove one of them.",
            )
        else:
            places[column] = place
    if "email" not in places:
        raise AudienceError(
            "no column is called email",
            hint="The first line names the columns: email,name,languages,status.",
        )
    return Header(places, tuple(name for name in unknown if name), len(cells))


def read_subscriber(cells: Sequence[str], header: Header, *, source: str) -> Subscriber:
    """Read one row; `source` is how they came, unless the row says so itself.

    Without a status they are confirmed. Raises `AudienceError`, `MailboxError` or
    `LanguageError` for a cell that makes no sense.
    """
    if any(cell.strip() for cell in cells[header.width :]):
        raise AudienceError(
            f"{len(cells)} cells under a header of {header.width}: "
            "a cell with the separator in it needs quotation marks"
        )
    cell = {
        column: cells[place].strip() if place < len(cells) else ""
        for column, place in header.places.items()
    }
    languages, only_these = parse_languages(cell.get("languages", ""))
    return Subscriber(
        mailbox=Mailbox.parse(cell["email"], name=_name(cell.get("name", ""))),
        languages=languages,
        only_these=only_these,
        status=_status(cell.get("status", "")),
        joined=_joined(cell.get("joined", "")),
        source=_unguarded(cell.get("source", "")) or source,
    )


def write_subscriber(subscriber: Subscriber) -> tuple[str, ...]:
    """Write the cells of one row, in the order of `COLUMNS`.

    A name or source that a spreadsheet would run as a formula gets an apostrophe in
    front, which `read_subscriber` takes away again. Addresses are left as they are: an
    altered one would be another address to every other program.
    """
    return (
        subscriber.mailbox.address,
        guarded(subscriber.mailbox.name),
        format_languages(subscriber.languages, only_these=subscriber.only_these),
        subscriber.status,
        subscriber.joined.isoformat() if subscriber.joined else "",
        guarded(subscriber.source),
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


def _name(text: str) -> str:
    name = " ".join(_unguarded(text).split())
    if len(name) > _LONGEST_NAME:
        raise AudienceError(f"the name is longer than {_LONGEST_NAME} characters")
    return name


def _status(text: str) -> Status:
    if not text:
        return Status.CONFIRMED
    try:
        return Status(text.casefold())
    except ValueError:
        known = ", ".join(Status)
        raise AudienceError(f"status {text!r} is none of {known}") from None


def _joined(text: str) -> datetime | None:
    """Read a day or an instant (ISO 8601); without an offset it is UTC."""
    if not text:
        return None
    try:
        joined = datetime.fromisoformat(text)
        return (joined if joined.tzinfo else joined.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise AudienceError(
            f"joined {text!r} is not a date: write 2026-11-20"
        ) from None


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:60])
