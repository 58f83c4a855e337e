"""Paragraphs, lists and blocks as plain text."""

import pytest

from distribute.render.text.width import display_width
from distribute.render.text.write import to_text
from distribute.render.tree import Kind, Node
from tests.render.text.writing import node_of, paragraph_of, text_of


def test_paragraphs_are_filled_and_parted_by_one_empty_line() -> None:
    """No line is longer than it may be, and none ends in white space."""
    text = text_of("one two three four five six seven eight\nnine\n\n\nten")
    assert text == "one two three four five six seven eight\nnine\n\nten\n"


def test_a_break_of_the_author_is_a_break() -> None:
    """A hard line break ends a line."""
    assert text_of("one  \ntwo") == "one\ntwo\n"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("<svg></svg><p>one</p><p>two</p>", "one\n\ntwo\n"),
        ("<span>one</span><p>two</p>", "one\ntwo\n"),
        ("one <div>two</div> three", "one\ntwo\nthree\n"),
        ("one <b>two</b><i>three</i>", "one twothree\n"),
        ("<b>one</b><div><ul><li>two</li></ul></div>three",
         "one\n\ntwo\n\nthree\n"),
        ("- one <p>two</p>", "- one\n  two\n"),
    ],
)  # fmt: skip
def test_blocks_of_raw_html_within_text_do_not_run_together(
    markdown: str, text: str
) -> None:
    """They begin new lines as in a browser; what stands in a line stays there."""
    assert text_of(markdown) == text


def test_headings_are_underlined() -> None:
    """The two levels above by strokes as wide as the words on a screen."""
    tree = (
        Node(kind=Kind.HEADING, level=2, children=(node_of(Kind.TEXT, text="慢河 1"),)),
        Node(kind=Kind.HEADING, level=3, children=(node_of(Kind.TEXT, text="Banks"),)),
        Node(kind=Kind.HEADING, level=4, children=(node_of(Kind.TEXT, text="Reeds"),)),
    )
    assert to_text(tree) == "慢河 1\n======\n\nBanks\n-----\n\nReeds\n"


def test_east_asian_lines_break_between_characters_but_not_anywhere() -> None:
    """Two columns each; no line starts with closing or ends with opening marks."""
    text = text_of("河流很慢，船很快。「我们都知道」（也许）这一点。" * 4, width=30)
    lines = text.rstrip("\n").split("\n")
    assert all(display_width(line) <= 30 for line in lines)
    assert not any(line[0] in "，。」）" for line in lines)
    assert not any(line[-1] in "「（" for line in lines)


def test_line_ends_between_east_asian_characters_are_no_spaces() -> None:
    """Between others they are; also where emphasis begins."""
    assert text_of("慢河\n快船\n**快**\nboat\n船") == "慢河快船快 boat 船\n"


def test_lists_hang_and_count() -> None:
    """Bullets, numbers from where the list starts, nested lists, boxes of tasks."""
    markdown = (
        "3. one two three four five six seven eight nine\n"
        "4. ten\n   - inner\n   - more\n5. last\n\n- [x] done\n- [ ] open\n"
    )
    assert text_of(markdown) == (
        "3. one two three four five six seven\n   eight nine\n"
        "4. ten\n   - inner\n   - more\n5. last\n\n- [x] done\n- [ ] open\n"
    )


def test_loose_lists_have_air() -> None:
    """Items with paragraphs are parted as the author parted them."""
    assert text_of("- a\n\n  b\n\n- c\n") == "- a\n\n  b\n\n- c\n"


def test_an_empty_item_keeps_its_bullet() -> None:
    """Counting stays right."""
    assert text_of("1. a\n2.\n3. c\n") == "1. a\n2.\n3. c\n"


def test_quotes_code_and_rules() -> None:
    """Each is marked as in mail."""
    markdown = "> a\n>\n> > b\n\n```py\nif x:\n\n    y  \n```\n\n***\n\nend"
    assert text_of(markdown) == (
        "> a\n>\n> > b\n\n    if x:\n\n        y\n\n------------------------\n\nend\n"
    )


def test_a_picture_is_its_description() -> None:
    """In brackets, which every language reads; without one only the caption stays."""
    assert text_of("![A](a.png) *a*\n[![B](b.png)](https://b.example)\n*b*") == (
        "[A] a\n[B] [1] b\n\n[1] https://b.example\n"
    )
    assert text_of("![A boat](a.png)\n\n![](b.png)\n*Caption*") == (
        "[A boat]\n\nCaption\n"
    )


def test_deleted_text_is_marked() -> None:
    """Struck-out words would otherwise say the opposite."""
    assert text_of("~~old~~ new") == "~~old~~ new\n"


