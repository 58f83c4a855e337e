"""The sizes of PNG, GIF and WebP, which stand at fixed places."""

import struct
from collections.abc import Iterator

from distribute.render.picture.measured import Measured, PictureError, with_sides
from distribute.render.picture.orientation import is_turned, orientation_of

PNG, GIF, WEBP = "image/png", "image/gif", "image/webp"


def measure_png(content: bytes) -> Measured:
    """Read the IHDR chunk (W3C PNG section 11.2.1).

    Browsers differ in whether Exif data turn a PNG: then its size is not certain.
    """
    if content[12:16] != b"IHDR":
        raise PictureError("it does not begin with its header")
    width, height = struct.unpack_from(">II", content, 16)
    for kind, body in _png_chunks(content):
        if kind == b"eXIf" and is_turned(orientation_of(body)):
            return Measured(PNG)
    return with_sides(PNG, width, height)


def measure_gif(content: bytes) -> Measured:
    """Read the logical screen (GIF89a section 18)."""
    width, height = struct.unpack_from("<HH", content, 6)
    return with_sides(GIF, width, height)


def measure_webp(content: bytes) -> Measured:
    """Read the first chunk, by its kind (RFC 9649 section 2)."""
    match content[12:16]:
        case b"VP8 ":
            if content[23:26] != b"\x9d\x01\x2a":
                raise PictureError("its frame is damaged")
            width, height = struct.unpack_from("<HH", content, 26)
            sides = width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            if content[20] != 0x2F:
                raise PictureError("its frame is damaged")
            (bits,) = struct.unpack_from("<I", content, 21)
            sides = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            packed = struct.unpack_from("<HBHB", content, 24)
            sides = packed[0] + (packed[1] << 16) + 1, packed[2] + (packed[3] << 16) + 1
        case _:
            raise PictureError("it begins with nothing that could be shown")
    turned = any(
        kind == b"EXIF" and is_turned(orientation_of(body.removeprefix(b"Exif\0\0")))
        for kind, body in _riff_chunks(content)
    )
    return Measured(WEBP) if turned else with_sides(WEBP, *sides)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """List the chunks before the pixels, as far as they are whole."""
    place = 8
    while place + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        if kind == b"IDAT":
            return
        yield kind, content[place + 8 : place + 8 + length]
        place += length + 12


def _riff_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """List the chunks of a RIFF file; each begins at an even place."""
    place = 12
    while place + 8 <= len(content):
        kind, length = struct.unpack_from("<4sI", content, place)
        yield kind, content[place + 8 : place + 8 + length]
        place += 8 + length + length % 2
