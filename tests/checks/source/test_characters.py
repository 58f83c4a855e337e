"""Characters that nobody sees."""

import pytest

from distribute.checks.source.characters import find
from distribute.finding import Severity
from tests.checks.source.drafts import found, rules_of


@pytest.mark.parametrize(
    ("language", "line", "rule"),
    [
        ("en", "The \u202eboat\u202c sails", "character-bidi"),
        ("ar", "قارب \u2067في\u2069 الميناء", "character-bidi"),
        ("en", "The bo\u200bat sails", "character-invisible"),
        ("en", "The\ufeff boat", "character-invisible"),
        ("fr", "Le ba\u2060teau", "character-invisible"),
        ("en", "The bo\u200dat", "character-invisible"),
        ("en", "The boat\U000e0041 sails", "character-invisible"),
        ("en", "A flag 🏴, a boat\U000e0041", "character-invisible"),
        ("en", "The \uf8ff boat", "character-private"),
        ("en", "The \U000f0123 boat", "character-private"),
        ("fr", "Un quai a\u0300 l'ombre", "character-decomposed"),
        ("tr", "Bu go\u0308l", "character-decomposed"),
    ],
)
def test_what_should_not_be_there(language: str, line: str, rule: str) -> None:
    """Each is found on its line, with words around it to find it by."""
    (finding,) = found(find, f"One line.\n\n{line}", language)
    assert (finding.rule, finding.line) == (rule, 8)
    assert finding.words in line
    assert finding.words


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "A rower 🚣🏻\u200d♀️, a pirate's flag 🏴\u200d☠️, a family 👨\u200d👩\u200d👧"),
        ("en", "The flag of Wales: 🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"),
        ("fa", "می\u200cخواهم قایق‌ها را ببینم"),
        ("fa", "قایق و GPS\u200cهای نو"),
        ("ar", "لغة C++\u200e في\u200f الميناء"),
        ("en", "हिन्दी: क्\u200dष, and र्\u200cय"),
        ("th", "เรือ\u200bใหญ่"),
        ("en", "Boats\u200a—\u200aand\u00a0soft\u00adhyphens"),
        ("fr", "Un quai à l'ombre"),
        ("zh", "船，在“海”上"),
    ],
)  # fmt: skip
def test_what_belongs_there(language: str, line: str) -> None:
    """Joiners of scripts and emoji, marks beside words, thin spaces."""
    assert not found(find, line, language)


def test_several_in_a_line_are_one_finding() -> None:
    """And each line has its own."""
    body = "a\u200bb\u200bc\n\nd\u200be \u202ef"
    assert rules_of(found(find, body)) == [
        "character-invisible",
        "character-invisible",
        "character-bidi",
    ]


def test_the_character_is_named() -> None:
    """By number and name, because it cannot be shown; turning the text is an error."""
    (finding,) = found(find, "a\u202eb")
    assert finding.message == "U+202E right-to-left override stands here"
    assert finding.severity is Severity.ERROR


def test_decomposed_letters_are_counted_once() -> None:
    """A whole text may be so."""
    (finding,) = found(find, "e\u0301 e\u0301\n\no\u0308", "fr")
    assert finding.message.startswith("the accent of 3 letters")
