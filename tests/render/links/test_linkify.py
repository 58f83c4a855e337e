"""Addresses written out become links, and nothing around them does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.links.linkify import cut_addresses, linkify
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, Node, Tree, plain_text, walk


def _linked(text: str) -> list[str]:
    return _urls(linkify((Node(kind=Kind.TEXT, text=text),)))


def _urls(tree: Tree) -> list[str]:
    return [node.url for node in walk(tree) if node.kind is Kind.LINK]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://example.net/a.", ["https://example.net/a"]),
        ("https://example.net/a, b", ["https://example.net/a"]),
        ("(https://example.net/a)", ["https://example.net/a"]),
        ("https://example.net/a_(b)", ["https://example.net/a_(b)"]),
        ("(see https://example.net/a_(b))", ["https://example.net/a_(b)"]),
        ("https://example.net/a)'dan", ["https://example.net/a"]),
        ("“https://example.net/a”", ["https://example.net/a"]),
        ("https://example.net/a，然后", ["https://example.net/a"]),
        ("见https://example.net/a「b」", ["https://example.net/a"]),
        ("https://example.net/?a=1&b=2#c", ["https://example.net/?a=1&b=2#c"]),
        ("https://example.net/a[13]b", ["https://example.net/a"]),
        ("https://example.net/a**b**", ["https://example.net/a"]),
        ("HTTP://EXAMPLE.NET/A", ["http://EXAMPLE.NET/A"]),
        ("https://example.net/50%", ["https://example.net/50%25"]),
        ("ahttps://example.net", []),
        ("ttps://example.net www.example.net example.net", []),
        ("https:// https://localhost/x https://a", []),
        ("https://twitter.example/**「名」**", ["https://twitter.example/"]),
    ],
)
def test_an_address_ends_where_a_reader_would_end_it(
    text: str, urls: list[str]
) -> None:
    """ASCII only, balanced parentheses, no punctuation of the sentence."""
    assert _linked(text) == urls


def test_references_that_run_together_stay_two_links() -> None:
    """A number in brackets ends one address; the next begins at its scheme."""
    text = "[12] A: https://example.net/discovery[13]**B:** https://example.net/b"
    assert _linked(text) == ["https://example.net/discovery", "https://example.net/b"]


@pytest.mark.parametrize(
    "markdown",
    [
        "[https://example.net/a](https://example.net/b)",
        "`https://example.net/a`",
        "    https://example.net/a",
        "```\nhttps://example.net/a\n```",
        "<https://example.net/a>",
    ],
)
def test_links_and_code_stay_as_they_are(markdown: str) -> None:
    """Nothing is linked twice, and code is code."""
    tree = parse(markdown)
    assert _urls(linkify(tree)) == _urls(tree)


def test_raw_html_stays_as_it_is() -> None:
    """Between raw tags of a link or of code nothing is linked; behind them again."""
    parts = ("<a href='x'>", "https://a.example", "</a>", " https://b.example")
    kinds = (Kind.HTML, Kind.TEXT, Kind.HTML, Kind.TEXT)
    run = tuple(
        Node(kind=kind, text=text) for kind, text in zip(kinds, parts, strict=True)
    )
    assert _urls(linkify((Node(kind=Kind.PARAGRAPH, children=run),))) == [
        "https://b.example"
    ]


def test_addresses_with_only_a_comma_between_are_two() -> None:
    """Nobody writes the second one into the first, unless it is its path."""
    tree = parse("https://a.example/b,https://c.example;https://d.example/e")
    assert _urls(linkify(tree)) == [
        "https://a.example/b",
        "https://c.example",
        "https://d.example/e",
    ]
    archived = "https://a.example/web/https://c.example/d,e;f"
    assert _urls(linkify(parse(archived))) == [archived]


def test_an_address_cut_by_emphasis_is_told() -> None:
    """It is a link as far as it goes, and misleads; so it can be reported."""
    tree = parse(
        "one\n\nhttps://social.example/**「名」** and https://a.example/ **b**"
    )
    assert _urls(linkify(tree)) == ["https://social.example/", "https://a.example/"]
    assert list(cut_addresses(tree)) == [(3, "https://social.example/")]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["https://", "a.example", "/", "(", ")", ".", "語", " ", "%"]),
        max_size=30,
    ).map("".join)
)
def test_no_character_is_lost(text: str) -> None:
    """Whatever is linked, the visible text is the same."""
    tree = linkify(
        (Node(kind=Kind.PARAGRAPH, children=(Node(kind=Kind.TEXT, text=text),)),)
    )
    assert plain_text(tree) == text


_PIECES = st.lists(
    st.sampled_from(
        ("https://a.example/", "**", "__b__", "*", "[c](d)", "`", "\n\n", "\n", "> ")
    ),
    max_size=12,
).map("".join)


@settings(max_examples=100, deadline=None)
@given(_PIECES)
def test_blocks_are_linked_as_they_would_be_together(markdown: str) -> None:
    """Whether it is done block by block or in one piece makes no difference."""
    tree = parse(markdown)
    together = linkify((Node(kind=Kind.QUOTE, children=tree),))
    assert linkify(tree) == together[0].children


@settings(max_examples=100, deadline=None)
@given(_PIECES)
def test_a_cut_is_told_whatever_else_is_there(markdown: str) -> None:
    """A first look decides whether to look closely; another cut makes sure of that."""
    tree = parse(markdown)
    text = Node(kind=Kind.TEXT, text="https://b.example/**x")
    block = Node(kind=Kind.PARAGRAPH, line=99, children=(text,))
    cuts = list(cut_addresses(tree))
    assert list(cut_addresses((*tree, block))) == [*cuts, (99, "https://b.example/")]
