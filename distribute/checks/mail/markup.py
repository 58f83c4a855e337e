"""The HTML of a mail taken apart, to be looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from typing import NamedTuple

from distribute.checks.mail.appearance import (
    colours_in,
    is_hiding,
    letters_in,
    six_digits,
)

_BLACK, _WHITE = "#000000", "#ffffff"
_UNSEEN = frozenset({"head", "style", "script", "title", "noscript", "template"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i"}
    | {"ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span"}
    | {"strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
"""What may stand within a word; every other element parts words."""
_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}
    | {"param", "source", "track", "wbr"}
)


@dataclass(frozen=True, slots=True)
class Element:
    """One start tag: its name in lower case, and its attributes."""

    name: str
    attributes: Mapping[str, str]
    line: int
    """Of the HTML, from 1."""
    hidden: bool = False
    """Whether it, or one around it, is not displayed."""
    letters: float = 16
    """How large its letters are, in pixels."""

    def get(self, attribute: str) -> str:
        """Give the value of an attribute; empty if it has none such."""
        return self.attributes.get(attribute, "")


@dataclass(frozen=True, slots=True)
class Markup:
    """A whole document."""

    doctype: str
    elements: tuple[Element, ...]
    """In reading order."""
    text: str
    """What readers see, alternatives of pictures included."""
    title: str
    colours: Mapping[tuple[str, str], str]
    """Colour of text and of its ground, as six digits, to the first words that have both."""
    sheets: tuple[str, ...]
    """What stands in each ``<style>``; what is for Outlook in comments is left out."""

    def named(self, *names: str) -> Iterator[Element]:
        """Give the elements of these names."""
        return (element for element in self.elements if element.name in names)

    def first(self, name: str) -> Element | None:
        """Give the first element of a name."""
        return next(self.named(name), None)


@lru_cache(maxsize=4)
def take_apart(html: str) -> Markup:
    """Take a document apart; the last ones are remembered, as many families ask."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Markup(
        doctype=reader.doctype,
        elements=tuple(reader.elements),
        text=" ".join("".join(reader.text).split()),
        title="".join(reader.within.get("title", ())).strip(),
        colours=reader.colours,
        sheets=tuple(reader.sheets),
    )


class _Open(NamedTuple):
    """An element that has not ended."""

    tag: str
    hidden: bool
    letters: float
    colours: tuple[str, str]


_NOTHING = _Open("", hidden=False, letters=16, colours=(_BLACK, _WHITE))


class _Reader(HTMLParser):
    """Notes down what comes by."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.doctype = ""
        self.elements: list[Element] = []
        self.text: list[str] = []
        self.sheets: list[str] = []
        self.within: dict[str, list[str]] = {}
        self.colours: dict[tuple[str, str], str] = {}
        self._open: list[_Open] = []

    def handle_decl(self, decl: str) -> None:
        self.doctype = self.doctype or decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        hidden = self._is_hidden() or _hides(tag, attributes)
        letters = letters_in(attributes.get("style", "")) or self._around().letters
        line, _ = self.getpos()
        self.elements.append(Element(tag, attributes, line, hidden, letters))
        if tag == "img" and not hidden:
            self.text.append(f" {attributes.get('alt', '')} ")
        self._part(tag)
        if tag not in _EMPTY:
            colours = self._colours(attributes)
            self._open.append(_Open(tag, hidden, letters, colours))
            self.sheets += [""] if tag == "style" else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._part(tag)
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def _part(self, tag: str) -> None:
        """Keep the words before and behind a tag apart."""
        if tag not in _INLINE:
            self.text.append(" ")

    def handle_data(self, data: str) -> None:
        inside = self._open[-1].tag if self._open else ""
        if inside == "style":
            self.sheets[-1] += data
        elif inside == "title":
            self.within.setdefault(inside, []).append(data)
        elif not self._is_hidden():
            self.text.append(data)
            if words := data.strip():
                self.colours.setdefault(self._around().colours, words)

    def _around(self) -> "_Open":
        return self._open[-1] if self._open else _NOTHING

    def _colours(self, attributes: Mapping[str, str]) -> tuple[str, str]:
        """Give the colours within an element, which it may have from around it."""
        colour, ground = colours_in(attributes.get("style", ""))
        inherited = self._around().colours
        return (
            colour or six_digits(attributes.get("color", "")) or inherited[0],
            ground or six_digits(attributes.get("bgcolor", "")) or inherited[1],
        )

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 - html.parser calls it so
        """Pass over ``<![if !mso]>`` and its like, as browsers do."""
        return self.parse_bogus_comment(i, report)

    def _is_hidden(self) -> bool:
        return self._around().hidden


def _hides(tag: str, attributes: Mapping[str, str]) -> bool:
    style = attributes.get("style", "")
    return tag in _UNSEEN or "hidden" in attributes or is_hiding(style)
