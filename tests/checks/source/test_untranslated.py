"""Paragraphs that nobody translated."""

import pytest

from distribute.checks.source.untranslated import compare
from tests.checks.source.drafts import compared

ENGLISH = (
    "We have seen that the boats of this harbour are older than their owners, and it "
    "was not easy to find out how they were built."
)
FRENCH = (
    "Nous avons vu que les bateaux de ce port sont plus vieux que leurs "
    "propriétaires, et il n'était pas facile de savoir comment ils ont été construits."
)


def test_a_paragraph_of_the_original_is_found() -> None:
    """With the line where it stands there."""
    (finding,) = compared(compare, en=f"One.\n\n{ENGLISH}", fr=f"{FRENCH}\n\n{ENGLISH}")
    assert (finding.rule, finding.line) == ("untranslated", 8)
    assert "(en, line 8): “We have seen" in finding.message
    assert ENGLISH.startswith(finding.words)


@pytest.mark.parametrize(
    "same",
    [
        f"> {ENGLISH}",
        f"*{ENGLISH}*",
        f"***{ENGLISH}***",
        f"[{ENGLISH}](https://a.example.org/)",
        f"# {ENGLISH}",
        f"    {ENGLISH}",
        "BERT, GPT-2, RoBERTa, XLNet, ALBERT, DistilBERT, ELECTRA, Reformer, T5, MASS",
        "The boats of the harbour.",
    ],
)
def test_what_is_the_same_in_all_languages(same: str) -> None:
    """Quotations, titles, links, code, names, and short lines."""
    assert not compared(compare, en=same, fr=f"{FRENCH}\n\n{same}")


def test_a_translated_text_is_no_finding() -> None:
    """Nor is a second edition in the language of the original."""
    assert not compared(compare, en=ENGLISH, fr=FRENCH)


def test_the_original_may_be_in_any_language() -> None:
    """Here a French text was left in an edition in Turkish."""
    (finding,) = compared(compare, fr=FRENCH, tr=FRENCH)
    assert finding.rule == "untranslated"
