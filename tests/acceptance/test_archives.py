"""Checks 10 and 11: small documents, and the whole history for whoever asks."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from tests.acceptance.letters import Letter, json_feed, write_letter, xml
from tests.commands import call

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"


def _posts(count: int, words: int = 20) -> dict[str, str]:
    """Write posts, one a day; each says something of its own."""
    return {
        f"2026-{1 + n // 28:02}-{1 + n % 28:02}-day-{n}.md": (
            f"---\ntitle: Day {n}\nlang: en\n---\n" + f"Word {n} of the day.\n" * words
        )
        for n in range(count)
    }


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_walking_back_visits_every_post(letter: Letter, name: str) -> None:
    """From the current document to the first archive page: all that is public, once more."""
    for folder, path in letter.feeds(name).items():
        walked = list(_walk(letter, path))
        seen = [link for page in walked for link in _links(page)]
        assert set(seen) == letter.in_language(folder).keys()
        pages = letter.documents(path.stem)
        assert {p for p in pages if p.parent.name == folder} == set(walked)
        archived = list(itertools.chain.from_iterable(map(_links, walked[1:])))
        assert len(set(archived)) == len(archived), "on two pages of the archive"


def test_archive_pages_know_that_they_are(letter: Letter) -> None:
    """Each says so, and where the current document is; the current one does not."""
    for path in letter.documents("rss", "atom"):
        root = xml(path)
        feed = root if root.tag == f"{_ATOM}feed" else root.find("channel")
        assert feed is not None
        is_page = "-" in path.stem
        links = {x.get("rel"): x.get("href") for x in feed.findall(f"{_ATOM}link")}
        current = path.with_name(f"{path.stem.partition('-')[0]}.xml")
        assert (feed.find(_ARCHIVE) is not None) == is_page
        assert links["self"] == letter.address_of(path)
        assert links.get("current") == (letter.address_of(current) if is_page else None)
        assert ("hub" in links) == (not is_page)


def test_a_new_post_leaves_the_archive_alone(tmp_path: Path) -> None:
    """Only the current document changes, and there is at most one page more."""
    for count in (7, 8, 9, 10):
        folder = tmp_path / str(count)
        letter = write_letter(folder, _posts(count), more="[feeds]\nlimit = 3\n")
        letter.build()
        before = _digests(letter)
        write_letter(folder, _posts(count + 1), more="[feeds]\nlimit = 3\n").build()
        after = _digests(letter)
        changed = {path for path in before if before[path] != after[path]}
        assert changed == {path for path in before if "-" not in path.stem}
        assert len(after.keys() - before.keys()) in {0, 3}


def test_twenty_entries_are_enough(tmp_path: Path) -> None:
    """Without a word in the settings, the current document holds the newest twenty."""
    letter = write_letter(tmp_path, _posts(23))
    letter.build()
    for name in ("rss.xml", "atom.xml", "feed.json"):
        links = _links(letter.feeds(name)["en"])
        assert links == [
            f"https://tides.example.org/en/day-{n}/" for n in range(22, 2, -1)
        ]


def test_a_document_stays_small(tmp_path: Path) -> None:
    """More than `size` bytes are never in one document, unless one post alone is longer."""
    posts = _posts(12, words=150)
    posts |= {"2026-11-01-long.md": "---\nlang: en\n---\n" + "A word or two.\n" * 2_000}
    letter = write_letter(tmp_path, posts, more="[feeds]\nsize = 20000\n")
    letter.build()
    sizes = {
        path: path.stat().st_size for path in letter.documents("rss", "atom", "feed")
    }
    assert all(size <= 20_000 or len(_links(path)) == 1 for path, size in sizes.items())
    (long,) = _links(letter.feeds("rss.xml")["en"])
    assert long.endswith("/long/")
    assert "feed-entry-long" in call("-C", tmp_path, "check").out


def test_an_empty_language_has_no_feed(tmp_path: Path) -> None:
    """It is not offered at all; and where nothing is public, there is nothing to build."""
    letter = write_letter(tmp_path, _posts(1), languages='"en", "fr"')
    letter.build()
    assert letter.feeds("rss.xml").keys() == {"en"}
    assert "fr" not in (letter.site / "feeds.opml").read_text("utf-8").lower().split(
        '"'
    )
    answer = call("-C", tmp_path, "build", now="1000000000")
    assert answer.status == 2
    assert "nothing is published yet" in answer.err


def _walk(letter: Letter, path: Path) -> Iterator[Path]:
    """Follow the archive from its current document to its oldest page."""
    older: Callable[[Path], str | None]
    older = _older_in_json if path.suffix == ".json" else _older_in_xml
    seen = set()
    while path not in seen:
        seen.add(path)
        yield path
        address = older(path)
        if address is None:
            return
        path = letter.file_at(address)
    raise AssertionError(f"{path} comes again")


def _older_in_json(path: Path) -> str | None:
    address: str | None = json_feed(path).get("next_url")
    return address


def _older_in_xml(path: Path) -> str | None:
    links = xml(path).iter(f"{_ATOM}link")
    found = [x.get("href") for x in links if x.get("rel") == "prev-archive"]
    assert len(found) <= 1
    return found[0] if found else None


def _links(path: Path) -> list[str]:
    """Give the addresses of a document's entries."""
    if path.suffix == ".json":
        return [item["url"] for item in json_feed(path)["items"]]
    root = xml(path)
    if root.tag == "rss":
        return [str(item.findtext("link")) for item in root.iter("item")]
    return [
        str(link.get("href"))
        for entry in root.iter(f"{_ATOM}entry")
        for link in entry.findall(f"{_ATOM}link")
        if link.get("rel") == "alternate"
    ]


def _digests(letter: Letter) -> Mapping[Path, str]:
    documents = letter.documents("rss", "atom", "feed")
    return {path: sha256(path.read_bytes()).hexdigest() for path in documents}
