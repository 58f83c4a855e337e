"""What feedgen 1.0.0 gets wrong never reaches a reader; one test per trap."""

import locale
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from xml.etree.ElementTree import Element

import pytest

from distribute.editions.edition import Edition
from distribute.feeds.feed import Feed
from distribute.feeds.xml import to_atom, to_rss
from distribute.language import Language
from distribute.render.document import Content

ENGLISH = Language("en")
SITE = "https://news.example.org"


def test_atom_links_keep_their_attributes(
    translated_feed: Callable[[Language], Feed],
    parsed: Callable[[bytes], Element],
) -> None:
    """No two links of an entry look alike; feedgen would keep their addresses only."""
    for entry in parsed(to_atom(translated_feed(ENGLISH))).iter(
        "{http://www.w3.org/2005/Atom}entry"
    ):
        links = entry.findall("{http://www.w3.org/2005/Atom}link")
        named = {(link.get("rel"), link.get("hreflang")) for link in links}
        assert len(named) == len(links) == 4
        assert all(link.get("type") == "text/html" for link in links)


def test_rss_home_page_is_the_home_page(
    translated_feed: Callable[[Language], Feed],
    parsed: Callable[[bytes], Element],
) -> None:
    """The page of the channel is its home; feedgen takes the last link of any kind."""
    channel = parsed(to_rss(translated_feed(ENGLISH)))[0]
    assert [link.text for link in channel.findall("link")] == [f"{SITE}/en/"]
    assert [link.text for link in channel.findall("item/link")] == [
        f"{SITE}/en/night-{number}/" for number in (3, 2, 1)
    ]


def test_the_clock_is_nowhere(translated_feed: Callable[[Language], Feed]) -> None:
    """Every date comes from a post; feedgen would add the present where one lacks."""
    for written in (
        to_rss(translated_feed(ENGLISH)),
        to_atom(translated_feed(ENGLISH)),
    ):
        years = re.findall(rb"\b(?:20\d\d)-?(?=-\d\d-\d\dT| \d\d:\d\d:)", written)
        assert set(years) == {b"2026"}
        days = re.findall(rb"2026-(\d\d-\d\d)T|, (\d\d \w{3}) 2026", written)
        assert {(one or other) for one, other in days} <= {
            *(b"03-10", b"03-11", b"03-12", b"10 Mar", b"11 Mar", b"12 Mar")
        }


def test_content_is_escaped_html(
    translated_feed: Callable[[Language], Feed],
    parsed: Callable[[bytes], Element],
) -> None:
    """There is no CDATA, no XHTML and no content without a type."""
    atom, rss = to_atom(translated_feed(ENGLISH)), to_rss(translated_feed(ENGLISH))
    assert b"CDATA" not in atom + rss
    contents = parsed(atom).iter("{http://www.w3.org/2005/Atom}content")
    assert {content.get("type") for content in contents} == {"html"}
    assert atom.count(b'<summary type="text">') == 3


def test_line_ends_are_lf(
    feed_with: Callable[..., Feed],
    edition_of: Callable[..., Edition],
    content_of: Callable[..., Content],
) -> None:
    """A post checked out with CRLF makes the same bytes as one with LF."""
    html = "<p>one\n\ntwo</p>\n<pre>a\nb</pre>"
    feeds = [
        feed_with(edition_of(), content=content_of(html.replace("\n", end)))
        for end in ("\n", "\r\n", "\r")
    ]
    assert len({to_atom(feed) for feed in feeds}) == 1
    assert b"\r" not in to_rss(feeds[1])
    assert b"&#13;" not in to_rss(feeds[1])


def test_the_picture_is_in_no_group(
    translated_feed: Callable[[Language], Feed],
) -> None:
    """A picture of its own is no group of alternatives, as feedgen would have it."""
    for written in (
        to_rss(translated_feed(ENGLISH)),
        to_atom(translated_feed(ENGLISH)),
    ):
        assert b"media:content" in written
        assert b"media:group" not in written


def test_no_element_that_feedgen_breaks(
    translated_feed: Callable[[Language], Feed],
) -> None:
    """Elements that nobody reads or that come out wrong are not written."""
    written = to_rss(translated_feed(ENGLISH)) + to_atom(translated_feed(ENGLISH))
    for name in (b"ttl", b"skipDays", b"skipHours", b"textInput", b"cloud", b"rating"):
        assert b"<" + name not in written
    assert b"None" not in written
    assert b"<author>" not in to_rss(translated_feed(ENGLISH))  # needs an address there


def test_the_locale_of_the_process_stays(
    translated_feed: Callable[[Language], Feed],
) -> None:
    """A date is written without switching the locale, which four threads left changed."""
    feed = translated_feed(ENGLISH)
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "C.UTF-8")
        with ThreadPoolExecutor(4) as pool:
            written = set(pool.map(to_rss, [feed] * 40))
        assert locale.setlocale(locale.LC_ALL) == "C.UTF-8"
    finally:
        locale.setlocale(locale.LC_ALL, before)
    assert len(written) == 1


def test_dates_are_english_in_every_locale(
    monkeypatch: pytest.MonkeyPatch, translated_feed: Callable[[Language], Feed]
) -> None:
    """RFC 822 knows English names only, and nothing asks the locale for others."""

    def refuse(*_: object) -> str:
        raise AssertionError("the locale was touched")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert b"Thu, 12 Mar 2026" in to_rss(translated_feed(ENGLISH))


_WRITE = """
import pickle, sys
from hashlib import sha256
from tests.feeds.drafting import feed_of
from distribute.feeds.json import to_json_feed
from distribute.feeds.opml import to_opml
from distribute.feeds.xml import to_atom, to_rss
arguments, options = pickle.load(sys.stdin.buffer)
feed = feed_of(*arguments, **options)
files = [to_rss(feed), to_atom(feed), to_json_feed(feed)]
files.append(to_opml(options["publication"], [feed]))
print(*(sha256(file).hexdigest() for file in files))
"""


def test_the_same_bytes_everywhere(
    edition_of: Callable[..., Edition],
    issue_of: Callable[..., object],
    content_of: Callable[..., Content],
    publication: object,
) -> None:
    """Neither time zone nor locale nor hash seed nor the day changes a byte."""
    edition = edition_of(published=datetime.fromisoformat("2026-03-09T07:30+01:00"))
    french = edition_of(language=Language("fr"))
    entries = [(edition, content_of(), issue_of(edition, french))]
    job = pickle.dumps(((ENGLISH, entries), {"publication": publication}))
    surroundings = [
        {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
    ]
    written = {
        subprocess.run(  # noqa: S603 - our own code, in another environment
            [sys.executable, "-c", _WRITE],
            input=job,
            env=os.environ | extra,
            capture_output=True,
            check=True,
        ).stdout
        for extra in surroundings
    }
    assert len(written) == 1
    assert written != {b"\n"}
