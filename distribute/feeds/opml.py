"""The list of all feeds, which any reader can import: OPML 2.0."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from distribute.editions.publication import Publication
from distribute.feeds.feed import Feed
from distribute.render.characters import clean


def to_opml(publication: Publication, feeds: Sequence[Feed]) -> bytes:
    """Write one outline per feed, in the order given; at least one feed.

    It points to RSS alone: for ``version`` validators know nothing but RSS, and a reader
    that imported all formats would show everything twice.
    """
    from email.utils import format_datetime  # loads sockets; few builds make this file

    root = Element("opml", version="2.0")
    head = SubElement(root, "head")
    changed = max(feed.updated for feed in feeds).astimezone(UTC)
    SubElement(head, "title").text = clean(publication.title)
    SubElement(head, "dateModified").text = format_datetime(changed, usegmt=True)
    SubElement(head, "ownerName").text = clean(publication.title)
    SubElement(head, "ownerId").text = publication.url
    body = SubElement(root, "body")
    titles = Counter(feed.title for feed in feeds)
    for feed in feeds:
        name = f"{feed.title} ({feed.language.autonym})"
        text = name if titles[feed.title] > 1 else feed.title
        SubElement(body, "outline", _outline(feed, text))
    indent(root)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _outline(feed: Feed, text: str) -> dict[str, str]:
    outline = {
        "type": "rss",
        "text": text,
        "title": feed.title,
        "description": feed.subtitle,
        "language": feed.language.tag,
        "version": "RSS2",
        "htmlUrl": feed.link,
        "xmlUrl": f"{feed.folder_url}rss.xml",
    }
    return {name: value for name, value in outline.items() if value}
