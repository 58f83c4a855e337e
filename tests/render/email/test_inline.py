"""CSS written into the elements, past the traps of the library that does it."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import RenderError
from distribute.render.email.inline import inline_css

KEPT = "@media (max-width:600px) {\n.a { color: #fff !important; }\n}\n"


def document(body: str, *, css: str = "p { color: #112233; }", head: str = "") -> str:
    """Put a body into a whole document with one sheet to inline and one to keep."""
    return (
        '<!DOCTYPE html>\n<html lang="ar" dir="rtl" xmlns:v="urn:v">\n<head>\n'
        f'<meta charset="utf-8">\n<title>T</title>\n{head}<style>{css}</style>\n'
        f'<style data-premailer="ignore">{KEPT}</style>\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def style_of(body: str, *, css: str) -> str:
    """Inline a sheet and give the style of the one ``p``."""
    found = re.search(
        r"<p[^>]*style=(['\"])(.*?)\1", inline_css(document(body, css=css))
    )
    return found[2] if found else ""


def test_rules_become_styles() -> None:
    """A rule is written into the elements it applies to, and its sheet is gone."""
    html = inline_css(document("<p>x</p>"))
    assert '<p style="color:#112233">x</p>' in html
    assert html.count("<style") == 1


def test_the_kept_sheet_stays_byte_for_byte() -> None:
    """What only works in a style sheet stays in one, with its ``!important``."""
    assert f"<style>{KEPT}</style>" in inline_css(document("<p>x</p>"))


def test_the_document_keeps_its_head() -> None:
    """Doctype, language, direction, name spaces and character set stay as written."""
    html = inline_css(document("<p>é</p>"))
    assert html.startswith(
        '<!DOCTYPE html>\n<html lang="ar" dir="rtl" xmlns:v="urn:v">'
    )
    assert html.count("<meta") == 1
    assert ">é</p>" in html


def test_a_lower_case_doctype_is_refused() -> None:
    """A doctype that the library would drop never gets to it."""
    with pytest.raises(RenderError, match="does not start with <!DOCTYPE html>"):
        inline_css(document("<p>x</p>").replace("DOCTYPE", "doctype"))


@pytest.mark.parametrize(
    "style", ["p", "color:", "td p", "{}}{", "@import url(//x)", ";"]
)
def test_an_authors_style_does_not_crash(style: str) -> None:
    """A style attribute that looks like a selector, or like nothing, does no harm."""
    html = inline_css(document(f'<p>x</p><p style="{style}">y</p><td>z</td>'))
    assert html.count("color:#112233") == 2


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="abp:;{}@()'/\\*#!-0 \t\n\u00e9") | st.text())
def test_no_style_attribute_crashes(style: str) -> None:
    """Whatever stands in a style attribute, the rest of the mail is whole."""
    html = inline_css(document(f'<p style="{escape(style)}">x</p><div>after</div>'))
    assert "<div>after</div>" in html


def test_an_authors_style_wins() -> None:
    """What the author says about one element stands over the sheet."""
    styled = style_of('<p style="color:#445566">x</p>', css="p { color: #112233; }")
    assert styled == "color:#445566"


def test_an_authors_style_is_read_as_browsers_do() -> None:
    """What is no declaration is left out, quoted semicolons part nothing."""
    styled = style_of(
        """<p style="nonsense; FONT-family:'a;b'; color:;-x-y:1 !important">x</p>""",
        css="p { margin-top: 0; }",
    )
    assert styled == "margin-top:0; font-family:'a;b'; -x-y:1 !important"


def test_colours_keep_their_six_digits() -> None:
    """No colour is shortened to a form that old mail programs misread."""
    assert style_of("<p>x</p>", css="p{color:#aabbcc}") == "color:#aabbcc"


def test_no_attributes_are_made_of_styles() -> None:
    """Width, height and alignment as attributes are the template's business."""
    css = (
        "img { width: 100%; height: auto; text-align: left; background-color: #fefefe }"
    )
    html = inline_css(document('<img src="a.png" width="576" height="300">', css=css))
    tag = html[html.index("<img") : html.index(">", html.index("<img"))]
    assert 'width="576"' in tag
    assert 'height="300"' in tag
    assert "align=" not in tag
    assert "bgcolor" not in tag


@pytest.mark.parametrize("child", ["first", "last"])
def test_first_and_last_children_are_inlined(child: str) -> None:
    """The two pseudo-classes of the contract work."""
    html = inline_css(
        document("<p>x</p><p>y</p>", css=f"p:{child}-child {{ margin-top: 0; }}")
    )
    words = {"first": "x", "last": "y"}
    assert f'<p style="margin-top:0">{words[child]}</p>' in html
    assert html.count("margin-top") == 1


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" href="https://evil.example/a.css">\n',
        '<LINK rel=stylesheet href="/etc/passwd">\n',
        '<style>@import url("https://evil.example/a.css");</style>\n',
        '<style data-premailer="ignore">@import "a.css";</style>\n',
        "<STYLE>@charset 'utf-8'; @IMPORT 'https://evil.example/a.css';</STYLE>\n",
        "<style>@\\69mport url(https://evil.example/a.css);</style>\n",
    ],
)
def test_a_sheet_from_elsewhere_is_refused(head: str) -> None:
    """Nothing is fetched, here or by the reader's mail program."""
    with pytest.raises(RenderError, match="cannot fetch a style sheet"):
        inline_css(document("<p>x</p>", head=head))


