"""Links, their addresses and titles: as their authors wrote them."""

import pytest

from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, plain_text
from tests.render.markdown.reading import html, nodes


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[a](https://example.org/ü)", "https://example.org/ü"),
        ("[a](https://example.org/%e7%9a)", "https://example.org/%e7%9a"),
        ("[a](  https://example.org )", "https://example.org"),
        ("[a](https://example.org/x_(y)_z)", "https://example.org/x_(y)_z"),
        ("[a](<https://example.org/x y>)", "https://example.org/x y"),
        ("[a](https://example.org/x y)", "https://example.org/x y"),
        ("[a](/x?b=1&amp;c=2&d=3#/e)", "/x?b=1&c=2&d=3#/e"),
        ("[a](javascript:alert)", "javascript:alert"),
        ("[a](ttps://example.org)", "ttps://example.org"),
        ("[a](example.org)", "example.org"),
        ("[a]()", ""),
        ('[a](u "T")', "u"),
        ("[a](x\\_y)", "x_y"),
        ("[a][r]\n\n[r]: https://example.org/ü", "https://example.org/ü"),
        ("[R]\n\n[r]: <https://example.org/x> 'T'", "https://example.org/x"),
        ("<https://example.org/a?b=c&d>", "https://example.org/a?b=c&d"),
        ("<MAILTO:me@example.org>", "MAILTO:me@example.org"),
        ("<me@example.org>", "mailto:me@example.org"),
    ],
)
def test_a_url_stays_as_it_is_written(markdown: str, shown: str) -> None:
    """Only entities and escapes are resolved; nothing is encoded, judged or replaced."""
    assert [node.url for node in nodes(parse(markdown), Kind.LINK)] == [shown]


@pytest.mark.parametrize(
    "markdown",
    [
        "[a] (https://example.org)",
        "[a](some words)",
        "[a](unclosed",
        "a](b)",
        "https://example.org",
    ],
)
def test_what_is_no_link_is_text(markdown: str) -> None:
    """Broken links lose nothing, and bare addresses are for `linkify`."""
    assert nodes(parse(markdown), Kind.LINK) == []
    assert plain_text(parse(markdown)) == markdown


def test_titles_and_alternative_texts() -> None:
    """Titles and alternative texts are plain text, entities resolved."""
    tree = parse('![an *old* &amp; `x`](a.png "T &quot;t&quot;")')
    assert html('[a](b "c")') == '<p><a href="b" title="c">a</a></p>'
    image = nodes(tree, Kind.IMAGE)[0]
    assert (image.alt, image.title) == ("an old & x", 'T "t"')
