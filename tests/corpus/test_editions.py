"""Real posts become the issues that they are."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path, PurePath
from typing import Any

import pytest

from distribute.editions.authors import parse_authors
from distribute.editions.coverage import State, coverage
from distribute.editions.edition import Edition
from distribute.editions.issues import Resolution, resolve_issues
from distribute.editions.publication import Publication
from distribute.editions.resolve import EditionRules
from distribute.language import Language
from distribute.posts.repair import repair, suspect_lines
from distribute.posts.source import Reading, read_posts
from distribute.web.site.shelves import shelves_of

Expected = dict[str, dict[str, Any]]
LANGUAGES = tuple(
    Language.parse(tag) for tag in ("en", "pt-BR", "es", "fr", "zh", "tr", "ar")
)
PUBLICATION = Publication(
    title="NLP Newsletter",
    url="https://dair.ai",
    tag="dair.ai,2020",
    languages=LANGUAGES,
)


@pytest.fixture(scope="module")
def reading(corpus: Path) -> Reading:
    """Read all posts."""
    return read_posts(corpus / "posts", shown=PurePath("posts"))


def resolve(reading: Reading, corpus: Path, *tags: str) -> Resolution:
    """Resolve the posts with these tags."""
    path = corpus / "authors.yml"
    return resolve_issues(
        reading.posts,
        publication=PUBLICATION,
        rules=EditionRules(select_tags=frozenset(tags), permalink="/:title/"),
        authors=parse_authors(path.read_text(encoding="utf-8"), path),
    )


@pytest.fixture(scope="module")
def newsletter(reading: Reading, corpus: Path) -> Resolution:
    """Resolve the newsletter among the posts."""
    return resolve(reading, corpus, "nlp_newsletter")


@pytest.fixture(scope="module")
def everything(reading: Reading, corpus: Path) -> Resolution:
    """Resolve all posts, as if the whole blog were the newsletter."""
    return resolve(reading, corpus)


def editions(resolution: Resolution) -> Iterator[Edition]:
    """Give all editions."""
    return (e for issue in resolution.issues for e in issue.editions.values())


def posts_of(expected: Expected) -> Expected:
    """Give what is expected of posts, without the damaged copies."""
    return {name: facts for name, facts in expected.items() if "date" in facts}


def test_every_post_is_read_with_its_title(
    reading: Reading, expected: Expected
) -> None:
    """Whatever its suffix, its line ends or its byte order mark."""
    titles = {p.path.name: p.front_matter.title for p in reading.posts}
    assert titles == {name: f["title"] for name, f in posts_of(expected).items()}
    assert sum(p.path.suffix == ".Md" for p in reading.posts) >= 10


def test_reading_finds_no_more_than_there_is(reading: Reading) -> None:
    """The one thing odd about the open posts is an excerpt that stands twice."""
    assert [(f.rule, f.path.name) for f in reading.findings] == [
        ("front-matter-duplicate-key", "2019-01-10-emnlp-emotion-recognition.md")
    ]


def test_language_issue_and_date_of_each_post(
    newsletter: Resolution, expected: Expected
) -> None:
    """All editions are in their issue, and no other post is in any."""
    found = {
        e.post.path.name: (e.language.tag, e.number, e.day.isoformat())
        for e in editions(newsletter)
    }
    assert found == {
        name: (f["lang"], f["issue"], f["date"])
        for name, f in posts_of(expected).items()
        if f.get("series") == "nlp_newsletter"
    }


def test_authors_titles_and_addresses_of_each_post(
    everything: Resolution, expected: Expected
) -> None:
    """All posts, of the newsletter or not, have the ones they had before."""
    found = {
        e.post.path.name: (
            e.title,
            e.url,
            e.day.isoformat(),
            next((author.name for author in e.authors), None),
        )
        for e in editions(everything)
    }
    assert found == {
        name: (
            f["title"],
            f"https://dair.ai{f['jekyll_url']}",
            f["date"],
            f["author_name"],
        )
        for name, f in posts_of(expected).items()
    }


def test_issues_by_languages(newsletter: Resolution, expected: Expected) -> None:
    """The table of issues and translations is the real one, newest first."""
    table: dict[int, set[str]] = {}
    for facts in posts_of(expected).values():
        if facts.get("series") == "nlp_newsletter":
            table.setdefault(facts["issue"], set()).add(facts["lang"])
    found = {i.number: {k.tag for k in i.editions} for i in newsletter.issues}
    assert found == table
    assert [i.number for i in newsletter.issues] == sorted(table, reverse=True)
    assert table[3] == {"en", "fr", "zh"}
    states = Counter(c.state for c in coverage(newsletter.issues, LANGUAGES))
    assert states[State.PRESENT] == sum(map(len, table.values()))
    assert states[State.STALE] == 0


def test_posts_left_out_have_the_reason(
    newsletter: Resolution, expected: Expected
) -> None:
    """They carry another tag, and nothing else is wrong with them."""
    others = [n for n, f in posts_of(expected).items() if "series" not in f]
    assert sorted(left.post.path.name for left in newsletter.left_out) == sorted(others)
    assert {left.reason for left in newsletter.left_out} == {
        "not tagged nlp_newsletter"
    }


def _shelf(resolution: Resolution, tag: str) -> list[Edition]:
    """Give the editions in one language, in the order in which they are shown."""
    language = Language(tag)
    shelf = shelves_of(resolution.issues, [language])[language]
    return [edition for edition, _ in shelf]


def test_equal_dates_are_in_the_order_of_issues(newsletter: Resolution) -> None:
    """Six French issues of one day stand newest first."""
    one_day = [e.number for e in _shelf(newsletter, "fr") if e.day == date(2020, 3, 9)]
    assert one_day == [6, 5, 4, 3, 2, 1]


def test_a_date_without_zeros_is_a_date(everything: Resolution) -> None:
    """It sorts before the next day's posts."""
    found = [e.day for e in editions(everything) if e.slug == "tl-dr-distillbert"]
    assert found == [date(2020, 4, 6)]
    days = [e.day for e in _shelf(everything, "en")]
    assert days == sorted(days, reverse=True)


