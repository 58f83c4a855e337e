"""Where a Markdown source is no prose: code, mathematics and comments.

The passes over the source ask here before they touch anything. One walk from the first
character to the last, in linear time; containers are followed as far as the question
needs it, so that a fence or an indented line in a list or a quote is found too.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Literal(StrEnum):
    """What a region holds."""

    CODE = "code"
    MATH = "math"
    COMMENT = "comment"
    UNCLOSED = "unclosed"  # a comment without an end; the region is its paragraph


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the source, from character `start` up to `end`."""

    kind: Literal
    start: int
    end: int


def literal_regions(source: str) -> tuple[Region, ...]:
    r"""Find what is not prose, in order and without overlaps.

    >>> [(region.kind.value, region.end) for region in literal_regions("`a` <!--b-->")]
    [('code', 3), ('comment', 12)]
    """
    walk = _Walk(source)
    while walk.position < len(source):
        if not walk.read_plain_lines():
            walk.read_line()
    return tuple(walk.regions)


_MARK = re.compile(r"\\.|`+|\$\$|<!--|\{::comment\}")
_PLAIN = r"[^\n`$<{\\]*+"
_PLAIN_LINES = re.compile(
    rf"""
    (?: (?: [^\s\d>*+\-~`$<{{\\] | \*++[^\s`$<{{\\] | \\\\(?=\n) )
        {_PLAIN} (?: (?: \$(?!\$) | <(?!!--) | \{{(?!::) ) {_PLAIN} )*+
        (?: \n++ | \Z )
    )++
    """,
    re.VERBOSE,
)
"""Lines of text, and blank ones below, in which nothing begins that is no prose."""
_ENDS = {"<!--": re.compile("-->"), "{::comment}": re.compile(r"\{:/(?:comment)?\}")}
_SHORT_COMMENT = re.compile("<!--?-?>")
_CONTAINER = re.compile(r"(?: {0,3}> ?)+")
_BULLET = re.compile(r"([ \t]*)((?:[-*+]|\d{1,9}[.)])(?:[ \t]{1,4}|(?=\n|$)))")
_TICKS = re.compile("`+")
_FENCE = re.compile(r"(`{3,}(?=[^`\n]*(?:\n|$))|~{3,})")
_BOUNDARY = re.compile(
    r"^[ \t]*(?:$|[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|`{3}|~{3}|>)", re.MULTILINE
)
_BLANK_LINE = re.compile(r"^[ \t]*$", re.MULTILINE)
_INDENT = re.compile(r"[ \t]*")


