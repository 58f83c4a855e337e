"""Links and images get absolute addresses, or lose them and are reported."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.finding import Finding, Severity
from distribute.render.html.write import to_html
from distribute.render.links.resolve import (
    image_urls,
    link_targets,
    readable,
    resolve_links,
)
from distribute.render.links.sitemap import SiteMap
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, Node, Tree, plain_text, walk

BASE = "https://news.example.org/en/boats/"
PATH = PurePosixPath("posts/boats.md")


def _resolved(markdown: str, *known: str) -> tuple[Tree, tuple[Finding, ...]]:
    tree = parse(markdown, first_line=10)
    return resolve_links(tree, base=BASE, path=PATH, meant=SiteMap(known).meant)


def _hrefs(tree: Tree) -> list[str]:
    return [node.url for node in walk(tree) if node.kind is Kind.LINK]


def test_links_and_images_become_absolute() -> None:
    """Everything is resolved against the address of the post's own page."""
    tree, findings = _resolved("[a](#b) ![c](../d.png) [e](/f)")
    assert _hrefs(tree) == [BASE + "#b", "https://news.example.org/f"]
    assert image_urls(tree) == ("https://news.example.org/en/d.png",)
    assert findings == ()


def test_a_link_that_leads_nowhere_becomes_its_words() -> None:
    """The words stay with their emphasis, and the finding names file, line and cure."""
    tree, (finding,) = _resolved("See\n[the *old* quay](ttps://example.net/quay) now.")
    assert _hrefs(tree) == []
    assert plain_text(tree) == "See the old quay now."
    assert "<em>old</em>" in to_html(tree)
    assert (finding.path, finding.line, finding.rule) == (PATH, 11, "link-scheme")
    assert finding.severity is Severity.ERROR
    assert finding.hint == "Write https://example.net/quay."


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "data:text/html,x", "example.net", "http://[bad", ""],
)
def test_every_kind_of_bad_target_is_unlinked_and_reported(target: str) -> None:
    """No such address reaches the tree."""
    tree, findings = _resolved(f"[words]({target})")
    assert _hrefs(tree) == []
    assert plain_text(tree) == "words"
    assert [finding.severity for finding in findings] == [Severity.ERROR]


def test_a_picture_that_cannot_be_shown_becomes_its_description() -> None:
    """Data and broken addresses go; the alternative text stays."""
    tree, findings = _resolved("![A boat](data:image/png;base64,AA) ![](http://x)")
    assert plain_text(tree).strip() == "A boat"
    assert [finding.rule for finding in findings] == ["image-scheme", "image-broken"]


def test_a_link_without_words_shows_its_address() -> None:
    """Readers get something to click on, and the author a warning."""
    tree, (finding,) = _resolved("[](https://example.net/gr%C3%BC%C3%9Fe/)")
    assert plain_text(tree) == "example.net/grüße"
    assert _hrefs(tree) == ["https://example.net/gr%C3%BC%C3%9Fe/"]
    assert finding.rule == "link-text-empty"


def test_a_linked_picture_is_not_a_link_without_words() -> None:
    """A picture is something to click on."""
    assert _resolved("[![](a.png)](https://example.net)")[1] == ()


def test_a_bracket_too_many_is_kept_and_questioned() -> None:
    """The address is valid as written, so the link stays."""
    tree, (finding,) = _resolved("[a](https://example.net/7])")
    assert _hrefs(tree) == ["https://example.net/7]"]
    assert finding.rule == "link-odd-end"
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("link", "known", "meant"),
    [
        ("/Letter_-10_-FR/", "/Letter_10_FR/", True),
        ("/Leter_10_FR/", "/Letter_10_FR/", True),
        ("/Letter_10_FR/index.html", "/Letter_10_FR/", False),
        ("/Letter_9_FR/", "/Letter_10_FR/", False),
        ("/Letter_10_TR/", "/Letter_10_FR/", False),
        ("/about/", "/Letter_10_FR/", False),
        ("https://example.net/Letter_-10_-FR/", "/Letter_10_FR/", False),
        ("/", "/Letter_10_FR/", False),
    ],
)
def test_a_page_missed_narrowly_is_reported(
    link: str, known: str, *, meant: bool
) -> None:
    """A link into the site is questioned only if one known page is meant for sure."""
    address = f"https://news.example.org{known}"
    findings = _resolved(f"[a]({link})", address)[1]
    assert [finding.rule for finding in findings] == ["link-dead"] * meant
    assert all(finding.hint == f"Write {address}." for finding in findings)


