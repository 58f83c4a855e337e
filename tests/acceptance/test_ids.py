"""Check 4: an id is for ever: the same in every format, another in every language."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.acceptance.letters import Letter, json_feed, write_letter, xml

_ATOM = "{http://www.w3.org/2005/Atom}"
_POSTS = {
    "2026-01-09-spring-tide.md": "---\ntitle: Spring tide\nlang: en\n---\nHigh.\n",
    "2026-02-09-neap-tide.md": "---\ntitle: Neap tide\nlang: en\n---\nLow.\n",
}


def test_ids_are_the_same_in_every_format(letter: Letter) -> None:
    """RSS, Atom and JSON know an entry by one name, in the same order."""
    for path in letter.documents("feed"):
        ids = [item["id"] for item in json_feed(path)["items"]]
        name = path.with_suffix(".xml").name
        atom = xml(path.with_name(name.replace("feed", "atom")))
        rss = xml(path.with_name(name.replace("feed", "rss")))
        assert [e.findtext(f"{_ATOM}id") for e in atom.iter(f"{_ATOM}entry")] == ids
        assert [item.findtext("guid") for item in rss.iter("item")] == ids
        assert {guid.get("isPermaLink") for guid in rss.iter("guid")} == {"false"}


def test_no_two_languages_share_an_id(letter: Letter) -> None:
    """A reader that subscribes to two languages gets both."""
    seen: dict[str, str] = {}
    for path in letter.documents("feed"):
        if path.parent.name != "all":
            for item in json_feed(path)["items"]:
                owner = seen.setdefault(item["id"], path.parent.name)
                assert owner == path.parent.name
                assert f":{path.parent.name}/" in item["id"]
    assert len(seen) == len(letter.public)


def test_pages_of_an_archive_belong_to_one_feed(letter: Letter) -> None:
    """The current document and its archive pages have the same id (RFC 5005)."""
    ids: dict[str, set[str | None]] = {}
    for path in letter.documents("atom"):
        found = ids.setdefault(path.parent.name, set())
        found.add(xml(path).findtext(f"{_ATOM}id"))
    assert all(len(each) == 1 for each in ids.values())
    assert len(set.union(*ids.values())) == len(ids)


def test_ids_outlive_title_address_and_folder(tmp_path: Path) -> None:
    """Who renames, moves to https or to another folder re-sends nothing."""
    before = _ids(write_letter(tmp_path / "before", _POSTS))
    moved = {
        f"2026/{name}": text.replace("title: ", "title: The ")
        for name, text in _POSTS.items()
    }
    (tmp_path / "after" / "posts" / "2026").mkdir(parents=True)
    letter = write_letter(tmp_path / "after", moved)
    settings = letter.folder / "distribute.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("https://tides.example.org", "http://sea.example"))
    assert _ids(letter) == before
    assert all(each.startswith("tag:tides.example.org,2026:en/") for each in before)


def test_a_guid_of_ones_own_stands(tmp_path: Path) -> None:
    """Who comes from another tool keeps its ids with ``guid``, letter for letter."""
    own = "https://old.example.org/?p=7&x=<y>"
    posts = dict(_POSTS)
    name = "2026-01-09-spring-tide.md"
    posts[name] = posts[name].replace("lang:", f"guid: '{own}'\nlang:")
    assert own in _ids(write_letter(tmp_path, posts))


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ("jekyll", "https://tides.example.org/2026/01/09/spring-tide"),
        ("hugo", "https://tides.example.org/en/spring-tide/"),
    ],
)
def test_ids_of_other_tools(tmp_path: Path, ids: str, expected: str) -> None:
    """A site that changes over goes on with the ids that its readers know."""
    permalink = "/:year/:month/:day/:title.html" if ids == "jekyll" else "/:lang/:slug/"
    letter = write_letter(
        tmp_path, _POSTS, more=f'permalink = "{permalink}"\n[feeds]\nids = "{ids}"\n'
    )
    assert expected in _ids(letter)


def _ids(letter: Letter) -> list[str]:
    letter.build()
    feed: Mapping[str, Path] = letter.feeds("feed.json")
    ids = [item["id"] for item in json_feed(feed["en"])["items"]]
    assert all(re.match(r"tag:|https://", each) for each in ids)
    return ids
