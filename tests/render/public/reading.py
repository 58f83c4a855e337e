"""A page as a list of its elements, for the tests of forms."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

_VOID = frozenset({"input", "link", "meta", "br", "img", "hr"})
Attributes = Mapping[str, str]


class Element:
    """One element: its name, its attributes, and the text in it."""

    def __init__(self, name: str, attributes: Attributes) -> None:
        self.name = name
        self.attributes = attributes
        self.text = ""

    def __getitem__(self, attribute: str) -> str:
        return self.attributes[attribute]

    def get(self, attribute: str) -> str | None:
        """Give an attribute, if there is one."""
        return self.attributes.get(attribute)


class Document(HTMLParser):
    """Reads a page; every element that is opened is closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open[-1].name

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().name == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *names: str) -> Iterator[Element]:
        """Find elements by their names."""
        return (each for each in self.elements if each.name in names)

    def one(self, name: str, **wanted: str) -> Element:
        """Find the one element of a name with these attributes."""
        wanted = {key.rstrip("_"): value for key, value in wanted.items()}
        [found] = [
            each
            for each in self.all(name)
            if wanted.items() <= dict(each.attributes).items()
        ]
        return found
