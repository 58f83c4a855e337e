"""The files that feeds are published as: in three formats each, and how to find them.

A file is known by what it depends on before anybody has made it; see `Document`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from html import escape

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.feeds.atom import ATOM_TYPE
from distribute.feeds.build import COMBINED, Draft
from distribute.feeds.feed import Feed, document_name
from distribute.feeds.json import JSON_TYPE, to_json_feed
from distribute.feeds.opml import to_opml
from distribute.feeds.rss import RSS_TYPE
from distribute.feeds.xml import to_atom, to_rss
from distribute.render.document import Content

ContentOf = Callable[[Edition], Content]
_Fill = Callable[[Draft, ContentOf], Feed]
_Write = Callable[[Feed], bytes]
DISCOVERY = "autodiscovery.html"
_FORMATS: Mapping[str, _Write] = {
    "rss.xml": to_rss,
    "atom.xml": to_atom,
    "feed.json": to_json_feed,
}
_TYPES = {"rss.xml": RSS_TYPE, "atom.xml": ATOM_TYPE, "feed.json": JSON_TYPE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file of the site that belongs to a feed."""

    path: str
    """Below ``out/site``, with slashes: ``en/rss-2.xml``."""
    facts: tuple[object, ...]
    """All that its bytes depend on, but for the `editions`."""
    editions: tuple[Edition, ...] = ()
    """Of which it holds the content, and all that was decided about them."""
    make: Callable[[ContentOf], bytes] = field(compare=False)
    """Make its bytes; raises `DistributeError` for what the format cannot say."""


def feed_documents(
    drafts: Mapping[str, Sequence[Draft]], publication: Publication
) -> Iterator[Document]:
    """Give the files of all feeds, which `distribute.feeds.build.draft_feeds` drafted.

    The formats of a draft come together: made in this order, it is filled once for all.
    """
    fill = lru_cache(maxsize=1)(Draft.filled)
    for folder, pages in drafts.items():
        for draft in pages:
            yield from _in_all_formats(folder, draft, fill)
    feeds = [pages[0].feed for folder, pages in drafts.items() if folder != COMBINED]
    if not feeds:
        return
    yield Document(
        path="feeds.opml",
        facts=("opml", [replace(feed, entries=()) for feed in feeds]),
        make=lambda _: to_opml(publication, feeds),
    )
    for feed in feeds:
        lines = discovery_lines(feed, feeds)
        yield Document(
            path=f"{feed.language.folder}/{DISCOVERY}",
            facts=(lines,),
            make=partial(_written, lines),
        )


def discovery_lines(feed: Feed, feeds: Sequence[Feed]) -> str:
    """Write the ``link`` elements for the head of a page of somebody's own site.

    The feed of this language comes first, in RSS, then RSS in the others, then the other
    formats: many readers take the first they see.
    """
    others = [other for other in feeds if other.id != feed.id]
    found = [(each, "rss.xml") for each in (feed, *others)]
    found += [(feed, "atom.xml"), (feed, "feed.json")]
    return "".join(_discovery_line(each, name) for each, name in found)


def _discovery_line(feed: Feed, name: str) -> str:
    title = f"{feed.title} ({feed.language.autonym})"
    return (
        f'<link rel="alternate" type="{_TYPES[name]}" hreflang="{feed.language}"'
        f' title="{escape(title)}" href="{escape(feed.current_url(name))}">\n'
    )


def _in_all_formats(folder: str, draft: Draft, fill: _Fill) -> Iterator[Document]:
    head = replace(draft.feed, entries=())
    entries = [
        f"{e.id}\n{e.rights}\n{e.enclosure}\n{e.content}" for e in draft.feed.entries
    ]
    for name, write in _FORMATS.items():
        yield Document(
            path=f"{folder}/{document_name(name, draft.feed.page)}",
            facts=(name, head, entries),
            editions=draft.editions,
            make=partial(_made, write, draft, fill),
        )


def _made(write: _Write, draft: Draft, fill: _Fill, content_of: ContentOf) -> bytes:
    return write(fill(draft, content_of))


def _written(text: str, _: ContentOf) -> bytes:
    return text.encode()
