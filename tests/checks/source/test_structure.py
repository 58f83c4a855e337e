"""Headings that guide, tables that can be read aloud."""

import pytest

from distribute.checks.source.structure import find
from tests.checks.source.drafts import found, rules_of


def test_a_skipped_level_is_a_note() -> None:
    """Once for all places where it happens alike."""
    body = "# A\n\n### B\n\n### C\n\n# D\n\n### E\n\n## F\n\n# G"
    (finding,) = found(find, body)
    assert (finding.rule, finding.line, finding.words) == ("heading-jump", 8, "### B")
    assert finding.message.endswith("follows one of level 1, also on line 14")


@pytest.mark.parametrize(
    "body",
    ["### A\n\n#### B", "# A\n\n## B\n\n# C", "# A\n\n***B***\n\nC", "A\n=\n\nB\n-"],
)
def test_levels_that_are_in_order(body: str) -> None:
    """Where the first begins is of no matter, nor what merely looks like a heading."""
    assert not found(find, body)


def test_an_empty_heading_is_found() -> None:
    """One that shows a picture is not empty."""
    assert rules_of(found(find, "## ##\n\nText")) == ["heading-empty"]
    assert not found(find, "# ![A boat](https://a.example.org/b.png)\n\nText")


def test_a_table_without_names_is_found() -> None:
    """Its first row is there, and says nothing."""
    (finding,) = found(find, "|  |  |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |")
    assert finding.rule == "table-headless"
    assert not found(find, "| a |  |\n|---|---|\n| 1 | 2 |")
