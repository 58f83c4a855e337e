"""The list of feeds."""

from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element

from distribute.editions.publication import Publication
from distribute.feeds.feed import Feed
from distribute.feeds.opml import to_opml
from distribute.language import Language

SITE = "https://news.example.org"


def test_every_feed_has_an_outline(
    publication: Publication,
    translated_feed: Callable[[Language], Feed],
    parsed: Callable[[bytes], Element],
) -> None:
    """A reader that imports the list follows the RSS feed of each language."""
    feeds = [translated_feed(language) for language in publication.languages]
    outlines = parsed(to_opml(publication, feeds)).findall("body/outline")
    assert outlines[0].get("description") == "What is up there, once a month."
    assert outlines[1].attrib == {
        "type": "rss",
        "text": "Ciel de nuit",
        "title": "Ciel de nuit",
        "language": "fr",
        "version": "RSS2",
        "htmlUrl": f"{SITE}/fr/",
        "xmlUrl": f"{SITE}/fr/rss.xml",
    }
    assert [outline.get("xmlUrl") for outline in outlines] == [
        f"{SITE}/{folder}/rss.xml" for folder in ("en", "fr", "ar", "pt-br")
    ]


def test_feeds_of_one_title_are_told_apart(
    publication: Publication,
    translated_feed: Callable[[Language], Feed],
    parsed: Callable[[bytes], Element],
) -> None:
    """Where languages share a title, the name of the language stands behind it."""
    feeds = [translated_feed(language) for language in publication.languages]
    outlines = parsed(to_opml(publication, feeds)).findall("body/outline")
    assert [outline.get("text") for outline in outlines] == [
        "Night Sky (English)",
        "Ciel de nuit",
        "سماء الليل",
        "Night Sky (Português (Brasil))",
    ]


def test_the_head_names_owner_and_last_change(
    publication: Publication,
    translated_feed: Callable[[Language], Feed],
    parsed: Callable[[bytes], Element],
) -> None:
    """The list is as new as the newest feed, and says whose it is."""
    odd = replace(publication, title="R&D <“\x00”>")
    head = parsed(to_opml(odd, [translated_feed(Language("en"))])).find("head")
    assert head is not None
    assert {child.tag: child.text for child in head} == {
        "title": "R&D <“”>",
        "dateModified": "Thu, 12 Mar 2026 00:00:00 GMT",
        "ownerName": "R&D <“”>",
        "ownerId": SITE,
    }
