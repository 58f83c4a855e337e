"""The size of an SVG: what its outermost element says (SVG 2 section 8.2).

Only that element is parsed, and an entity that holds others is refused, so none grows.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

from distribute.render.picture.measured import Measured, PictureError

SVG = "image/svg+xml"
_NAMESPACE = "http://www.w3.org/2000/svg svg"
_PIXELS = {
    "": 1.0, "px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54, "pt": 96 / 72,
    "pc": 16.0,
}  # fmt: skip
_LENGTH = re.compile(r"\+?(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})(px|in|cm|mm|pt|pc|)")
_NUMBER = r"([+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(?:[eE][+-]?\d{1,2})?)"
_VIEW_BOX = re.compile(r"\s*" + r"[\s,]+".join([_NUMBER] * 4) + r"\s*")


class _FoundError(Exception):
    """Ends the parsing at the first element."""

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        super().__init__(name)
        self.name = name
        self.attributes = attributes


def measure_svg(content: bytes) -> Measured:
    """Read width and height in absolute units; one of them and ``viewBox`` do as well.

    An SVG without them takes the room that it gets, and has no size of its own.
    """
    name, attributes = _outermost(content)
    if name != _NAMESPACE:
        raise PictureError("it is none of PNG, JPEG, GIF, WebP, AVIF and SVG")
    width, height = _length(attributes, "width"), _length(attributes, "height")
    ratio = _ratio(attributes.get("viewBox", ""))
    if width and not height and "height" not in attributes:
        height = width / ratio if ratio else 0.0
    if height and not width and "width" not in attributes:
        width = height * ratio
    if not width or not height:
        return Measured(SVG)
    return Measured(SVG, max(1, round(width)), max(1, round(height)))


def _outermost(content: bytes) -> tuple[str, Mapping[str, str]]:
    """Give the first element: name with namespace, and attributes."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = _stop
    parser.EntityDeclHandler = _refuse_growth
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes it by position
    except _FoundError as found:
        return found.name, found.attributes
    except PictureError:
        raise
    except (expat.ExpatError, ValueError, LookupError):
        pass
    raise PictureError("it is none of PNG, JPEG, GIF, WebP, AVIF and SVG")


def _stop(name: str, attributes: Mapping[str, str]) -> None:
    raise _FoundError(name, attributes)


def _refuse_growth(*declaration: str | bool | None) -> None:
    """Refuse an entity whose text, the third part of its declaration, names another."""
    if "&" in str(declaration[2]) or "%" in str(declaration[2]):
        raise PictureError("it holds entities that name each other")


def _length(attributes: Mapping[str, str], name: str) -> float:
    """Read a length in CSS pixels; 0 for none, and for one that the page decides."""
    match = _LENGTH.fullmatch(attributes.get(name, "").strip().lower())
    return float(match[1]) * _PIXELS[match[2]] if match else 0.0


def _ratio(view_box: str) -> float:
    """Divide the width of the view by its height; 0 where that is no number."""
    match = _VIEW_BOX.fullmatch(view_box)
    if match is None:
        return 0.0
    width, height = float(match[3]), float(match[4])
    return width / height if width > 0 and height > 0 else 0.0
