"""The list of all pages for search engines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.pages.sitemap import render_sitemap, sitemap_paths

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
SITE = "https://news.example.org/"


def texts(xml: str, path: str) -> list[str]:
    """Read the texts of the elements at a path."""
    root = ElementTree.fromstring(xml.encode())  # noqa: S314 - our own document
    return [element.text or "" for element in root.iterfind(path, NAMES)]


def test_every_page_is_listed_once(
    publication: Publication, make_issue: Callable[..., Issue]
) -> None:
    """The root, the indexes and all editions."""
    some = replace(publication, languages=(Language("en"), Language("fr")))
    issues = [make_issue(5, tags=("en", "fr")), make_issue(4, tags=("en",))]
    (page,) = render_sitemap(issues, some)
    assert page.path == "sitemap.xml"
    assert texts(page.html, "s:url/s:loc") == [
        SITE,
        f"{SITE}en/",
        f"{SITE}fr/",
        f"{SITE}en/boats-5/",
        f"{SITE}fr/boats-5/",
        f"{SITE}en/boats-4/",
    ]


def test_translations_stand_beside_each_page(
    publication: Publication, make_issue: Callable[..., Issue]
) -> None:
    """Each of them names all, itself included, as the pages themselves do."""
    some = replace(publication, languages=(Language("en"), Language("ar")))
    (page,) = render_sitemap([make_issue(5, tags=("en", "ar"))], some)
    root = ElementTree.fromstring(page.html.encode())  # noqa: S314 - our own document
    links = [
        [
            (link.get("hreflang"), link.get("href"))
            for link in url.iterfind("x:link", NAMES)
        ]
        for url in root.iterfind("s:url", NAMES)
    ]
    home = [("en", f"{SITE}en/"), ("ar", f"{SITE}ar/"), ("x-default", SITE)]
    issue = [
        ("en", f"{SITE}en/boats-5/"),
        ("ar", f"{SITE}ar/boats-5/"),
        ("x-default", f"{SITE}en/boats-5/"),
    ]
    assert links == [home, home, home, issue, issue]


def test_a_page_was_changed_when_its_edition_was(
    publication: Publication, make_issue: Callable[..., Issue]
) -> None:
    """Moments are in UTC; an index changes with the newest of its editions."""
    issue = make_issue(5, tags=("en",))
    (edition,) = issue.editions.values()
    east = datetime(2026, 12, 24, 1, 30, tzinfo=timezone(timedelta(hours=8)))
    later = replace(issue, editions={edition.language: replace(edition, updated=east)})
    (page,) = render_sitemap([make_issue(4, tags=("en",)), later], publication)
    assert texts(page.html, "s:url/s:lastmod") == [
        "2026-12-23T17:30:00Z",
        "2026-12-23T17:30:00Z",
        "2026-11-04T09:00:00Z",
        "2026-12-23T17:30:00Z",
    ]


def test_addresses_are_escaped(
    publication: Publication, make_issue: Callable[..., Issue]
) -> None:
    """An ampersand in an address does not break the document."""
    issue = make_issue(5, tags=("en",))
    (edition,) = issue.editions.values()
    odd = replace(edition, url=f"{SITE}a&b/'c'/")
    one = replace(publication, languages=(edition.language,))
    (page,) = render_sitemap([replace(issue, editions={edition.language: odd})], one)
    assert texts(page.html, "s:url/s:loc") == [f"{SITE}en/", odd.url]


def test_a_very_long_list_is_several(
    publication: Publication, make_issue: Callable[..., Issue]
) -> None:
    """``sitemap.xml`` then lists the parts, each of which holds what one may."""
    one = replace(publication, languages=(Language("en"),))
    issues = [make_issue(number, tags=("en",)) for number in (5, 4, 3, 2)]
    index, *parts = render_sitemap(issues, one, most=2)
    assert index.path == "sitemap.xml"
    assert texts(index.html, "s:sitemap/s:loc") == [SITE + each.path for each in parts]
    assert texts(index.html, "s:sitemap/s:lastmod")[1] == "2026-11-04T09:00:00Z"
    found = [texts(part.html, "s:url/s:loc") for part in parts]
    assert [len(each) for each in found] == [2, 2, 1]
    assert len({url for each in found for url in each}) == 5


@pytest.mark.parametrize("most", [1, 2, 3, 4, 7, 8, 9])
@pytest.mark.parametrize("tags", [(), ("en",), ("en", "fr")])
def test_its_files_are_known_before_they_are_made(
    publication: Publication,
    make_issue: Callable[..., Issue],
    tags: tuple[str, ...],
    most: int,
) -> None:
    """A build that has nothing to do need not make them to name them."""
    some = replace(publication, languages=(Language("en"), Language("fr")))
    issues = [make_issue(5, tags=tags), make_issue(4, tags=("en",))] if tags else []
    pages = render_sitemap(issues, some, most=most)
    assert sitemap_paths(issues, some, most=most) == tuple(each.path for each in pages)
