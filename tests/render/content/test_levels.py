"""Headings fit below the title of the page."""

import pytest

from distribute.render.content.levels import settle_headings
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, walk


@pytest.mark.parametrize(
    ("written", "settled"),
    [
        ((1, 1, 2, 1), (2, 2, 3, 2)),
        ((3, 3, 4, 2), (2, 2, 3, 2)),
        ((1, 4, 4, 5, 1, 4), (2, 3, 3, 4, 2, 3)),
        ((2, 4, 3), (2, 3, 3)),
        ((1, 2, 3, 4, 5, 6), (2, 3, 4, 5, 6, 6)),
        ((), ()),
    ],
)
def test_levels_begin_at_two_and_are_never_skipped(
    written: tuple[int, ...], settled: tuple[int, ...]
) -> None:
    """The title is the page's h1; what is deeper than another stays deeper."""
    tree = parse("\n\n".join(f"{'#' * level} Part" for level in written))
    shifted, _ = settle_headings(tree)
    levels = [node.level for node in walk(shifted) if node.kind is Kind.HEADING]
    assert tuple(levels) == settled


def test_headings_are_counted_inside_quotes_too() -> None:
    """Reading order decides, not nesting."""
    _, headings = settle_headings(parse("# A\n\n> ### B\n\n# C"))
    assert [(heading.level, heading.text) for heading in headings] == [
        (2, "A"),
        (3, "B"),
        (2, "C"),
    ]


def test_a_heading_without_words_is_not_listed() -> None:
    """A table of contents has no empty lines."""
    _, (heading,) = settle_headings(parse("# ![](a.png)\n\n# *Two*  words"))
    assert heading.text == "Two words"
