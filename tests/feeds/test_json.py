"""JSON Feed 1.1 as a reader sees it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser  # type: ignore[import-untyped]  # ships no types

from distribute.editions.edition import Author, Edition
from distribute.feeds.feed import Feed
from distribute.feeds.json import to_json_feed
from distribute.feeds.xml import to_atom, to_rss
from distribute.language import Language

ENGLISH = Language("en")
SITE = "https://news.example.org"


def test_the_feed_describes_itself(
    translated_feed: Callable[[Language], Feed],
) -> None:
    """The head names version, home, address, language and the sister feeds, in order."""
    document = json.loads(to_json_feed(translated_feed(ENGLISH)))
    items = document.pop("items")
    assert len(items) == 3
    assert list(document.items()) == [
        ("version", "https://jsonfeed.org/version/1.1"),
        ("title", "Night Sky"),
        ("home_page_url", f"{SITE}/en/"),
        ("feed_url", f"{SITE}/en/feed.json"),
        ("description", "What is up there, once a month."),
        ("language", "en"),
        ("authors", [{"name": "Night Sky", "url": f"{SITE}/en/"}]),
        (
            "_translations",
            {
                "about": "https://schema.org/workTranslation",
                "feeds": [
                    {"language": tag, "url": f"{SITE}/{tag.lower()}/feed.json"}
                    for tag in ("fr", "ar", "pt-BR")
                ],
            },
        ),
    ]


def test_an_item_says_all_there_is(
    translated_feed: Callable[[Language], Feed],
) -> None:
    """An item has full content, a plain summary, people, dates and its translations."""
    item = json.loads(to_json_feed(translated_feed(ENGLISH)))["items"][0]
    assert item.pop("content_html").startswith('<div lang="en" dir="ltr">')
    assert list(item.items()) == [
        ("id", "tag:example.org,2026:en/night-3"),
        ("url", f"{SITE}/en/night-3/"),
        ("title", "About night-3"),
        ("summary", "Look up."),
        ("image", f"{SITE}/images/moon.jpg"),
        ("date_published", "2026-03-12T00:00:00+00:00"),
        ("date_modified", "2026-03-12T00:00:00+00:00"),
        (
            "authors",
            [{"name": "Ada", "url": "https://ada.example.net/"}, {"name": "Bo"}],
        ),
        ("tags", ["moon", "telescopes"]),
        ("language", "en"),
        (
            "_translations",
            {tag: f"{SITE}/{tag.lower()}/night-3/" for tag in ("fr", "ar", "pt-BR")},
        ),
    ]


def test_what_is_not_there_is_not_mentioned(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """Nothing is written as null or empty: validators and readers stumble over both."""
    edition = edition_of(language=Language("ar"), image="", tags=())
    document = json.loads(to_json_feed(feed_with(edition)))
    assert not {"description", "_translations"} & document.keys()
    assert not {"image", "tags", "_translations"} & document["items"][0].keys()


def test_text_is_written_as_it_is(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """The document is UTF-8 without escapes, and ends with a line end."""
    written = to_json_feed(feed_with(edition_of(title="初光 🌒 «é»")))
    assert "初光 🌒 «é»".encode() in written
    assert b"\\u" not in written
    assert written.endswith(b"}\n")


def test_all_formats_agree_on_ids_and_order(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """An entry has one id, letter for letter, in RSS, Atom and JSON."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    editions = [
        edition_of(f"café {day}", published=start + timedelta(day)) for day in range(4)
    ]
    editions.append(edition_of(front_matter={"guid": "https://old.example.org/?p=1&q"}))
    feed = feed_with(*editions)
    ids = [item["id"] for item in json.loads(to_json_feed(feed))["items"]]
    assert ids == [entry.id for entry in feed.entries]
    for writer in (to_rss, to_atom):
        assert [entry.id for entry in feedparser.parse(writer(feed)).entries] == ids
    assert "https://old.example.org/?p=1&q" in ids


def test_an_author_may_have_no_page(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """An author without an address is a name, nothing more."""
    feed = feed_with(edition_of())
    nameless = replace(feed.entries[0], authors=(Author("Bo"),))
    document = json.loads(to_json_feed(replace(feed, entries=(nameless,))))
    assert document["items"][0]["authors"] == [{"name": "Bo"}]
