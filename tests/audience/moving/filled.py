"""A database with rows in every table, and what is in it."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import insert_rows, transaction
from distribute.audience.database.marks import MOVED_TO
from distribute.audience.moving.tables import NOTE, Table, tables_of

ROWS = 3
"""In each table."""
_LARGE = {"opened", "closed", "since", "choice", "asked", "slot", "finished"}
"""Columns of 64 bits in PostgreSQL; other numbers have 32 at least."""
_OPTIONAL = {"joined", "pursued", "due", "closed", "finished"}
_UNIQUE = {"key", "id"}
_OWN = {NOTE, MOVED_TO}
"""What a database says of itself."""
_FLAGS = {"held", "leaves_open", "only_these", "invites"}

Content = Mapping[str, Sequence[tuple[Any, ...]]]


def fill(
    connection: Connection, texts: Sequence[str] = ("x",), numbers: Sequence[int] = (7,)
) -> None:
    """Put rows into every table of a file of SQLite, made of these."""
    words, counts = cycle(texts), cycle(numbers)
    with transaction(connection):
        for table in tables_of(connection):
            kinds = dict(
                connection.execute(
                    "SELECT name, type FROM pragma_table_info(?)", (table.name,)
                )
            )
            rows = [
                [
                    _value(table, column, kinds[column], number, words, counts)
                    for column in table.columns
                ]
                for number in range(1, ROWS + 1)
            ]
            insert_rows(connection, f'"{table.name}"', table.quoted, rows)


def _value(
    table: Table, column: str, kind: str, number: int, words: Any, counts: Any
) -> object:
    if kind == "INTEGER" and (column in table.key or column in table.parents):
        return number
    if column in _OPTIONAL and number == 1:
        return None
    if column in _FLAGS:
        return 0
    if kind == "INTEGER":
        count = int(next(counts))
        return count * 2**31 if column in _LARGE else count
    text = f"{next(words)}{number}" if column in {*table.key, *_UNIQUE} else next(words)
    return text.encode() if kind == "BLOB" else text


def content(connection: Connection) -> Content:
    """Read all tables of the house; rows in an order of their own."""
    found = {}
    for table in tables_of(connection):
        columns = sorted(table.columns)
        named = ", ".join(f'"{column}"' for column in columns)
        read = f'SELECT {named} FROM "{table.name}"'  # noqa: S608 - names of ours
        rows = connection.execute(read).fetchall()
        found[table.name] = sorted(
            (tuple(row) for row in rows if not _OWN & set(row)), key=repr
        )
    return found
