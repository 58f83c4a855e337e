"""Only harmless HTML passes the last gate."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.html.sanitise import sanitise

HOSTILE = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="https://a.example/x.png" onload=alert(1) alt=x>',
    "<svg/onload=alert(1)>",
    '<svg><script>alert(1)</script><a href="javascript:x">y</a></svg>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<iframe src="https://a.example"></iframe>',
    "<object data=x><embed src=y></object>",
    '<form action="https://a.example"><input name=q><button>Go</button></form>',
    "<!-- hidden --><p>x</p><!--",
    "<![CDATA[ <b>x</b> ]]><?php echo 1 ?>",
    '<style>p { background: url("https://a.example") }</style>',
    '<p style="background:url(https://a.example);position:fixed">x</p>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<p title="</p><script>alert(1)</script>">x</p>',
    "<base href=https://a.example><meta http-equiv=refresh content=0><link rel=import>",
    '<a href="https://a.example" target="_blank" onclick="x()" ping="https://b">x</a>',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    "<table background='https://a.example'><td>x",
    "<video src=x poster=y><source src=z></video>",
    "<template><script>alert(1)</script></template>",
    "<title><img src=x onerror=alert(1)></title>",
]


class _Seen(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def unknown_decl(self, data: str) -> None:
        self.comments.append(data)


def _assert_harmless(html: str) -> None:
    seen = _Seen(html)
    forbidden = {"script", "style", "iframe", "form", "input", "svg", "math", "object"}
    assert not forbidden & set(seen.tags)
    assert not seen.comments
    for name, value in seen.attributes:
        assert not name.startswith("on")
        assert name not in {"srcset", "target", "ping", "background", "action"}
        if name in {"href", "src"}:
            assert value.startswith(("https://", "http://", "mailto:", "tel:"))
        if name == "style":
            assert value.startswith("text-align:")


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_is_disarmed(html: str) -> None:
    """No script, frame, form, handler, comment, style or other scheme gets through."""
    _assert_harmless(sanitise(html))


PIECES = st.sampled_from(
    (
        *("<", ">", "</", "/>", "<b>", "<p", "<a href=", '"', "'", "=", "&", "#x3c;"),
        *("<!--", "-->", "script", " onclick=", "style=", "text-align:center", "x"),
        *("<table>", "<td>", "<svg>", "<math>", "</p>", "javascript:", "color:red"),
        *(
            " class=",
            "lead",
            "evil",
            " id=",
            "<div>",
            "<li>",
            "語",
            "https://a.example",
        ),
        *("\x00", "\ud800", "\ufffe", "]]>"),
    )
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=80))
def test_any_input_comes_out_harmless_and_stays_as_it_is(html: str) -> None:
    """Cleaning never fails, and cleaning what is clean changes nothing."""
    once = sanitise(html)
    _assert_harmless(once)
    assert sanitise(once) == once
    once.encode("utf-8")


def test_running_text_passes_unchanged() -> None:
    """What our own writer makes is kept as it is."""
    html = (
        '<h2 id="übersicht">A <em>b</em> <strong>c</strong></h2>\n'
        '<p class="button"><a href="https://a.example/?x=1&amp;y=2" title="T">d</a></p>\n'
        '<pre><code class="language-c++">a &lt; b;\n</code></pre>\n'
        '<ol start="3"><li>e<ul><li>f</li></ul></li></ol>\n'
        '<table><thead><tr><th style="text-align:right">g</th></tr></thead></table>\n'
        '<figure><img src="https://a.example/h.png" alt="i" width="20"></figure>\n'
        '<dl><dt>j</dt><dd>k</dd></dl><hr><p dir="rtl" lang="ar">ل<br>م</p>'
    )
    assert sanitise(html) == html


def test_unknown_classes_and_styles_go() -> None:
    """A post cannot borrow the theme's classes, nor lay out the page."""
    html = '<p class="preheader lead" style="color:red; text-align: Right">a</p>'
    assert sanitise(html) == '<p class="lead" style="text-align:right">a</p>'


def test_every_picture_has_words_or_none_on_purpose() -> None:
    """Without ``alt`` a reader would be told its address; an empty one is no picture."""
    assert sanitise(
        '<p><img src="https://a.example/b.png" title="alt=&quot;"></p>'
    ) == ('<p><img src="https://a.example/b.png" title="alt=&quot;" alt=""></p>')
    other = '<p title="&lt;img&gt;"><img src="https://a.example/b.png" alt="A cat"></p>'
    assert sanitise(other) == other


def test_words_in_unknown_tags_survive() -> None:
    """An element that is not on the list is unwrapped, not dropped."""
    assert sanitise("<widget>a <blink>b</blink></widget>") == "a b"


def test_characters_no_document_can_hold_are_removed() -> None:
    """Control characters go, also those written as references; private use stays."""
    assert sanitise("a\x00\x08b\ufffe\ud800&#1;\uf8ff\x85c\r\nd") == "ab\uf8ff c\nd"


def test_tokens_and_entities_survive() -> None:
    """Braces are text, and text is escaped once."""
    assert sanitise("{{ a }} &amp;lt; &nbsp;") == "{{ a }} &amp;lt; &nbsp;"


def test_nesting_is_no_danger() -> None:
    """Three thousand levels come out as they went in."""
    assert sanitise("<blockquote>" * 3000 + "x").count("<blockquote>") == 3000
