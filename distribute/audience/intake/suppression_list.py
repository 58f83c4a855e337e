"""Plain lists of addresses that must not be written to: CSV, or one on each line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO

from distribute.audience.intake.column import Column
from distribute.audience.intake.header import read_header
from distribute.audience.intake.table import BadLine, Row, read_table
from distribute.errors import MailboxError
from distribute.mailbox import Mailbox


@dataclass(frozen=True, slots=True)
class Listed:
    """A line with an address in it."""

    line: int
    mailbox: Mailbox


def read_addresses(stream: IO[bytes]) -> Iterator[Listed | BadLine]:
    """Read a table with a column ``email``, or addresses without any header.

    Without a header the first cell that has an ``@`` counts. Blank lines and those that
    begin with ``#`` are passed over. Raises `AudienceError` where there is neither a
    header nor an address at the top, or the text is not UTF-8.
    """
    table = read_table(stream)
    rows = filter(_says_something, chain([Row(table.line, table.header)], table.rows))
    place = None
    for number, row in enumerate(rows):
        if isinstance(row, BadLine):
            yield row
        elif number == 0 and not any("@" in cell for cell in row.cells):
            place = read_header(row.cells).places[Column.EMAIL]
        else:
            yield _listed(row, place)


def _says_something(row: Row | BadLine) -> bool:
    if isinstance(row, BadLine):
        return True
    return any(map(str.strip, row.cells)) and not row.cells[0].lstrip().startswith("#")


def _listed(row: Row, place: int | None) -> Listed | BadLine:
    try:
        return Listed(row.line, Mailbox.parse(_address(row.cells, place)))
    except MailboxError as error:
        return BadLine(row.line, error.reason)


def _address(cells: Sequence[str], place: int | None) -> str:
    if place is not None:
        return cells[place].strip() if place < len(cells) else ""
    return next((cell.strip() for cell in cells if "@" in cell), cells[0].strip())
