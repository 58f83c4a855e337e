"""Which edition for which wishes; the whole table of cases is in ``test_plan``."""

import pickle
from time import process_time

import pytest

from distribute.campaign.plan.choices import Choice, Choices, choice_number
from distribute.language import Language

EN, FR, PT = Language("en"), Language("fr"), Language("pt-BR")
CHOICES = Choices([EN, FR, PT], (FR, EN), EN)


@pytest.mark.parametrize(
    ("languages", "only_these", "edition", "reason"),
    [
        ("pt-PT en", 0, PT, "asked for pt-PT, pt-BR is nearest"),
        ("", 0, FR, "no wish, fr is the fallback"),
        ("de", 0, FR, "asked for de, fr is the fallback"),
        ("de", 1, None, "wants only de, and there is no edition"),
        ("", 1, FR, "no wish, fr is the fallback"),
    ],
)
def test_wishes_are_read_as_a_table_keeps_them(
    languages: str, only_these: int, edition: Language | None, reason: str
) -> None:
    """Tags with one space between, and a number for the flag."""
    number = choice_number(edition.tag if edition else "", reason)
    assert CHOICES.of(languages, only_these) == Choice(edition, reason, number)


def test_a_number_stands_for_language_and_reason_for_ever() -> None:
    """It is in the ledger, so it is frozen; it fits into a column of SQLite."""
    assert choice_number("en", "no wish, en is the default") == 197_523_713_815_251
    assert choice_number("e", "nx") != choice_number("en", "x")
    assert choice_number("", "bounced") != choice_number("bounced", "")
    assert all(0 <= choice_number("en", f"{n}") < 2**48 for n in range(500))


def test_it_works_the_same_elsewhere() -> None:
    """Pickled for another process, it chooses alike."""
    CHOICES.of("de", 0)
    elsewhere = pickle.loads(pickle.dumps(CHOICES))  # noqa: S301 - our own, just made
    assert elsewhere.of("de", 0) == CHOICES.of("de", 0)
    assert elsewhere.of("pt", 1) == CHOICES.of("pt", 1)


def test_the_same_wishes_are_decided_about_once() -> None:
    """A large list holds few different ones: a hundred thousand take no time."""
    CHOICES.of("es fr", 0)
    began = process_time()
    for _ in range(100_000):
        CHOICES.of("es fr", 0)
    assert process_time() - began < 1
