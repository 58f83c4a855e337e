"""The whole post as plain text."""

from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.markdown.parse import parse
from distribute.render.rewrite import rewrite
from distribute.render.text.width import display_width
from distribute.render.text.write import to_text
from distribute.render.tree import Kind, Node, Tree


def _text(markdown: str, *, width: int = 40) -> str:
    return to_text(parse(markdown), width=width)


def _node(
    kind: Kind, *children: Node, text: str = "", index: int = 0, signs: str = ""
) -> Node:
    return Node(kind=kind, children=children, text=text, index=index, signs=signs)


def test_paragraphs_are_filled_and_parted_by_one_empty_line() -> None:
    """No line is longer than it may be, and none ends in white space."""
    text = _text("one two three four five six seven eight\nnine\n\n\nten")
    assert text == "one two three four five six seven eight\nnine\n\nten\n"


def test_a_break_of_the_author_is_a_break() -> None:
    """A hard line break ends a line."""
    assert _text("one  \ntwo") == "one\ntwo\n"


def test_headings_are_underlined() -> None:
    """The two levels above by strokes as wide as the words on a screen."""
    tree = (
        Node(kind=Kind.HEADING, level=2, children=(_node(Kind.TEXT, text="慢河 1"),)),
        Node(kind=Kind.HEADING, level=3, children=(_node(Kind.TEXT, text="Banks"),)),
        Node(kind=Kind.HEADING, level=4, children=(_node(Kind.TEXT, text="Reeds"),)),
    )
    assert to_text(tree) == "慢河 1\n======\n\nBanks\n-----\n\nReeds\n"


def test_links_are_numbered_and_listed_once() -> None:
    """The same address has the same number; the list holds each of them once."""
    markdown = "[a](https://a.example) [b](https://b.example) [c](https://a.example)."
    assert _text(markdown) == (
        "a [1] b [2] c [1].\n\n[1] https://a.example\n[2] https://b.example\n"
    )


def test_numbers_stand_as_the_script_wants() -> None:
    """Behind a space, or without one where the writing knows none."""
    text = _text("see [Boats](https://a.example), 见[快船](https://b.example)吧")
    assert text.startswith("see Boats [1], 见快船[2]吧\n")


@pytest.mark.parametrize("width", range(24, 40))
@pytest.mark.parametrize("words", ["some words and", "慢河快船"])
def test_a_number_stays_at_its_word(words: str, width: int) -> None:
    """No line begins with the number of a link, and none is too long for it."""
    text = _text(f"{words * 6} [{words}](https://a.example) {words}", width=width)
    body = text.split("\n\n")[0].split("\n")
    assert not any(line.startswith("[1]") for line in body)
    assert all(display_width(line) <= width for line in body)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("<https://a.example/x>", "https://a.example/x\n"),
        ("[a.example/x](https://a.example/x)", "https://a.example/x\n"),
        ("[*https://a.example*](https://a.example/)", "https://a.example/\n"),
        ("[ed@a.example](mailto:ed@a.example)", "ed@a.example\n"),
        ("[![](https://b.example/i.png)](https://a.example)", "https://a.example\n"),
    ],
)
def test_an_address_written_out_stands_for_itself(markdown: str, text: str) -> None:
    """It is shown once, and has no number."""
    assert _text(markdown) == text


def test_numbers_begin_behind_the_authors_own() -> None:
    """A post with references made by hand keeps them unambiguous."""
    text = _text("so it is[7]\n\n[a](https://a.example)\n\n[7] Book")
    assert "a [8]" in text
    assert text.endswith("\n[8] https://a.example\n")


def test_an_address_is_never_broken() -> None:
    """It may stand out of the page, but it can be clicked."""
    url = "https://a.example/" + "x" * 60 + "/(y)"
    assert url in _text(f"before <{url}> after").split("\n")


def test_east_asian_lines_break_between_characters_but_not_anywhere() -> None:
    """Two columns each; no line starts with closing or ends with opening marks."""
    text = _text("河流很慢，船很快。「我们都知道」（也许）这一点。" * 4, width=30)
    lines = text.rstrip("\n").split("\n")
    assert all(display_width(line) <= 30 for line in lines)
    assert not any(line[0] in "，。」）" for line in lines)
    assert not any(line[-1] in "「（" for line in lines)


