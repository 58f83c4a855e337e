"""Raw HTML and comments in Markdown: markup, text, or nothing at all."""

import pytest

from distribute.finding import Severity
from distribute.render.html.write import to_html
from distribute.render.markdown.comments import strip_comments
from distribute.render.markdown.parse import parse, read_markdown
from distribute.render.tree import Kind, plain_text, walk


def html(markdown: str) -> str:
    """Write Markdown as HTML on one line."""
    return to_html(parse(markdown)).replace("\n", "")


@pytest.mark.parametrize(
    "text",
    [
        "<multilingual model> and more",
        "a <multilingual model> b",
        "<Systematic Thing: What Is It?[3]>",
        "<model:base>",
        "<unk>, <pad> and <s>",
        "a token: </s>",
        "<source> and <source domain>",
        "a < b > c <> <3",
        "<foo-bar>",
        "<?php echo ?>",
        "<![CDATA[ x ]]>",
        "<!ATTENTION all of you",
        "<textarea> without an end",
        "<script> without an end",
        "a <script> without an end",
        "<b> without an end",
    ],
)
def test_what_browsers_do_not_know_is_text(text: str) -> None:
    """No word is swallowed because angle brackets stand around it."""
    tree = parse(text)
    assert plain_text(tree) == text
    assert not {node.kind for node in walk(tree)} & {Kind.HTML, Kind.HTML_BLOCK}


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("<ins>Ne</ins>ural *x*", "<p><ins>Ne</ins>ural <em>x</em></p>"),
        ("a<br/>b<hr>", "<p>a<br/>b<hr></p>"),
        ("<b>x</b>", "<p><b>x</b></p>"),
        ('<img src="a.png">', '<p><img src="a.png"></p>'),
        ("<div>\n\n*a*\n\n</div>\n*b*", "<div>*a*</div><p><em>b</em></p>"),
        ("<div>\n<div>a</div>\n\n</div> b", "<div><div>a</div></div><p>b</p>"),
        ("<div>a\n\n*b*", "<div>a<p><em>b</em></p>"),
        ('<p align="center">a</p><p>b</p>', '<p align="center">a</p><p>b</p>'),
        ('<div markdown="1">\n*a*\n</div>', "<div><p><em>a</em></p></div>"),
        ("<pre>\n*a*\n\n*b*\n</pre>", "<pre>*a**b*</pre>"),
        ("<div>a<!-- b -->c</div>", "<div>ac</div>"),
        ("<div>\n\n    <!-- b -->\n</div>", "<div>    </div>"),
        ("a <a href='u'>[b](c)</a>", "<p>a <a href='u'>[b](c)</a></p>"),
    ],
)
def test_html_that_browsers_know(markdown: str, shown: str) -> None:
    """Elements pass as they are; a block ends at its own end tag."""
    assert html(markdown) == shown


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("- a\n<!-- b -->\n- c", "- a\n- c"),
        ("- a\n<!-- b\n\n- no\n-->\n- c", "- a\n- c"),
        ("a\n<!-- b -->\nc", "a\n\nc"),
        ("a <!-- b --> c", "a c"),
        ("a<!-- b -->c", "ac"),
        ("a <!-- b -->\nc", "a\nc"),
        ("a <!-- b\n\nc --> d", "a d"),
        ("<!-- a -- b - - > --> c", "c"),
        ("<!-- a <!-- b --> c", "c"),
        ("<!--> a", "a"),
        ("|a|\n<!-- b -->\n|c|", "|a|\n|c|"),
        ("> a\n<!-- b -->\n> c", "> a\n> c"),
        ("a\n\n<!-- b -->\n\nc", "a\n\n\nc"),
        ("<!-- a\n```\n--> b\n```\nc\n```", "b\n```\nc\n```"),
        ("{::comment}\na\n{:/comment}\nb", "b"),
        ("- x\n\n  <!-- a -->", "- x\n"),
    ],
)
def test_comments_leave_without_a_trace(markdown: str, text: str) -> None:
    """A comment takes its lines along, and holds apart only what was apart."""
    assert strip_comments(markdown).text == text


@pytest.mark.parametrize(
    "markdown",
    [
        "`<!-- a -->`",
        "``<!-- a -->``",
        "```\n<!-- a -->\n```",
        "~~~~\n~~~\n<!-- a -->\n~~~~",
        "    <!-- a -->",
        "- x\n\n  ```\n  <!-- a -->\n  ```",
        "> ```\n> <!-- a -->\n> ```",
        "1. x\n\n       <!-- a -->",
        "\\<!-- a -->",
    ],
)
def test_comments_in_code_are_code(markdown: str) -> None:
    """What an author shows as code stays, in lists and quotes too."""
    assert strip_comments(markdown).text == markdown
    assert "&lt;!-- a --&gt;" in html(markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        "```\n<!-- a -->",
        "text\n    <!-- a -->",
        "`x\n\n<!-- a -->`",
        "\\`<!-- a -->`",
        "- x\n  <!-- a -->",
        "- b ` c\n- <!-- a --> `",
        "$$ <!-- a --> $$",
        "- x\n\n      text\n\n  <!-- a -->",
    ],
)
def test_what_only_looks_like_code_hides_no_comment(markdown: str) -> None:
    """An unclosed fence, a lone tick or an indented line of a paragraph are not code."""
    assert "a --" not in strip_comments(markdown).text
    assert "!--" not in html(markdown)


def test_a_list_stays_one_list() -> None:
    """Comments between the items of a list do not split it, nor make it loose."""
    tree = parse("- a\n<!-- b -->\n- c\n<!-- d\n -->\n- e")
    assert [node.tight for node in walk(tree) if node.kind is Kind.LIST] == [True]


def test_an_unclosed_comment_hides_its_paragraph_and_is_an_error() -> None:
    """Nothing private is shown, nothing else is lost, and the author hears of it."""
    reading = read_markdown("a\n\nb <!-- private\nmore\n\nc", first_line=3)
    assert "private" not in plain_text(reading.tree)
    assert plain_text(reading.tree) == "abc"
    note = reading.notes[0]
    assert (note.rule, note.line) == ("comment-unclosed", 5)
    assert note.severity is Severity.ERROR


def test_each_line_knows_where_it_was() -> None:
    """The lines that stay are mapped to their numbers in the source."""
    stripped = strip_comments("a\n<!-- b\n\nc -->\nd <!--\n--> e\nf")
    assert stripped.text.split("\n") == ["a", "", "d e", "f"]
    assert stripped.lines == (0, 1, 4, 6)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("<code>*a*</code> *b*", "<p><code>*a*</code> <em>b</em></p>"),
        (
            "<kbd>_</kbd> or <KBD>__x__</KBD>",
            "<p><kbd>_</kbd> or <KBD>__x__</KBD></p>",
        ),
        ("<code>a &lt;b&gt;</code>", "<p><code>a &lt;b&gt;</code></p>"),
        ("<b>*a*</b>", "<p><b><em>a</em></b></p>"),
    ],
)
def test_code_written_as_html_is_code(markdown: str, shown: str) -> None:
    """Nothing in it is Markdown; in other elements of a line everything is."""
    assert to_html(parse(markdown)).strip() == shown


@pytest.mark.parametrize("markdown", ["#\n\na", "## <!-- b -->\n\na", "#\na"])
def test_a_heading_without_words_is_none(markdown: str) -> None:
    """Nothing is shown in its place."""
    assert to_html(parse(markdown)).strip() == "<p>a</p>"
