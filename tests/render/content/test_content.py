"""What an edition says, from the author's Markdown, and what it is in plain text."""

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.feeds.marks import without_marks
from distribute.language import Language
from distribute.posts.post import FileName, FrontMatter, Post
from distribute.render.content.content import read_tree, render_content
from distribute.render.content.plain import render_text
from distribute.render.content.surroundings import Surroundings, surroundings_of
from distribute.render.document import Content

URL = "https://news.example.org/en/boats/"
ENGLISH = Language("en")
PUBLICATION = Publication(
    title="River Letters",
    url="https://news.example.org",
    tag="example.org,2026",
    languages=(ENGLISH,),
)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def _edition(body: str, *, excerpt: str = "", preheader: str = "") -> Edition:
    post = Post(
        path=PurePosixPath("posts/2026-11-01-Boats.md"),
        file_name=FileName(name="", date=None, title="", slug="", tags=()),
        front_matter=FrontMatter(preheader=preheader),
        body=body,
        body_line=7,
    )
    return Edition(
        issue="1",
        number=1,
        language=ENGLISH,
        title="Boats",
        slug="boats",
        url=URL,
        path="en/boats/",
        published=NOON,
        updated=NOON,
        authors=(),
        tags=(),
        excerpt=excerpt,
        image="",
        original=True,
        post=post,
        decisions=(),
    )


def _content(body: str, *, excerpt: str = "", preheader: str = "") -> Content:
    edition = _edition(body, excerpt=excerpt, preheader=preheader)
    return render_content(edition, Surroundings(publication=PUBLICATION))


def _text(body: str) -> str:
    return render_text(_edition(body), Surroundings(publication=PUBLICATION))


def test_a_post_becomes_clean_html_and_plain_text() -> None:
    """Addresses are absolute, headings begin at two, comments and spacers are gone."""
    body = (
        "# Boats\n\n\\\\\nThe [old *quay*](../quay/) and ![A boat](/boat.png)\n\n"
        "<!-- nothing -->\n\n### More\n\nSee [above](#boats).\n"
    )
    content, text = _content(body), _text(body)
    assert '<h2 id="boats">Boats</h2>' in content.html
    assert "<h3" in content.html
    assert (
        '<a href="https://news.example.org/en/quay/">old <em>quay</em></a>'
        in content.html
    )
    assert '<img src="https://news.example.org/boat.png" alt="A boat">' in content.html
    assert f'<a href="{URL}#boats">above</a>' in content.html
    assert not re.search(r"\\|<!--|nothing", content.html + text)
    assert text == (
        "Boats\n=====\n\nThe old quay [1] and [A boat]\n\nMore\n----\n\n"
        f"See above [2].\n\n[1] https://news.example.org/en/quay/\n[2] {URL}#boats\n"
    )
    assert [(h.level, h.id, h.text) for h in content.headings] == [
        (2, "boats", "Boats"),
        (3, "more", "More"),
    ]
    assert content.images == ("https://news.example.org/boat.png",)
    assert content.findings == ()


def test_formulas_are_in_signs_wherever_they_are_read() -> None:
    """On the page, in feeds, in the text and in the excerpt; the id is kramdown's."""
    body = (
        "## The law $$x^2$$\n\nThe boats keep to the old law of $$a_1 \\le b$$ here, all "
        "year.\n\n$$\nx^2\n$$\n\n$$\n\\mystery{x}\n$$\n"
    )
    content = _content(body)
    assert '<span class="formula" dir="ltr">a₁&nbsp;≤&nbsp;b</span>' in content.html
    assert '<p class="formula" dir="ltr">x²</p>' in content.html
    assert '<pre class="math"><code>\\mystery{x}' in content.html
    assert "a₁\u00a0≤\u00a0b" in _text(body)
    assert "law of a₁ ≤ b here" in content.excerpt
    assert [heading.text for heading in content.headings] == ["The law x²"]
    for_feeds = without_marks(content.html)
    assert '<span dir="ltr">a₁&nbsp;≤&nbsp;b</span>' in for_feeds
    assert '<p dir="ltr">x²</p>' in for_feeds


def test_a_post_with_a_list_that_counts_oddly_is_rendered() -> None:
    """A superscript is a digit to Python, but no number to anybody."""
    assert _text('<ol start="²"><li>boats</li></ol>') == "1. boats\n"


def test_the_authors_links_are_listed_apart_from_those_found_in_the_text() -> None:
    """A written-out address is a link on the page, but not one the author made."""
    content = _content("[a](https://a.example) https://b.example [c](ttps://c.example)")
    assert content.links == ("https://a.example", "ttps://c.example")
    assert content.html.count("<a ") == 2


def test_findings_come_in_the_order_of_the_file() -> None:
    """Whatever step found them."""
    content = _content(
        "[a] (https://a.example)\n\n[b](ttps://b.example)\n\n<iframe src='x'></iframe>\n\n"
        "[](https://c.example)"
    )
    assert [(finding.line, finding.rule) for finding in content.findings] == [
        (7, "link-space"),
        (9, "link-scheme"),
        (11, "html-dropped"),
        (13, "link-text-empty"),
    ]
    assert {str(finding.path) for finding in content.findings} == {
        "posts/2026-11-01-Boats.md"
    }


