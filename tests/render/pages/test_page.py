"""An edition as a page, and the pages that lead to it."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import replace
from html import escape, unescape
from urllib.parse import urljoin

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content, Heading, Page
from distribute.render.pages.frame import feed_links, stylesheet
from distribute.render.pages.index import render_index
from distribute.render.pages.not_found import render_not_found
from distribute.render.pages.page import render_page
from distribute.render.pages.root import render_root
from distribute.render.theme.theme import Theme

TAGS = ("en", "pt-BR", "es", "fr", "zh", "tr", "ar", "de")
HREF = re.compile(r' href="([^"]*)"')
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">')
RenderPage = Callable[..., Page]


@pytest.fixture
def render(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> RenderPage:
    """Render the page of issue 5, between issues 4 and 6 unless told otherwise."""

    def rendered(
        tag: str = "en",
        *,
        content: Content | None = None,
        issue: Issue | None = None,
        path: str = "",
        alone: bool = False,
    ) -> Page:
        issue = issue or make_issue()
        language = Language(tag)
        edition = issue.editions[language]
        if path:
            url = f"https://news.example.org/{path}"
            edition = replace(edition, path=path, url=url)
        around = (None, None) if alone else (
            make_issue(4).editions[language],
            make_issue(6).editions[language],
        )  # fmt: skip
        return render_page(
            edition,
            content or make_content(),
            issue,
            neighbours=around,
            publication=publication,
            theme=theme,
        )

    return rendered


def test_a_page_lies_where_its_address_says(render: RenderPage) -> None:
    """The file is the folder's index, under the decoded path of the address."""
    assert render("en").path == "en/boats-5/index.html"
    assert render("zh", path="zh/%E6%B2%B3/").path == "zh/河/index.html"
    assert render("en", path="2026/boats.html").path == "2026/boats.html"


def test_a_page_need_not_be_a_folder(render: RenderPage) -> None:
    """A page with a name of its own finds its way back, too."""
    html = render("en", path="2026/boats.html").html
    assert '<link rel="stylesheet" href="../style.css">' in html
    assert 'href="../en/boats-4/index.html"' in html
    assert 'href="./en/index.html"' in render("en", path="boats.html").html


@pytest.mark.parametrize("tag", TAGS)
def test_a_page_says_its_language(render: RenderPage, tag: str) -> None:
    """Language and direction stand on the document."""
    direction = "rtl" if tag == "ar" else "ltr"
    html = render(tag).html
    assert html.startswith(f'<!DOCTYPE html>\n<html lang="{tag}" dir="{direction}">')


@pytest.mark.parametrize("tag", TAGS)
def test_a_page_says_what_it_must(
    render: RenderPage, theme: Theme, make_issue: Callable[..., Issue], tag: str
) -> None:
    """Title, number, date, authors and the ways onward, in the page's language."""
    html = unescape(render(tag).html)
    catalogue = theme.catalogue(Language(tag))
    for key in ("page.previous", "page.next", "page.all_issues", "page.skip"):
        assert catalogue.say(key, {}) in html
    assert catalogue.say("issue.number", {"number": 5}) in html
    assert make_issue().editions[Language(tag)].title in html
    assert '<time datetime="2026-11-05">' in html
    assert "Ada Byron" in html
    assert html.count("<h1") == 1


def test_machines_find_their_way(render: RenderPage) -> None:
    """Canonical address, description, translations and Open Graph are absolute."""
    head = render("fr").html.partition("<body")[0]
    for line in (
        '<link rel="canonical" href="https://news.example.org/fr/boats-5/">',
        '<meta name="description" content="Boats &amp; rivers.">',
        '<link rel="alternate" hreflang="pt-BR" '
        'href="https://news.example.org/pt-br/boats-5/">',
        '<meta property="og:type" content="article">',
        '<meta property="og:locale:alternate" content="pt_BR">',
        '<meta property="og:image" content="https://news.example.org/cover.png">',
        '<meta name="twitter:card" content="summary_large_image">',
        '<meta name="author" content="Ada Byron">',
        '<link rel="prev" href="https://news.example.org/fr/boats-4/">',
    ):
        assert line in head
    assert 'og:locale:alternate" content="fr"' not in head