class _Walk:
    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.regions: list[Region] = []
        self._columns: list[int] = []  # where the content of the open list items starts
        self._in_paragraph = False
        self._fences = Fences(source)
        self._paragraph = _Paragraph(source, 0, 0)
        self._never_closed: set[str] = set()

    def read_line(self) -> None:
        """Read the line at `position`, and whatever begins in it to its end."""
        start = self.position
        end = self._line_end(start)
        content, column = self._enter_containers(start, end)
        if not self.source[content:end].strip():
            self._in_paragraph = False
            self.position = end
        elif column >= 4 and not self._in_paragraph:
            self._add(Literal.CODE, start, end)
            self.position = end
        elif (fence := _FENCE.match(self.source, content)) and (
            closed := self._fences.after(fence[1], end)
        ):
            self._add(Literal.CODE, start, closed)
            self._in_paragraph = False
            self.position = closed
        else:
            self._read_prose(content, end)

    def read_plain_lines(self) -> bool:
        """Read lines that `read_line` would find nothing in, if there are any."""
        if self._in_paragraph and self._columns:
            return False  # it depends on what follows whether this is still the list
        lines = _PLAIN_LINES.match(self.source, self.position)
        if lines is None:
            return False
        self._columns.clear()
        self._in_paragraph = not lines[0].endswith("\n\n")
        self.position = lines.end()
        return True

    def _line_end(self, position: int) -> int:
        return self.source.find("\n", position) + 1 or len(self.source)

    def _enter_containers(self, start: int, end: int) -> tuple[int, int]:
        """Skip quote and list marks; return where content starts, and its column."""
        if quote := _CONTAINER.match(self.source, start, end):
            start = quote.end()
        at = _indent_end(self.source, start, end)
        width = _width(self.source[start:at])
        bullet = _BULLET.match(self.source, start, end)
        if self.source[at:end].strip():
            self._leave_lists(width, lazily=self._in_paragraph and not bullet)
        inside = width - (self._columns[-1] if self._columns else 0)
        while bullet and inside < 4:
            self._in_paragraph = False
            width += len(bullet[2])
            self._columns.append(width)
            at = bullet.end()
            bullet, inside = _BULLET.match(self.source, at, end), 0
        return at, inside

    def _leave_lists(self, width: int, *, lazily: bool) -> None:
        while not lazily and self._columns and width < self._columns[-1]:
            self._columns.pop()

    def _read_prose(self, start: int, end: int) -> None:
        """Look for code, mathematics and comments; they may go on over lines."""
        found = False
        at = start
        while mark := _MARK.search(self.source, at, end):
            region = self._region_at(mark)
            at = mark.end()
            if region:
                self.regions.append(region)
                found = found or region.kind in (Literal.COMMENT, Literal.UNCLOSED)
                at = region.end
            if at > end or self.source[at - 1 : at] == "\n":
                end = self._line_end(at) if self.source[at - 1] != "\n" else at
        if not found or self.source[start:end].strip()[-3:] not in ("-->", ":/}"):
            self._in_paragraph = True
        self.position = end

    def _region_at(self, mark: re.Match[str]) -> Region | None:
        text = mark[0]
        if text.startswith("\\"):
            return None
        if text.startswith("`"):
            end = self._paragraph_at(mark.end()).code_end(text, mark.end())
            return Region(Literal.CODE, mark.start(), end) if end else None
        if text == "$$":
            end = self._paragraph_at(mark.end()).math_end(mark.end())
            return Region(Literal.MATH, mark.start(), end) if end else None
        return self._comment_at(mark)

    def _comment_at(self, mark: re.Match[str]) -> Region:
        if mark[0] not in self._never_closed:
            if end := _ENDS[mark[0]].search(self.source, mark.end()):
                return Region(Literal.COMMENT, mark.start(), end.end())
            self._never_closed.add(mark[0])
        if short := _SHORT_COMMENT.match(self.source, mark.start()):
            return Region(Literal.COMMENT, mark.start(), short.end())
        blank = _BLANK_LINE.search(self.source, mark.end())
        end_of_paragraph = blank.start() - 1 if blank else len(self.source)
        return Region(Literal.UNCLOSED, mark.start(), end_of_paragraph)

    def _paragraph_at(self, position: int) -> "_Paragraph":
        if position > self._paragraph.end:
            boundary = _BOUNDARY.search(self.source, position)
            end = boundary.start() if boundary else len(self.source)
            self._paragraph = _Paragraph(self.source, position, end)
        return self._paragraph

    def _add(self, kind: Literal, start: int, end: int) -> None:
        self.regions.append(Region(kind, start, end))


class _Paragraph:
    """Where spans may end: each kind of delimiter is indexed once."""

    def __init__(self, source: str, start: int, end: int) -> None:
        self.end = end
        self._source = source
        self._runs: dict[int, list[int]] = {}
        for run in _TICKS.finditer(source, start, end):
            self._runs.setdefault(len(run[0]), []).append(run.start())

    def code_end(self, ticks: str, position: int) -> int:
        """Find the end of the code span whose text begins at `position`, or 0."""
        starts = self._runs.get(len(ticks), [])
        index = bisect_left(starts, position)
        return starts[index] + len(ticks) if index < len(starts) else 0

    def math_end(self, position: int) -> int:
        """Find the end of the formula whose text begins at `position`, or 0."""
        end = self._source.find("$$", position, self.end)
        empty = end == position
        hides_comment = self._source.find("<!--", position, max(end, position)) >= 0
        return 0 if end < 0 or empty or hides_comment else end + 2


class Fences:
    """The lines that can close a fence, and how long the longest still to come is.

    `indent` is the pattern of what may stand before them.
    """

    def __init__(self, source: str, *, indent: str = r"[ \t>]*") -> None:
        closer = re.compile(rf"^{indent}(`{{3,}}|~{{3,}})[ \t]*$", re.MULTILINE)
        self._lines: dict[str, list[_Closer]] = {"`": [], "~": []}
        for line in reversed(list(closer.finditer(source))):
            lines = self._lines[line[1][0]]
            size = len(line[1])
            longest = max(size, lines[-1].longest if lines else 0)
            end = min(line.end() + 1, len(source))
            lines.append(_Closer(line.start(), end, size, longest))
        for lines in self._lines.values():
            lines.reverse()

    def after(self, fence: str, position: int) -> int:
        """Find the end of the line that closes a fence opened before `position`, or 0."""
        lines = self._lines[fence[0]]
        index = bisect_left(lines, position, key=lambda line: line.start)
        if index == len(lines) or lines[index].longest < len(fence):
            return 0
        while lines[index].size < len(fence):
            index += 1
        return lines[index].end


class _Closer(NamedTuple):
    start: int
    end: int
    size: int
    longest: int


def _indent_end(source: str, start: int, end: int) -> int:
    match = _INDENT.match(source, start, end)
    return match.end() if match else start


def _width(indent: str) -> int:
    return len(indent.expandtabs(4))
