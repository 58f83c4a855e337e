"""Whatever blocks follow each other, every word is shown once and in its order."""

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.html.write import to_html
from distribute.render.markdown.parse import parse
from distribute.render.text.write import to_text
from distribute.render.tree import Kind, walk

LINES = (
    *("- w", "* w", "1. w", "> w", "# w", "w", "    w", "w\n===", "w\n: w", "***w***"),
    *("***", "```\nw\n```", "<div>w</div>", "| w |\n|---|\n| w |", "$$\nw\n$$", "\\\\"),
    *("<!-- hidden -->", "", "w\\\\", "- [ ] w", "[w](https://a.example/)"),
)
CONTAINERS = ("- w", "1. w", "> w", "# w", "***", "```\nw\n```")
WORD = re.compile(r"w\d+w")


def _numbered(lines: tuple[str, ...]) -> str:
    """Make each word one of a kind."""
    parts = re.split(r"\bw\b", "\n".join(lines))
    return "".join(f"{part}w{n}w" for n, part in enumerate(parts[:-1])) + parts[-1]


def _assert_all_is_shown(markdown: str) -> None:
    words = WORD.findall(markdown)
    tree = parse(markdown)
    html = re.sub(r' id="[^"]*"', "", to_html(tree))
    assert WORD.findall(html) == words
    assert WORD.findall(to_text(tree)) == words
    assert "hidden" not in html


@pytest.mark.parametrize("first", CONTAINERS)
def test_what_interrupts_a_block_comes_after_it(first: str) -> None:
    """Also if it is interrupted in its turn: a quote by a list, the list by a heading."""
    for others in product(CONTAINERS, repeat=2):
        _assert_all_is_shown(_numbered((first, *others)))


def test_a_quote_knows_its_line() -> None:
    """Also where something else has ended it."""
    tree = parse("a\n\n> b\n- c\n# d")
    lines = {node.kind: node.line for node in walk(tree) if node.line}
    assert (lines[Kind.QUOTE], lines[Kind.LIST], lines[Kind.HEADING]) == (3, 4, 5)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=8).map(tuple))
def test_no_word_is_lost_and_none_moves(lines: tuple[str, ...]) -> None:
    """In the page and in the text."""
    _assert_all_is_shown(_numbered(lines))
