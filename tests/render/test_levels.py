"""Headings fit below the title of the page."""

import pytest

from distribute.render.levels import headings_of, settle_levels
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
    levels = [n.level for n in walk(settle_levels(tree)) if n.kind is Kind.HEADING]
    assert tuple(levels) == settled


def test_headings_are_counted_inside_quotes_too() -> None:
    """Reading order decides, not nesting."""
    tree = settle_levels(parse("# A\n\n> ### B\n\n# C"))
    assert [(h.level, h.text) for h in headings_of(tree)] == [
        (2, "A"),
        (3, "B"),
        (2, "C"),
    ]


def test_a_heading_without_words_is_not_listed() -> None:
    """A table of contents has no empty lines."""
    assert headings_of(parse("# ![](a.png)\n\n# *Two*  words"))[0].text == "Two words"
