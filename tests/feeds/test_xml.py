"""RSS and Atom as a reader sees them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from html import unescape
from xml.etree.ElementTree import Element

import feedparser  # type: ignore[import-untyped]  # ships no types
import pytest

from distribute.editions.edition import Author, Edition
from distribute.errors import DistributeError
from distribute.feeds.feed import Feed
from distribute.feeds.xml import to_atom, to_rss
from distribute.language import Language
from distribute.render.document import Content

ENGLISH, ARABIC = Language("en"), Language("ar")
ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
MEDIA = "{http://search.yahoo.com/mrss/}"
SITE = "https://news.example.org"
TRANSLATION = "https://schema.org/workTranslation"
Writer = Callable[[Feed], bytes]
HOSTILE = [
    "AT&T: p<0.05",
    "the <b> tag",
    "“quotes” \"and\" 'apostrophes'",
    "👩‍🚀 🌒 𝕏",
    "]]> --> <!--",
    "R&D; 5 > 4",
]


@pytest.fixture(params=[to_rss, to_atom], ids=["rss", "atom"])
def write(request: pytest.FixtureRequest) -> Writer:
    """Write either format."""
    writer: Writer = request.param
    return writer


def test_a_reader_finds_everything_in_its_own_language(
    write: Writer, translated_feed: Callable[[Language], Feed]
) -> None:
    """Home page, entries, languages, authors and tags come back without a complaint."""
    for language in (ENGLISH, ARABIC, Language("pt-BR")):
        parsed = feedparser.parse(write(translated_feed(language)))
        assert not parsed.bozo
        assert parsed.feed.link == f"{SITE}/{language.folder}/"
        assert parsed.feed.language == language.tag
        assert [entry.link for entry in parsed.entries] == [
            f"{SITE}/{language.folder}/night-{number}/" for number in (3, 2, 1)
        ]
        newest = parsed.entries[0]
        assert newest.id == f"tag:example.org,2026:{language.folder}/night-3"
        assert [author.name for author in newest.authors] == ["Ada", "Bo"]
        assert [tag.term for tag in newest.tags] == ["moon", "telescopes"]
        assert f'lang="{language}"' in newest.content[0].value
        assert f'dir="{language.direction}"' in newest.content[0].value
        assert newest.published_parsed[:5] == (2026, 3, 12, 0, 0)
        assert newest.media_content[0]["url"] == f"{SITE}/images/moon.jpg"


@pytest.mark.parametrize("title", HOSTILE)
def test_titles_come_back_as_they_are(
    write: Writer,
    feed_with: Callable[..., Feed],
    edition_of: Callable[..., Edition],
    content_of: Callable[..., Content],
    title: str,
) -> None:
    """No title breaks a feed or is changed by it; a summary neither."""
    edition = edition_of(title=title, tags=(title,), authors=(Author(title),))
    written = write(feed_with(edition, content=content_of(excerpt=title)))
    entry = feedparser.parse(written).entries[0]
    assert entry.title == title
    assert entry.author == title
    assert entry.tags[0].term == title
    assert _as_text(entry.summary_detail) == title


def _as_text(detail: feedparser.FeedParserDict) -> str:
    """Read a summary as a screen would show it; RSS knows it as HTML only."""
    if detail.type == "text/plain":
        return str(detail.value)
    return unescape(detail.value)


def test_rss_titles_escape_with_numbers(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """RSS titles hold ``&#x26;`` and ``&#x3C;``, as the RSS Advisory Board advises."""
    written = to_rss(feed_with(edition_of(title="AT&T: p<0.05 & </title>")))
    assert b"<title>AT&#x26;T: p&#x3C;0.05 &#x26; &#x3C;/title&gt;</title>" in written


def test_rss_has_its_elements_in_order(
    translated_feed: Callable[[Language], Feed],
    parsed: Callable[[bytes], Element],
) -> None:
    """The summary stands before the content, where every reader looks for it."""
    channel = parsed(to_rss(translated_feed(ENGLISH)))[0]
    assert [child.tag for child in channel if child.tag != "item"] == [
        *("title", "link", "description"),
        *[f"{ATOM}link"] * 4,
        *("language", "docs", "generator", "pubDate", "lastBuildDate"),
    ]
    dublin_core = "{http://purl.org/dc/elements/1.1/}creator"
    assert [child.tag for child in channel.findall("item")[0]] == [
        *("title", "link", "guid", "pubDate", dublin_core, dublin_core),
        *("category", "category", "description"),
        "{http://purl.org/rss/1.0/modules/content/}encoded",
        f"{MEDIA}content",
    ]