def test_translations_name_each_other_and_themselves(
    render: RenderPage, make_issue: Callable[..., Issue]
) -> None:
    """All pages of an issue tell the same set, with the original for everybody else."""
    issue = make_issue(tags=("en", "fr", "ar"))
    told = {
        tuple(ALTERNATE.findall(render(tag, issue=issue).html))
        for tag in ("en", "fr", "ar")
    }
    assert told == {
        (
            ("en", "https://news.example.org/en/boats-5/"),
            ("fr", "https://news.example.org/fr/boats-5/"),
            ("ar", "https://news.example.org/ar/boats-5/"),
            ("x-default", "https://news.example.org/en/boats-5/"),
        )
    }
    abroad = render("fr", issue=make_issue(tags=("fr", "ar"))).html
    assert "x-default" not in abroad
    assert not ALTERNATE.findall(render("en", issue=make_issue(tags=("en",))).html)


def test_feeds_announce_themselves(
    render: RenderPage, publication: Publication
) -> None:
    """A page names all feeds, those of its own language first."""
    found = re.findall(
        r'<link rel="alternate" type="(application/[^"]*)" hreflang="([^"]*)"'
        r' title="[^"]+" href="([^"]*)">',
        render("zh").html,
    )
    assert [url for _, _, url in found[:4]] == [
        "https://news.example.org/zh/rss.xml",
        "https://news.example.org/zh/atom.xml",
        "https://news.example.org/zh/feed.json",
        "https://news.example.org/en/rss.xml",
    ]
    assert [type_ for type_, _, _ in found[:3]] == [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
    ]
    assert len(found) == 24 == len(feed_links(Language("zh"), publication))


def test_only_existing_translations_are_offered(
    render: RenderPage, make_issue: Callable[..., Issue]
) -> None:
    """The switch leads to the editions there are, by their own names."""
    body = render("en", issue=make_issue(tags=("en", "ar"))).html.partition("<body")[2]
    assert (
        '<a href="../../ar/boats-5/index.html" lang="ar" hreflang="ar" dir="rtl">'
        "العربية</a>" in body
    )
    assert "Français" not in body


def test_a_lone_page_has_no_ways_onward(
    render: RenderPage, make_issue: Callable[..., Issue]
) -> None:
    """Without neighbours and translations there are no empty menus."""
    html = render("en", issue=make_issue(tags=("en",)), alone=True).html
    assert "<nav" not in html


