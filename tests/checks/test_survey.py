"""What stands in a post, and where."""

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.checks.survey import bracketed, survey, words_at
from distribute.render.markdown.parse import read_markdown
from distribute.render.tree import Kind, Node

PIECES = [
    "# A",
    "[b](c.html)",
    "![d](e.png)",
    "\n\n",
    "- f",
    "> ",
    "**g**",
    "| h |\n|---|\n",
]


def test_what_stands_in_a_tree_has_its_place() -> None:
    """A link knows its block, a picture the link around it, and all know their lines."""
    tree = read_markdown("A [b](c)\n\n- [![d](e)](f)\n", first_line=4).tree
    found = survey(tree)
    assert [(spot.node.url, spot.line) for spot in found.links] == [("c", 4), ("f", 6)]
    (image,) = found.images
    assert image.line == 6
    assert image.link is found.links[1].node
    assert image.block.kind is Kind.PLAIN
    assert [spot.node.kind for spot in found.blocks] == [Kind.PARAGRAPH, Kind.PLAIN]


def test_raw_html_is_read() -> None:
    """On the line where its block begins."""
    html = '<div>\n<a href="https://a.example/"><img src="b.png" alt="c"></a>\n</div>'
    found = survey((Node(kind=Kind.HTML_BLOCK, text=html, line=7),))
    assert [(spot.node.url, spot.line) for spot in found.links] == [
        ("https://a.example/", 7)
    ]
    assert [spot.node.alt for spot in found.images] == ["c"]


def test_words_are_looked_for_in_their_paragraph() -> None:
    """The first that is there counts, and nothing below an empty line does."""
    lines = ["a", "b c", "", "d"]
    assert words_at(lines, 0, "c", "b") == (1, "c")
    assert words_at(lines, 0, "x", "b") == (1, "b")
    assert words_at(lines, 0, "d") == (0, "")
    assert words_at(lines, 9, "d") == (0, "")
    assert words_at(lines, -1, "a") == (0, "")


def test_a_link_is_cut_out_as_it_is_written() -> None:
    """With brackets in it, or a picture; what has no beginning is nothing."""
    assert bracketed("x [a [b] c](d) y", "d") == "[a [b] c](d)"
    assert bracketed("x ![a](d) y", "d") == "![a](d)"
    assert bracketed("x a](d) y", "d") == ""
    assert bracketed("x", "") == ""


def test_of_several_links_the_one_with_the_words_is_cut_out() -> None:
    """One address may stand in a line twice, or begin another."""
    line = "[Two](a/2) and [**here**](a/2) and [one](a/20), [a](a/2 'b')"
    assert bracketed(line, "a/2", "here") == "[**here**](a/2)"
    assert bracketed(line, "a/2", "else") == "[Two](a/2)"
    assert bracketed(line, "a/20", "one") == "[one](a/20)"
    assert bracketed("[b](c/20) [a](c/2)", "c/2", "x") == "[a](c/2)"


@given(st.lists(st.sampled_from(PIECES)).map("".join))
@settings(max_examples=100, deadline=None)
def test_every_link_and_picture_is_there(text: str) -> None:
    """As many as a walk through the tree meets."""
    tree = read_markdown(text).tree
    found = survey(tree)
    assert len(found.images) == sum(node.kind is Kind.IMAGE for node in _all(tree))
    assert len(found.links) == sum(node.kind is Kind.LINK for node in _all(tree))


def _all(tree: tuple[Node, ...]) -> list[Node]:
    found = [*tree]
    for node in tree:
        found += _all(node.children)
    return found
