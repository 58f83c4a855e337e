"""The tree as HTML: escaped, whole, and without recursion."""

import pytest

from distribute.render.html.write import to_html
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, Node


def text(words: str) -> Node:
    """Make a text node."""
    return Node(kind=Kind.TEXT, text=words)


@pytest.mark.parametrize(
    ("node", "html"),
    [
        (text("a < b & \"c\" 'd'"), "a &lt; b &amp; \"c\" 'd'"),
        (Node(kind=Kind.CODE, text="<a>"), "<code>&lt;a&gt;</code>"),
        (Node(kind=Kind.MATH, text="a<b"), '<code class="math">a&lt;b</code>'),
        (
            Node(kind=Kind.MATH, text="a<b", signs="a < b"),
            '<span class="formula" dir="ltr">a &lt; b</span>',
        ),
        (
            Node(kind=Kind.MATH_BLOCK, text="a<b"),
            '<pre class="math"><code>a&lt;b</code></pre>\n',
        ),
        (
            Node(kind=Kind.MATH_BLOCK, text="a<b", signs="a < b"),
            '<p class="formula" dir="ltr">a &lt; b</p>\n',
        ),
        (Node(kind=Kind.HTML, text="<ins>"), "<ins>"),
        (Node(kind=Kind.HTML_BLOCK, text="<p>a</p>"), "<p>a</p>\n"),
        (
            Node(kind=Kind.LINK, url='a"b&c', title="<t>", children=(text("d"),)),
            '<a href="a&quot;b&amp;c" title="&lt;t&gt;">d</a>',
        ),
        (Node(kind=Kind.IMAGE, url="a", alt='"'), '<img src="a" alt="&quot;">'),
        (Node(kind=Kind.CODE_BLOCK, text="{0}", info='a"b'), None),
        (Node(kind=Kind.HEADING, level=9, children=(text("a"),)), "<h6>a</h6>\n"),
        (Node(kind=Kind.ITEM), "<li></li>\n"),
        (Node(kind=Kind.ITEM, checked=True), '<li class="task-list-item">☑ </li>\n'),
        (Node(kind=Kind.CELL, align="x", children=(text("a"),)), "<td>a</td>\n"),
        (
            Node(kind=Kind.CELL, head=True, align="right"),
            '<th style="text-align:right"></th>\n',
        ),
    ],
)
def test_each_node_is_escaped(node: Node, html: str | None) -> None:
    """Text and attributes are escaped; raw HTML is not."""
    written = to_html((node,))
    code = '<pre><code class="language-a&quot;b">{0}\n</code></pre>\n'
    assert written == (code if html is None else html)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.TEXT])
def test_every_kind_is_written_with_what_is_in_it(kind: Kind) -> None:
    """No kind of node is forgotten, and none swallows its children or its text."""
    leaf = {Kind.CODE, Kind.CODE_BLOCK, Kind.HTML, Kind.HTML_BLOCK, Kind.MATH}
    leaf |= {Kind.MATH_BLOCK}
    silent = {Kind.RULE, Kind.SOFT_BREAK, Kind.LINE_BREAK, Kind.FOOTNOTE_MARK}
    if kind in leaf:
        assert "inside" in to_html((Node(kind=kind, text="inside"),))
    elif kind is Kind.IMAGE:
        assert "inside" in to_html((Node(kind=kind, alt="inside"),))
    elif kind in silent:
        assert to_html((Node(kind=kind, index=1),))
    else:
        assert "inside" in to_html((Node(kind=kind, children=(text("inside"),)),))


def test_a_table_has_a_head_and_a_body() -> None:
    """Head rows and body rows stand in parts of their own."""
    html = to_html(parse("|a|\n|-|\n|b|\n|c|")).replace("\n", "")
    assert "<thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr>" in html


def test_a_note_that_ends_in_a_list_still_leads_back() -> None:
    """The way back stands in a paragraph of its own where there is none to end."""
    html = to_html(parse("a[^1]\n\n[^1]:\n    - b"))
    assert html.count('class="footnote-back"') == 1


def test_a_tree_of_any_depth_is_written() -> None:
    """Ten thousand levels need no stack of calls."""
    node = text("a")
    for _ in range(10_000):
        node = Node(kind=Kind.QUOTE, children=(node,))
    assert to_html((node,)).count("<blockquote>") == 10_000
