"""RSS 2.0 and Atom, through feedgen: the one door to it.

feedgen 1.0.0 writes invalid or untrue feeds in some twenty ways. What it is known to get
wrong is left unused, replaced (its dates) or written by us into the tree it makes, as
extensions that it calls for the feed and for every entry: `distribute.feeds.rss` and
`distribute.feeds.atom`.
"""

import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

from distribute.errors import DistributeError
from distribute.feeds.atom import AtomEntry, AtomFeed
from distribute.feeds.feed import Entry, Feed
from distribute.feeds.rss import RssFeed, RssItem
from distribute.feeds.slots import SLOT, filled, in_xml, is_sayable
from distribute.render.characters import clean

GENERATOR = "distribute"
"""Without a version, so that an upgrade alone changes no feed."""
STYLE_SHEET = "feed.css"
"""Lies beside the folders of the feeds, and shows a document to who opens it."""
_EXTENSION = "distribute"
_STYLE = b'<?xml-stylesheet type="text/css" href="../%b"?>\n' % STYLE_SHEET.encode()
_TITLE = re.compile(rb"<title>[^<]*</title>")


@cache
def _feedgen() -> Any:
    """Load feedgen, which is only needed where a feed has changed.

    Its own function for dates switches the locale of the whole process for every one.
    """
    from email.utils import format_datetime

    import feedgen.entry
    import feedgen.feed

    feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = format_datetime
    return feedgen.feed


def to_rss(feed: Feed) -> bytes:
    """Write RSS 2.0 in UTF-8, the same bytes for the same feed.

    Raises `DistributeError`, naming the entry, for what XML cannot say.
    """
    written = _generator(feed, RssFeed, RssItem).rss_str(pretty=True)
    titled = _TITLE.sub(_hexadecimal, written)
    return _filled(_styled(titled), feed, b"content:encoded")


def to_atom(feed: Feed) -> bytes:
    """Write Atom 1.0 (RFC 4287) in UTF-8, the same bytes for the same feed.

    Raises `DistributeError`, naming the entry, for what XML cannot say.
    """
    written = _generator(feed, AtomFeed, AtomEntry).atom_str(pretty=True)
    return _filled(_styled(written), feed, b"content")


def _generator(
    feed: Feed,
    feed_extension: type[RssFeed | AtomFeed],
    entry_extension: type[RssItem | AtomEntry],
) -> Any:
    """Tell feedgen what it writes well; the extensions write the rest."""
    _refuse_unwritable(feed)
    generator = _feedgen().FeedGenerator()
    generator.id(feed.id)
    generator.title(feed.title)
    generator.subtitle(feed.subtitle or feed.title)
    generator.language(feed.language.tag)
    if feed.rights:
        generator.rights(feed.rights)
    generator.link(href=feed.link, rel="alternate")
    generator.updated(_utc(feed.updated))
    generator.author(name=feed.title, uri=feed.link)
    generator.pubDate(_utc(feed.published))
    generator.generator(GENERATOR)
    generator.register_extension(_EXTENSION, lambda: feed_extension(feed))
    for entry in feed.entries:
        written = generator.add_entry(order="append")
        _fill(written, entry, feed.category_scheme)
        written.register_extension(_EXTENSION, lambda e=entry: entry_extension(e, feed))
    return generator


def _fill(written: Any, entry: Entry, category_scheme: str) -> None:
    written.id(entry.id)
    written.title(entry.title)
    written.link(href=entry.link, rel="alternate")
    written.published(_utc(entry.published))
    written.updated(_utc(entry.updated))
    written.summary(entry.summary, type="text")
    written.content(SLOT, type="html")
    for category in entry.categories:
        scheme = {"scheme": category_scheme} if category_scheme else {}
        written.category(term=category, label=category, **scheme)
    for author in entry.authors:
        uri = {"uri": author.url} if author.url else {}
        written.author(name=author.name, **uri)


def _refuse_unwritable(feed: Feed) -> None:
    """Complain before feedgen does, which would not say which entry it means."""
    for entry in feed.entries:
        if reason := _objection(entry):
            named = entry.id or entry.link or entry.title
            raise DistributeError(f"the entry {named!r} of {feed.id} {reason}")


def _objection(entry: Entry) -> str:
    if not (entry.id and entry.title and entry.link and entry.authors):
        return "lacks its id, title, link or author"
    names = (author.name for author in entry.authors)
    texts = (entry.id, entry.title, entry.summary, entry.rights, *names)
    is_clean = all(clean(text) == text for text in (*texts, *entry.categories))
    if not (is_clean and is_sayable(entry.content)):
        return "holds characters that XML forbids"
    return ""


def _hexadecimal(title: re.Match[bytes]) -> bytes:
    """Write the two special characters as the RSS Advisory Board wants them in titles.

    To a parser they are the same; to the many readers that decode twice they are not.
    """
    return title[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


def _styled(document: bytes) -> bytes:
    """Point browsers to the style sheet, behind the XML declaration."""
    declaration, line_end, rest = document.partition(b"\n")
    return declaration + line_end + _STYLE + rest


def _filled(document: bytes, feed: Feed, element: bytes) -> bytes:
    """Let the elements of this name say what the entries do."""
    slot = b"%b</%b>" % (SLOT.encode(), element)  # in a text, "<" is not itself
    return filled(document, slot, (in_xml(entry.content) for entry in feed.entries))


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)
