"""A file that comes with an entry."""

import json
from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest

from distribute.editions.asset import Asset
from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.feeds.enclosure import enclosure_of
from distribute.feeds.feed import Enclosure, Feed
from distribute.feeds.json import to_json_feed
from distribute.feeds.xml import to_atom, to_rss

TALK = "https://news.example.org/files/talk.aaaaaaaaaa.mp3"


@pytest.fixture
def with_files(publication: Publication) -> Publication:
    """Lay two files beside the posts, and a picture that nobody has measured."""
    digest = "a" * 64
    return replace(
        publication,
        files=frozenset({"files/talk.mp3", "files/notes.dat", "moon.png"}),
        assets={
            "files/talk.mp3": Asset(digest=digest, length=1234),
            "files/notes.dat": Asset(digest=digest, length=9),
        },
    )


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("/files/talk.mp3", Enclosure(TALK, "audio/mpeg", 1234)),
        (" ../files/talk.mp3 ", Enclosure(TALK, "audio/mpeg", 1234)),
        ("/files/gone.mp3", None),
        ("https://cdn.example.org/talk.mp3", None),
        ("", None),
        (["a", "b"], None),
        ("/moon.png", None),
    ],
)
def test_it_is_a_file_of_the_newsletter(
    edition_of: Callable[..., Edition],
    with_files: Publication,
    written: object,
    found: Enclosure | None,
) -> None:
    """Its address is the published one, its length that of its bytes."""
    edition = edition_of(front_matter={"extra": {"enclosure": written}})
    assert enclosure_of(edition, with_files) == found


def test_a_type_that_nobody_knows_is_octets(
    edition_of: Callable[..., Edition], with_files: Publication
) -> None:
    """Every format wants a type, so the one for everything stands in."""
    edition = edition_of(front_matter={"extra": {"enclosure": "/files/notes.dat"}})
    found = enclosure_of(edition, with_files)
    assert found is not None
    assert found.media_type == "application/octet-stream"


def test_every_format_has_it_once(
    edition_of: Callable[..., Edition],
    feed_with: Callable[..., Feed],
    with_files: Publication,
    parsed: Callable[[bytes], Element],
) -> None:
    """RSS, Atom and JSON each say address, type and length in their own words."""
    edition = edition_of(front_matter={"extra": {"enclosure": "/files/talk.mp3"}})
    feed = feed_with(edition, publication=with_files)
    (item,) = parsed(to_rss(feed)).iter("enclosure")
    assert item.attrib == {"url": TALK, "length": "1234", "type": "audio/mpeg"}
    links = parsed(to_atom(feed)).iter("{http://www.w3.org/2005/Atom}link")
    (link,) = (each for each in links if each.get("rel") == "enclosure")
    assert (link.get("href"), link.get("length")) == (TALK, "1234")
    assert json.loads(to_json_feed(feed))["items"][0]["attachments"] == [
        {"url": TALK, "mime_type": "audio/mpeg", "size_in_bytes": 1234}
    ]
