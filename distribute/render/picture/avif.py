"""The size of an AVIF: the properties of its primary item (ISO/IEC 14496-12, 23008-12)."""

import struct
from collections.abc import Iterable, Iterator

from distribute.render.picture.measured import Measured, PictureError, with_sides

AVIF = "image/avif"
_BRANDS = frozenset({b"avif", b"avis"})
_QUARTER_TURNS = 0x03


def is_avif(content: bytes) -> bool:
    """Tell by the brands whether this is an AVIF, still or moving."""
    if content[4:8] != b"ftyp":
        return False
    (length,) = struct.unpack_from(">I", content)
    brands = content[8:12] + content[16 : min(length, 4096)]
    return any(brands[at : at + 4] in _BRANDS for at in range(0, len(brands), 4))


def measure_avif(content: bytes) -> Measured:
    """Find the extent of the primary item, turned as its rotation says.

    A picture that is cropped by its file has a size that is not certain.
    """
    meta = _first(_boxes(content), b"meta")[4:]
    boxes = list(_boxes(meta))
    primary = _primary(_first(boxes, b"pitm"))
    parts = list(_boxes(_first(boxes, b"iprp")))
    properties = list(_boxes(_first(parts, b"ipco")))
    chosen = [
        properties[index - 1]
        for body in (body for kind, body in parts if kind == b"ipma")
        for index in _associated(body, primary)
        if 0 < index <= len(properties)
    ]
    kinds = dict(chosen)
    if b"ispe" not in kinds:
        raise PictureError("it does not say how large it is")
    width, height = struct.unpack_from(">II", kinds[b"ispe"], 4)
    if b"clap" in kinds:
        return Measured(AVIF)
    if b"irot" in kinds and kinds[b"irot"][0] & _QUARTER_TURNS & 1:
        width, height = height, width
    return with_sides(AVIF, width, height)


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Take boxes apart; the last may run to the end."""
    place = 0
    while place + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        head = 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", content, place + 8)
            head = 16
        elif length == 0:
            length = len(content) - place
        if length < head:
            raise PictureError("one of its parts has an impossible length")
        yield kind, content[place + head : place + length]
        place += length


def _first(boxes: Iterable[tuple[bytes, bytes]], kind: bytes) -> bytes:
    """Give what the first box of a kind holds."""
    for found, body in boxes:
        if found == kind:
            return body
    raise PictureError(f"it has no {kind.decode()} box")


def _primary(body: bytes) -> int:
    (item,) = struct.unpack_from(">I" if body[0] else ">H", body, 4)
    return int(item)


def _associated(body: bytes, item: int) -> Iterator[int]:
    """List the indices, from 1, of the properties that belong to an item."""
    wide_item, wide_index = body[0] > 0, body[3] & 1
    (entries,) = struct.unpack_from(">I", body, 4)
    place = 8
    for _ in range(entries):
        (found,) = struct.unpack_from(">I" if wide_item else ">H", body, place)
        place += 4 if wide_item else 2
        count = body[place]
        place += 1
        for _ in range(count):
            if wide_index:
                index = struct.unpack_from(">H", body, place)[0] & 0x7FFF
            else:
                index = body[place] & 0x7F
            place += 2 if wide_index else 1
            if found == item:
                yield index
