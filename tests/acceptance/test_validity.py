"""Checks 1 and 2: the documents are valid, as those say who know the formats."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.acceptance.letters import Letter, json_feed
from tests.judges import complaints_of_jing, complaints_of_w3c

_HARMLESS = {
    "ArchiveIncomplete": "the oldest archive page has none before it",
    "DuplicateUpdated": "several issues may come out on one day",
    "InvalidLanguage": "it knows no language code of three letters",
    "ContainsHTML": "a title may really speak of a tag",
    "BadCharacters": "U+FFFD shows where a post is damaged; a finding says so",
}
"""What the validator warns of at its strictest although nothing is wrong."""
_OF_A_FEED = {
    *("version", "title", "home_page_url", "feed_url", "description", "next_url"),
    *("icon", "favicon", "authors", "language", "hubs", "items", "_translations"),
}
_OF_AN_ITEM = {
    *("id", "url", "title", "summary", "content_html", "image", "date_published"),
    *("date_modified", "authors", "tags", "language", "attachments", "_translations"),
}


def test_w3c_finds_no_error_and_only_known_warnings(letter: Letter) -> None:
    """RSS, Atom and OPML have no error, and at level AAA no unexpected warning."""
    documents = [*letter.documents("rss", "atom"), letter.site / "feeds.opml"]
    files = {path: letter.address_of(path) for path in documents}
    found = complaints_of_w3c(files, "AAA")
    rules = {line.split(": ")[1].split()[0] for line in found}
    assert rules <= _HARMLESS.keys(), found
    assert "BadCharacters" not in rules or letter.folder.name == "hostile"


def test_atom_keeps_to_its_grammar(letter: Letter) -> None:
    """No fault is found by jing in any Atom document, archive pages included."""
    grammar = Path(__file__).with_name("atom.rnc")
    assert complaints_of_jing(grammar, letter.documents("atom")) == []


def test_json_feeds_are_json_feed_1_1(letter: Letter) -> None:
    """What is required is there, nothing is there that the format does not know."""
    documents = letter.documents("feed")
    assert documents
    for path in documents:
        feed = json_feed(path)
        assert next(iter(feed)) == "version", "it comes first"
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed.keys() <= _OF_A_FEED
        current = letter.address_of(path.with_name("feed.json"))
        assert feed["feed_url"] == current, "it is what the feed is known by"
        assert feed.get("next_url") != feed["feed_url"]
        assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) > 0
        for item in feed["items"]:
            _check_item(item)


def _check_item(item: dict[str, Any]) -> None:
    assert item.keys() <= _OF_AN_ITEM
    assert {"id", "url", "title", "content_html", "language", "authors"} <= item.keys()
    assert isinstance(item["id"], str)
    assert re.match(r"https?://", item["url"])
    for name in ("date_published", "date_modified"):
        assert datetime.fromisoformat(item[name]).tzinfo
    assert all(isinstance(author["name"], str) for author in item["authors"])
    assert all(isinstance(tag, str) for tag in item.get("tags", []))
