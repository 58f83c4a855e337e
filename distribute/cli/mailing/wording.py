"""What a correction says: the option ``--correction``, by language."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import click

from distribute.cli.mailing.mailing import Mailing
from distribute.errors import LanguageError, PlanError
from distribute.language import Language

Function = TypeVar("Function", bound=Callable[..., object])

LONGEST = 2000
"""Characters of a note: it says what was wrong, it is no issue of its own."""
_TAGGED = re.compile(
    r"(?P<tag>[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)=(?P<words>.*)", re.S
)


def correction_option(function: Function) -> Function:
    """Let ``--correction`` say what was wrong, by language."""
    return click.option(
        "--correction",
        "corrections",
        metavar="WORDS",
        multiple=True,
        help="Send the present text to those who got another one, with WORDS above it; "
        "pt-BR=WORDS for that edition; may be given again.",
    )(function)


def words_by_language(main: Mailing, said: Sequence[str]) -> Mapping[Language, str]:
    """Read what somebody typed: words, or words for one edition behind its tag and ``=``.

    Words without a tag are in the newsletter's default language. Raises `PlanError` if
    there is no such edition, or the words cannot be printed.
    """
    words: dict[Language, str] = {}
    for text in said:
        language, its_words = _parsed(main, text)
        if language in words:
            raise PlanError(
                f"there are two corrections for {language}",
                hint="Say all of it in one; a blank line parts paragraphs.",
            )
        words[language] = _printable(its_words, language)
    return words


def _parsed(main: Mailing, text: str) -> tuple[Language, str]:
    found = _TAGGED.fullmatch(text)
    if found is not None and _is_tag(found["tag"]):
        return main.edition_language(found["tag"]), found["words"]
    default = main.newsletter.publication.default_language
    return main.edition_language(default.tag), text


def _is_tag(text: str) -> bool:
    try:
        Language.parse(text)
    except LanguageError:
        return False
    return True


def _printable(words: str, language: Language) -> str:
    """Give the words without blanks around them, if they are such as can be printed."""
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise PlanError(
            f"the correction for {language} has no words",
            hint="Say in a sentence or two what was wrong.",
        )
    if len(words) > LONGEST:
        raise PlanError(
            f"the correction for {language} has {len(words)} characters",
            hint=f"It may have {LONGEST}; the corrected text follows below it.",
        )
    if any(not (c.isprintable() or c in "\n\t") for c in words):
        raise PlanError(
            f"the correction for {language} has characters that cannot be printed",
            hint="Type it anew, without control characters.",
        )
    return words
