"""Checks 3, 8 and 13: every reader opens the right page, in the right language.

`readings` lets each reader open each document; a test here holds for all of them.
"""

from pathlib import Path
from typing import Any

from tests.acceptance.conftest import Readings
from tests.acceptance.letters import Letter, json_feed, xml
from tests.acceptance.nasty import TITLES

_ATOM = "{http://www.w3.org/2005/Atom}"


def test_every_reader_opens_the_entrys_own_language(
    letter: Letter, readings: Readings
) -> None:
    """Each entry leads to its own page, and the feed to the home of its language."""
    publication = letter.newsletter.publication
    for path, opened in readings.items():
        folder = path.parent.name
        own = letter.public if folder == "all" else letter.in_language(folder)
        assert opened.items
        assert {item.link for item in opened.items} <= own.keys(), path
        if folder != "all":
            language = next(iter(own.values())).language
            assert opened.home == publication.home_url(language)


def test_every_reader_finds_the_same_entries(
    letter: Letter, readings: Readings
) -> None:
    """Id, title and address are those of JSON Feed, in RSS and Atom, and all the text."""
    for path, opened in readings.items():
        twins = {item["id"]: item for item in _in_json(path)}
        assert twins.keys() == {item.id for item in opened.items}
        assert len(twins) == len(opened.items)
        for item in opened.items:
            twin = twins[item.id]
            assert (item.title, item.link) == (twin["title"], twin["url"])
            assert len(item.content) > 0.9 * len(twin["content_html"]), "a summary?"


def test_titles_come_back_as_they_were_written(
    letter: Letter, readings: Readings
) -> None:
    """Ampersands, angle brackets, quotes and emoji are what they were, in every reader."""
    titles = {item.title for opened in readings.values() for item in opened.items}
    assert titles == {
        " ".join(edition.title.split()) for edition in letter.public.values()
    }
    if letter.folder.name == "hostile":
        assert set(TITLES.values()) <= titles


def test_arabic_is_read_from_right_to_left(
    letter: Letter, in_newsboat: Readings
) -> None:
    """Newsboat, which has an idea of direction, gets it from the feed."""
    seen = {
        path.parent.name: opened.is_rtl
        for path, opened in in_newsboat.items()
        if path.parent.name != "all"
    }
    assert seen == {folder: folder == "ar" for folder in letter.feeds("rss.xml")}


def test_there_is_one_alternate_link(letter: Letter) -> None:
    """A second one, however well meant, sends readers to another language."""
    for path in letter.documents("atom"):
        feed = xml(path)
        for element in (feed, *feed.iter(f"{_ATOM}entry")):
            links = element.findall(f"{_ATOM}link")
            kinds = [link.get("rel", "alternate") for link in links]
            assert kinds.count("alternate") == 1


def _in_json(path: Path) -> list[dict[str, Any]]:
    """Give the entries of the JSON Feed beside a document."""
    name = path.with_suffix(".json").name.replace("rss", "feed").replace("atom", "feed")
    items: list[dict[str, Any]] = json_feed(path.with_name(name))["items"]
    return items