def test_line_ends_between_east_asian_characters_are_no_spaces() -> None:
    """Between others they are; also where emphasis begins."""
    assert _text("慢河\n快船\n**快**\nboat\n船") == "慢河快船快 boat 船\n"


def test_lists_hang_and_count() -> None:
    """Bullets, numbers from where the list starts, nested lists, boxes of tasks."""
    markdown = (
        "3. one two three four five six seven eight nine\n"
        "4. ten\n   - inner\n   - more\n5. last\n\n- [x] done\n- [ ] open\n"
    )
    assert _text(markdown) == (
        "3. one two three four five six seven\n   eight nine\n"
        "4. ten\n   - inner\n   - more\n5. last\n\n- [x] done\n- [ ] open\n"
    )


def test_loose_lists_have_air() -> None:
    """Items with paragraphs are parted as the author parted them."""
    assert _text("- a\n\n  b\n\n- c\n") == "- a\n\n  b\n\n- c\n"


def test_an_empty_item_keeps_its_bullet() -> None:
    """Counting stays right."""
    assert _text("1. a\n2.\n3. c\n") == "1. a\n2.\n3. c\n"


def test_quotes_code_and_rules() -> None:
    """Each is marked as in mail."""
    markdown = "> a\n>\n> > b\n\n```py\nif x:\n\n    y  \n```\n\n***\n\nend"
    assert _text(markdown) == (
        "> a\n>\n> > b\n\n    if x:\n\n        y\n\n------------------------\n\nend\n"
    )


def test_a_picture_is_its_description() -> None:
    """In brackets, which every language reads; without one only the caption stays."""
    assert _text("![A boat](a.png)\n\n![](b.png)\n*Caption*") == (
        "[A boat]\n\nCaption\n"
    )


def test_deleted_text_is_marked() -> None:
    """Struck-out words would otherwise say the opposite."""
    assert _text("~~old~~ new") == "~~old~~ new\n"


def test_tables_stand_in_columns() -> None:
    """As wide as on a screen, aligned as the author wants."""
    markdown = "| 名 | n |\n|---|--:|\n| 慢河 | 1 |\n| b | 23 |\n"
    assert _text(markdown) == "名     n\n----  --\n慢河   1\nb     23\n"


def test_wide_tables_become_records() -> None:
    """Each row lists its cells behind the names of their columns; long ones hang."""
    cell = "many words " * 4
    markdown = f"| a | b |\n|---|---|\n| 1 | {cell}|\n| 2 | x |\n"
    assert _text(markdown) == (
        "a: 1\nb: many words many words many words\n  many words\n\na: 2\nb: x\n"
    )


def test_records_use_the_punctuation_of_their_script() -> None:
    """A Chinese name has a Chinese colon; an empty cell has no line."""
    markdown = f"| 名字 | n |\n|---|---|\n| {'慢河' * 12} | |\n"
    assert _text(markdown) == f"名字：{'慢河' * 8}\n  {'慢河' * 4}\n"


def test_a_table_with_links_holds_no_control_characters() -> None:
    """What keeps a number at its word is gone when the line is written."""
    text = _text("| a | b |\n|---|---|\n| [c](https://a.example) | d |\n")
    assert text == "a      b\n-----  -\nc [1]  d\n\n[1] https://a.example\n"


def test_footnotes_are_raised_numbers() -> None:
    """They cannot be taken for the numbers of links."""
    note = Node(kind=Kind.FOOTNOTE, index=12, children=(_paragraph("A note."),))
    tree = (
        _node(
            Kind.PARAGRAPH,
            _node(Kind.TEXT, text="So"),
            _node(Kind.FOOTNOTE_MARK, index=12),
        ),
        _node(Kind.FOOTNOTES, note),
    )
    assert to_text(tree) == "So¹²\n\n------------------------\n\n¹² A note.\n"


def test_an_abbreviation_is_spelt_out_once() -> None:
    """Where it is met first."""
    words = (_node(Kind.TEXT, text="BBC"),)
    short = Node(kind=Kind.ABBREVIATION, children=words, title="Broadcasting")
    tree = (_node(Kind.PARAGRAPH, short, _node(Kind.TEXT, text=", "), short),)
    assert to_text(tree) == "BBC (Broadcasting), BBC\n"
    chinese = Node(kind=Kind.ABBREVIATION, children=words, title="电台")
    assert to_text((_node(Kind.PARAGRAPH, chinese),)) == "BBC（电台）\n"


