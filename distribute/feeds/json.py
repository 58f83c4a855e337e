"""JSON Feed 1.1."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from distribute.editions.edition import Author
from distribute.feeds.elements import WORK_TRANSLATION
from distribute.feeds.feed import Entry, Feed
from distribute.feeds.slots import SLOT, filled, in_json

JSON_TYPE = "application/feed+json"
_SLOT = f'"content_html": "{SLOT}"'.encode()
VERSION = "https://jsonfeed.org/version/1.1"


def to_json_feed(feed: Feed) -> bytes:
    """Write JSON Feed 1.1 in UTF-8, the same bytes for the same feed.

    The keys stand in a fixed order. ``_translations`` is our extension: in the feed the
    feeds of the other languages, in an item the page of each other language. ``feed_url``
    is what names the feed, so that all pages of its archive have the same.
    """
    document = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.link,
        "feed_url": feed.current_url("feed.json"),
        "description": feed.subtitle,
        "language": "" if feed.mixed else feed.language.tag,
        "icon": feed.icon,
        "favicon": feed.icon,
        "authors": _people((Author(feed.title, feed.link),)),
        "hubs": _hubs(feed),
        "next_url": feed.older_url("feed.json"),
        "_translations": _sister_feeds(feed),
        "items": [_item(entry) for entry in feed.entries],
    }
    text = json.dumps(_without_blanks(document), ensure_ascii=False, indent=1)
    contents = (in_json(entry.content) for entry in feed.entries)
    return filled(f"{text}\n".encode(), _SLOT, contents)


def _item(entry: Entry) -> Mapping[str, object]:
    item = {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": SLOT,
        "image": entry.image.url if entry.image else "",
        "date_published": _instant(entry.published),
        "date_modified": _instant(entry.updated),
        "authors": _people(entry.authors),
        "tags": list(entry.categories),
        "language": entry.language.tag,
        "attachments": _attachments(entry),
        "_translations": {
            language.tag: url for language, url in entry.translations.items()
        },
    }
    return _without_blanks(item)


def _attachments(entry: Entry) -> list[Mapping[str, object]]:
    if not (file := entry.enclosure):
        return []
    attachment = {
        "url": file.url,
        "mime_type": file.media_type,
        "size_in_bytes": file.octets,
    }
    return [attachment]


def _hubs(feed: Feed) -> list[Mapping[str, object]]:
    offered = feed.hub and not feed.page
    return [{"type": "WebSub", "url": feed.hub}] if offered else []


def _sister_feeds(feed: Feed) -> Mapping[str, object]:
    feeds = [
        {"language": language.tag, "url": f"{folder_url}feed.json"}
        for language, folder_url in feed.translations.items()
    ]
    return {"about": WORK_TRANSLATION, "feeds": feeds} if feeds else {}


def _people(authors: tuple[Author, ...]) -> list[Mapping[str, object]]:
    return [_without_blanks({"name": who.name, "url": who.url}) for who in authors]


def _without_blanks(values: Mapping[str, object]) -> Mapping[str, object]:
    return {key: value for key, value in values.items() if value}


def _instant(instant: datetime) -> str:
    """Write an instant as RFC 3339 has it, in UTC and without fractions."""
    return instant.astimezone(UTC).replace(microsecond=0).isoformat()
