"""How large pictures are, read from their first bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.picture.measure import LONGEST_SIDE, measure
from distribute.render.picture.measured import Measured, PictureError
from tests.render.picture import drawing
from tests.render.picture.drawing import avif, box, exif, jpeg, png, segment

SIDES = st.integers(min_value=1, max_value=LONGEST_SIDE)
SAMPLES = (
    *(
        drawing.PNG,
        drawing.GIF,
        drawing.WEBP,
        drawing.WEBP_LOSSLESS,
        drawing.WEBP_TURNED,
    ),
    *(drawing.AVIF, drawing.AVIF_TURNED, drawing.JPEG_TURNED),
)


@pytest.mark.parametrize(
    ("content", "measured"),
    [
        (drawing.PNG, Measured("image/png", 4, 2)),
        (drawing.GIF, Measured("image/gif", 4, 2)),
        (drawing.WEBP, Measured("image/webp", 4, 2)),
        (drawing.WEBP_LOSSLESS, Measured("image/webp", 4, 2)),
        (drawing.AVIF, Measured("image/avif", 4, 2)),
    ],
)
def test_what_encoders_write_is_measured(content: bytes, measured: Measured) -> None:
    """Each format says its width and height somewhere else."""
    assert measure(content) == measured


def test_a_picture_that_was_turned_is_measured_as_it_is_shown() -> None:
    """JPEG goes by Exif, AVIF by its own rotation."""
    assert measure(drawing.JPEG_TURNED) == Measured("image/jpeg", 2, 4)
    assert measure(drawing.AVIF_TURNED) == Measured("image/avif", 2, 4)


def test_where_browsers_differ_no_size_is_given() -> None:
    """A wrong size is worse than none: Exif in PNG and WebP turns in some of them."""
    assert measure(drawing.WEBP_TURNED) == Measured("image/webp")
    assert measure(png(4, 2, (b"eXIf", exif(6)))) == Measured("image/png")
    assert measure(png(4, 2, (b"eXIf", exif(3)))) == Measured("image/png", 4, 2)


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("order", ["<", ">"])
def test_four_of_eight_orientations_turn(orientation: int, order: str) -> None:
    """Five to eight do; what is none of the eight means upright."""
    app1 = segment(0xE1, b"Exif\0\0" + exif(orientation, order))
    turned = 5 <= orientation <= 8
    sides = (20, 30) if turned else (30, 20)
    assert measure(jpeg(30, 20, app1)) == Measured("image/jpeg", *sides)


@pytest.mark.parametrize("frame", [0xC0, 0xC1, 0xC2, 0xC9, 0xCF])
def test_every_kind_of_frame_counts(frame: int) -> None:
    """Baseline, extended, progressive, arithmetic."""
    assert measure(jpeg(30, 20, frame=frame)) == Measured("image/jpeg", 30, 20)


def test_what_looks_like_a_frame_and_is_none() -> None:
    """Tables, a thumbnail inside of Exif, filling bytes and markers without a length."""
    tables = segment(0xC4, bytes(17)) + segment(0xCC, bytes(2))
    thumbnail = segment(0xE1, b"Exif\0\0" + exif(1) + jpeg(1, 1))
    assert measure(jpeg(30, 20, tables, thumbnail, b"\xff\xff\xff\x01")) == Measured(
        "image/jpeg", 30, 20
    )


@given(SIDES, SIDES)
def test_sides_are_read_as_they_are_written(width: int, height: int) -> None:
    """In every format, up to the longest side that there is."""
    sides = (width, height)
    assert measure(png(*sides)) == Measured("image/png", *sides)
    assert measure(jpeg(*sides)) == Measured("image/jpeg", *sides)
    assert measure(avif(*sides)) == Measured("image/avif", *sides)
    turned = avif(*sides, box(b"irot", b"\1"))
    assert measure(turned) == Measured("image/avif", height, width)


def test_an_avif_cropped_by_its_file_has_no_certain_size() -> None:
    """The crop is a fraction of pixels, and not every browser makes it."""
    assert measure(avif(4, 2, box(b"clap", bytes(32)))) == Measured("image/avif")


@pytest.mark.parametrize(
    "content",
    [
        *(png(0, 2), png(4, 0), jpeg(0, 2), jpeg(4, 0), avif(0, 2)),
        drawing.GIF[:6] + bytes(2) + drawing.GIF[8:],
    ],
)
def test_a_picture_without_extent_is_none(content: bytes) -> None:
    """Nobody would see it."""
    with pytest.raises(PictureError, match="0 pixels"):
        measure(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"hello", "none of PNG"),
        (b"<html><svg></svg></html>", "none of PNG"),
        (png(LONGEST_SIDE + 1, 1), "65536 × 1 pixels"),
        (b"\xff\xd8\xff\xd9", "no frame"),
        (b"\xff\xd8\xff\xda\0\4\0\0", "no frame"),
        (b"\xff\xd8\xff\xe0\0\1", "impossible length"),
        (b"\xff\xd8\xff\xe0\0\2x", "damaged"),
        (box(b"ftyp", b"avif" + bytes(4)) + b"\0\0\0\4meta", "impossible length"),
        (box(b"ftyp", b"avif" + bytes(4)), "no meta box"),
        (b"RIFF\0\0\0\0WEBPVP8 " + bytes(20), "frame is damaged"),
        (b"RIFF\0\0\0\0WEBPVP8L" + bytes(20), "frame is damaged"),
        (b"RIFF\0\0\0\0WEBPABCD" + bytes(20), "nothing that could be shown"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "header"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_reason(
    content: bytes, reason: str
) -> None:
    """The reason says what to look for in the file."""
    with pytest.raises(PictureError, match=reason):
        measure(content)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_a_damaged_picture_is_measured_or_refused(
    content: bytes, data: st.DataObject
) -> None:
    """Whatever the bytes, the answer is a size that pictures have or a `PictureError`."""
    places = st.integers(min_value=0, max_value=len(content) - 1)
    damaged = bytearray(content[: data.draw(places) + 1])
    for place in data.draw(st.lists(places, max_size=6)):
        if place < len(damaged):
            damaged[place] = data.draw(st.integers(min_value=0, max_value=255))
    try:
        found = measure(bytes(damaged))
    except PictureError:
        return
    assert min(found.width, found.height) >= 0
    assert max(found.width, found.height) <= LONGEST_SIDE
    assert bool(found.width) == bool(found.height)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_no_danger(content: bytes) -> None:
    """Behind any signature, too."""
    for start in (b"", *(sample[:20] for sample in SAMPLES)):
        try:
            measure(start + content)
        except PictureError:
            continue


def test_many_parts_that_say_nothing_take_no_time() -> None:
    """Reading them costs no more than their bytes, whatever they say about their number."""
    many = b"\xff\xd8" + segment(0xE0, b"") * 100_000
    with pytest.raises(PictureError, match="cut short"):
        measure(many)
    ipma = bytes(4) + b"\xff\xff\xff\xff" + b"\0\1\0" * 1000
    iprp = box(b"ipco", b"") + box(b"ipma", ipma)
    pitm = box(b"pitm", bytes(4) + b"\0\7")
    meta = box(b"meta", bytes(4) + pitm + box(b"iprp", iprp))
    with pytest.raises(PictureError, match="cut short"):
        measure(box(b"ftyp", b"avif" + bytes(4)) + meta)
