"""The files that feeds are published as."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser  # type: ignore[import-untyped]  # ships no types
import pytest

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.errors import DistributeError
from distribute.feeds.build import Shelves, Syndication, draft_feeds
from distribute.feeds.documents import Document, feed_documents
from distribute.feeds.options import FeedOptions, Words
from distribute.language import Language
from distribute.render.document import Content

ENGLISH, FRENCH, ARABIC = Language("en"), Language("fr"), Language("ar")
START = datetime(2026, 3, 9, tzinfo=UTC)
SITE = "https://news.example.org"


@pytest.fixture
def shelves(
    edition_of: Callable[..., Edition], issue_of: Callable[..., Issue]
) -> Shelves:
    """Three issues in English, two of them in Arabic as well."""
    issues = [
        issue_of(
            *(
                edition_of(f"n{n}", each, published=START + timedelta(n, hours=hour))
                for hour, each in enumerate([ENGLISH, ARABIC] if n else [ENGLISH])
            )
        )
        for n in range(3)
    ]
    return {
        each: [(i.editions[each], i) for i in issues if each in i.editions]
        for each in (ENGLISH, ARABIC)
    }


@pytest.fixture
def documents_of(
    publication: Publication, shelves: Shelves
) -> Callable[..., dict[str, Document]]:
    """Plan the documents; any option can be said."""

    def plan(**chosen: object) -> dict[str, Document]:
        syndication = Syndication(
            publication=replace(publication, languages=(ENGLISH, ARABIC)),
            options=FeedOptions(**chosen),  # type: ignore[arg-type]  # a test says what it needs
            words=lambda _: Words("Also:", "This <is> a feed.", "To the website"),
            weigh=lambda _: 100,
        )
        drafts = draft_feeds(shelves, syndication)
        return {each.path: each for each in feed_documents(drafts, publication)}

    return plan


def made(document: Document) -> bytes:
    """Make a document in which every edition says its own address."""
    return document.make(
        lambda edition: Content(
            html=f"<p>{edition.url}</p>", excerpt=edition.slug, preheader=""
        )
    )


def test_every_language_has_its_files(
    documents_of: Callable[..., dict[str, Document]],
) -> None:
    """There are three formats and the lines for a page, per language; one list of all."""
    names = ("rss.xml", "atom.xml", "feed.json", "autodiscovery.html")
    assert set(documents_of()) == {
        "feeds.opml",
        *(f"{folder}/{name}" for folder in ("en", "ar") for name in names),
    }


def test_what_a_file_depends_on_is_known_before_it_is_made(
    documents_of: Callable[..., dict[str, Document]], shelves: Shelves
) -> None:
    """Its facts change with anything but the content of the editions that it names."""
    plain, licensed = documents_of(), documents_of(rights="CC0")
    assert plain["en/rss.xml"].facts == documents_of()["en/rss.xml"].facts
    assert plain["en/rss.xml"].facts != plain["en/atom.xml"].facts
    assert plain["en/rss.xml"].facts != licensed["en/rss.xml"].facts
    assert (
        plain["en/autodiscovery.html"].facts == licensed["en/autodiscovery.html"].facts
    )
    newest_first = [edition for edition, _ in reversed(shelves[ARABIC])]
    assert list(plain["ar/atom.xml"].editions) == newest_first


def test_discovery_lines_offer_the_own_language_first(
    documents_of: Callable[..., dict[str, Document]],
) -> None:
    """RSS in this language, then in the others, then the other formats."""
    text = made(documents_of()["ar/autodiscovery.html"]).decode()
    found = re.findall(r'type="([^"]+)" hreflang="([^"]+)".* href="([^"]+)">', text)
    assert found == [
        ("application/rss+xml", "ar", f"{SITE}/ar/rss.xml"),
        ("application/rss+xml", "en", f"{SITE}/en/rss.xml"),
        ("application/atom+xml", "ar", f"{SITE}/ar/atom.xml"),
        ("application/feed+json", "ar", f"{SITE}/ar/feed.json"),
    ]
    assert text.count("<link rel=") == text.count("\n") == 4


def test_made_in_their_order_documents_ask_once_for_what_an_edition_says(
    documents_of: Callable[..., dict[str, Document]],
) -> None:
    """The formats of a document come together; in any other order they are the same."""
    asked: list[str] = []

    def content_of(edition: Edition) -> Content:
        asked.append(edition.url)
        return Content(html=f"<p>{edition.slug}</p>", excerpt="", preheader="")

    documents = documents_of(limit=2)
    in_order = {path: each.make(content_of) for path, each in documents.items()}
    assert asked == [
        edition.url
        for path, document in documents.items()
        for edition in document.editions
        if "/rss" in path
    ]
    alone = {path: documents_of(limit=2)[path].make(content_of) for path in documents}
    backwards = {p: documents[p].make(content_of) for p in reversed(documents)}
    assert in_order == alone == backwards


def test_the_combined_feed_has_all_languages(
    documents_of: Callable[..., dict[str, Document]],
) -> None:
    """``all`` has the entries of every feed, with the same ids, each in its language."""
    documents = documents_of(combined=True)
    ids = {
        item["id"]: item["language"]
        for folder in ("en", "ar")
        for item in json.loads(made(documents[f"{folder}/feed.json"]))["items"]
    }
    combined = json.loads(made(documents["all/feed.json"]))
    assert {item["id"]: item["language"] for item in combined["items"]} == ids
    assert "language" not in combined
    assert combined["home_page_url"] == f"{SITE}/"
    dates = [item["date_published"] for item in combined["items"]]
    assert dates == sorted(dates, reverse=True)
    for name in ("rss.xml", "atom.xml"):
        feed = feedparser.parse(made(documents[f"all/{name}"]))
        assert not feed.bozo
        wanted = [item["id"] for item in combined["items"]]
        assert [entry.id for entry in feed.entries] == wanted
    rss = made(documents["all/rss.xml"]).decode()
    assert re.findall("<dc:language>(.*)</dc:language>", rss) == [
        item["language"] for item in combined["items"]
    ]
    assert "<language>" not in rss
    assert f'"{SITE}/all/rss.xml"' in rss
    assert b"/all/" not in made(documents["feeds.opml"])
    assert not [path for path in documents_of() if path.startswith("all/")]


def test_people_who_open_a_feed_are_told_what_it_is(
    documents_of: Callable[..., dict[str, Document]],
) -> None:
    """A style sheet and a block of XHTML with a link come first; neither is a script."""
    for name in ("rss.xml", "atom.xml"):
        text = made(documents_of()[f"ar/{name}"]).decode()
        assert text.split("\n")[1] == (
            '<?xml-stylesheet type="text/css" href="../feed.css"?>'
        )
        block = text.partition("<div xmlns=")[2].partition("</div>")[0]
        assert block.startswith('"http://www.w3.org/1999/xhtml" lang="ar" dir="rtl">')
        assert "This &lt;is&gt; a feed." in block
        assert f'<a href="{SITE}/ar/">To the website</a>' in block
        assert text.index("<div") < text.index("<title>")
        assert "xsl" not in text.replace("xml-stylesheet", "")


def test_the_newsletter_may_say_who_edits_it_and_what_it_looks_like(
    documents_of: Callable[..., dict[str, Document]],
) -> None:
    """Editor, rights and pictures are written where a format has a place for them."""
    documents = documents_of(
        editor="ed@example.org (Ed)",
        rights="CC BY & more",
        icon=f"{SITE}/icon.png",
        logo=f"{SITE}/logo.png",
    )
    rss = made(documents["ar/rss.xml"]).decode()
    assert "<managingEditor>ed@example.org (Ed)</managingEditor>" in rss
    assert "<copyright>CC BY &amp; more</copyright>" in rss
    image = re.sub(r"\s+", "", rss.partition("<image>")[2].partition("</image>")[0])
    assert image == (
        f"<url>{SITE}/logo.png</url><title>سماءالليل</title><link>{SITE}/ar/</link>"
    )
    atom = made(documents["ar/atom.xml"]).decode()
    assert f"<icon>{SITE}/icon.png</icon>" in atom
    assert f"<logo>{SITE}/logo.png</logo>" in atom
    assert atom.count("<rights>CC BY &amp; more</rights>") == 1
    assert "ed@example.org" not in atom
    assert json.loads(made(documents["ar/feed.json"]))["icon"] == f"{SITE}/icon.png"


def test_without_settings_nobody_is_named_and_nothing_shown(
    documents_of: Callable[..., dict[str, Document]],
) -> None:
    """No address to be harvested, no picture, no rights."""
    for name in ("rss.xml", "atom.xml", "feed.json"):
        text = made(documents_of()[f"en/{name}"]).decode()
        for word in (
            "managingEditor",
            "copyright",
            "<image>",
            "rights",
            "icon",
            "logo",
        ):
            assert word not in text


def test_a_post_with_rights_of_its_own_says_so(
    documents_of: Callable[..., dict[str, Document]],
    publication: Publication,
    edition_of: Callable[..., Edition],
    issue_of: Callable[..., Issue],
) -> None:
    """``rights`` in the front matter stands in the entry where it differs."""
    own = edition_of("own", front_matter={"extra": {"rights": "All mine"}})
    same = edition_of("same", front_matter={"extra": {"rights": "CC0"}})
    syndication = Syndication(
        publication=publication,
        options=FeedOptions(rights="CC0"),
        words=lambda _: Words(),
        weigh=lambda _: 100,
    )
    shelves = {ENGLISH: [(each, issue_of(each)) for each in (own, same)]}
    drafts = draft_feeds(shelves, syndication)
    documents = {each.path: each for each in feed_documents(drafts, publication)}
    atom, rss = (made(documents[f"en/{name}.xml"]) for name in ("atom", "rss"))
    assert re.findall(b"<rights>(.*)</rights>", atom) == [b"CC0", b"All mine"]
    assert re.findall(b"<dc:rights>(.*)</dc:rights>", rss) == [b"All mine"]


def test_two_languages_never_share_an_id(
    publication: Publication,
    edition_of: Callable[..., Edition],
    issue_of: Callable[..., Issue],
) -> None:
    """A guid that a translation copied is refused: readers would show one of the two."""
    front_matter = {"guid": "urn:x:1"}
    one, two = (
        edition_of("n", each, front_matter=front_matter) for each in (ENGLISH, FRENCH)
    )
    issue = issue_of(one, two)
    syndication = Syndication(
        publication=publication,
        options=FeedOptions(),
        words=lambda _: Words(),
        weigh=lambda _: 100,
    )
    with pytest.raises(DistributeError, match="have the same feed id 'urn:x:1'"):
        draft_feeds({ENGLISH: [(one, issue)], FRENCH: [(two, issue)]}, syndication)