def test_atom_has_language_and_base_everywhere(
    translated_feed: Callable[[Language], Feed],
    parsed: Callable[[bytes], Element],
) -> None:
    """Feed, entry and content each say their language; the content its address."""
    root = parsed(to_atom(translated_feed(ARABIC)))
    entries = root.findall(f"{ATOM}entry")
    contents = [entry.find(f"{ATOM}content") for entry in entries]
    for element in (root, *entries, *contents):
        assert element is not None
        assert element.get(f"{XML}lang") == "ar"
    assert contents[0] is not None
    assert contents[0].get("type") == "html"
    assert contents[0].get(f"{XML}base") == f"{SITE}/ar/night-3/"


def test_there_is_one_alternate_link(
    translated_feed: Callable[[Language], Feed],
    parsed: Callable[[bytes], Element],
) -> None:
    """Feed and entry have one alternate each; translations have a relation of their own."""
    root = parsed(to_atom(translated_feed(ENGLISH)))
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    others: list[Element] = []
    for element, self_links in ((root, 1), (entry, 0)):
        links = element.findall(f"{ATOM}link")
        relations = [link.get("rel") for link in links]
        assert relations == ["self"] * self_links + ["alternate"] + [TRANSLATION] * 3
        others = links[self_links + 1 :]
        assert [link.get("hreflang") for link in others] == ["fr", "ar", "pt-BR"]
    assert others[0].attrib == {
        "rel": TRANSLATION,
        "type": "text/html",
        "hreflang": "fr",
        "title": "Français",
        "href": f"{SITE}/fr/night-3/",
    }


def test_a_feed_links_itself_and_its_sisters(
    write: Writer, translated_feed: Callable[[Language], Feed]
) -> None:
    """Every feed names its own address and the same format in the other languages."""
    name = "rss.xml" if write is to_rss else "atom.xml"
    links = feedparser.parse(write(translated_feed(ENGLISH))).feed.links
    by_relation = [(link.rel, link.href) for link in links if link.rel != "alternate"]
    assert by_relation == [
        ("self", f"{SITE}/en/{name}")
    ] + [  # feedparser writes relations in lower case
        (TRANSLATION.lower(), f"{SITE}/{folder}/{name}")
        for folder in ("fr", "ar", "pt-br")
    ]


def test_dates_are_utc_without_fractions(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """An instant is the same however the post wrote its zone."""
    tokyo = timezone(timedelta(hours=9))
    instant = datetime(2026, 3, 1, 8, 0, 0, 123456, tokyo)
    feed = feed_with(edition_of(published=instant))
    assert b"<published>2026-02-28T23:00:00+00:00</published>" in to_atom(feed)
    assert b"<pubDate>Sat, 28 Feb 2026 23:00:00 +0000</pubDate>" in to_rss(feed)
    assert to_atom(feed) == to_atom(
        feed_with(edition_of(published=instant.astimezone(UTC)))
    )


def test_the_cover_has_a_type_if_its_name_tells(
    write: Writer,
    feed_with: Callable[..., Feed],
    edition_of: Callable[..., Edition],
    parsed: Callable[[bytes], Element],
) -> None:
    """A cover is an image; of which type is said only where it is known."""
    addresses = [f"{SITE}/a.JPEG?w=1", f"{SITE}/cover", ""]
    pairs = [edition_of(f"c{n}", image=url) for n, url in enumerate(addresses)]
    root = parsed(write(feed_with(*pairs)))
    assert [picture.attrib for picture in root.iter(f"{MEDIA}content")] == [
        {"url": addresses[0], "medium": "image", "type": "image/jpeg"},
        {"url": addresses[1], "medium": "image"},
    ]


def test_without_a_description_the_title_stands_in(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """RSS requires a description; Atom simply has no subtitle then."""
    feed = feed_with(edition_of(language=ARABIC))
    assert feed.subtitle == ""
    assert feedparser.parse(to_rss(feed)).feed.subtitle == "سماء الليل"
    assert b"<subtitle>" not in to_atom(feed)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": ""}, "lacks its id, title, link or author"),
        ({"authors": ()}, "lacks its id, title, link or author"),
        ({"content": "a\x00"}, "holds characters that XML forbids"),
        ({"categories": ("\ud800",)}, "holds characters that XML forbids"),
    ],
)
def test_an_unwritable_entry_is_named(
    write: Writer,
    feed_with: Callable[..., Feed],
    edition_of: Callable[..., Edition],
    change: dict[str, object],
    reason: str,
) -> None:
    """What cannot be written is an error that says which entry it means."""
    feed = feed_with(edition_of("one"), edition_of("two"))
    broken = replace(feed.entries[1], **change)  # type: ignore[arg-type]  # that is the test
    with pytest.raises(DistributeError, match=r"en/two' of .*feed/en " + reason):
        write(replace(feed, entries=(feed.entries[0], broken)))


def test_entries_keep_their_order(
    write: Writer, feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """The newest entry is written first."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    editions = [
        edition_of(f"n{day}", published=start + timedelta(day)) for day in range(5)
    ]
    entries = feedparser.parse(write(feed_with(*editions))).entries
    assert [entry.title[-2:] for entry in entries] == ["n4", "n3", "n2", "n1", "n0"]
