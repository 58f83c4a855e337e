"""What feed readers make of a document; each is skipped where it is missing.

All of them are programs that others wrote: feedparser in Python, two parsers in
JavaScript, and newsboat, which people read with.
"""

import json
import os
import sqlite3
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import feedparser  # type: ignore[import-untyped]  # ships no types

from tests.judges import node, program

_JAVASCRIPT = """
const fs = require("fs");
const readers = {
  "rss-parser": async text => {
    const feed = await new (require("rss-parser"))().parseString(text);
    return { home: feed.link, items: feed.items.map(item => ({
      id: item.guid || item.id, title: item.title, link: item.link,
      content: item["content:encoded"] || item.content })) };
  },
  "@rowanmanning/feed-parser": async text => {
    const feed = require("@rowanmanning/feed-parser").parseFeed(text);
    return { home: feed.url, items: feed.items.map(item => ({
      id: item.id, title: item.title, link: item.url, content: item.content })) };
  },
};
(async () => {
  const [reader, ...paths] = fs.readFileSync(0, "utf8").split("\\n");
  for (const path of paths)
    console.log(JSON.stringify(await readers[reader](fs.readFileSync(path, "utf8"))));
})();
"""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as a reader keeps it."""

    id: str
    title: str
    link: str
    content: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A feed as a reader shows it."""

    home: str
    """Where its title leads."""
    items: Sequence[Item]
    is_rtl: bool | None = None
    """Whether it is read from right to left, if the reader has an idea of that."""


def opened_by_feedparser(paths: Sequence[Path]) -> list[Opened]:
    """Let feedparser read; a document that is not clean fails."""
    found = []
    for path in paths:
        feed = feedparser.parse(path.read_bytes())
        assert not feed.bozo, f"{path}: {feed.get('bozo_exception')}"
        items = [
            Item(entry.id, entry.title, entry.link, entry.content[0].value)
            for entry in feed.entries
        ]
        found.append(Opened(feed.feed.link, items))
    return found


def opened_by_rss_parser(paths: Sequence[Path]) -> list[Opened]:
    """Let rss-parser read."""
    return _opened_in_node("rss-parser", paths)


def opened_by_feed_parser(paths: Sequence[Path]) -> list[Opened]:
    """Let @rowanmanning/feed-parser read."""
    return _opened_in_node("@rowanmanning/feed-parser", paths)


def opened_by_newsboat(paths: Sequence[Path]) -> list[Opened]:
    """Let newsboat read, as somebody would who subscribes to all languages at once.

    It knows items by their guid alone, so documents that share entries, such as RSS and
    Atom, have caches of their own.
    """
    newsboat = program("newsboat")
    shelves: dict[object, list[Path]] = {}
    for path in paths:
        kind, _, page = path.stem.partition("-")
        of_one_kind = (kind, bool(page), path.parent.name == "all")
        shelves.setdefault(of_one_kind, []).append(path)
    found: dict[Path, Opened] = {}
    for shelf in shelves.values():
        found |= _opened_in_newsboat(newsboat, shelf)
    return [found[path] for path in paths]


READERS: Mapping[str, Callable[[Sequence[Path]], list[Opened]]] = {
    "feedparser": opened_by_feedparser,
    "rss-parser": opened_by_rss_parser,
    "feed-parser": opened_by_feed_parser,
    "newsboat": opened_by_newsboat,
}


def _opened_in_node(package: str, paths: Sequence[Path]) -> list[Opened]:
    lines = node(_JAVASCRIPT, package, "\n".join([package, *map(str, paths)]))
    documents = [json.loads(line) for line in lines]
    return [
        Opened(each["home"], [Item(**item) for item in each["items"]])
        for each in documents
    ]


def _opened_in_newsboat(newsboat: str, paths: Sequence[Path]) -> dict[Path, Opened]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config").write_text("auto-reload no\ndownload-retries 1\n")
        (folder / "urls").write_text("".join(f"{path.as_uri()}\n" for path in paths))
        names = ("-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload")
        subprocess.run(  # noqa: S603 - our own arguments
            [newsboat, *names], cwd=folder, env={**os.environ, "HOME": name},
            check=True, timeout=60, capture_output=True,
        )  # fmt: skip
        with closing(sqlite3.connect(folder / "cache.db")) as cache:
            return {path: _kept(cache, path.as_uri()) for path in paths}


def _kept(cache: sqlite3.Connection, address: str) -> Opened:
    """Read what newsboat keeps of one feed."""
    home, is_rtl = cache.execute(
        "SELECT url, is_rtl FROM rss_feed WHERE rssurl = ?", [address]
    ).fetchone()
    rows = cache.execute(
        "SELECT guid, title, url, content FROM rss_item WHERE feedurl = ?", [address]
    )
    return Opened(home, [Item(*row) for row in rows], bool(is_rtl))
