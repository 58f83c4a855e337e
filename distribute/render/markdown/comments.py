"""Comments never leave the source: ``<!-- … -->`` and kramdown's ``{::comment}``.

A comment that stands alone on its lines takes them along, so that a list around it
stays one list; where it stood between two paragraphs a blank line is left.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from distribute.finding import Severity
from distribute.render.markdown.literal import Literal, Region, literal_regions
from distribute.render.note import Note

_MARK = "\0"
_AT_START = re.compile(rf"^([ \t]*){_MARK}[ \t]*")
_AT_END = re.compile(rf"[ \t]*{_MARK}[ \t]*$")
_BETWEEN_SPACES = re.compile(rf"(?<=[ \t]){_MARK}[ \t]+")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")


@dataclass(frozen=True, slots=True)
class Stripped:
    """A source without its comments."""

    text: str
    lines: tuple[int, ...]
    """For each line of `text`, the line of the source that it was, from 0."""
    notes: tuple[Note, ...] = ()


def strip_comments(source: str, *, first_line: int = 1) -> Stripped:
    r"""Take the comments out of what is not code.

    >>> strip_comments("- a\n<!-- why -->\n- b").text
    '- a\n- b'

    A comment that is never closed hides the rest of its paragraph, and a note of
    severity ERROR says so: hiding more would lose text, hiding less show what is private.
    """
    if "<!--" not in source and "{::comment}" not in source:
        return _untouched(source)
    comments = [
        region
        for region in literal_regions(source)
        if region.kind in (Literal.COMMENT, Literal.UNCLOSED)
    ]
    if not comments:
        return _untouched(source)
    lines = list(_settled(list(_lines(source, comments))))
    return Stripped(
        text="\n".join(line for line, _ in lines),
        lines=tuple(number for _, number in lines),
        notes=tuple(_unclosed(source, comments, first_line)),
    )


def _untouched(source: str) -> Stripped:
    return Stripped(source, tuple(range(source.count("\n") + 1)))


def _unclosed(source: str, comments: list[Region], first_line: int) -> Iterator[Note]:
    for region in comments:
        if region.kind is Literal.UNCLOSED:
            yield Note(
                rule="comment-unclosed",
                severity=Severity.ERROR,
                line=first_line + source.count("\n", 0, region.start),
                message="a comment begins here and never ends; its paragraph is hidden",
                hint="Close it with -->.",
                words=source[region.start : region.end].partition("\n")[0],
            )


def _lines(source: str, comments: list[Region]) -> Iterator[tuple[str, int]]:
    """Give each line with a mark for each comment, and its number in the source."""
    hidden = [source.count("\n", region.start, region.end) for region in comments]
    hidden.reverse()
    number = 0
    for line in _marked(source, comments).split("\n"):
        yield line, number
        number += 1
        if _MARK in line:
            number += sum(hidden.pop() for _ in range(line.count(_MARK)))


def _marked(source: str, comments: list[Region]) -> str:
    pieces: list[str] = []
    end = 0
    for region in comments:
        pieces += source[end : region.start].replace(_MARK, ""), _MARK
        end = region.end
    return "".join(pieces) + source[end:].replace(_MARK, "")


def _settled(lines: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Take the marks away, and the lines on which nothing else stands."""
    before = ""
    for index, (line, number) in enumerate(lines):
        if _MARK not in line:
            before = line
            yield line, number
        elif line.replace(_MARK, "").strip():
            before = _without_marks(line)
            yield before, number
        elif _divides(before, lines[index + 1][0] if index + 1 < len(lines) else ""):
            before = ""
            yield before, number


def _without_marks(line: str) -> str:
    line = _AT_END.sub("", _AT_START.sub(r"\1", line))
    return _BETWEEN_SPACES.sub("", line).replace(_MARK, "")


def _divides(before: str, after: str) -> bool:
    """Tell whether a comment between two lines keeps them apart."""
    if not before.strip() or not after.replace(_MARK, "").strip():
        return False
    if _ITEM.match(after) or after.startswith(("  ", "\t")):
        return False
    return not (after[0] in "|>" and before.lstrip().startswith(after[0]))