def test_addresses_in_raw_html_are_resolved_too() -> None:
    """What cannot be followed loses its attribute, a picture gives way to its text."""
    html = (
        '<div><a href="b">x</a><a href="evil:x">y</a><img alt="z" src="data:,"></div>'
    )
    tree, findings = resolve_links(
        (Node(kind=Kind.HTML_BLOCK, text=html, line=3),), base=BASE, path=PATH
    )
    assert tree[0].text == f'<div><a href="{BASE}b">x</a><a >y</a>z</div>'
    assert [(f.rule, f.line) for f in findings] == [
        ("link-scheme", 3),
        ("image-scheme", 3),
    ]


def test_targets_are_listed_with_the_broken_ones_as_written() -> None:
    """The author's links can be compared with those of a translation."""
    tree = parse("[a](/b) [c](ttps://d) [a](/b)")
    page = "https://news.example.org/b"
    assert link_targets(tree, base=BASE) == (page, "ttps://d", page)


def test_an_address_is_shown_as_people_write_it() -> None:
    """Without scheme, without slash at the end, decoded."""
    assert readable("mailto:a@example.net") == "a@example.net"
    assert readable("https://example.net/") == "example.net"


def test_a_file_beside_the_post_is_what_it_is_published_as() -> None:
    """Whoever knows the files decides; other addresses are resolved as ever."""
    found = "https://news.example.org/files/a.png"
    tree = parse("![](a.png) [b](a.png) [c](d.pdf)")

    def beside(url: str) -> str:
        return found if url == "a.png" else ""

    resolved, _ = resolve_links(tree, base=BASE, path=PATH, beside=beside)
    assert image_urls(resolved) == (found,)
    assert _hrefs(resolved) == [found, BASE + "d.pdf"]
    assert link_targets(tree, base=BASE, beside=beside) == (found, BASE + "d.pdf")


def test_findings_say_how_the_address_is_written() -> None:
    """So that it can be pointed at; an empty one by its brackets."""
    tree = parse("[a](ttps://a.example) [b]() [](https://c.example) ![d](data:e)")
    _, findings = resolve_links(tree, base=BASE, path=PATH)
    assert [(finding.rule, finding.words) for finding in findings] == [
        ("link-scheme", "ttps://a.example"),
        ("link-empty", "]()"),
        ("link-text-empty", "[](https://c.example)"),
        ("image-scheme", "data:e"),
    ]


_WORDS = ("a", "", "*b*", "![](https://a.example/c.png)", " ")
_TARGETS = (
    "https://a.example/b",
    "https://a.example/c]",
    "https://a.example/d*",
    "/e",
    "#f",
    "https://news.example.org/en/harbuors/",
    "HTTPS://a.example",
    "ttps://a.example",
    "",
    "https://news.example.org/en/quay/",
    "beside.png",
    "https://beside.example/g.png",
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.builds(
            "{}[{}]({}){}".format,
            st.sampled_from(("", "!", "> ")),
            st.sampled_from(_WORDS),
            st.sampled_from(_TARGETS),
            st.sampled_from((" ", "\n\n", "<b>c</b>", "<a href='/h'>d</a>\n\n")),
        ),
        max_size=4,
    ).map("".join)
)
def test_settled_blocks_are_as_if_they_had_been_settled_again(markdown: str) -> None:
    """A look tells which block to leave alone; beside one that is not, it has no say."""

    def beside(url: str) -> str:
        return "https://files.example/x.png" if "beside" in url else ""

    def resolved(tree: Tree) -> tuple[Tree, tuple[Finding, ...]]:
        meant = SiteMap(["https://news.example.org/en/harbours/"]).meant
        return resolve_links(tree, base=BASE, path=PATH, meant=meant, beside=beside)

    tree = parse(markdown)
    unsettled = Node(kind=Kind.IMAGE, url="/unsettled.png")
    together, found = resolved((Node(kind=Kind.QUOTE, children=(*tree, unsettled)),))
    assert resolved(tree) == (together[0].children[:-1], found)
