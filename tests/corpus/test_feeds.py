"""The feeds of the real newsletter: seven languages configured, six written."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]  # ships no types
import pytest

from distribute.config.settings import read_settings
from distribute.editions.authors import parse_authors
from distribute.editions.edition import Edition
from distribute.editions.issues import resolve_issues
from distribute.language import Language
from distribute.posts.source import read_posts
from distribute.render.content import render_content, surroundings_of
from distribute.render.theme.theme import read_theme
from distribute.web.site import build_site

NOW = datetime(2026, 11, 20, tzinfo=UTC)
LIMIT = 20
_HREF = re.compile(r'(?:href|src)="([^"]*)"')


class Built:
    """The site, and the editions it was made of."""

    def __init__(self, corpus: Path) -> None:
        settings = read_settings(Path(__file__).parent)
        authors = corpus / "authors.yml"
        publication = settings.publication
        issues = resolve_issues(
            read_posts(settings.posts).posts,
            publication=publication,
            rules=settings.rules,
            authors=parse_authors(authors.read_text("utf-8"), authors),
        ).issues
        surroundings = surroundings_of(publication, issues)
        editions = [each for issue in issues for each in issue.editions.values()]
        self.site: Mapping[str, bytes] = build_site(
            issues,
            {each.url: render_content(each, surroundings) for each in editions},
            publication=publication,
            theme=read_theme(),
            now=NOW,
            limit=LIMIT,
        )
        self.editions: Mapping[str, list[Edition]] = {
            language.folder: [each for each in editions if each.language == language]
            for language in publication.languages
        }

    def feeds(self, suffix: str) -> dict[str, bytes]:
        """Give all feeds of one kind by the folder of their language."""
        return {
            path.partition("/")[0]: data
            for path, data in self.site.items()
            if path.endswith(f"/{suffix}")
        }


@pytest.fixture(scope="module")
def built(corpus: Path) -> Built:
    """Build the site of the real posts once."""
    return Built(corpus)


def test_every_language_has_the_entries_that_exist(
    built: Built, expected: Mapping[str, Mapping[str, Any]]
) -> None:
    """A feed holds every edition of its language, up to the newest twenty."""
    written = Counter(
        Language.parse(facts["lang"]).folder
        for facts in expected.values()
        if "lang" in facts
    )
    counted = {
        folder: len(json.loads(feed)["items"])
        for folder, feed in built.feeds("feed.json").items()
    }
    assert counted == {folder: min(n, LIMIT) for folder, n in written.items()}
    assert built.editions.keys() - counted.keys() == {"ar"}, "nothing to offer yet"


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_readers_find_every_feed_clean(built: Built, name: str) -> None:
    """Every feed parses, and all its entries lead to pages of its own language."""
    for folder, data in built.feeds(name).items():
        parsed = feedparser.parse(data)
        assert not parsed.bozo
        assert parsed.feed.language.lower() == folder
        own = {edition.url for edition in built.editions[folder]}
        assert {entry.link for entry in parsed.entries} <= own
        for entry in parsed.entries:
            assert entry.title
            assert entry.summary
            assert entry.authors[0].name
            assert len(entry.content[0].value) > 1000


def test_ids_are_distinct_and_shared_by_the_formats(built: Built) -> None:
    """No two entries of the newsletter have one id; the formats agree on it."""
    everywhere: Counter[str] = Counter()
    for folder, data in built.feeds("feed.json").items():
        ids = [item["id"] for item in json.loads(data)["items"]]
        assert all(f":{folder}/" in each for each in ids)
        for name in ("rss.xml", "atom.xml"):
            parsed = feedparser.parse(built.feeds(name)[folder])
            assert [entry.id for entry in parsed.entries] == ids
        everywhere.update(ids)
    assert set(everywhere.values()) == {1}


def test_content_needs_nothing_from_its_page(built: Built) -> None:
    """Every address is absolute; no comment, script, class or id is left."""
    for data in built.feeds("feed.json").values():
        for item in json.loads(data)["items"]:
            html = item["content_html"]
            for address in _HREF.findall(html):
                assert re.match(r"(https?://[^/\s]+|mailto:|tel:)", address)
                assert address.isascii()
            assert "<!--" not in html
            assert not re.search(r"<(script|style|iframe|multilingual)\b", html)
            assert not re.search(r'<[^>]*\s(class|id|style|on\w+)="', html)
            assert all("alt=" in image for image in re.findall(r"<img[^>]*>", html))


def test_translations_are_those_that_exist(built: Built) -> None:
    """The visible line, the data and the issue name the same languages."""
    issues: dict[str, set[str]] = {}
    for editions in built.editions.values():
        for edition in editions:
            issues.setdefault(edition.issue, set()).add(edition.url)
    for folder, data in built.feeds("feed.json").items():
        by_url = {edition.url: edition for edition in built.editions[folder]}
        for item in json.loads(data)["items"]:
            others = issues[by_url[item["url"]].issue] - {item["url"]}
            translations = item.get("_translations", {})
            assert set(translations.values()) == others
            line = item["content_html"].rpartition("<p>")[2]
            assert all(f'href="{url}"' in line for url in others)


def test_the_newest_come_first(built: Built) -> None:
    """Entries stand in the order of publication, also where several share a day."""
    for data in built.feeds("feed.json").values():
        dates = [item["date_published"] for item in json.loads(data)["items"]]
        assert dates == sorted(dates, reverse=True)
