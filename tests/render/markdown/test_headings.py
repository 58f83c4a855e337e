"""Ids of headings: those of Jekyll, each one once."""

import pytest

from distribute.render.markdown.headings import heading_id
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, walk


def ids(markdown: str) -> list[str]:
    """Collect the ids of the headings."""
    return [node.id for node in walk(parse(markdown)) if node.kind is Kind.HEADING]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("A Title, with: Marks!", "a-title-with-marks"),
        ("Été à l’école", "été-à-lécole"),
        ("概要 と 結論", "概要-と-結論"),
        ("Tools 📙", "tools-"),
        ("Gears ⚙️", "gears-\ufe0f"),
        ("snake_case 2.1", "snake_case-21"),
        ("a - b", "a---b"),
        ("a -- b --- c", "a--b--c"),
    ],
)
def test_an_id_is_made_as_jekyll_makes_it(text: str, id_: str) -> None:
    """Letters, marks, digits, hyphens and underscores stay; blanks become hyphens."""
    assert heading_id(text) == id_


def test_every_id_is_there_once() -> None:
    """A second heading with the same words gets a number, an author's id is kept."""
    assert ids("# A\n# A\n## A\n# A-1") == ["a", "a-1", "a-2", "a-1-1"]
    assert ids("# B\n# C {#b}") == ["b-1", "b"]
    assert ids("# !\n# ?") == ["section", "section-1"]
    assert ids("# *a* `b` [c](d) ![e](f)") == ["a-b-c-"]
