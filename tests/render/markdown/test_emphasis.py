"""Emphasis: CommonMark's rules, and kramdown's where those would leave asterisks."""

import pytest

from distribute.render.html.write import to_html
from distribute.render.markdown.parse import parse


def html(markdown: str) -> str:
    """Write one paragraph of Markdown as HTML."""
    return to_html(parse(markdown)).strip().removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        (
            "*a* _b_ **c** __d__",
            "<em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong>",
        ),
        ("***a***", "<em><strong>a</strong></em>"),
        ("*a **b** c*", "<em>a <strong>b</strong> c</em>"),
        ("**a *b***", "<strong>a <em>b</em></strong>"),
        ("*a (*b*) c*", "<em>a (<em>b</em>) c</em>"),
        ("*a [*b*](c) d*", '<em>a <a href="c"><em>b</em></a> d</em>'),
        (
            "a*b*c snake_case_name __init__",
            "a<em>b</em>c snake_case_name <strong>init</strong>",
        ),
        ("~~a *b*~~ c~d~e", "<del>a <em>b</em></del> c~d~e"),
        ("**[a](b)**:c", '<strong><a href="b">a</a></strong>:c'),
        ("*a\nb*", "<em>a\nb</em>"),
    ],
)
def test_emphasis(markdown: str, shown: str) -> None:
    """Emphasis nests, crosses links and lines, and leaves words with underscores."""
    assert html(markdown) == shown


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("这是**「引文」**，真的", "这是<strong>「引文」</strong>，真的"),
        ("这是**重点：**真的", "这是<strong>重点：</strong>真的"),
        ("真的**（重点）**吗", "真的<strong>（重点）</strong>吗"),
        ("これは*「引用」*です", "これは<em>「引用」</em>です"),
        ('**"인용"**은', '<strong>"인용"</strong>은'),
        ("参见**[链接](b)**，", '参见<strong><a href="b">链接</a></strong>，'),
        ("**1.1 标题**内容", "<strong>1.1 标题</strong>内容"),
    ],
)
def test_emphasis_beside_east_asian_marks(markdown: str, shown: str) -> None:
    """Where nobody writes spaces, marks of punctuation do not stop emphasis."""
    assert html(markdown) == shown


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**Note:**text", "<strong>Note:</strong>text"),
        ('text**"quoted"**text', 'text<strong>"quoted"</strong>text'),
        ("**A:**b and **C:**d", "<strong>A:</strong>b and <strong>C:</strong>d"),
        ("*(a)*b", "<em>(a)</em>b"),
    ],
)
def test_emphasis_that_only_kramdown_sees(markdown: str, shown: str) -> None:
    """What CommonMark leaves open is closed where kramdown closes it."""
    assert html(markdown) == shown


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("write ****[**us**](u) now", 'write <a href="u"><strong>us</strong></a> now'),
        ("[**a**](u) ****— b", '<a href="u"><strong>a</strong></a> — b'),
        ("a ****** b", "a  b"),
        ("***Title****", "<em><strong>Title</strong></em>"),
        ("**Price***", "<strong>Price</strong>*"),
        ("***Title**", "*<strong>Title</strong>"),
        ("5 * 3 ** 2", "5 * 3 ** 2"),
        ("a* lone star", "a* lone star"),
        ("Name**: text **bold**", "Name**: text <strong>bold</strong>"),
        ("fill in ____ here", "fill in ____ here"),
        ("\\*a\\*", "*a*"),
    ],
)
def test_stray_delimiters(markdown: str, shown: str) -> None:
    """Emphasis of nothing goes; a lone asterisk is an asterisk."""
    assert html(markdown) == shown


def test_deep_emphasis_keeps_its_text() -> None:
    """Beyond twenty levels the delimiters stay as text, and so does every word."""
    shown = html("*a **b " * 40 + "c** d* " * 40)
    assert shown.count("<em>") + shown.count("<strong>") == 20
    assert shown.count("a") == shown.count("d") == 40
