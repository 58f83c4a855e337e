"""What a paragraph with pictures is: a row of them, a figure, a picture beside a text."""

from collections.abc import Sequence
from dataclasses import dataclass

from distribute.render.layout.captions import is_caption
from distribute.render.layout.form import Column, Form, Paragraph
from distribute.render.layout.pieces import (
    IMAGE,
    Picture,
    picture_of,
    pictures_in,
    trimmed,
)

Written = tuple[str, bool]
"""A paragraph as a form has it, and whether the caption below it is in it."""
_FEWEST, _MOST = 2, 4
"""Pictures in a row."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The pictures of a paragraph, and what stands before, between and behind them."""

    pictures: Sequence[Picture]
    gaps: Sequence[str]

    @property
    def between(self) -> Sequence[str]:
        """What stands between two pictures."""
        return self.gaps[1:-1]

    @property
    def begins(self) -> bool:
        """Whether the paragraph begins with a picture."""
        return bool(self.pictures) and not trimmed(self.gaps[0])


def with_pictures(paragraph: Paragraph, form: Form, below: str) -> Written | None:
    """Write a paragraph that has pictures, if they are more than a part of its text.

    `below` is the caption that follows, if there is one.
    """
    if not (below or paragraph.classes) and _is_bare(paragraph.inner):
        return None  # as most are
    parts = _parts(paragraph.inner)
    return (
        _row(paragraph, parts, form, below)
        or _figure(paragraph, parts, form, below)
        or _media(paragraph, parts, form)
    )


def _is_bare(inner: str) -> bool:
    image = IMAGE.fullmatch(inner)
    return image is not None and " class=" not in image["attributes"]


def _parts(inner: str) -> _Parts:
    found = list(pictures_in(inner))
    starts = [0, *(end for _, end in found)]
    ends = [*(start for start, _ in found), len(inner)]
    return _Parts(
        pictures=[picture_of(inner[start:end]) for start, end in found],
        gaps=[inner[start:end] for start, end in zip(starts, ends, strict=True)],
    )


def _row(paragraph: Paragraph, parts: _Parts, form: Form, below: str) -> Written | None:
    """Take pictures for a row, with a caption each or one for all of them."""
    if not (_FEWEST <= len(parts.pictures) <= _MOST and parts.begins):
        return None
    if "media" in paragraph.classes or any(each.is_icon for each in parts.pictures):
        return None
    captions = [trimmed(gap) for gap in parts.gaps[1:]]
    if all(map(is_caption, captions)):
        each = [Column(*pair) for pair in zip(parts.pictures, captions, strict=True)]
        return form.row(paragraph, each, below), bool(below)
    *between, last = captions
    if any(between) or (last and not is_caption(last)) or _is_column(paragraph, parts):
        return None
    columns = [Column(picture) for picture in parts.pictures]
    return form.row(paragraph, columns, last or below), bool(below and not last)


def _is_column(paragraph: Paragraph, parts: _Parts) -> bool:
    """Tell whether the author puts one below the other, by line breaks."""
    broken = any("<br" in gap for gap in parts.between)
    return broken and "row" not in paragraph.classes


def _figure(
    paragraph: Paragraph, parts: _Parts, form: Form, below: str
) -> Written | None:
    """Take pictures with a caption for a figure, and one that is put to a side."""
    if not parts.begins or any(map(trimmed, parts.between)):
        return None
    words = trimmed(parts.gaps[-1])
    pictures = trimmed(paragraph.inner[: len(paragraph.inner) - len(parts.gaps[-1])])
    if words:
        is_one = "media" not in paragraph.classes and is_caption(words)
        return (form.figure(paragraph, pictures, words), False) if is_one else None
    is_placed = len(parts.pictures) == 1 and bool(parts.pictures[0].side)
    if below or paragraph.classes or is_placed:
        return form.figure(paragraph, pictures, below), bool(below)
    return None


def _media(paragraph: Paragraph, parts: _Parts, form: Form) -> Written | None:
    """Put the first or the last picture beside the text, if it is marked."""
    if not any(map(trimmed, parts.gaps)):
        return None
    for end in (0, -1):
        if not parts.pictures or trimmed(parts.gaps[end]):
            continue
        picture = parts.pictures[end]
        is_marked = "media" in paragraph.classes or picture.side in ("left", "right")
        if is_marked and not picture.is_icon:
            words = _without(paragraph.inner, picture, first=not end)
            leads = picture.side == "left" or (picture.side != "right" and not end)
            return form.media(paragraph, picture, words, first=leads), False
    return None


def _without(inner: str, picture: Picture, *, first: bool) -> str:
    before, _, after = (inner.partition if first else inner.rpartition)(picture.html)
    return trimmed(before + after)
