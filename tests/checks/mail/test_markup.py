"""The HTML of a mail taken apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.checks.mail.markup import take_apart

HTML = """<!DOCTYPE html>
<html lang="en"><head><title>T &amp; t</title><style>p{}</style>
<!--[if mso]><style>b{}</style><p>Word</p><![endif]--></head>
<body><div style="display: none">Before</div>
<p style="color:#112233">One<br>two <img src="a.png" alt="three"> &lt;four&gt;</p>
<div style="background-color:#445566"><p>five</p></div><![if !mso]><p>six</p><![endif]>
</body></html>"""


def test_a_document_is_taken_apart() -> None:
    """What is seen, what is styled, and what is not for everybody."""
    markup = take_apart(HTML)
    assert (markup.doctype, markup.title) == ("DOCTYPE html", "T & t")
    assert markup.text == "One two three <four> five six"
    assert markup.sheets == ("p{}",)
    first = markup.first("p")
    assert first is not None
    assert (first.line, first.get("style"), first.hidden) == (5, "color:#112233", False)
    assert [div.hidden for div in markup.named("div")] == [True, False]


@pytest.mark.parametrize(
    ("style", "is_hidden"),
    [
        ("color: red; display : none", True),
        ("VISIBILITY: hidden !important", True),
        ("opacity:0", True),
        ("max-height: 0px; overflow: hidden", True),
        ("opacity: 0.9; max-height: 0.5em; line-height: 0", False),
        ("display: block", False),
    ],
)
def test_there_are_many_ways_to_hide(style: str, is_hidden: bool) -> None:  # noqa: FBT001 - a column of the table
    """An element that is there and takes no room is not seen."""
    markup = take_apart(f'<div style="{style}">Words</div>')
    assert markup.text == ("" if is_hidden else "Words")


def test_colours_are_those_around_a_text() -> None:
    """Black on white if nobody says otherwise."""
    assert take_apart(HTML).colours == {
        ("#112233", "#ffffff"): "One",
        ("#000000", "#445566"): "five",
        ("#000000", "#ffffff"): "six",
    }


def test_colours_are_read_in_all_old_spellings() -> None:
    """By name, in three digits, in attributes; the last one of a style counts."""
    html = (
        '<p style="color: NAVY; background: #FFF">One</p>'
        '<table bgcolor="#222222"><tr><td style="color:red;color:#abc !important">two</td>'
        '</tr></table><font color="gray">three</font>'
        '<p style="background-color:transparent;color:inherit">four</p>'
    )
    assert take_apart(html).colours == {
        ("#000080", "#ffffff"): "One",
        ("#aabbcc", "#222222"): "two",
        ("#808080", "#ffffff"): "three",
        ("#000000", "#ffffff"): "four",
    }


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>!/[]-=\"'&; aifpstyle\n", max_size=60))
def test_no_document_is_too_odd(html: str) -> None:
    """Whatever it is, something is made of it."""
    markup = take_apart(html)
    assert all(element.name for element in markup.elements)
