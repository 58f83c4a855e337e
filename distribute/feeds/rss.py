"""What feedgen does not write into RSS 2.0, or not rightly: links, people, the order.

Its home page is whatever link came last, of ``atom:link`` only one survives, authors
without an e-mail address vanish, and the summary has no set place before the content.
"""

from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import Element

from distribute.feeds.elements import (
    MEDIA,
    add,
    add_image,
    add_translations,
    arrange,
    remove,
)
from distribute.feeds.feed import Entry, Feed

RSS_TYPE = "application/rss+xml"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
_CREATOR = f"{{{DUBLIN_CORE}}}creator"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_PICTURE = f"{{{MEDIA}}}content"
_CHANNEL_ORDER = (
    *("title", "link", "description", _ATOM_LINK),
    *("language", "docs", "generator", "pubDate", "lastBuildDate"),
)
_ITEM_ORDER = (
    *("title", "link", "guid", "pubDate", _CREATOR, "category"),
    *("description", _CONTENT, _PICTURE),
)


class RssFeed:
    """Completes the ``channel``; feedgen calls it before it adds the items."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def extend_ns(self) -> Mapping[str, str]:
        """Declare the namespaces of foreign elements."""
        return {"dc": DUBLIN_CORE, "media": MEDIA}

    def extend_rss(self, root: Element) -> None:
        """Write the links: the one home page, the feed itself, its translations."""
        feed, channel = self._feed, root[0]
        remove(channel, "link")
        remove(channel, _ATOM_LINK)
        add(channel, "link", feed.link)
        add(
            channel,
            _ATOM_LINK,
            rel="self",
            type=RSS_TYPE,
            href=f"{feed.folder_url}rss.xml",
        )
        feeds = {other: f"{url}rss.xml" for other, url in feed.translations.items()}
        add_translations(channel, _ATOM_LINK, feeds, kind=RSS_TYPE)
        arrange(channel, _CHANNEL_ORDER)


class RssItem:
    """Completes one ``item``."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def extend_rss(self, item: Element) -> None:
        """Write people, summary and the cover, in the order readers want.

        Every author is a ``dc:creator``, because ``author`` must be an e-mail address. The
        summary is escaped once more: RSS knows no plain text there.
        """
        entry = self._entry
        remove(item, "author")
        for author in entry.authors:
            add(item, _CREATOR, author.name)
        remove(item, "description")
        add(item, "description", escape(entry.summary, quote=False))
        if entry.image:
            add_image(item, entry.image)
        arrange(item, _ITEM_ORDER)
