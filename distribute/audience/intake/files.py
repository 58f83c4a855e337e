"""Read people out of a file, be it a table, JSON Lines, or an archive of such files."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, NamedTuple

from distribute.audience.intake.archive import DAMAGED, is_archive, members
from distribute.audience.intake.column import Column
from distribute.audience.intake.header import (
    Header,
    Mapped,
    place_columns,
    printable,
    read_header,
)
from distribute.audience.intake.lines import LONGEST_LINE, Lines
from distribute.audience.intake.system import ANY, System
from distribute.audience.intake.table import BadLine, Row, table_of
from distribute.errors import AudienceError

_HALF = re.compile("[\ud800-\udfff]")
_MOST_UNKNOWN = 100
"""Columns without a meaning that are told; each line of JSON may have others."""
_LONGEST_LIST = 50
"""Values in one list of a JSON object, beyond which nobody means a subscriber."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read from its beginning, open in binary mode."""

    name: str
    """As it is to be called in remarks: its path."""
    stream: IO[bytes]


class Entry(NamedTuple):
    """One row of a file; `line` is where it begins, from 1."""

    line: int
    cells: Mapping[Column, str]
    system: System


class Listing:
    """The people of one file; what it is like is known once they have been read."""

    def __init__(self, name: str, stream: IO[bytes], mapped: Mapped) -> None:
        """Look at the beginning; raises `AudienceError` if there is no list of people."""
        self.name = name
        self._mapped = mapped
        self._lines = Lines(stream)
        self._unknown: dict[str, None] = {}
        self._systems: dict[str, None] = {}
        with _naming(name):
            entries = self._read()
        self.entries = self._named(entries)

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        """Columns that mean nothing to us."""
        return tuple(self._unknown)

    @property
    def systems(self) -> tuple[str, ...]:
        """The programs that it comes from, as far as they are known."""
        return tuple(self._systems)

    def _named(self, entries: Iterator[Entry | BadLine]) -> Iterator[Entry | BadLine]:
        with _naming(self.name):
            yield from entries

    def _read(self) -> Iterator[Entry | BadLine]:
        beginning = self._lines.first().lstrip()
        if beginning.startswith("{"):
            return self._objects()
        if beginning.startswith("["):
            raise AudienceError(
                "it is JSON, not JSON Lines",
                hint="Write one object per line: `jq -c '.[]' FILE > FILE.jsonl`.",
            )
        table = table_of(self._lines)
        head = read_header(table.header, self._mapped)
        self._note(head)
        return self._rows(head, table.rows)

    def _rows(
        self, head: Header, rows: Iterator[Row | BadLine]
    ) -> Iterator[Entry | BadLine]:
        for row in rows:
            if isinstance(row, BadLine):
                yield row
            elif any(map(str.strip, row.cells)):
                try:
                    yield Entry(row.line, head.cells(row.cells), head.system)
                except AudienceError as error:
                    yield BadLine(row.line, error.reason)

    def _objects(self) -> Iterator[Entry | BadLine]:
        heads = lru_cache(maxsize=256)(self._head)
        while (line := self._lines.take()) is not None:
            number, text = line
            if not text.strip():
                continue
            try:
                found = _object(text)
                head = heads(tuple(found))
                cells = head.cells([_cell(value) for value in found.values()])
            except AudienceError as error:
                yield BadLine(number, error.reason)
            else:
                yield Entry(number, cells, head.system)

    def _head(self, names: tuple[str, ...]) -> Header:
        head = place_columns(names, self._mapped)
        if Column.EMAIL not in head.places:
            raise AudienceError("there is no email")
        self._note(head)
        return head

    def _note(self, head: Header) -> None:
        room = _MOST_UNKNOWN - len(self._unknown)
        self._unknown.update(dict.fromkeys(head.unknown[: max(room, 0)]))
        if head.system is not ANY:
            self._systems[head.system.name] = None


def listings(source: Source, mapped: Mapped) -> Iterator[Listing]:
    """Open a file; an archive has several, to be read one after the other.

    Raises `AudienceError` for what is no list of people.
    """
    if not is_archive(source.stream):
        yield Listing(source.name, source.stream, mapped)
        return
    for name, stream in members(source.name, source.stream):
        with stream:
            yield Listing(f"{source.name}/{printable(name)}", stream, mapped)


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """Say of which file an error is."""
    try:
        yield
    except AudienceError as error:
        raise AudienceError(f"{name}: {error.reason}", hint=error.hint) from error
    except DAMAGED as error:
        raise AudienceError(
            f"{name} is damaged: {error}",
            hint="Fetch the archive anew; nothing has been imported.",
        ) from error
    except OSError as error:
        raise AudienceError(
            f"{name} cannot be read: {error.strerror or error}",
            hint="Nothing has been imported.",
        ) from error


def _object(text: str) -> Mapping[str, object]:
    if len(text) > LONGEST_LINE:
        raise AudienceError(f"the line is longer than {LONGEST_LINE:,} characters")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        why = getattr(error, "msg", "") or "too large or too deep"
        raise AudienceError(f"no JSON object: {why}") from None
    if not isinstance(found, dict):
        raise AudienceError(f"no JSON object: {printable(text.strip())}")
    return found


def _cell(value: object) -> str:
    """Write a JSON value the way a table would hold it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        if len(value) > _LONGEST_LIST:
            raise AudienceError(f"a list of more than {_LONGEST_LIST} values")
        return _whole("; ".join(value))
    return json.dumps(value, ensure_ascii=False)


def _whole(text: str) -> str:
    """Refuse half a character, which JSON can write and UTF-8 can not."""
    if not text.isascii() and _HALF.search(text):
        raise AudienceError("half a character (a lone surrogate)")
    return text
