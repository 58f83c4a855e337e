"""The pieces of a clean fragment that layout looks at: paragraphs, pictures, classes.

All works on the output of the sanitiser, which writes every attribute in double quotes
and closes every element.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

ATTRIBUTES = r"""(?:\s+[^\s"'<>/=]+(?:="[^"]*")?)*+"""
IMAGE = re.compile(rf"<img(?P<attributes>{ATTRIBUTES})\s*+/?>")
_AROUND = re.compile(rf"<a{ATTRIBUTES}>\s*+")
_AROUND_END = re.compile(r"\s*+</a>")
LINK = re.compile(
    rf"<a(?P<attributes>{ATTRIBUTES})>(?P<words>[^<]*+(?:<(?!/?a\b)[^<]*+)*+)</a>"
)
_CLASS = re.compile(r'\s+class="([^"]*)"')
_BREAK = "<br>"
_TAG = re.compile(r"<[^>]*>")
SIDES = frozenset({"left", "center", "right"})
"""Where an image may stand."""
BOXES = frozenset({"note", "tip", "warning"})
"""What is set apart on a ground of its own."""


def classes_of(attributes: str) -> frozenset[str]:
    """Read the classes among the attributes of a tag.

    >>> sorted(classes_of(' href="a" class="button secondary"'))
    ['button', 'secondary']
    """
    found = _CLASS.search(attributes)
    return frozenset(found[1].split()) if found else frozenset()


def without_class(attributes: str) -> str:
    """Leave the class out of the attributes of a tag."""
    return _CLASS.sub("", attributes)


def words_of(html: str) -> str:
    """Collect the words of a fragment, in one line."""
    return " ".join(unescape(_TAG.sub("", html)).split())


def trimmed(html: str) -> str:
    r"""Take white space and line breaks off both ends of a fragment.

    >>> trimmed("<br> a<br>b <br>\n<br>")
    'a<br>b'
    """
    start, end = 0, len(html)
    while True:
        while start < end and html[start].isspace():
            start += 1
        if not html.startswith(_BREAK, start, end):
            break
        start += len(_BREAK)
    while True:
        while start < end and html[end - 1].isspace():
            end -= 1
        if not html.endswith(_BREAK, start, end):
            return html[start:end]
        end -= len(_BREAK)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image with the link around it, and what is known of it."""

    html: str
    classes: frozenset[str]
    width: str
    """As written: ``320``, ``50%`` or nothing."""

    @property
    def side(self) -> str:
        """Where the author puts it: left, center, right, or nothing."""
        return next(iter(sorted(self.classes & SIDES)), "")

    @property
    def is_icon(self) -> bool:
        """Tell a sign that belongs into a line from a picture."""
        pixels = pixels_of(self.width)
        return pixels is not None and pixels <= LARGEST_ICON


def pictures_in(html: str) -> Iterator[tuple[int, int]]:
    """Tell where the images of a fragment begin and end, with the links around them.

    >>> list(pictures_in('a <img src="b"> <a href="c"><img src="d"></a>'))
    [(2, 15), (16, 45)]
    """
    end = 0
    for image in IMAGE.finditer(html):
        start = html.rfind("<a ", end, image.start())
        around = start >= 0 and _AROUND.fullmatch(html, start, image.start())
        closed = _AROUND_END.match(html, image.end()) if around else None
        if closed:
            yield start, closed.end()
        else:
            yield image.span()
        end = image.end()


LARGEST_ICON = 64
"""Pixels that a sign in a line may be wide."""
_WIDTH = re.compile(r'\swidth="([^"]*)"')
_PIXELS = re.compile(r"\s*+(\d{1,9})(?:px)?\s*+")


def pixels_of(size: str) -> int | None:
    """Read a size in pixels; nothing for any other."""
    pixels = _PIXELS.fullmatch(size)
    return int(pixels[1]) if pixels else None


def picture_of(html: str) -> Picture:
    """Read a picture."""
    attributes = IMAGE.search(html)
    written = attributes["attributes"] if attributes else ""
    width = _WIDTH.search(written)
    return Picture(html, classes_of(written), width[1] if width else "")