def test_words_about_links_are_no_links() -> None:
    """A post may write about style sheets."""
    said = "<p>&lt;link rel=stylesheet&gt; and @import</p>"
    assert "&lt;link rel=stylesheet&gt; and @import" in inline_css(document(said))


def test_addresses_stay_as_they_are() -> None:
    """No link is rewritten: fragments, tokens, international hosts, queries."""
    links = ("#fn1", "unsubscribe-0a1b", "https://example.net/a?b=1&amp;c=%C3%BC#d")
    body = "".join(f'<p><a href="{link}">x</a></p>' for link in links)
    html = inline_css(document(body))
    assert all(f'href="{link}"' in html for link in links)


def test_comments_for_outlook_stay() -> None:
    """Conditional comments pass, in the head and in the body."""
    comment = "<!--[if mso]><table><tr><td><![endif]-->"
    html = inline_css(document(f"{comment}<p>x</p>", head=comment + "\n"))
    assert html.count(comment) == 2


def test_space_between_words_is_not_added() -> None:
    """Nothing is laid out anew: white space would show between Chinese characters."""
    assert ">慢<b>河</b>船</p>" in inline_css(document("<p>慢<b>河</b>船</p>"))


def test_what_lies_deep_is_not_lost() -> None:
    """A post nested more deeply than the parser likes arrives whole."""
    deep = "<div>" * 600 + "<p>x</p>" + "</div>" * 600 + "<p>after</p>"
    html = inline_css(document(deep))
    assert html.count("<div") == 600
    assert ">after</p>" in html


def test_what_lies_too_deep_is_an_error() -> None:
    """Where the parser would cut the post off, there is an error instead."""
    deep = "<div>" * 5000 + "</div>" * 5000
    with pytest.raises(RenderError, match="nested too deeply"):
        inline_css(document(deep))


def test_threads_do_not_disturb_each_other() -> None:
    """The same document gives the same bytes, alone or among others."""
    documents = [
        document("<p>x</p>" * n, css=f"p {{ color: #1122{n:02d}; margin-top: {n}px }}")
        for n in range(10, 30)
    ]
    alone = [inline_css(each) for each in documents]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(inline_css, documents * 3)) == alone * 3


def test_nothing_is_printed() -> None:
    """Unknown properties are no news for whoever sends a newsletter."""
    html = document(
        "<p style='mso-x:1;word-break:foo'>x</p>", css="p{mso-hide:all;a:b}"
    )
    code = (
        "import sys; from distribute.render.email.inline import inline_css;"
        "inline_css(sys.argv[1])"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code, html], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")


class Balance(HTMLParser):
    """Counts what is opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        if tag not in {"meta", "br", "img", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Forget it; the last one opened must be the first one closed."""
        assert self.open.pop() == tag


def test_the_outcome_is_well_formed() -> None:
    """Every element is closed in its place."""
    parser = Balance()
    parser.feed(inline_css(document('<p>a<br>b<img src="x" alt=""></p><hr>')))
    assert parser.open == []


def printed_by(program: str) -> bytes:
    """Run a program in a process of its own."""
    return subprocess.check_output([sys.executable, "-c", program], timeout=60)  # noqa: S603 - ours


def test_nothing_that_fetches_is_loaded() -> None:
    """What premailer would fetch with stays away, and stays whole for everybody else."""
    program = (
        "import sys\n"
        "from distribute.render.email.inline import inline_css\n"
        "inline_css('<!DOCTYPE html><style>p {color: red}</style><p>x')\n"
        "print('requests' in sys.modules)\n"
        "import requests\n"
        "print(callable(requests.get))\n"
    )
    assert printed_by(program) == b"False\nTrue\n"


def test_what_parses_sheets_fetches_nothing() -> None:
    """Even if it were handed one that asks for another."""
    program = (
        "import socket\n"
        "from distribute.render.email.inline import inline_css\n"
        "inline_css('<!DOCTYPE html><style>p {color: red}</style><p>x')\n"
        "socket.socket = socket.create_connection = None\n"
        "import cssutils\n"
        "sheet = cssutils.parseString('@import \"http://127.0.0.1:9/a.css\"; p {top: 0}')\n"
        "print(len(sheet.cssRules))\n"
    )
    assert printed_by(program) == b"2\n"


def test_what_fetches_is_left_where_it_is() -> None:
    """Whoever has loaded it already keeps it."""
    program = (
        "import requests, sys\n"
        "from distribute.render.email.inline import inline_css\n"
        "inline_css('<!DOCTYPE html><style>p {color: red}</style><p>x')\n"
        "print(sys.modules['requests'] is requests)\n"
    )
    assert printed_by(program) == b"True\n"
