"""The size of a JPEG: its frame header, turned as its Exif data says (ITU-T T.81 annex B)."""

import struct

from distribute.render.picture.measured import Measured, PictureError, with_sides
from distribute.render.picture.orientation import is_turned, orientation_of

JPEG = "image/jpeg"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers that begin a frame; the three left out define tables."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length behind them."""
_EXIF = 0xE1
_SCAN, _END = 0xDA, 0xD9


def measure_jpeg(content: bytes) -> Measured:
    """Go from marker to marker until the frame says how large the picture is."""
    place, turned = 2, False
    while True:
        marker, place = _next_marker(content, place)
        if marker in _ALONE:
            continue
        if marker in (_SCAN, _END):
            raise PictureError("it has no frame")
        (length,) = struct.unpack_from(">H", content, place)
        if length < 2:
            raise PictureError("one of its parts has an impossible length")
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, place + 3)
            sides = (height, width) if turned else (width, height)
            return with_sides(JPEG, *sides)
        body = content[place + 2 : place + length]
        if marker == _EXIF and body.startswith(b"Exif\0\0"):
            turned = is_turned(orientation_of(body[6:]))
        place += length


def _next_marker(content: bytes, place: int) -> tuple[int, int]:
    """Give the next marker, and the place behind it; bytes between are filling."""
    if content[place] != 0xFF:
        raise PictureError("it is damaged")
    while content[place] == 0xFF:
        place += 1
    return content[place], place + 1
