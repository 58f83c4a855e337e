"""Which files make the site."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import feedparser  # type: ignore[import-untyped]  # ships no types
import pytest

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.errors import DistributeError, SourceError
from distribute.language import Language
from distribute.web.file import SiteFile
from distribute.web.site.shelves import published_issues

ENGLISH, FRENCH, ARABIC = Language("en"), Language("fr"), Language("ar")
NOW = datetime(2026, 3, 31, tzinfo=UTC)
SiteBuilder = Callable[..., Mapping[str, bytes]]


@pytest.fixture
def site_of(plan: Callable[..., Sequence[SiteFile]]) -> SiteBuilder:
    """Make every file of the site of some issues."""

    def build(*issues: Issue, **changes: object) -> Mapping[str, bytes]:
        return {file.path: file.make() for file in plan(*issues, **changes)}

    return build


def test_the_site_has_feeds_and_pages(
    site_of: SiteBuilder, issues: tuple[Issue, ...]
) -> None:
    """There is a page per edition; an index and three feeds per language that is written."""
    assert sorted(site_of(*issues)) == sorted(
        [
            *("index.html", "404.html", "style.css", "feeds.opml", "feed.css"),
            *("robots.txt", "sitemap.xml"),
            *("en/index.html", "en/rss.xml", "en/atom.xml", "en/feed.json"),
            *("en/autodiscovery.html", "fr/autodiscovery.html"),
            *(f"en/night-{number}/index.html" for number in (1, 2, 3)),
            *("fr/index.html", "fr/rss.xml", "fr/atom.xml", "fr/feed.json"),
            *(f"fr/night-{number}/index.html" for number in (1, 3)),
        ]
    )


def test_each_feed_belongs_to_its_language(
    site_of: SiteBuilder, issues: tuple[Issue, ...]
) -> None:
    """Entries lead to pages in the language of their feed, and say so."""
    site = site_of(*issues)
    for folder in ("en", "fr"):
        for name in ("rss.xml", "atom.xml"):
            feed = feedparser.parse(site[f"{folder}/{name}"])
            assert not feed.bozo
            assert feed.feed.language == folder
            for entry in feed.entries:
                assert entry.link.startswith(f"https://news.example.org/{folder}/")
                path = entry.link.removeprefix("https://news.example.org/")
                assert f"{path}index.html" in site


def test_the_future_is_left_out_everywhere(
    site_of: SiteBuilder, issues: tuple[Issue, ...]
) -> None:
    """An edition of tomorrow has no page, no entry, and no translation points to it."""
    site = site_of(*issues, now=datetime(2026, 3, 10, tzinfo=UTC))
    assert "fr/night-3/index.html" not in site
    assert "fr/night-1/index.html" in site
    assert not [path for path, data in site.items() if b"fr/night-3" in data]
    later = site_of(*issues)
    assert b"fr/night-3" in later["en/atom.xml"]
    assert b"fr/night-3" in later["en/night-3/index.html"]


def test_an_edition_is_public_from_its_very_instant(
    site_of: SiteBuilder, issues: tuple[Issue, ...]
) -> None:
    """`published_issues` draws the line at ``now``, and drops issues without editions."""
    instant = issues[1].editions[ENGLISH].published
    public = published_issues(issues, instant)
    assert [issue.id for issue in public] == ["2", "1"]
    assert list(public[1].editions) == [ENGLISH]


def test_a_silent_language_is_not_offered(
    site_of: SiteBuilder, issues: tuple[Issue, ...], publication: Publication
) -> None:
    """A language without editions has no feed, and no page leads to one."""
    assert ARABIC in publication.languages
    site = site_of(*issues)
    assert not [path for path in site if path.startswith("ar/")]
    assert not [
        path for path, data in site.items() if b"/ar/" in data or b'"ar"' in data
    ]


def test_nothing_published_is_an_error(
    site_of: SiteBuilder, issues: tuple[Issue, ...]
) -> None:
    """A site without any edition is not built; the error says where to look."""
    with pytest.raises(DistributeError, match="nothing is published yet"):
        site_of(*issues, now=datetime(2020, 1, 1, tzinfo=UTC))


def test_two_editions_of_one_address_are_refused(
    site_of: SiteBuilder,
    edition_of: Callable[..., Edition],
    issue_of: Callable[..., Issue],
) -> None:
    """The error names both posts."""
    one = edition_of(1)
    other = edition_of(2, day=2, path=one.path, url=one.url)
    with pytest.raises(SourceError) as caught:
        site_of(issue_of(one), issue_of(other))
    assert "night-1[en].md: its page en/night-1/index.html" in str(caught.value)
    assert "night-2[en].md" in str(caught.value)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("zh/%E5%88%9D%E5%85%89/", "zh/初光/index.html"),
        ("2026/first-light.html", "2026/first-light.html"),
    ],
)
def test_a_page_lies_where_a_server_looks_for_it(
    site_of: SiteBuilder,
    edition_of: Callable[..., Edition],
    issue_of: Callable[..., Issue],
    path: str,
    file: str,
) -> None:
    """Servers decode an address before they look for a file; folders have an index."""
    edition = edition_of(1, path=path, url=f"https://news.example.org/{path}")
    assert file in site_of(issue_of(edition))


def test_an_edition_cannot_take_the_place_of_an_index(
    site_of: SiteBuilder,
    edition_of: Callable[..., Edition],
    issue_of: Callable[..., Issue],
) -> None:
    """A permalink that is the home page of a language is an error, not a loss."""
    greedy = edition_of(1, path="en/", url="https://news.example.org/en/")
    with pytest.raises(SourceError, match="already part of the site"):
        site_of(issue_of(greedy))


def test_pages_lead_to_their_neighbours(
    site_of: SiteBuilder, issues: tuple[Issue, ...]
) -> None:
    """A page links the older and the newer edition of its own language."""
    page = site_of(*issues)["en/night-2/index.html"].decode()
    assert 'rel="prev" href="https://news.example.org/en/night-1/"' in page
    assert 'rel="next" href="https://news.example.org/en/night-3/"' in page
    newest = site_of(*issues)["en/night-3/index.html"].decode()
    assert 'rel="next"' not in newest


def test_translations_are_introduced_in_the_feed_s_own_words(
    site_of: SiteBuilder, issues: tuple[Issue, ...]
) -> None:
    """The line at the end of an entry comes from the catalogue of its language."""
    site = site_of(*issues)
    newest = {
        folder: json.loads(site[f"{folder}/feed.json"])["items"][0]["content_html"]
        for folder in ("en", "fr")
    }
    assert "<p>Also in: <a " in newest["en"]
    assert "<p>Dans d’autres langues\u00a0: <a " in newest["fr"]
    assert newest["fr"].endswith("English</a></p>\n</div>")


def test_a_post_kept_out_of_the_feed_keeps_its_page(
    site_of: SiteBuilder,
    edition_of: Callable[..., Edition],
    issue_of: Callable[..., Issue],
) -> None:
    """``feed: false`` concerns the feeds alone, even if no feed remains of a language."""
    french = edition_of(1, FRENCH)
    post = replace(
        french.post,
        front_matter=replace(french.post.front_matter, extra={"feed": False}),
    )
    site = site_of(issue_of(edition_of(1), replace(french, post=post)))
    assert "fr/night-1/index.html" in site
    assert "fr/rss.xml" not in site
    assert b"fr/rss.xml" not in site["en/rss.xml"] + site["feeds.opml"]


def test_a_translation_with_the_guid_of_the_original_is_refused(
    site_of: SiteBuilder,
    edition_of: Callable[..., Edition],
    issue_of: Callable[..., Issue],
) -> None:
    """A front matter copied whole would make readers mistake one language for the other."""
    editions = []
    for edition in (edition_of(1), edition_of(1, FRENCH)):
        front_matter = replace(edition.post.front_matter, guid="urn:x:1")
        post = replace(edition.post, front_matter=front_matter)
        editions.append(replace(edition, post=post))
    with pytest.raises(DistributeError, match=r"/en/night-1/ and .*/fr/night-1/ have"):
        site_of(issue_of(*editions))


def test_the_same_site_twice(site_of: SiteBuilder, issues: tuple[Issue, ...]) -> None:
    """The same input gives the same bytes, at any later time."""
    assert site_of(*issues) == site_of(*issues, now=datetime(2030, 1, 1, tzinfo=UTC))
