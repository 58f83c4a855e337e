"""The archive of a feed (RFC 5005), as a reader walks through it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser  # type: ignore[import-untyped]  # ships no types
import pytest

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.feeds.build import Syndication, draft_feeds
from distribute.feeds.documents import feed_documents
from distribute.feeds.options import FeedOptions, Words
from distribute.feeds.pages import content_weight
from distribute.language import Language
from distribute.render.document import Content
from tests.judges import complaints_of_w3c

ENGLISH, FRENCH = Language("en"), Language("fr")
START = datetime(2026, 3, 9, tzinfo=UTC)
SITE = "https://news.example.org/"
HISTORY = b"http://purl.org/syndication/history/1.0"
Files = dict[str, bytes]
FilesOf = Callable[..., Files]


@pytest.fixture
def files_of(
    publication: Publication,
    edition_of: Callable[..., Edition],
    issue_of: Callable[..., Issue],
    content_of: Callable[..., Content],
) -> FilesOf:
    """Publish so many issues in two languages, all saying the same."""

    def publish(
        count: int, *, html: str = "<p>Look up.</p>", **chosen: object
    ) -> Files:
        options = FeedOptions(**({"limit": 3} | chosen))  # type: ignore[arg-type]  # a test says what it needs
        content = content_of(html)
        issues = [
            issue_of(
                *(
                    edition_of(f"n{n:02}", each, published=START + timedelta(n))
                    for each in (ENGLISH, FRENCH)
                )
            )
            for n in range(count)
        ]
        shelves = {
            each: [(issue.editions[each], issue) for issue in issues]
            for each in (ENGLISH, FRENCH)
        }
        syndication = Syndication(
            publication=replace(publication, languages=(ENGLISH, FRENCH)),
            options=options,
            words=lambda _: Words("Also in:", "This is a feed.", "Home"),
            weigh=lambda _: content_weight(content),
        )
        documents = feed_documents(draft_feeds(shelves, syndication), publication)
        return {each.path: each.make(lambda _: content) for each in documents}

    return publish


def walk(files: Files, path: str) -> list[str]:
    """Follow the links back from a document; gives the ids of all entries met."""
    found: list[str] = []
    while path:
        if path.endswith(".json"):
            document = json.loads(files[path])
            assert document.get("next_url") != document["feed_url"]
            found += [item["id"] for item in document["items"]]
            following = document.get("next_url", "")
        else:
            feed = feedparser.parse(files[path])
            assert not feed.bozo
            found += [entry.id for entry in feed.entries]
            links = [each for each in feed.feed.links if each.rel == "prev-archive"]
            following = links[0].href if links else ""
        path = following.removeprefix(SITE)
    return found


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
@pytest.mark.parametrize("count", [1, 3, 4, 10])
def test_a_reader_that_walks_back_sees_everything(
    files_of: FilesOf, name: str, count: int
) -> None:
    """From the current document, links lead to every entry there is."""
    found = walk(files_of(count), f"en/{name}")
    wanted = [f"tag:example.org,2026:en/n{n:02}" for n in reversed(range(count))]
    assert list(dict.fromkeys(found)) == wanted


def test_pages_are_numbered_from_the_oldest(files_of: FilesOf) -> None:
    """Page 1 has the oldest entries; there are full pages only, in every format."""
    files = files_of(10)
    names = {path for path in files if path.startswith("en/") and "-" in path}
    assert names == {
        f"en/{stem}-{n}.{suffix}"
        for n in (1, 2, 3)
        for stem, suffix in (("rss", "xml"), ("atom", "xml"), ("feed", "json"))
    }
    oldest = feedparser.parse(files["en/atom-1.xml"])
    assert [entry.id[-3:] for entry in oldest.entries] == ["n02", "n01", "n00"]
    assert not [path for path in files_of(3) if "-" in path]


def test_a_new_post_changes_no_page_of_the_archive(files_of: FilesOf) -> None:
    """Only the current documents change, and at most one page more is there."""
    for count in range(1, 11):
        before, after = files_of(count), files_of(count + 1)
        changed = {path for path in before if before[path] != after.get(path)}
        assert changed == {
            *(f"{folder}/{name}" for folder in ("en", "fr")
              for name in ("rss.xml", "atom.xml", "feed.json")),
            "feeds.opml",
        }  # fmt: skip
        fresh = [path for path in after if path not in before]
        assert len(fresh) == (6 if count % 3 == 0 else 0)


def test_only_pages_say_that_they_are_archived(files_of: FilesOf) -> None:
    """``fh:archive`` and the way to the current document stand in pages alone."""
    files = files_of(10)
    for name, page in (("rss.xml", "rss-2.xml"), ("atom.xml", "atom-2.xml")):
        assert HISTORY not in files[f"en/{name}"]
        assert b"<fh:archive/>" in files[f"en/{page}"]
        relations = {
            link.rel: link.href
            for link in feedparser.parse(files[f"en/{page}"]).feed.links
        }
        assert relations["self"] == f"{SITE}en/{page}"
        assert relations["current"] == f"{SITE}en/{name}"
        assert relations["prev-archive"] == f"{SITE}en/{page.replace('2', '1')}"
        assert relations["alternate"] == f"{SITE}en/"


def test_all_documents_of_a_feed_have_its_id(files_of: FilesOf) -> None:
    """A page belongs to the feed that it is the past of."""
    files = files_of(10)
    ids = {
        feedparser.parse(files[f"en/{name}.xml"]).feed.id
        for name in ("atom", "atom-1", "atom-3")
    }
    assert ids == {"tag:example.org,2026:feed/en"}
    urls = {
        json.loads(files[f"en/{name}.json"])["feed_url"] for name in ("feed", "feed-1")
    }
    assert urls == {f"{SITE}en/feed.json"}


def test_the_hub_knows_the_current_document_only(files_of: FilesOf) -> None:
    """WebSub is about what is new: pages of the archive name no hub."""
    files = files_of(4, hub="https://hub.example.org/?a&b")
    for name in ("rss", "atom"):
        current = feedparser.parse(files[f"en/{name}.xml"]).feed.links
        hubs = [link.href for link in current if link.rel == "hub"]
        assert hubs == ["https://hub.example.org/?a&b"]
        assert b"hub.example.org" not in files[f"en/{name}-1.xml"]
    assert json.loads(files["en/feed.json"])["hubs"] == [
        {"type": "WebSub", "url": "https://hub.example.org/?a&b"}
    ]
    assert "hubs" not in json.loads(files["en/feed-1.json"])
    assert b'"hub"' not in b"".join(files_of(1).values())


@pytest.mark.parametrize(
    "html",
    ["<p>" + "a &amp; b &lt; c. " * 400 + "</p>", '<p lang="en">"\n\\"</p>' * 500],
)
def test_no_document_is_longer_than_it_may_be(files_of: FilesOf, html: str) -> None:
    """Whatever a format escapes, its documents keep to the size, and use it well."""
    files = files_of(30, html=html, limit=20, size=100_000)
    lengths = {
        path: len(data)
        for path, data in files.items()
        if path.startswith("en/") and not path.endswith("html")
    }
    assert max(lengths.values()) <= 100_000
    assert lengths["en/atom.xml"] > 50_000


def test_a_post_longer_than_a_document_is_published(files_of: FilesOf) -> None:
    """It has a document of its own, with all its words."""
    files = files_of(3, html=f"<p>{'word ' * 30_000}</p>", size=100_000)
    items = [
        json.loads(files[f"en/{name}.json"])["items"] for name in ("feed", "feed-2")
    ]
    assert [len(each) for each in items] == [1, 1]
    assert items[0][0]["content_html"].count("word ") == 30_000


def test_w3c_finds_no_fault_with_all_there_is(
    files_of: FilesOf, tmp_path: Path
) -> None:
    """Archive, combined feed, hub, people and pictures leave every document valid.

    What is warned of is harmless: the oldest page has nothing before it, and issues come
    out in two languages at once.
    """
    files = files_of(
        7,
        combined=True,
        hub="https://hub.example.org/",
        editor="ed@example.org (Ed)",
        rights="CC BY & more",
        icon=f"{SITE}icon.png",
        logo=f"{SITE}logo.png",
    )
    addresses = {}
    for path, data in files.items():
        if path.endswith((".xml", ".opml")):
            place = tmp_path / path.replace("/", "-")
            place.write_bytes(data)
            addresses[place] = SITE + path
    harmless = ("ArchiveIncomplete", "DuplicateUpdated")
    found = complaints_of_w3c(addresses)
    assert [each for each in found if not any(name in each for name in harmless)] == []
