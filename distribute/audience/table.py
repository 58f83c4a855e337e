"""Read delimited text (RFC 4180 and what spreadsheets make of it) row by row.

Comma, semicolon or tab; with or without a BOM; any line ends; cells with line breaks in
quotes. A row that cannot be read costs nobody but itself, and memory does not grow with
the file, whatever is in it.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from distribute.errors import AudienceError

LONGEST_LINE = 65_536
"""Characters of one line that are read; a longer one is bad."""
MOST_LINES = 20
"""Lines that one row may take; after that, its quotation mark was never closed."""

_UTF16_MARKS = ("\udcff\udcfe", "\udcfe\udcff")
_SAVE_AS = "Save it as CSV UTF-8 and import that; nothing has been imported."


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` is where it begins, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no row, and why; the next row begins on the next line."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """A header, and the rows below it, to be read once."""

    header: tuple[str, ...]
    rows: Iterator[Row | BadLine]


def read_table(stream: IO[bytes]) -> Table:
    """Read the header; the rows are read while they are asked for.

    Raises `AudienceError` where there is no header, and, at the line in question, where
    the text is not UTF-8.
    """
    lines = _Lines(stream)
    delimiter = _delimiter(lines)
    for row in _rows(lines, delimiter):
        if isinstance(row, BadLine):
            raise AudienceError(f"line {row.line}: the header is bad: {row.reason}")
        if any(cell.strip() for cell in row.cells):
            return Table(row.cells, _rows(lines, delimiter))
    raise AudienceError(
        "the file is empty",
        hint="Its first line names the columns: email,name,languages.",
    )


class _Text(io.TextIOWrapper):
    """Text of a stream that stays open: whoever opened it closes it."""

    def close(self) -> None:
        """Leave the stream alone."""


class _Lines:
    """Numbered lines with their ends, which can be put back."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._text = _Text(
            stream, encoding="utf-8-sig", errors="surrogateescape", newline=""
        )
        self._returned: deque[tuple[int, str]] = deque()
        self._number = 0

    def take(self) -> tuple[int, str] | None:
        """Give the next line, cut one character beyond `LONGEST_LINE`."""
        if self._returned:
            return self._returned.popleft()
        text = self._text.readline(LONGEST_LINE + 1)
        if not text:
            return None
        self._number += 1
        if len(text) > LONGEST_LINE:
            self._skip_rest(text)
        _refuse_other_encodings(self._number, text)
        return self._number, text

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        """Have these lines read again."""
        self._returned.extendleft(reversed(lines))

    def _skip_rest(self, text: str) -> None:
        while text and text[-1] not in "\r\n":
            text = self._text.readline(LONGEST_LINE)


def _refuse_other_encodings(number: int, text: str) -> None:
    if text.isascii():
        return
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        name = "UTF-16" if text.startswith(_UTF16_MARKS) else "not UTF-8"
        raise AudienceError(
            f"line {number}: the text is {name}", hint=_SAVE_AS
        ) from None


def _delimiter(lines: _Lines) -> str:
    """Find what separates the names in the header, or take Excel's ``sep=;`` for it."""
    while (line := lines.take()) is not None:
        number, text = line
        if found := re.fullmatch(r"sep=(.)\s*", text, re.IGNORECASE):
            return found[1]
        if text.strip():
            lines.put_back([(number, text)])
            bare = re.sub(r'"[^"]*"', "", text)
            return max(",;\t", key=bare.count)
    return ","


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row | BadLine]:
    while True:
        taken: list[tuple[int, str]] = []
        reader = csv.reader(
            _feed(lines, taken),
            delimiter=delimiter,
            skipinitialspace=True,
            strict=True,
        )
        try:
            cells = next(reader, None)
        except csv.Error as error:
            lines.put_back(taken[1:])
            yield BadLine(taken[0][0], _in_words(error))
            continue
        if cells is None:
            return
        yield Row(taken[0][0], tuple(cells))


def _feed(lines: _Lines, taken: list[tuple[int, str]]) -> Iterator[str]:
    """Give one row's lines as long as the reader asks for more, and note them."""
    while len(taken) < MOST_LINES and (line := lines.take()) is not None:
        taken.append(line)
        if len(line[1]) > LONGEST_LINE:
            raise csv.Error(f"the line is longer than {LONGEST_LINE:,} characters")
        yield line[1]


def _in_words(error: csv.Error) -> str:
    if "end of data" in str(error) or "field limit" in str(error):
        return "a quotation mark is opened and never closed"
    if "expected after" in str(error):
        return "there is text behind a closing quotation mark"
    return str(error)
