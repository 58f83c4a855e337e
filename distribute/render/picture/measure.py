"""Measure a picture: PNG, JPEG, GIF, WebP, AVIF or SVG, told by its bytes.

The libraries for this fetch addresses, guess, or decode whole pictures; what a page needs
is two numbers, and no number at all where they are not certain.
"""

import struct
from collections.abc import Callable, Mapping

from distribute.render.picture.avif import is_avif, measure_avif
from distribute.render.picture.jpeg import measure_jpeg
from distribute.render.picture.measured import Measured, PictureError
from distribute.render.picture.raster import measure_gif, measure_png, measure_webp
from distribute.render.picture.svg import measure_svg

LONGEST_SIDE = 65_535
"""What JPEG can count; browsers show nothing larger in any format."""

_SIGNATURES: Mapping[bytes, Callable[[bytes], Measured]] = {
    b"\x89PNG\r\n\x1a\n": measure_png,
    b"\xff\xd8\xff": measure_jpeg,
    b"GIF87a": measure_gif,
    b"GIF89a": measure_gif,
}
_CUT_SHORT = "it is cut short"


def measure(content: bytes) -> Measured:
    """Read the type of a picture and the size that browsers show it in.

    Sides are 0 where the page decides how large it is: an SVG without a size of its own.
    Raises `PictureError` for what browsers cannot show.
    """
    try:
        found = _reader(content)(content)
    except (struct.error, IndexError):
        raise PictureError(_CUT_SHORT) from None
    sides = (found.width, found.height)
    if max(sides) > LONGEST_SIDE:
        raise PictureError(f"it says that it has {sides[0]} × {sides[1]} pixels")
    return found


def _reader(content: bytes) -> Callable[[bytes], Measured]:
    """Choose by signature who can read it; SVG has none."""
    if not content.strip():
        raise PictureError("the file is empty")
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return measure_webp
    if is_avif(content):
        return measure_avif
    signed = (read for sign, read in _SIGNATURES.items() if content.startswith(sign))
    return next(signed, measure_svg)
