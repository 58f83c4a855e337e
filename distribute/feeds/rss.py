"""What feedgen does not write into RSS 2.0, or not rightly: links, people, the order.

Its home page is whatever link came last, of ``atom:link`` only one survives, authors
without an e-mail address vanish, and the summary has no set place before the content.
"""

from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import Element

from distribute.feeds.elements import (
    ARCHIVE,
    ATOM,
    HISTORY,
    MEDIA,
    PICTURE,
    add,
    add_explanation,
    add_image,
    add_others,
    add_self,
    arrange,
    remove,
)
from distribute.feeds.feed import Entry, Feed

RSS_TYPE = "application/rss+xml"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_ATOM_LINK = f"{{{ATOM}}}link"
_CREATOR = f"{{{DUBLIN_CORE}}}creator"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_LANGUAGE = f"{{{DUBLIN_CORE}}}language"
_RIGHTS = f"{{{DUBLIN_CORE}}}rights"
_CHANNEL_ORDER = (
    *("div", "title", "link", "description", _ATOM_LINK, ARCHIVE),
    *("language", "copyright", "managingEditor", "docs", "generator", "image"),
    *("pubDate", "lastBuildDate"),
)
_ITEM_ORDER = (
    *("title", "link", "guid", "pubDate", _CREATOR, "category"),
    *(_LANGUAGE, _RIGHTS, "description", _CONTENT, PICTURE, "enclosure"),
)


class RssFeed:
    """Completes the ``channel``; feedgen calls it before it adds the items."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def extend_ns(self) -> Mapping[str, str]:
        """Declare the namespaces of foreign elements."""
        spaces = {"dc": DUBLIN_CORE, "media": MEDIA}
        return spaces | ({"fh": HISTORY} if self._feed.page else {})

    def extend_rss(self, root: Element) -> None:
        """Write the links, a word to people, who answers for it, and its picture."""
        feed, channel = self._feed, root[0]
        remove(channel, "link")
        remove(channel, _ATOM_LINK)
        if feed.mixed:
            remove(channel, "language")
        add_explanation(channel, feed)
        add(channel, "link", feed.link)
        add_self(channel, _ATOM_LINK, feed, "rss.xml", kind=RSS_TYPE)
        add_others(channel, _ATOM_LINK, feed, "rss.xml", kind=RSS_TYPE)
        if feed.page:
            add(channel, ARCHIVE)
        if feed.editor:
            add(channel, "managingEditor", feed.editor)
        if picture := feed.logo or feed.icon:
            _add_picture(channel, feed, picture)
        arrange(channel, _CHANNEL_ORDER)


def _add_picture(channel: Element, feed: Feed, url: str) -> None:
    """Show a picture of the feed, called as it is and leading where it does."""
    image = add(channel, "image")
    add(image, "url", url)
    add(image, "title", feed.title)
    add(image, "link", feed.link)


class RssItem:
    """Completes one ``item``."""

    def __init__(self, entry: Entry, feed: Feed) -> None:
        self._entry = entry
        self._is_mixed = feed.mixed

    def extend_rss(self, item: Element) -> None:
        """Write people, summary and the cover, in the order readers want.

        Every author is a ``dc:creator``, because ``author`` must be an e-mail address. The
        summary is escaped once more: RSS knows no plain text there.
        """
        entry = self._entry
        remove(item, "author")
        for author in entry.authors:
            add(item, _CREATOR, author.name)
        if self._is_mixed:
            add(item, _LANGUAGE, entry.language.tag)
        if entry.rights:
            add(item, _RIGHTS, entry.rights)
        remove(item, "description")
        add(item, "description", escape(entry.summary, quote=False))
        if entry.image:
            add_image(item, entry.image)
        if file := entry.enclosure:
            size = str(file.octets)
            add(item, "enclosure", url=file.url, length=size, type=file.media_type)
        arrange(item, _ITEM_ORDER)
