"""One of the two databases of a copy: reads its tables in order, writes, and clears them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    engine_of,
    explained,
    stream,
    transaction,
)
from distribute.audience.database.place import Place
from distribute.audience.moving.checksum import Row
from distribute.audience.moving.tables import NOTE, Table, tables_of

PAGE = 10_000
"""Rows that are written at a time."""

_NUL, _REPLACED = "\0", "\ufffd"
"""The one becomes the other everywhere in this house; older files may still have it."""


class Side:
    """A database that is open, and where it is."""

    def __init__(self, place: Place, connection: Connection) -> None:
        self.place = place
        self.connection = connection
        self.is_sqlite = engine_of(connection) == "sqlite"
        self.replaces_nul = False
        """Whether to read U+0000, which PostgreSQL can not hold, as U+FFFD."""
        with explained(place):
            self.tables = tables_of(connection)

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """Let nobody write until the end; whoever wants to waits, or is told to.

        Raises `BusyError` if somebody writes for too long.
        """
        with explained(self.place), transaction(self.connection):
            if not self.is_sqlite:  # where not everybody waits for the lock of writing
                names = ", ".join(f'"{table.name}"' for table in self.tables)
                self.connection.execute(f"LOCK TABLE {names} IN SHARE MODE")
            yield

    def rows(self, table: Table, after: Row | None = None) -> Iterator[Row]:
        """Give the rows in the order of their keys; those behind a key, if one is given."""
        with explained(self.place):
            statement = table.select(after_key=after is not None)
            found = stream(self.connection, statement, tuple(after or ()))
            yield from self._storable(table, found)

    def last_key(self, table: Table) -> Row | None:
        """Give the greatest key; `None` if there is no row."""
        with explained(self.place):
            row = self.connection.execute(table.select_last_key()).fetchone()
        return tuple(row) if row else None

    def write(self, table: Table, rows: Iterable[Row]) -> Iterator[int]:
        """Write rows, and give how many there are by now after each page of them."""
        count, remaining = 0, iter(rows)
        while page := list(islice(remaining, PAGE)):
            with explained(self.place):
                self._write(table, page)
            count += len(page)
            yield count

    def clear(self, tables: Sequence[Table]) -> None:
        """Remove all rows of these tables, among which are those that refer to them."""
        with explained(self.place), transaction(self.connection):
            whole = [table for table in tables if table.name != "meta"]
            if whole and not self.is_sqlite:
                names = ", ".join(f'"{table.name}"' for table in whole)
                self.connection.execute(f"TRUNCATE {names}")
            for table in reversed(whole if self.is_sqlite else ()):
                self.connection.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 - ours
            if len(whole) < len(tables):
                self.connection.execute("DELETE FROM meta WHERE key <> ?", (NOTE,))

    def settle(self, tables: Sequence[Table]) -> None:
        """Have PostgreSQL number on behind the highest, and know how much there is."""
        if self.is_sqlite:
            return
        with explained(self.place):
            for table in tables:
                if table.counter:
                    self.connection.execute(_number_on(table))
            names = ", ".join(f'"{table.name}"' for table in tables)
            self.connection.execute(f"ANALYZE {names}")

    def _write(self, table: Table, page: Sequence[Row]) -> None:
        if self.is_sqlite:
            with transaction(self.connection):
                self.connection.executemany(table.insert(), page)
            return
        from distribute.audience.database.postgres.connection import (
            PostgresConnection,
            copy_rows,
        )

        assert isinstance(self.connection, PostgresConnection)  # noqa: S101 - the other one
        copy_rows(self.connection, f'"{table.name}"', table.quoted, page)

    def _storable(self, table: Table, rows: Iterator[Row]) -> Iterator[Row]:
        if self.replaces_nul and self._has_nul(table):
            return (tuple(map(_without_nul, row)) for row in rows)
        return rows

    def _has_nul(self, table: Table) -> bool:
        named = " OR ".join(
            f"(typeof({column}) = 'text' AND instr({column}, char(0)) > 0)"
            for column in table.quoted
        )
        look = f'SELECT 1 FROM "{table.name}" WHERE {named} LIMIT 1'  # noqa: S608 - ours
        return self.connection.execute(look).fetchone() is not None


def _number_on(table: Table) -> str:
    """Give the statement after which PostgreSQL numbers on."""
    name, column = table.name, table.counter
    return f"""
        SELECT setval(pg_get_serial_sequence('{name}', '{column}'),
                      coalesce(max("{column}"), 1), max("{column}") IS NOT NULL)
        FROM "{name}"
    """  # noqa: S608 - names of ours


def _without_nul(value: object) -> object:
    if isinstance(value, str) and _NUL in value:
        return value.replace(_NUL, _REPLACED)
    return value