def test_excerpt_and_preheader_are_plain() -> None:
    """Markdown of the front matter is taken out; the preheader falls back on it."""
    content = _content(
        "Words.", excerpt="*Slow* [rivers](https://a.example) &amp; boats"
    )
    assert content.excerpt == "Slow rivers & boats"
    assert content.preheader == "Slow rivers & boats"
    assert _content("Words.", preheader="**Now**").preheader == "Now"
    assert _content("Words.", excerpt="2019. A year").excerpt == "2019. A year"


@pytest.mark.parametrize("body", ["", "\n\n", "<!-- later -->\n\n\\\\\n"])
def test_a_post_that_says_nothing_is_an_error(body: str) -> None:
    """It would go out as a blank message; a picture alone says something."""
    assert [f.rule for f in _content(body).findings] == ["post-empty"]
    assert _content(f"{body}\n\n![](https://a.example/b.png)").findings == ()


def test_a_hostile_post_is_disarmed() -> None:
    """Scripts, handlers, frames and odd addresses reach neither page nor mail."""
    body = (
        '<script>alert(1)</script>\n\n[a](javascript:alert(1)) <b onclick="x()">c</b>\n\n'
        '<img src="data:x" onerror=alert(1)>\n\n![d](vbscript:x)\n\n{{ token }} {% raw %}'
    )
    html = _content(body).html
    assert not re.search(r"script|alert|onclick|onerror|data:", html)
    assert "alert" not in _text(body)


def test_surroundings_know_every_edition() -> None:
    """By the stem of its file, as Jekyll names posts."""
    issue = Issue(id="1", number=1, editions={ENGLISH: _edition("x")})
    surroundings = surroundings_of(PUBLICATION, [issue])
    assert dict(surroundings.addresses) == {"2026-11-01-Boats": URL}


def test_a_link_to_a_page_that_is_almost_there_is_reported() -> None:
    """The addresses of all editions are known."""
    surroundings = Surroundings(publication=PUBLICATION, addresses={"x": URL})
    edition = _edition("[a](https://news.example.org/en/-boats-/)")
    (finding,) = render_content(edition, surroundings).findings
    assert (finding.rule, finding.hint) == ("link-dead", f"Write {URL}.")


@pytest.mark.parametrize(
    "written", ["quay.md", "./quay.md", "../posts/quay.md", "_posts/quay.markdown"]
)
def test_a_link_to_another_posts_file_leads_to_its_page(written: str) -> None:
    """Authors link what they see in the folder; readers get the page."""
    page = "https://news.example.org/en/quay/"
    surroundings = Surroundings(publication=PUBLICATION, addresses={"quay": page})
    edition = _edition(f"[a]({written}) [b]({written}#part) [c](other.md)")
    content = render_content(edition, surroundings)
    assert content.links == (page, f"{page}#part", f"{URL}other.md")
    assert f'<a href="{page}#part">' in content.html


def test_the_tree_can_be_read_without_writing_it() -> None:
    """Checks look at nodes with their lines in the file."""
    reading = read_tree(_edition("\n![](a.png)"), Surroundings(publication=PUBLICATION))
    assert reading.tree[0].children[0].line == 8


@pytest.mark.parametrize(
    "body",
    [
        "> " * 3000 + "x",
        "- " * 3000 + "x",
        "*" * 5000 + "x",
        "[" * 5000,
        "](" * 5000,
        "<div>" * 5000,
        "<b title=x>" * 5000,
        "<a href='" * 5000,
        "<!--" * 3000,
        "https://a.example/(" * 3000,
        "`" * 5000,
        "a" * 300_000,
        "語" * 100_000,
        "words and words " * 10_000,
        "# a\n" * 3000,
        "| a " * 3000 + "|\n" + "|-" * 3000 + "|\n",
    ],
)
def test_no_post_takes_long(body: str) -> None:
    """Long and deep posts are rendered without recursion, in about linear time."""
    start = process_time()
    _content(body)
    _text(body)
    assert process_time() - start < 3


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            (
                *(
                    "word",
                    "語。",
                    " ",
                    "\n",
                    "\n\n",
                    "> ",
                    "- ",
                    "# ",
                    "***",
                    "`",
                    "\\\\\n",
                    "$$",
                ),
                *(
                    "[a](b)",
                    "![b](c)",
                    "](",
                    "<b>",
                    "<!--",
                    "-->",
                    "https://a.example",
                    "|",
                ),
                *(
                    "<script>",
                    "<a href=x>",
                    "{: .x}",
                    "[^1]",
                    "\n[^1]: n\n",
                    "{% x %}",
                    "\x00",
                ),
            )
        ),
        max_size=25,
    ).map("".join)
    | st.text(max_size=100)
)
def test_any_post_is_rendered(body: str) -> None:
    """It never fails, and the same post gives the same content."""
    content = _content(body)
    assert "<script" not in content.html
    assert "<!--" not in content.html
    assert content == _content(body)
    assert _text(body) == _text(body)
