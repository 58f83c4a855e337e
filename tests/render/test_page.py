"""An edition as a page, and the pages that lead to it."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from urllib.parse import urljoin

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content, Page
from distribute.render.page import (
    feed_links,
    render_index,
    render_page,
    render_root,
    stylesheet,
)
from distribute.render.theme.theme import Theme

TAGS = ("en", "pt-BR", "es", "fr", "zh", "tr", "ar", "de")
HREF = re.compile(r' href="([^"]*)"')
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
    assert 'rel="stylesheet" href="../style.css"' in html
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
        '<link rel="prev" href="https://news.example.org/fr/boats-4/">',
    ):
        assert line in head
    assert 'hreflang="fr" href="https://news.example.org/fr/boats-5/"' not in head


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
    pages = [stylesheet(theme), render_root(publication, theme)]
    for language in publication.languages:
        listed = [(issue.editions[language], make_content()) for issue in issues]
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
            if not href.startswith(("https:", "#")):
                target = posixpath.normpath(
                    posixpath.join(posixpath.dirname(page.path), href)
                )
                base = f"https://news.example.org/{page.path}"
                assert urljoin(base, href) == f"https://news.example.org/{target}"
                seen.add(target)
    assert seen <= files | feeds
    assert files - {"index.html"} <= seen


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


def test_the_index_lists_newest_first(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> None:
    """Number, date, title and excerpt of every edition, the newest on top."""
    english = Language("en")
    listed = [(make_issue(n).editions[english], make_content()) for n in (3, 7, 5)]
    page = render_index(english, listed, publication=publication, theme=theme)
    assert page.path == "en/index.html"
    assert re.findall(r"Issue (\d)", page.html) == ["7", "5", "3"]
    assert "3 issues" in page.html
    assert page.html.count("<p>Boats &amp; rivers.</p>") == 3
    assert "News from the water." in page.html
    assert 'hreflang="pt-BR" href="https://news.example.org/pt-br/"' in page.html


def test_the_newest_issue_shows_its_cover(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> None:
    """Only the newest, and relative where the picture lies on the site."""
    english = Language("en")
    older, newer = (make_issue(n).editions[english] for n in (3, 4))

    def covers(image: str) -> list[str]:
        listed = [
            (older, make_content()),
            (replace(newer, image=image), make_content()),
        ]
        page = render_index(english, listed, publication=publication, theme=theme)
        return re.findall(r'<img class="cover" src="([^"]*)" alt="">', page.html)

    assert covers("https://news.example.org/a/b.png") == ["../a/b.png"]
    assert covers("https://example.net/b.png") == ["https://example.net/b.png"]
    assert covers("") == []


def test_an_index_without_issues_says_so(
    theme: Theme, publication: Publication
) -> None:
    """A newsletter that has just begun has a page, too."""
    page = render_index(Language("de"), [], publication=publication, theme=theme)
    assert page.path == "de/index.html"
    assert "Bisher ist keine Ausgabe erschienen." in page.html


def test_the_root_offers_the_languages(theme: Theme, publication: Publication) -> None:
    """Each language is offered in itself, by plain links."""
    page = render_root(publication, theme)
    assert page.path == "index.html"
    for tag, name in (("pt-BR", "Português (Brasil)"), ("ar", "العربية")):
        language = Language(tag)
        assert f'<li lang="{tag}" dir="{language.direction}">' in page.html
        assert f'href="{language.folder}/index.html" hreflang="{tag}"' in page.html
        assert f"<strong>{name}</strong>" in page.html
    assert "رسائل النهر" in page.html
    assert page.html.count("<span>") == len(publication.languages)
    plain = render_root(replace(publication, titles={}), theme)
    assert "<span>" not in plain.html
    assert 'hreflang="x-default" href="https://news.example.org/"' in page.html


def test_pages_are_the_same_every_time(render: RenderPage) -> None:
    """A build that changes nothing writes nothing."""
    assert render("tr") == render("tr")