def test_links_work_online_and_from_a_folder(
    theme: Theme,
    publication: Publication,
    render: RenderPage,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> None:
    """Every relative link of every page leads to a file of the site or to a feed."""
    issues = [make_issue(n) for n in (4, 5, 6)]
    pages = [
        stylesheet(theme),
        render_root(publication, theme),
        render_not_found(publication, theme),
    ]
    for language in publication.languages:
        excerpt = make_content().excerpt
        listed = [(issue.editions[language], excerpt) for issue in issues]
        pages.append(
            render_index(language, listed, publication=publication, theme=theme)
        )
        for number, issue in enumerate(issues):
            around = (
                issues[number - 1].editions[language] if number else None,
                issues[number + 1].editions[language] if number < 2 else None,
            )
            pages.append(
                render_page(
                    issue.editions[language],
                    make_content(),
                    issue,
                    neighbours=around,
                    publication=publication,
                    theme=theme,
                )
            )
    files = {page.path for page in pages}
    feeds = {
        f"{language.folder}/{name}"
        for language in publication.languages
        for name in ("rss.xml", "atom.xml", "feed.json")
    }
    seen = set()
    for page in pages[1:]:
        for href in HREF.findall(page.html):
            if not href.startswith(("https:", "#", "mailto:")):
                target = posixpath.normpath(
                    posixpath.join(posixpath.dirname(page.path), href)
                )
                target = target.removeprefix("/")
                base = f"https://news.example.org/{page.path}"
                assert urljoin(base, href) == f"https://news.example.org/{target}"
                seen.add(target)
    assert seen <= files | feeds | {""}
    assert files - {"index.html", "404.html"} <= seen


def test_places_on_the_page_stay_on_the_page(render: RenderPage) -> None:
    """A link to a footnote does not leave the page, wherever the page lies."""
    html = render("en").html
    assert '<a href="#fn:1">1</a>' in html
    other = render("fr").html
    assert '<a href="https://news.example.org/en/boats-5/#fn:1">1</a>' in other


def test_everything_is_escaped(render: RenderPage) -> None:
    """A title is text wherever it stands."""
    html = render("en").html
    assert "<h1>Slow rivers &amp; &lt;quick&gt; boats</h1>" in html
    assert "<quick>" not in html


def test_nothing_runs_and_nothing_is_fetched(
    render: RenderPage, theme: Theme, publication: Publication
) -> None:
    """No script, no font, no image but the post's, no sheet but our own."""
    for page in (render("ar"), render_root(publication, theme)):
        assert "<script" not in page.html
        assert re.findall(r'rel="stylesheet" href="([^"]*)"', page.html) == [
            "../" * page.path.count("/") + "style.css"
        ]
    css = stylesheet(theme)
    assert css.path == "style.css"
    assert "url(" not in css.html
    assert "@import" not in css.html


def test_a_long_page_begins_with_what_is_in_it(
    render: RenderPage, make_content: Callable[..., Content]
) -> None:
    """Its headings are links to places on the page, and hostile ones are words."""
    headings = tuple(
        Heading(2, f"part-{n}", f"Part {n} <b>& more</b>") for n in range(1, 5)
    )
    parts = "".join(
        f'<h2 id="{each.id}">{escape(each.text)}</h2><p>{"river " * 300}</p>'
        for each in headings
    )
    html = render(content=replace(make_content(parts), headings=headings)).html
    outline = html[html.index("<details") : html.index("</details>")]
    assert "<summary>In this issue</summary>" in outline
    assert re.findall(r'href="#([^"]*)">([^<]*)<', outline) == [
        (each.id, escape(each.text)) for each in headings
    ]
    assert "<b>" not in html
    assert "<details" not in render().html


def test_who_wants_more_is_told_where(
    render: RenderPage,
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> None:
    """If there is a place to subscribe, the page leads to it; else it does not speak of it."""
    assert "Subscribe" not in render().html
    issue = make_issue()
    page = render_page(
        issue.editions[Language("en")],
        make_content(),
        issue,
        publication=replace(
            publication, subscribe="mailto:join@example.org?subject=a&b"
        ),
        theme=theme,
    )
    assert page.html.count('href="mailto:join@example.org?subject=a&amp;b"') == 1


def test_a_printed_page_says_where_it_is_from(render: RenderPage) -> None:
    """Its address stands below the text, on paper only."""
    html = render("ar").html
    address = "https://news.example.org/ar/boats-5/"
    assert f'<p class="on-paper" dir="ltr">{address}</p>' in html


def test_the_sheet_knows_beginnings_and_ends(theme: Theme) -> None:
    """No rule means left or right, but for what the author aligned by these names."""
    css = re.sub(r"text-align: (left|right)", "", stylesheet(theme).html)
    sides = r"[\s;{](?:margin|padding|border|inset)?-?(?:left|right)\s*:|float: (?:left|right)"
    assert re.findall(sides, css) == []
    assert css.count("inline-start") > 10


def test_pages_are_the_same_every_time(render: RenderPage) -> None:
    """A build that changes nothing writes nothing."""
    assert render("tr") == render("tr")
