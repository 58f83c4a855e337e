"""Checks 7 to 9: what is in the feeds is clean, says its language, names translations."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from distribute.config.settings import parse_settings
from tests.acceptance.letters import Letter, json_feed, xml

_ATOM = "{http://www.w3.org/2005/Atom}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TRANSLATION = "https://schema.org/workTranslation"
_MARKS = {"id", "class", "style", "srcset", "bgcolor", "cellpadding"}
_NOT_FOR_READERS = {
    *("script", "style", "iframe", "form", "input", "object", "embed", "svg", "link"),
    *("meta", "multilingual", "unknown-tag", "center", "font"),
}


class _Judge(HTMLParser):
    """Reads HTML and keeps what a feed must not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _NOT_FOR_READERS:
            self.faults.append(f"<{tag}>")
        self.faults += [n for n in given if n in _MARKS or n.startswith("on")]
        if tag == "img" and ("alt" not in given or not given.get("src")):
            self.faults.append(f"an image without words or source: {given}")
        for name in given.keys() & {"href", "src"}:
            self._check_address(given[name] or "")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"a comment: {data}")

    def _check_address(self, address: str) -> None:
        whole = re.match(r"(https?://[^/\s@]+\.?[^/\s]|mailto:|tel:)", address)
        if not whole or not address.isascii() or " " in address:
            self.faults.append(f"the address {address!r}")


def _items(letter: Letter) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in letter.documents("feed"):
        for item in json_feed(path)["items"]:
            yield path, item


def test_content_is_clean(letter: Letter) -> None:
    """No relative address, comment, script, style, id or class; every image has words."""
    for _, item in _items(letter):
        judge = _Judge()
        judge.feed(item["content_html"])
        judge.close()
        assert judge.faults == [], item["url"]


def test_the_formats_hold_the_same_html(letter: Letter) -> None:
    """RSS and Atom carry, letter for letter, what JSON Feed carries."""
    for path in letter.documents("feed"):
        said = [item["content_html"] for item in json_feed(path)["items"]]
        name = path.with_suffix(".xml").name
        atom = xml(path.with_name(name.replace("feed", "atom")))
        rss = xml(path.with_name(name.replace("feed", "rss")))
        encoded = "{http://purl.org/rss/1.0/modules/content/}encoded"
        assert [each.text for each in atom.iter(f"{_ATOM}content")] == said
        assert [each.text for each in rss.iter(encoded)] == said


def test_every_level_says_its_language(letter: Letter) -> None:
    """Root, entry and content name the language of the post, and its direction."""
    for path, item in _items(letter):
        language = letter.public[item["url"]].language
        assert item["language"] == language.tag
        begin = f'<div lang="{language}" dir="{language.direction}">'
        assert item["content_html"].startswith(begin)
        assert path.parent.name in {language.folder, "all"}
    for folder, path in letter.feeds("atom.xml").items():
        tag = next(iter(letter.in_language(folder).values())).language.tag
        feed = xml(path)
        content = feed.findall(f"{_ATOM}entry/{_ATOM}content")
        elements = [feed, *feed.findall(f"{_ATOM}entry"), *content]
        assert {element.get(_LANG) for element in elements} == {tag}
        rss = xml(path.with_name("rss.xml"))
        assert rss.findtext("channel/language") == tag
        assert json_feed(path.with_name("feed.json"))["language"] == tag


def test_an_underscore_in_the_settings_does_no_harm(letter: Letter) -> None:
    """``pt_BR`` is what many write; feeds say ``pt-BR``."""
    path = letter.folder / "distribute.toml"
    text = path.read_text("utf-8")
    if "pt-BR" not in text:
        pytest.skip("nobody writes Portuguese here")
    settings = parse_settings(
        text.replace('"pt-BR"', '"pt_BR"'), folder=letter.folder, path=path
    )
    assert settings.publication.languages == letter.newsletter.publication.languages


def test_translations_are_those_that_exist(letter: Letter) -> None:
    """The line that people see, the data and the links name the same pages."""
    for _, item in _items(letter):
        others = letter.translations_of(item["url"])
        assert set(item.get("_translations", {}).values()) == others
        line = item["content_html"].rpartition("<p>")[2] if others else ""
        assert set(re.findall(r'<a href="([^"]*)" hreflang', line)) == others
    for path in letter.documents("atom"):
        for entry in xml(path).iter(f"{_ATOM}entry"):
            links = entry.findall(f"{_ATOM}link")
            own = [link.get("href") for link in links if link.get("rel") == "alternate"]
            named = {x.get("href") for x in links if x.get("rel") == _TRANSLATION}
            assert named == letter.translations_of(str(own[0]))


def test_feeds_name_the_feeds_of_the_other_languages(letter: Letter) -> None:
    """Whoever has one feed finds the others, in RSS, Atom and OPML."""
    for name in ("rss.xml", "atom.xml"):
        feeds = letter.feeds(name)
        addresses = {letter.address_of(path) for path in feeds.values()}
        for path in feeds.values():
            root = xml(path)
            feed = root.find("channel") if root.tag == "rss" else root
            assert feed is not None
            links = feed.findall(f"{_ATOM}link")
            named = {x.get("href") for x in links if x.get("rel") == _TRANSLATION}
            assert named == addresses - {letter.address_of(path)}
    opml = xml(letter.site / "feeds.opml")
    listed = {outline.get("xmlUrl") for outline in opml.iter("outline")}
    assert {letter.address_of(p) for p in letter.feeds("rss.xml").values()} <= listed
