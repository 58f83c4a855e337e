"""What holds for any text, however large, deep or odd."""

from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.markdown.parse import parse
from distribute.render.rewrite import rewrite
from distribute.render.text.write import to_text
from distribute.render.tree import Kind, Node, Tree
from tests.render.text.writing import node_of, paragraph_of, text_of


def _nested(kind: Kind, inner: Kind | None, depth: int) -> Tree:
    node = paragraph_of("words")
    for _ in range(depth):
        node = node_of(inner, node) if inner else node
        node = node_of(kind, node)
    return (node,)


@pytest.mark.parametrize(
    "make",
    [
        lambda: _nested(Kind.QUOTE, None, 3000),
        lambda: _nested(Kind.LIST, Kind.ITEM, 3000),
        lambda: (node_of(Kind.PARAGRAPH, *_nested(Kind.EMPHASIS, Kind.LINK, 3000)),),
        lambda: (Node(kind=Kind.HTML_BLOCK, text="<div><ul><li>" * 1000 + "a"),),
        lambda: (Node(kind=Kind.HTML_BLOCK, text="<ul><li>a" + "<p>b</p>" * 10_000),),
        lambda: (paragraph_of("word " * 100_000),),
        lambda: (paragraph_of("語。「" * 60_000),),
        lambda: (paragraph_of("x" * 500_000),),
        lambda: tuple(paragraph_of("a") for _ in range(10_000)),
    ],
)
def test_size_and_depth_cost_no_more_than_they_must(make: Callable[[], Tree]) -> None:
    """Deep and long texts are written in linear time, without recursion."""
    tree = make()
    start = process_time()
    assert to_text(tree)
    assert process_time() - start < 2


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            (
                *(
                    "word",
                    "語",
                    "。",
                    " ",
                    "\n",
                    "\n\n",
                    "> ",
                    "- ",
                    "1. ",
                    "# ",
                    "*",
                    "`",
                ),
                *(
                    "[a](https://a.example)",
                    "![b](c)",
                    "|",
                    "---",
                    "<b>",
                    "&amp;",
                    "\\\\",
                ),
            )
        ),
        max_size=30,
    ).map("".join)
)
def test_any_post_can_be_written(markdown: str) -> None:
    """It never fails, leaves no white space at line ends and ends with one LF."""
    text = text_of(markdown)
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert not text or (text.endswith("\n") and not text.endswith("\n\n"))
    assert "\n\n\n" not in text


@settings(max_examples=100, deadline=None)
@given(
    st.text(alphabet="ab 語。「」é\u0301🎨\u200d\ufe0f", max_size=80),
    st.integers(20, 60),
)
def test_wrapping_loses_nothing(words: str, width: int) -> None:
    """Only white space changes, whatever the width."""
    text = to_text((paragraph_of(words),), width=width)
    assert "".join(text.split()) == "".join(words.split())


def test_the_writer_leaves_the_tree_alone() -> None:
    """Writing twice gives the same text."""
    tree = parse("[a](https://a.example)\n\n1. b\n2. c")
    assert to_text(tree) == to_text(rewrite(tree, lambda node: (node,)))
