"""Raw HTML becomes nodes of our own where there are such, and is harmless elsewhere."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.finding import Finding
from distribute.render.html.sanitise import sanitise
from distribute.render.html.settle import settle_html
from distribute.render.html.write import to_html
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, Node, Tree, plain_text, walk

PATH = PurePosixPath("posts/boats.md")


def _settled(markdown: str) -> tuple[Tree, tuple[Finding, ...]]:
    return settle_html(parse(markdown, first_line=4), path=PATH)


def _block(html: str) -> str:
    tree, _ = settle_html((Node(kind=Kind.HTML_BLOCK, text=html, line=1),), path=PATH)
    return tree[0].text


def test_links_images_and_breaks_become_nodes() -> None:
    """Everything behind this step knows them: text part, lists of links, addresses."""
    tree, findings = _settled(
        'a <a href="b.html" title="T">c *d*</a> <img src="e.png" alt="F">g<br>h'
    )
    link = next(node for node in walk(tree) if node.kind is Kind.LINK)
    image = next(node for node in walk(tree) if node.kind is Kind.IMAGE)
    assert (link.url, link.title, plain_text(link.children)) == ("b.html", "T", "c d")
    assert (image.url, image.alt) == ("e.png", "F")
    assert any(node.kind is Kind.LINE_BREAK for node in walk(tree))
    assert findings == ()


def test_a_script_goes_with_its_content_and_is_reported() -> None:
    """Nothing of it is shown, and the author learns it."""
    tree, (finding,) = _settled("one\n\na <script>alert(1)</script> b")
    assert plain_text(tree).split() == ["one", "a", "b"] or "a  b" in plain_text(tree)
    assert "alert" not in to_html(tree)
    assert (finding.rule, finding.line) == ("html-dropped", 6)


def test_a_frame_becomes_a_link_to_what_it_shows() -> None:
    """Mail and feeds cannot embed; readers can still go there."""
    tree, (finding,) = _settled('a <iframe src="https://v.example/1"></iframe> b')
    assert [node.url for node in walk(tree) if node.kind is Kind.LINK] == [
        "https://v.example/1"
    ]
    assert finding.rule == "html-dropped"
    block = _block('<iframe src="https://v.example/2" allowfullscreen></iframe>')
    assert block == '<p><a href="https://v.example/2">https://v.example/2</a></p>'


@pytest.mark.parametrize(
    ("html", "settled"),
    [
        ("<div>a<script>b</script>c</div>", "<div>ac</div>"),
        ("<div>a<!-- b -->c</div>", "<div>ac</div>"),
        ("<div>a <!-- b", "<div>a &lt;!-- b"),
        ("<p>a <many words> b</p>", "<p>a &lt;many words&gt; b</p>"),
        ("<p>a < b</p>", "<p>a &lt; b</p>"),
        ("<textarea>\nb", "\nb"),
        ("a<style>b", "ab"),
        ("<svg><text>a</text></svg>b", "b"),
    ],
)
def test_a_block_cannot_swallow_what_follows(html: str, settled: str) -> None:
    """What has no end is text; what is no tag is text; what is not for readers goes."""
    assert _block(html) == settled


def test_a_tag_without_an_end_hides_nothing() -> None:
    """The rest of the post is there, whatever one paragraph opens."""
    markdown = (
        "a <textarea> b\n\nc <title> d\n\n<select>\n\ne <!-- f\n\ng <plaintext>\n\nh"
    )
    html = sanitise(to_html(_settled(markdown)[0]))
    assert all(letter in html for letter in "abcdegh")


def test_depth_has_an_end() -> None:
    """What is nested beyond all use is shown as text and reported once."""
    nodes = tuple(Node(kind=Kind.HTML_BLOCK, text="<div>", line=n) for n in range(5000))
    tree, findings = settle_html(nodes, path=PATH)
    assert sanitise(to_html(tree)).count("<div>") == 100
    assert [(finding.rule, finding.line) for finding in findings] == [
        ("html-deep", 100)
    ]


PIECES = st.sampled_from(
    (
        *(
            "<",
            ">",
            "<a href=b>",
            "</a>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "\n\n",
        ),
        *(
            "<div>",
            "</div>",
            "<br>",
            "<img src=x>",
            "word",
            "<iframe src='y'>",
            '"',
            "'",
        ),
    )
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_any_mixture_is_settled(markdown: str) -> None:
    """Nothing crashes, and no script is left to be cleaned away later."""
    tree, _ = _settled(markdown)
    assert "<script" not in to_html(tree)
    assert "<iframe" not in to_html(tree)