def test_untranslated_excerpts_are_all_that_is_odd(
    everything: Resolution, expected: Expected
) -> None:
    """The French editions with an English excerpt, and no false alarm in all posts."""
    copied = {
        name
        for name, facts in posts_of(expected).items()
        if facts.get("lang") == "fr" and facts["issue"] in {8, 9, 12, 13, 14}
    }
    assert {f.rule for f in everything.findings} == {"excerpt-language"}
    assert sorted(f.path.name for f in everything.findings) == sorted(copied)


def test_every_english_excerpt_would_be_noticed(newsletter: Resolution) -> None:
    """Copied into a translation, each of them reads as English for certain."""
    from distribute.editions.language.detect import guess_language

    excerpts = [e.excerpt for e in _shelf(newsletter, "en")]
    guesses = [guess_language(text, among={"fr"}) for text in excerpts if text]
    assert len(guesses) > 10
    assert all(
        g is not None and (g.primary, g.is_sure) == ("en", True) for g in guesses
    )


def test_addresses_are_distinct_ascii(everything: Resolution) -> None:
    """No two posts share one, and none has a raw number sign in its path."""
    urls = [e.url for e in editions(everything)]
    assert len(set(urls)) == len(urls)
    assert all(url.isascii() and "#" not in url and ".." not in url for url in urls)


def test_covers_and_excerpts_are_clean(everything: Resolution) -> None:
    """A cover is absolute, an excerpt one line of plain text."""
    for edition in editions(everything):
        assert edition.image.startswith("https://") or edition.image == ""
        assert not set(edition.excerpt) & set("\u00a0\n*")
        assert edition.excerpt == edition.excerpt.strip()


def test_covers_are_those_of_the_posts(
    newsletter: Resolution, expected: Expected
) -> None:
    """Thumbnails are bare names here, so the first image of the text is the cover."""
    found = {e.post.path.name: e.image for e in editions(newsletter)}
    assert found == {name: expected[name]["first_image"] for name in found}


def test_every_decision_has_a_reason(everything: Resolution) -> None:
    """Language, date, issue and address, for each edition."""
    for edition in editions(everything):
        decided = {d.field: d for d in edition.decisions}
        assert set(decided) == {"language", "published", "issue", "address"}
        assert all(d.value and d.reason for d in edition.decisions)


def test_damaged_copies_are_repaired_byte_for_byte(
    corpus: Path, expected: Expected
) -> None:
    """They are the originals again, emoji and all."""
    names = [path.name for path in (corpus / "mojibake").iterdir()]
    for name in names:
        text = (corpus / "mojibake" / name).read_bytes().decode()
        repaired = repair(text).text
        digest = hashlib.sha256(repaired.encode()).hexdigest()
        assert digest == expected[name]["repaired_sha256"]
        assert not any(sign in repaired for sign in ("\uf8ff", "√£", "‚Ä"))
    assert len(names) >= 3


def test_damaged_copies_without_a_date_are_left_out(
    corpus: Path, expected: Expected
) -> None:
    """They are read as text files, and then there is a named error: never now."""
    folder = corpus / "mojibake"
    reading = read_posts(folder, shown=PurePath("mojibake"), suffixes={".txt"})
    assert [f.rule for f in reading.findings] == ["mojibake"] * len(reading.posts)
    for post in reading.posts:
        assert post.front_matter.title == expected[post.path.name]["title"]
    found = resolve(reading, corpus)
    assert found.issues == ()
    assert [f.rule for f in found.findings] == ["date-missing"] * len(reading.posts)


def test_clean_posts_are_not_repaired(corpus: Path) -> None:
    """Not one character changes, and nothing is suspected."""
    for path in (corpus / "posts").iterdir():
        text = path.read_bytes().decode()
        assert repair(text).text == text
        assert suspect_lines(text) == ()


def misread(text: str, encoding: str) -> str:
    """Read UTF-8 as a legacy encoding; bytes it leaves out become controls."""
    table: Mapping[int, str] = {
        byte: bytes([byte]).decode(encoding, "replace").replace("\ufffd", chr(byte))
        for byte in range(256)
    }
    return "".join(map(table.__getitem__, text.encode()))


@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252", "latin-1", "cp1254"])
def test_posts_damaged_on_purpose_are_repaired(corpus: Path, encoding: str) -> None:
    """Every post with a letter beyond ASCII comes back exactly."""
    for path in (corpus / "posts").iterdir():
        text = path.read_bytes().decode("utf-8-sig")
        if not text.isascii():
            assert repair(misread(text, encoding)).text == text, path.name
