"""Read delimited text (RFC 4180 and what spreadsheets make of it) row by row.

Comma, semicolon or tab; with or without a BOM; any line ends; cells with line breaks in
quotes. A row that cannot be read costs nobody but itself, and memory does not grow with
the file, whatever is in it.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from distribute.audience.intake.lines import LONGEST_LINE, Lines
from distribute.errors import AudienceError

MOST_LINES = 20
"""Lines that one row may take; after that, its quotation mark was never closed."""


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
    line: int = 1
    """Where the header stands."""


def read_table(stream: IO[bytes]) -> Table:
    """Read the header; the rows are read while they are asked for.

    Raises `AudienceError` where there is no header, and, at the line in question, where
    the text is not UTF-8.
    """
    return table_of(Lines(stream))


def table_of(lines: Lines) -> Table:
    """Do what `read_table` does with lines that somebody has looked at before."""
    delimiter = _delimiter(lines)
    for row in _rows(lines, delimiter):
        if isinstance(row, BadLine):
            raise AudienceError(f"line {row.line}: the header is bad: {row.reason}")
        if any(cell.strip() for cell in row.cells):
            return Table(row.cells, _rows(lines, delimiter), row.line)
    raise AudienceError(
        "the file is empty",
        hint="Its first line names the columns: email,name,languages.",
    )


def _delimiter(lines: Lines) -> str:
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


def _rows(lines: Lines, delimiter: str) -> Iterator[Row | BadLine]:
    while (line := lines.take()) is not None:
        number, text = line
        if '"' in text or len(text) > LONGEST_LINE or "\0" in text:
            lines.put_back([line])
            yield _quoted_row(lines, delimiter)
        else:
            yield Row(number, _cells(text, delimiter))


def _cells(text: str, delimiter: str) -> tuple[str, ...]:
    """Take a line apart in which nothing is quoted, as most are, the quick way."""
    line = text.rstrip("\r\n")
    return tuple(cell.lstrip(" ") for cell in line.split(delimiter)) if line else ()


def _quoted_row(lines: Lines, delimiter: str) -> Row | BadLine:
    """Read a row, of several lines maybe; if it is bad, only its first line is taken."""
    taken: list[tuple[int, str]] = []
    reader = csv.reader(
        _feed(lines, taken), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    try:
        cells = tuple(next(reader))
        return Row(taken[0][0], cells)
    except csv.Error as error:
        lines.put_back(taken[1:])
        return BadLine(taken[0][0], _in_words(error))


def _feed(lines: Lines, taken: list[tuple[int, str]]) -> Iterator[str]:
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
