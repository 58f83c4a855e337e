"""What stands at an old address."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.pages.redirect import render_redirect, render_redirects
from distribute.render.theme.theme import Theme

MakeIssue = Callable[..., Issue]
ENGLISH = Language("en")


@pytest.fixture
def edition(make_issue: MakeIssue) -> Edition:
    """Give the edition that moved."""
    return make_issue().editions[ENGLISH]


class Head(HTMLParser):
    """Reads what a browser acts on in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        """Find the only tag with these attributes; ``_`` stands for ``-``."""
        named = {name.replace("_", "-"): value for name, value in wanted.items()}
        (found,) = [a for t, a in self.tags if t == tag and named.items() <= a.items()]
        return found


@pytest.mark.parametrize(
    ("former", "path"),
    [
        ("2019/old/", "2019/old/index.html"),
        ("2019/old.html", "2019/old.html"),
        ("old.htm", "old.htm"),
        ("%C3%A9t%C3%A9/", "été/index.html"),
    ],
)
def test_it_leads_to_the_page_at_once(
    edition: Edition, publication: Publication, theme: Theme, former: str, path: str
) -> None:
    """Without a script, wherever the site lies; and machines are told where to look."""
    page = render_redirect(former, edition, publication=publication, theme=theme)
    head = Head(page.html)
    assert page.path == path
    refresh = head.one("meta", http_equiv="refresh")["content"] or ""
    wait, _, target = refresh.partition("; url=")
    assert wait == "0"
    for root in ("https://news.example.org/", "file:///home/out/site/"):
        assert urljoin(root + former, target) == f"{root}en/boats-5/index.html"
    assert head.one("link", rel="canonical")["href"] == edition.url
    assert head.one("meta", name="robots")["content"] == "noindex"
    assert head.one("a")["href"] == target
    assert not [tag for tag, _ in head.tags if tag == "script"]


@pytest.mark.parametrize(
    ("tag", "direction", "words"),
    [
        ("en", "ltr", "This page has moved"),
        ("ar", "rtl", "انتقلت هذه الصفحة إلى عنوان جديد"),
        ("zh", "ltr", "本页面已迁至新地址"),
    ],
)
def test_it_says_so_in_the_language_of_the_page(
    make_issue: MakeIssue,
    publication: Publication,
    theme: Theme,
    tag: str,
    direction: str,
    words: str,
) -> None:
    """For those whose browser does not follow, with the title to click."""
    edition = make_issue().editions[Language(tag)]
    html = render_redirect("a/", edition, publication=publication, theme=theme).html
    assert f'<html lang="{tag}" dir="{direction}">' in html
    assert words in html


def test_nothing_in_a_title_breaks_out(
    edition: Edition, publication: Publication, theme: Theme
) -> None:
    """It is text, here as everywhere."""
    odd = replace(edition, title='"><script>alert(1)</script>')
    html = render_redirect("a/", odd, publication=publication, theme=theme).html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("site", "top"),
    [("https://news.example.org", "/"), ("https://example.org/river", "/river/")],
)
def test_hosts_are_told_of_all_of_them(
    make_issue: MakeIssue, publication: Publication, site: str, top: str
) -> None:
    """One line per address, sorted; a folder with and without its slash."""
    issue = make_issue(tags=("en", "fr"))
    editions = [
        replace(issue.editions[ENGLISH], former=("old/", "2019/a.html")),
        replace(issue.editions[Language("fr")], former=("ancien/",)),
    ]
    page = render_redirects(editions, replace(publication, url=site))
    assert page.path == "_redirects"
    assert page.html.splitlines() == [
        f"{top}2019/a.html {top}en/boats-5/ 301",
        f"{top}ancien {top}fr/boats-5/ 301",
        f"{top}ancien/ {top}fr/boats-5/ 301",
        f"{top}old {top}en/boats-5/ 301",
        f"{top}old/ {top}en/boats-5/ 301",
    ]


def test_no_address_stands_for_others(
    edition: Edition, publication: Publication
) -> None:
    """An asterisk and a colon mean something to hosts; here they mean themselves."""
    odd = replace(edition, former=("*/", ":splat.html"))
    html = render_redirects([odd], publication).html
    assert "*" not in html
    assert ":" not in html
    assert "/%2A/ " in html
