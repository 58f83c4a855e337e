"""Check 14: whoever opens a feed in a browser sees what it is, and can go home.

The documents are served over loopback the way a host would, as ``application/xml``.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.letters import Letter
from tests.browsers import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_SEEN = """() => {
  const seen = [...document.querySelectorAll('*')].filter(each => {
    const box = each.getBoundingClientRect();
    return box.width && box.height && getComputedStyle(each).visibility == 'visible';
  });
  const find = name => seen.filter(each => each.localName == name);
  const side = each => {
    const range = document.createRange();
    range.selectNodeContents(each);
    const lines = [...range.getClientRects()], box = each.getBoundingClientRect();
    const line = lines.at(-1);
    return line.right > box.right - 2 && line.left > box.left + 2 ? "rtl" : "ltr";
  };
  const root = document.documentElement;
  return {
    titles: find('title').map(each => each.textContent),
    links: find('a').map(each => each.href),
    sides: find('title').filter(each => each.closest('item, entry')).map(side),
    wide: root.scrollWidth > root.clientWidth,
  };
}"""


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Start Chromium without a window."""
    with chromium() as started:
        yield started


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word about it."""

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        return (
            "application/xml"
            if str(path).endswith(".xml")
            else super().guess_type(path)
        )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; gives the address."""
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(_Quiet, directory=folder)
    ) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_a_feed_can_be_looked_at(letter: Letter, browser: "Browser", name: str) -> None:
    """Title and entries are seen, a link leads home, Arabic runs from right to left."""
    feeds = letter.feeds(name)
    chosen = {folder: path for folder, path in feeds.items() if folder in {"en", "ar"}}
    tab = browser.new_page(viewport={"width": 375, "height": 700})
    with served(letter.site) as address:
        for folder, path in chosen.items():
            tab.goto(f"{address}/{folder}/{path.name}")
            _check(tab, letter, folder)
    tab.close()


def _check(tab: "Page", letter: Letter, folder: str) -> None:
    own = letter.in_language(folder)
    publication = letter.newsletter.publication
    language = next(iter(own.values())).language
    seen = tab.evaluate(_SEEN)
    assert publication.title_in(language) in seen["titles"]
    assert {" ".join(e.title.split()) for e in own.values()} & set(seen["titles"])
    assert publication.home_url(language) in seen["links"]
    assert set(seen["sides"]) == {language.direction}
    assert not seen["wide"], "it does not fit a telephone"


def test_no_feed_needs_a_script_or_xslt(letter: Letter) -> None:
    """Styles are CSS alone: browsers give up XSLT, and nobody runs scripts of a feed."""
    for path in letter.documents("rss", "atom"):
        text = path.read_text("utf-8")
        assert "xsl" not in text.partition("<feed" if "<feed" in text else "<rss")[0]
        assert 'type="text/css"' in text
        assert "<script" not in text
    assert (letter.site / "feed.css").is_file()