def test_definitions_are_indented() -> None:
    """Below their term, without an empty line."""
    tree = (
        _node(
            Kind.DEFINITIONS,
            _node(Kind.TERM, _node(Kind.TEXT, text="quay")),
            _node(Kind.DEFINITION, _node(Kind.PLAIN, _node(Kind.TEXT, text="a place"))),
        ),
    )
    assert to_text(tree) == "quay\n    a place\n"


def test_mathematics_is_written_by_hand() -> None:
    """In signs, a block indented like code; what has no signs is TeX, as it was."""
    tree = (
        _node(Kind.MATH_BLOCK, text="\na_i \\le b\n", signs="aᵢ\u00a0≤\u00a0b"),
        _node(Kind.PARAGRAPH, _node(Kind.MATH, text="x^2", signs="x²")),
        _node(Kind.MATH_BLOCK, text="\n\\begin{x}\n  a_i\n"),
        _node(Kind.PARAGRAPH, _node(Kind.MATH, text="\\mystery{x}")),
    )
    assert to_text(tree) == (
        "    aᵢ\u00a0≤\u00a0b\n\nx²\n\n    \\begin{x}\n      a_i\n\n\\mystery{x}\n"
    )


def test_the_links_of_a_table_of_contents_have_no_numbers() -> None:
    """They lead to places on a page that is not there."""
    words = _node(Kind.TEXT, text="Part")
    link = Node(kind=Kind.LINK, url="https://a.example/#part", children=(words,))
    item = _node(Kind.ITEM, _node(Kind.PLAIN, link))
    assert to_text((_node(Kind.CONTENTS, _node(Kind.LIST, item)),)) == "- Part\n"


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
    assert _text("مرحبا *بكم* في C++") == "مرحبا بكم في C++\n"


def test_thin_spaces_and_control_characters_do_not_reach_the_mail() -> None:
    """Typographic spaces are spaces; a no-break space keeps its words together."""
    assert _text("a\u200a—\u200ab\x07 c\xa0d") == "a — b c\xa0d\n"


def test_inline_nodes_among_blocks_are_a_paragraph() -> None:
    """A tree need not come from our parser."""
    tree = (_node(Kind.TEXT, text="a "), _node(Kind.STRONG, _node(Kind.TEXT, text="b")))
    assert to_text((*tree, _paragraph("c"))) == "a b\n\nc\n"


def test_nothing_is_nothing() -> None:
    """An empty post has no text."""
    assert to_text(()) == ""


def _paragraph(text: str) -> Node:
    return _node(Kind.PARAGRAPH, _node(Kind.TEXT, text=text))


def _nested(kind: Kind, inner: Kind | None, depth: int) -> Tree:
    node = _paragraph("words")
    for _ in range(depth):
        node = _node(inner, node) if inner else node
        node = _node(kind, node)
    return (node,)


@pytest.mark.parametrize(
    "make",
    [
        lambda: _nested(Kind.QUOTE, None, 3000),
        lambda: _nested(Kind.LIST, Kind.ITEM, 3000),
        lambda: (_node(Kind.PARAGRAPH, *_nested(Kind.EMPHASIS, Kind.LINK, 3000)),),
        lambda: (Node(kind=Kind.HTML_BLOCK, text="<div><ul><li>" * 1000 + "a"),),
        lambda: (Node(kind=Kind.HTML_BLOCK, text="<ul><li>a" + "<p>b</p>" * 10_000),),
        lambda: (_paragraph("word " * 100_000),),
        lambda: (_paragraph("語。「" * 60_000),),
        lambda: (_paragraph("x" * 500_000),),
        lambda: tuple(_paragraph("a") for _ in range(10_000)),
    ],
)
def test_size_and_depth_cost_no_more_than_they_must(make: Callable[[], Tree]) -> None:
    """Deep and long texts are written in linear time, without recursion."""
    tree = make()
    start = process_time()
    assert to_text(tree)
    assert process_time() - start < 2


@settings(max_examples=200, deadline=None)
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
    text = _text(markdown)
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
    text = to_text((_paragraph(words),), width=width)
    assert "".join(text.split()) == "".join(words.split())


def test_the_writer_leaves_the_tree_alone() -> None:
    """Writing twice gives the same text."""
    tree = parse("[a](https://a.example)\n\n1. b\n2. c")
    assert to_text(tree) == to_text(rewrite(tree, lambda node: (node,)))