def test_footnotes_are_raised_numbers() -> None:
    """They cannot be taken for the numbers of links."""
    note = Node(kind=Kind.FOOTNOTE, index=12, children=(paragraph_of("A note."),))
    tree = (
        node_of(
            Kind.PARAGRAPH,
            node_of(Kind.TEXT, text="So"),
            node_of(Kind.FOOTNOTE_MARK, index=12),
        ),
        node_of(Kind.FOOTNOTES, note),
    )
    assert to_text(tree) == "So¹²\n\n------------------------\n\n¹² A note.\n"


def test_an_abbreviation_is_spelt_out_once() -> None:
    """Where it is met first."""
    words = (node_of(Kind.TEXT, text="BBC"),)
    short = Node(kind=Kind.ABBREVIATION, children=words, title="Broadcasting")
    tree = (node_of(Kind.PARAGRAPH, short, node_of(Kind.TEXT, text=", "), short),)
    assert to_text(tree) == "BBC (Broadcasting), BBC\n"
    chinese = Node(kind=Kind.ABBREVIATION, children=words, title="电台")
    assert to_text((node_of(Kind.PARAGRAPH, chinese),)) == "BBC（电台）\n"


def test_definitions_are_indented() -> None:
    """Below their term, without an empty line."""
    tree = (
        node_of(
            Kind.DEFINITIONS,
            node_of(Kind.TERM, node_of(Kind.TEXT, text="quay")),
            node_of(
                Kind.DEFINITION, node_of(Kind.PLAIN, node_of(Kind.TEXT, text="a place"))
            ),
        ),
    )
    assert to_text(tree) == "quay\n    a place\n"


def test_mathematics_is_written_by_hand() -> None:
    """In signs, a block indented like code; what has no signs is TeX, as it was."""
    tree = (
        node_of(Kind.MATH_BLOCK, text="\na_i \\le b\n", signs="aᵢ\u00a0≤\u00a0b"),
        node_of(Kind.PARAGRAPH, node_of(Kind.MATH, text="x^2", signs="x²")),
        node_of(Kind.MATH_BLOCK, text="\n\\begin{x}\n  a_i\n"),
        node_of(Kind.PARAGRAPH, node_of(Kind.MATH, text="\\mystery{x}")),
    )
    assert to_text(tree) == (
        "    aᵢ\u00a0≤\u00a0b\n\nx²\n\n    \\begin{x}\n      a_i\n\n\\mystery{x}\n"
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>a<br>b</div>", "a\nb\n"),
        ("<p>a</p><p>b &amp; c</p>", "a\n\nb & c\n"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b\n"),
        ('<ol start="4"><li>a<li>b</ol>', "4. a\n5. b\n"),
        ("<h2>a</h2>b<hr>", "a\n=\n\nb\n\n------------------------\n"),
        ("<pre>a\n  b</pre>", "    a\n      b\n"),
        (
            "<pre>a <a href='https://a.example'>b\nc</a><br>d</pre>",
            "    a b\n    c\n    d\n",
        ),
        ("<table><tr><th>a<th>b<tr><td>c<td>d</table>", "a  b\nc  d\n"),
        (
            "<a href='https://a.example'><h2>a</h2><p>b</p></a>",
            "a\nb [1]\n\n[1] https://a.example\n",
        ),
        ("<table><caption>a</caption><tr><td>b</table>", "a\n\nb\n"),
        ("<table><tr><td><pre>a</pre><td>b</table>", "a  b\n"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b\n"),
        ("<ul>a<li>b</li></ul>", "- a\n- b\n"),
        ('<a href="https://a.example">a</a>', "a [1]\n\n[1] https://a.example\n"),
        ('<img src="https://a.example/b.png" alt="c">', "[c]\n"),
        ("<blockquote>a</blockquote>", "> a\n"),
        ("<script>a</script><style>b</style>c<!-- d -->", "c\n"),
        ("<details><summary>a</summary>b</details>", "a\n\nb\n"),
    ],
)
def test_raw_html_shows_what_a_browser_would(html: str, text: str) -> None:
    """Blocks are blocks, links are numbered, scripts are silent."""
    assert to_text((Node(kind=Kind.HTML_BLOCK, text=html),)) == text


def test_right_to_left_text_needs_no_control_characters() -> None:
    """The reader's program orders the line by its letters."""
    assert text_of("مرحبا *بكم* في C++") == "مرحبا بكم في C++\n"


def test_thin_spaces_and_control_characters_do_not_reach_the_mail() -> None:
    """Typographic spaces are spaces; a no-break space keeps its words together."""
    assert text_of("a\u200a—\u200ab\x07 c\xa0d") == "a — b c\xa0d\n"


def test_inline_nodes_among_blocks_are_a_paragraph() -> None:
    """A tree need not come from our parser."""
    tree = (
        node_of(Kind.TEXT, text="a "),
        node_of(Kind.STRONG, node_of(Kind.TEXT, text="b")),
    )
    assert to_text((*tree, paragraph_of("c"))) == "a b\n\nc\n"


def test_nothing_is_nothing() -> None:
    """An empty post has no text."""
    assert to_text(()) == ""
