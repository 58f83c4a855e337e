"""Open the database of the house, and change it all or nothing: on SQLite or PostgreSQL.

Both are spoken to in the same SQL and through the same few methods, those of Python's
``sqlite3``: a connection to a file is SQLite's own, one to PostgreSQL is made to look
like it (`distribute.audience.database.postgres`). On both a writing transaction is alone.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from distribute.audience.database import sqlite
from distribute.audience.database.connection import Connection, Parameters
from distribute.audience.database.marks import Marks
from distribute.audience.database.place import Place
from distribute.errors import AudienceError

PATIENCE = 5.0
"""Seconds to wait for another process that is writing."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def open_database(
    place: Place, *, patience: float = PATIENCE, despite: Marks = ()
) -> Connection:
    """Open the database, make it if there is none, and bring its tables up to date.

    The connection commits each statement by itself and to the disk; wrap what belongs
    together in `transaction`. Raises `AudienceError` for one that is not ours, is newer
    than we are, or can not be written to, `BusyError` for one that another process has
    locked for longer than `patience`, and `AwayError` if its server does not answer. One
    that is marked, as half a copy or as moved away, is only opened `despite` its mark.
    """
    place = place_of(place)
    with explained(place):
        if isinstance(place, Path):
            return sqlite.open_file(place, patience, despite=despite)
        from distribute.audience.database.postgres.connection import open_server

        return open_server(place, patience, despite=despite)


def place_of(place: Place) -> Place:
    """Say where a place really is; every opening goes through here."""
    return place


def is_begun(place: Place) -> bool:
    """Tell whether there is anything yet, a file or our tables; makes nothing.

    Raises `AudienceError` if a server cannot tell.
    """
    if isinstance(place, Path):
        return place.exists()
    with explained(place):
        from distribute.audience.database.postgres.connection import is_furnished

        return is_furnished(place)


def engine_of(connection: Connection) -> Literal["sqlite", "postgresql"]:
    """Tell which of the two it is, for the few things that have no common words."""
    return "sqlite" if isinstance(connection, sqlite3.Connection) else "postgresql"


def stream(
    connection: Connection, sql: str, parameters: Parameters = ()
) -> Iterator[Any]:
    """Give the rows of a long answer one after the other, in little memory.

    Other statements may run meanwhile.
    """
    if engine_of(connection) == "sqlite":
        return iter(connection.execute(sql, parameters))
    from distribute.audience.database.postgres.connection import stream_rows

    return stream_rows(connection, sql, parameters)


def insert_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    """Add many rows to a table, in the fastest way that the engine has.

    The names are ours, and stand in the statement as they are. Within a transaction it is
    part of that; a server takes all of the rows or none in any case.
    """
    if engine_of(connection) == "sqlite":
        marks = ", ".join("?" for _ in columns)
        insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
        connection.executemany(insert, rows)
        return
    from distribute.audience.database.postgres.connection import copy_rows

    copy_rows(connection, table, columns, rows)


def tally(
    connection: Connection, columns: int, sql: str, parameters: Parameters = ()
) -> "Counter[tuple[Any, ...]]":
    """Count how often each row stands in a long answer of so many columns.

    A server counts by itself, and sends no more than that.
    """
    if engine_of(connection) == "sqlite":
        return Counter(connection.execute(sql, parameters))
    each = ", ".join(str(number) for number in range(1, columns + 1))
    counting = f"SELECT *, count(*) FROM ({sql}) AS answer GROUP BY {each}"  # noqa: S608 - ours
    rows = connection.execute(counting, parameters)
    return Counter({tuple(row): count for *row, count in rows})


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit all or nothing, and let nobody else write in between.

    Inside another transaction it is part of that one.
    """
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


@contextmanager
def rehearsal(connection: Connection) -> Iterator[None]:
    """Undo at the end whatever is written inside; nobody is kept waiting till then.

    Others are locked out only from the first writing on, if there is any. What is read
    inside is as it was at the beginning, whoever writes meanwhile.
    """
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()


class Handle:
    """Has the database open until it is closed, or to the end of a ``with``."""

    def __init__(self, place: Place, *, patience: float = PATIENCE) -> None:
        """Open it, made on first use; waits `patience` seconds for others."""
        self.place = place
        self._connection = open_database(place, patience=patience)

    @property
    def connection(self) -> Connection:
        """The open database, for whatever shares its transactions."""
        return self._connection

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Commit:
    """A `transaction` in which the engine's errors are `explained`, many times over.

    Never inside another one. Nothing is made for each use, so it costs little more than
    SQLite itself.
    """

    def __init__(self, place: Place, connection: Connection) -> None:
        self._place = place
        self._connection = connection
        self._cursor = connection.cursor()

    def __enter__(self) -> None:
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
        except Exception as error:
            _explain(self._place, error)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            try:
                self._cursor.execute("COMMIT")
            except Exception as failure:
                self._connection.rollback()
                _explain(self._place, failure)
                raise
        else:
            self._connection.rollback()
            _explain(self._place, error)


@contextmanager
def explained(place: Place) -> Iterator[None]:
    """Turn what the engine says into an `AudienceError` with the next step."""
    try:
        yield
    except Exception as error:
        _explain(place, error)
        raise


def explanation(place: Place, error: BaseException) -> AudienceError | None:
    """Say what the engine says about the database, with the next step.

    `None` for an error that comes from neither SQLite nor PostgreSQL.
    """
    if isinstance(error, sqlite3.Error):
        return sqlite.explanation(Path(str(place)), error)
    from distribute.audience.database.postgres import errors

    return errors.explanation(place, error)


def _explain(place: Place, error: BaseException) -> None:
    """Raise what is to be said about an error of the engine, and nothing for others."""
    said = explanation(place, error)
    if said is not None:
        raise said from error


def to_text(instant: datetime) -> str:
    """Write an aware instant the way the tables hold it: ISO 8601 in UTC."""
    return instant.astimezone(UTC).isoformat()


def from_text(text: str) -> datetime:
    """Read an instant out of a table."""
    return datetime.fromisoformat(text)


def from_milliseconds(since_1970: int) -> datetime:
    """Read an instant out of the ledger's tables, which hold milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=since_1970)


def to_milliseconds(instant: datetime) -> int:
    """Write an aware instant the way the ledger's tables hold it."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)
