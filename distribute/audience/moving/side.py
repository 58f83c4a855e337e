"""One of the two databases of a copy: reads its tables in order, writes, and clears them."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    engine_of,
    explained,
    insert_rows,
    stream,
    transaction,
)
from distribute.audience.database.place import Place
from distribute.audience.moving.checksum import Row
from distribute.audience.moving.tables import NOTE, Table, tables_of

PAGE = 10_000
"""Rows that are written at a time."""

_WHERE = "SELECT current_database(), current_schema()"
_LOOKS = 10
"""At who is connected, a tenth of a second apart."""
_OTHERS = """
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'distribute%'
      AND pid NOT IN ({ours})
"""


class Side:
    """A database that is open, and where it is."""

    def __init__(self, place: Place, connection: Connection) -> None:
        self.place = place
        self.connection = connection
        self.is_sqlite = engine_of(connection) == "sqlite"
        with explained(place):
            self.tables = tables_of(connection)

    @property
    def name(self) -> str:
        """What its place is known by, whoever names it; has no password."""
        if isinstance(self.place, Path):
            return str(self.place.resolve())
        database, schema = self.connection.execute(_WHERE).fetchone()
        known, shown = [], str(self.place)
        if not shown.endswith(f"/{database}"):
            known.append(f"database {database}")
        if schema != "public":
            known.append(f"schema {schema}")
        return f"{shown} ({', '.join(known)})" if known else shown

    def is_open_elsewhere(self, *, beside: "Side") -> bool:
        """Tell whether others have it open, as far as can be seen."""
        with explained(self.place):
            if self.is_sqlite:
                return not self._is_alone()
            ours = [side.process for side in (self, beside) if not side.is_sqlite]
            return self._is_with_others(ours)

    @property
    def process(self) -> int:
        """The number of the server's process that serves us (PostgreSQL)."""
        return int(self.connection.execute("SELECT pg_backend_pid()").fetchone()[0])

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """Let nobody write until the end; whoever wants to waits, or is told to.

        Raises `BusyError` if somebody writes for too long.
        """
        with explained(self.place), transaction(self.connection):
            if not self.is_sqlite:
                self._lock_tables()
            yield

    def replace_nul(self) -> None:
        """Write U+FFFD for each U+0000 in a file, which PostgreSQL cannot hold.

        The one becomes the other everywhere in this house; older files may still have it.
        """
        assert isinstance(self.connection, sqlite3.Connection)  # noqa: S101 - the other has none
        self.connection.create_function("without_nul", 1, _without_nul)
        with explained(self.place):
            for table in self.tables:
                self.connection.execute(_nul_replaced(table))

    def rows(self, table: Table, after: Row | None = None) -> Iterator[Row]:
        """Give the rows in the order of their keys; those behind a key, if one is given."""
        with explained(self.place):
            statement = table.select(after_key=after is not None)
            found = stream(self.connection, statement, tuple(after or ()))
            yield from found

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

    def _lock_tables(self) -> None:
        """Keep those from writing too who do not wait for the lock of writing.

        However long the other side is busy meanwhile: nobody is taken for lost.
        """
        names = ", ".join(f'"{table.name}"' for table in self.tables)
        self.connection.execute(f"LOCK TABLE {names} IN SHARE MODE")
        self.connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")

    def _is_alone(self) -> bool:
        """Tell whether SQLite can do what needs the whole file: change its journal."""
        try:
            self.connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            return False
        self.connection.execute("PRAGMA journal_mode = WAL").fetchone()
        return True

    def _is_with_others(self, ours: Sequence[int]) -> bool:
        """Tell whether others stay connected; who just left is there for a moment more."""
        others = _OTHERS.format(ours=", ".join("?" for _ in ours))
        for _ in range(_LOOKS):
            if self.connection.execute(others, ours).fetchone() is None:
                return False
            self.connection.execute("SELECT pg_sleep(0.1)")
        return True

    def _write(self, table: Table, page: Sequence[Row]) -> None:
        with transaction(self.connection):
            insert_rows(self.connection, f'"{table.name}"', table.quoted, page)


def _number_on(table: Table) -> str:
    """Give the statement after which PostgreSQL numbers on."""
    name, column = table.name, table.counter
    return f"""
        SELECT setval(pg_get_serial_sequence('{name}', '{column}'),
                      greatest(max("{column}"), 1), max("{column}") IS NOT NULL)
        FROM "{name}"
    """  # noqa: S608 - names of ours


def _nul_replaced(table: Table) -> str:
    """Give the statement after which no text of a table has U+0000 in it."""
    columns = table.quoted
    written = ", ".join(f"{column} = without_nul({column})" for column in columns)
    found = " OR ".join(
        f"(typeof({column}) = 'text' AND instr({column}, char(0)) > 0)"
        for column in columns
    )
    return f'UPDATE "{table.name}" SET {written} WHERE {found}'  # noqa: S608 - names of ours


def _without_nul(value: Any) -> Any:
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value
