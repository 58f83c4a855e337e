"""The pictures of a mail: its own lie beside the gallery, others are only stood in for.

A newsletter's own pictures are not published yet when it is looked at. Those of others
are on the network, which a gallery does not ask for anything by itself.
"""

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import quote, urlsplit

from distribute.editions.files import file_of, published_name
from distribute.editions.publication import Publication

FOLDER = "pictures"
_IMAGE = re.compile(r"<img\b(?:\"[^\"]*\"|'[^']*'|[^'\">])*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"\s(?P<name>[a-z][a-z0-9-]*)\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'>]+)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]{1,4}")
_WIDTH, _RATIO = 576, 9 / 16
"""Of a picture about which nothing is known, in CSS pixels."""
_LEGIBLE = (160, 40)
"""From this width and height on a stand-in has room for words."""
_WORDS = 60
"""Characters of them."""


def own_pictures(html: str, publication: Publication) -> tuple[str, ...]:
    """List the addresses of the newsletter's own pictures in a document, each once."""
    found = (url for url in _sources(html) if file_of(url, publication))
    return tuple(dict.fromkeys(found))


def remote_pictures(html: str, publication: Publication) -> tuple[str, ...]:
    """List the addresses of the pictures that are elsewhere, each once."""
    found = (url for url in _sources(html) if not file_of(url, publication))
    return tuple(dict.fromkeys(found))


def place_of(name: str, publication: Publication) -> str:
    """Say where a picture lies below the gallery's folder."""
    return f"{FOLDER}/{published_name(name, publication)}"


def at_hand(html: str, publication: Publication, *, remote: bool = False) -> str:
    """Let a document show its own pictures from beside the gallery.

    Others are stood in for, unless `remote` ones are wanted as well.
    """

    def shown(source: str, tag: str) -> str:
        if name := file_of(source, publication):
            return quote(place_of(name, publication))
        return source if remote else _stand_in(source, tag)

    return _IMAGE.sub(lambda image: _with_source(image[0], shown), html)


def _with_source(tag: str, shown: Callable[[str, str], str]) -> str:
    def changed(attribute: re.Match[str]) -> str:
        match attribute["name"].lower():
            case "src":
                source = _value(attribute)
                place = shown(source, tag)
                kept = f' data-from="{escape(source)}"' if place != source else ""
                return f' src="{escape(place)}"{kept}'
            case "srcset" | "sizes":
                return ""
            case _:
                return attribute[0]

    return _ATTRIBUTE.sub(changed, tag)


def _sources(html: str) -> list[str]:
    return [
        _value(attribute)
        for image in _IMAGE.finditer(html)
        for attribute in _ATTRIBUTE.finditer(image[0])
        if attribute["name"].lower() == "src"
    ]


def _value(attribute: re.Match[str]) -> str:
    return unescape(attribute["value"].strip("\"'"))


def _stand_in(source: str, tag: str) -> str:
    """Draw a card of the picture's size that says where the picture is."""
    width, height = _size(tag)
    lines = [_alternative(tag), _whose(source)]
    if width < _LEGIBLE[0] or height < _LEGIBLE[1]:
        lines = []
    words = "".join(
        f'<text x="{width / 2:g}" y="{height / 2 + 20 * n - 4:g}" text-anchor="middle" '
        f'font-family="sans-serif" font-size="13" fill="#4d5158">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><rect width="100%" height="100%" '
        f'fill="#dfe1e4"/><rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" '
        f'fill="none" stroke="#9aa0a8" stroke-dasharray="4 4"/>{words}</svg>'
    )
    return f"data:image/svg+xml,{quote(drawing)}"


def _alternative(tag: str) -> str:
    """Give the words that stand for a picture, as far as there is room."""
    said = (
        " ".join(_value(attribute).split())
        for attribute in _ATTRIBUTE.finditer(tag)
        if attribute["name"].lower() == "alt"
    )
    words = next(said, "")
    short = words if len(words) <= _WORDS else f"{words[:_WORDS].rstrip()}…"
    return f"“{short}”" if short else "no alternative text"


def _whose(source: str) -> str:
    try:
        host = urlsplit(source).hostname or ""
    except ValueError:
        host = ""
    return f"{host[:48]}, not loaded" if host else "a picture that is not here"


def _size(tag: str) -> tuple[int, int]:
    given = {
        attribute["name"].lower(): int(_value(attribute))
        for attribute in _ATTRIBUTE.finditer(tag)
        if attribute["name"].lower() in {"width", "height"}
        and _NUMBER.fullmatch(_value(attribute))
    }
    width = given.get("width") or _WIDTH
    return width, given.get("height") or max(round(width * _RATIO), 1)
