"""Editions become a feed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from distribute.editions.edition import Author, Edition, Issue
from distribute.editions.publication import Publication
from distribute.errors import DistributeError
from distribute.feeds.build import is_syndicated
from distribute.feeds.feed import Feed
from distribute.language import Language
from distribute.render.document import Content
from tests.feeds.drafting import feed_of

DAY = datetime(2026, 3, 9, 12, tzinfo=UTC)
ENGLISH, FRENCH, ARABIC = Language("en"), Language("fr"), Language("ar")


def test_the_newest_twenty_make_the_feed(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """A feed holds the newest entries up to its limit, newest first."""
    editions = [
        edition_of(f"n{number}", published=DAY + timedelta(number))
        for number in range(25)
    ]
    feed = feed_with(*editions)
    assert [entry.title for entry in feed.entries] == [
        f"About n{number}" for number in range(24, 4, -1)
    ]
    assert len(feed_with(*editions, limit=3).entries) == 3


def test_the_number_orders_issues_of_one_day(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """On the same day the higher number comes first, then the address decides."""
    numbers = [2, None, 10, 2]
    editions = [
        edition_of(f"s{place}", number=number) for place, number in enumerate(numbers)
    ]
    slugs = [entry.id[-2:] for entry in feed_with(*editions).entries]
    assert slugs == ["s2", "s0", "s3", "s1"]


def test_a_feed_is_as_new_as_its_last_change(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """``updated`` is the last change of any entry, never the time of the build."""
    old = edition_of("old", published=DAY, updated=DAY + timedelta(90))
    new = edition_of("new", published=DAY + timedelta(30))
    feed = feed_with(old, new)
    assert feed.updated == DAY + timedelta(90)
    assert feed.published == DAY + timedelta(30)


def test_a_language_without_editions_has_no_feed(publication: Publication) -> None:
    """An empty feed is refused: it would tell nobody anything."""
    with pytest.raises(DistributeError, match="no edition in fr"):
        feed_of(FRENCH, [], publication=publication)


@pytest.mark.parametrize("choice", [False, "false", "No", "off"])
def test_a_post_can_stay_out_of_the_feed(
    feed_with: Callable[..., Feed],
    edition_of: Callable[..., Edition],
    choice: object,
) -> None:
    """``feed: false`` keeps a post out; it may be the only one."""
    hidden = edition_of("hidden", front_matter={"extra": {"feed": choice}})
    shown = edition_of("shown", front_matter={"extra": {"feed": True}})
    assert [entry.title for entry in feed_with(hidden, shown).entries] == [
        "About shown"
    ]
    assert not is_syndicated(hidden)
    assert is_syndicated(shown)


def test_content_says_its_language_and_direction(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """Content stands in a ``div`` with language and direction; Arabic runs to the left."""
    arabic = feed_with(edition_of(language=ARABIC)).entries[0]
    assert arabic.content == '<div lang="ar" dir="rtl">\n<p>Look up.</p>\n</div>'
    english = feed_with(edition_of()).entries[0]
    assert english.content.startswith('<div lang="en" dir="ltr">\n')


def test_content_is_clean(
    feed_with: Callable[..., Feed],
    edition_of: Callable[..., Edition],
    content_of: Callable[..., Content],
) -> None:
    """Neither class nor id nor comment, script or odd character reaches a reader."""
    html = (
        '<p class="lead" id="a" style="color:red">Seen\x00 \x0band\r\nkept\x85so'
        "\ud800\ufffe\x9b &#1;]]> 👩‍🚀</p><!-- hidden --><script>x()</script>"
    )
    feed = feed_with(edition_of(), content=content_of(html))
    assert feed.entries[0].content == (
        '<div lang="en" dir="ltr">\n<p>Seen and\nkept so ]]&gt; 👩‍🚀</p>\n</div>'
    )


def test_translations_stand_in_a_visible_last_line(
    translated_feed: Callable[[Language], Feed],
) -> None:
    """The content ends with links to the other languages, in the words of its own."""
    entry = translated_feed(FRENCH).entries[0]
    address = "https://news.example.org/{}/night-3/"
    assert entry.content.endswith(
        "<p>Aussi en : "
        f'<a href="{address.format("en")}" hreflang="en" lang="en" dir="ltr">English</a>'
        f' · <a href="{address.format("ar")}" hreflang="ar" lang="ar" dir="rtl">العربية</a>'
        f' · <a href="{address.format("pt-br")}" hreflang="pt-BR" lang="pt-BR" dir="ltr">'
        "Português (Brasil)</a></p>\n</div>"
    )
    assert entry.translations == {
        ENGLISH: address.format("en"),
        ARABIC: address.format("ar"),
        Language("pt-BR"): address.format("pt-br"),
    }


def test_only_existing_translations_are_offered(
    edition_of: Callable[..., Edition],
    issue_of: Callable[..., Issue],
    content_of: Callable[..., Content],
    publication: Publication,
) -> None:
    """A language that lacks the issue or has no feed is not linked."""
    english, french = edition_of(), edition_of(language=FRENCH)
    feed = feed_of(
        ENGLISH,
        [(english, content_of(), issue_of(english, french))],
        publication=publication,
        languages=[ENGLISH, FRENCH],
    )
    assert list(feed.entries[0].translations) == [FRENCH]
    assert feed.translations == {FRENCH: "https://news.example.org/fr/"}
    assert "<p><a href=" in feed.entries[0].content


def test_content_that_nobody_has_cleaned_is_clean_as_well(
    feed_with: Callable[..., Feed], edition_of: Callable[..., Edition]
) -> None:
    """What was kept on a disk may be anything; a feed that is no XML shows nothing."""
    dirty = Content(html="\r\n<p>Up\x00\ufffe</p>\r\n", excerpt="Up", preheader="")
    (entry,) = feed_with(edition_of("night"), content=dirty).entries
    assert entry.content == '<div lang="en" dir="ltr">\n<p>Up</p>\n</div>'


def test_texts_lose_what_xml_forbids_and_nothing_else(
    feed_with: Callable[..., Feed],
    edition_of: Callable[..., Edition],
    content_of: Callable[..., Content],
    publication: Publication,
) -> None:
    """Titles, names and tags are cleaned and folded into a line; emoji are words too."""
    edition = edition_of(
        title=" One\x00\r\n\t<b> & 🌒\ufffe ",
        authors=(Author("A\x0bda\nL. "), Author("\x01")),
        tags=("x\x7f", "x", " ", "y"),
    )
    feed = feed_with(
        edition,
        content=content_of(excerpt="a\x1b\nb"),
        publication=replace(publication, title="Night\x85Sky"),
    )
    entry = feed.entries[0]
    assert (entry.title, entry.summary) == ("One <b> & 🌒", "a b")
    assert (entry.authors, entry.categories) == ((Author("Ada L."),), ("x", "y"))
    assert feed.title == "Night Sky"


def test_nothing_required_is_ever_empty(
    feed_with: Callable[..., Feed],
    edition_of: Callable[..., Edition],
    content_of: Callable[..., Content],
) -> None:
    """Without title, summary or author the slug, the title and the newsletter step in."""
    edition = edition_of(title="\x00", authors=())
    entry = feed_with(edition, content=content_of(excerpt="")).entries[0]
    assert (entry.title, entry.summary) == ("moons", "moons")
    assert entry.authors == (Author("Night Sky", "https://news.example.org/en/"),)


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("https://x.example/é a.png", "https://x.example/%C3%A9%20a.png"),
        ("https://x.example/a%20b.png?c=1&d#e", "https://x.example/a%20b.png?c=1&d#e"),
        ("javascript:alert(1)", ""),
        ("@handle", ""),
        ("", ""),
    ],
)
def test_addresses_are_ascii_or_left_out(
    feed_with: Callable[..., Feed],
    edition_of: Callable[..., Edition],
    written: str,
    published: str,
) -> None:
    """What is no address of the web is left out; the rest is percent-encoded."""
    edition = edition_of(image=written, authors=(Author("Ada", written),))
    entry = feed_with(edition).entries[0]
    assert (entry.image.url if entry.image else "") == published
    assert entry.authors == (Author("Ada", published),)
