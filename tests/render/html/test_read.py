"""Raw HTML as nodes: what a reader would see of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.html.read import read_html
from distribute.render.tree import Kind, plain_text, walk

PIECES = (
    *("<ul>", "<li>", "</ul>", "<table>", "<caption>", "<td>", "</tr>", "<pre>"),
    *("</pre>", "<a>", "</a>", "<p>", "<blockquote>", "</blockquote>", "<div>"),
    *("</div>", "<h2>", "</h2>", "<br>", "w"),
)


def test_blocks_hold_what_their_elements_hold() -> None:
    """Loose words get a paragraph; boxes fall away and their blocks stay."""
    tree = read_html("<div>a <b>b</b><h2>c</h2><ol start=3><li>d</li></ol></div>")
    assert [(node.kind, plain_text((node,))) for node in tree] == [
        (Kind.PLAIN, "a b"),
        (Kind.HEADING, "c"),
        (Kind.LIST, "d"),
    ]
    assert (tree[1].level, tree[2].start, tree[2].ordered) == (2, 3, True)


@pytest.mark.parametrize("start", ["²", "-4", "", "x", "9" * 5000])
def test_a_list_that_counts_from_nowhere_counts_from_one(start: str) -> None:
    """Whatever an author writes, a post is never refused for it."""
    (listed,) = read_html(f'<ol start="{start}"><li>a</li></ol>')
    assert listed.start == 1


def test_scripts_say_nothing() -> None:
    """The fragment is sanitised before it is read."""
    assert read_html("<script>a</script><style>b</style><!-- c -->") == ()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_no_word_is_lost_however_it_is_nested(pieces: list[str]) -> None:
    """Broken HTML shows as many words as it has."""
    tree = read_html("".join(pieces))
    assert sum(node.text.count("w") for node in walk(tree)) == pieces.count("w")
