"""A connection to PostgreSQL that looks like one of ``sqlite3``."""

import select
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from functools import partial
from itertools import count, islice
from typing import Any

from distribute.audience.database.connection import Parameters
from distribute.audience.database.marks import Marks
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.dialect import translate
from distribute.audience.database.postgres.migrate import migrate
from distribute.audience.database.postgres.session import Raw, connect, psycopg

_ALONE = """
    BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
    SET LOCAL idle_in_transaction_session_timeout = '30s';
    SELECT pg_advisory_xact_lock(1684632436, hashtext(current_schema()))
"""
"""Be the only one who writes, until the end; the first number is our own ("dist").

Each statement sees what others had written before their turn ended, whatever isolation
the role has as a rule. Who stops in the middle, frozen or cut off, is not waited for.
"""
_STEADY = """
    BEGIN ISOLATION LEVEL REPEATABLE READ;
    SET LOCAL idle_in_transaction_session_timeout = '10min'
"""
BESIDE_OTHERS = "BEGIN READ WRITE"
"""Begins a transaction that keeps nobody else from writing, for whoever locks rows."""
_IN_TURN = {
    "BEGIN IMMEDIATE": _ALONE,
    "BEGIN": _STEADY,
    BESIDE_OTHERS: """
        BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
        SET LOCAL idle_in_transaction_session_timeout = '10s'
    """,
}
_PAGE = 5000
"""Rows that are got or given at a time."""
_CROSSED = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
_TRIES = 5
"""So often is a statement by itself tried that has crossed others, and was undone."""


class PostgresCursor:
    """Implements `distribute.audience.database.connection.Cursor`."""

    __slots__ = ("_connection", "_raw", "rowcount")

    def __init__(self, connection: "PostgresConnection") -> None:
        self._connection = connection
        self._raw: psycopg.Cursor[tuple[Any, ...]] | None = None
        self.rowcount = -1

    def execute(self, sql: str, parameters: Parameters = (), /) -> "PostgresCursor":
        """Run a statement; see `PostgresConnection.execute`."""
        if sql in _IN_TURN or sql == "COMMIT":
            self._connection.turn(sql)
            self._raw = None
            return self
        raw, query = self._fresh(), translate(sql)
        self._connection.go_through_with(lambda: raw.execute(query, parameters))
        if sql.startswith("SET "):
            self._connection.keep(sql)
        self.rowcount = raw.rowcount
        return self

    def executemany(self, sql: str, rows: Iterable[Parameters], /) -> "PostgresCursor":
        """Run a statement once per row.

        The rows may come from other statements of this connection: psycopg, which would
        wait for itself, gets some at a time that are there already.
        """
        raw, query, remaining = self._fresh(), translate(sql), iter(rows)
        self.rowcount = 0
        while some := list(islice(remaining, _PAGE)):
            self._connection.go_through_with(partial(raw.executemany, query, some))
            self.rowcount += max(raw.rowcount, 0)
        return self

    def fetchone(self) -> Any:
        """Give the next row, or `None`."""
        return self._raw.fetchone() if self._raw and self._raw.description else None

    def fetchall(self) -> list[Any]:
        """Give all rows that are left."""
        return self._raw.fetchall() if self._raw and self._raw.description else []

    def fetchmany(self, size: int, /) -> list[Any]:
        """Give the next rows, so many at most."""
        return self._raw.fetchmany(size) if self._raw and self._raw.description else []

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchone, None)

    def _fresh(self) -> psycopg.Cursor[tuple[Any, ...]]:
        raw = self._connection.raw
        if self._raw is None or self._raw.connection is not raw:
            self._raw = raw.cursor()
        return self._raw


class PostgresConnection:
    """Implements `distribute.audience.database.connection.Connection`.

    A connection that was lost is made again by the next statement outside a transaction,
    with the same settings, so whoever holds this need not know; one that is lost inside a transaction stays lost
    until that is rolled back, so nothing of it happens by itself.
    """

    def __init__(self, connect: Callable[[], Raw]) -> None:
        self._connect = connect
        self._raw = connect()
        self._settings: dict[str, str] = {}
        self._has_begun = False
        self._is_over = False

    @property
    def raw(self) -> Raw:
        """Psycopg's own connection, as alive as can be told."""
        if self._raw.closed and not (self._has_begun or self._is_over):
            self._raw.close()  # what is left of it
            self._raw = self._connect_anew()
        return self._raw

    @property
    def may_be_lost(self) -> bool:
        """Whether the server has said something unasked, such as a goodbye."""
        if self._raw.closed:
            return True
        look = select.poll()
        look.register(self._raw.fileno(), select.POLLIN)
        return bool(look.poll(0))

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._has_begun

    def cursor(self) -> PostgresCursor:
        """Make a cursor, to be used over and over."""
        return PostgresCursor(self)

    def execute(self, sql: str, parameters: Parameters = (), /) -> PostgresCursor:
        """Run a statement with a cursor of its own. Raises `psycopg.Error`."""
        return PostgresCursor(self).execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Parameters], /) -> PostgresCursor:
        """Run a statement once per row."""
        return PostgresCursor(self).executemany(sql, rows)

    def run(self, script: str) -> None:
        """Run several statements, without values."""
        self.raw.execute(script.encode())

    def go_through_with(self, act: Callable[[], object]) -> None:
        """Run a statement, a few times over if by itself it crosses those of others.

        Within a transaction it is tried once: what came before it is undone as well.
        """
        for _ in range(0 if self._has_begun else _TRIES - 1):
            try:
                act()
            except _CROSSED:
                continue
            return
        act()

    def keep(self, setting: str) -> None:
        """Have what was just set, outside of transactions, stand on new connections."""
        if not self._has_begun:
            name, _, _ = setting.partition("=")
            self._settings[name] = setting

    def turn(self, sql: str) -> None:
        """Begin a transaction, or commit it."""
        if sql == "COMMIT":
            done = self.raw.execute("COMMIT").statusmessage
            self._has_begun = False
            if done != "COMMIT":  # after an error that somebody has swallowed
                raise psycopg.errors.InFailedSqlTransaction("nothing was committed")
            return
        try:
            self._begin(_IN_TURN[sql])
            self._has_begun = True
        except BaseException:
            self.rollback()
            raise

    def _begin(self, sql: str) -> None:
        """Begin, on a new connection where the old one turns out to be lost by now."""
        raw = self.raw
        try:
            raw.execute(sql.encode())
        except psycopg.OperationalError:
            if not raw.closed:
                raise
            self.raw.execute(sql.encode())

    def _connect_anew(self) -> Raw:
        raw = self._connect()
        try:
            for setting in self._settings.values():
                raw.execute(setting.encode())
        except BaseException:
            raw.close()
            raise
        return raw

    def rollback(self) -> None:
        """Undo the transaction, if one is open; if the server is away, it has done so."""
        with suppress(psycopg.OperationalError):
            if (
                self._raw.info.transaction_status
                is not psycopg.pq.TransactionStatus.IDLE
            ):
                self._raw.rollback()
        self._has_begun = False

    def close(self) -> None:
        """Let go of the server, for good."""
        self._is_over = True
        self._raw.close()


def open_server(
    url: PostgresUrl,
    patience: float,
    *,
    first: str = "",
    despite: Marks = (),
) -> PostgresConnection:
    """Connect, and bring the tables up to date.

    Waits `patience` seconds for others who write. `first` is what to say on each new
    connection. Raises `psycopg.Error`, and `AudienceError` for a database that is not
    ours, or is marked, unless it is opened `despite` that.
    """
    connection = PostgresConnection(lambda: connect(url, patience, first))
    try:
        migrate(connection, url, despite=despite)
    except BaseException:
        connection.close()
        raise
    return connection


def is_furnished(url: PostgresUrl) -> bool:
    """Tell whether our tables are there, and change nothing. Raises `psycopg.Error`."""
    with closing(connect(url, 1)) as raw:
        row = raw.execute("SELECT to_regclass('house') IS NOT NULL").fetchone()
    return bool(row and row[0])


def copy_rows(
    connection: object,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    """Write many rows into a table in the fastest way there is (COPY)."""
    if not isinstance(connection, PostgresConnection):
        raise TypeError("writes to PostgreSQL alone")
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"  # names of our own
    with connection.raw.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def stream_rows(
    connection: object, sql: str, parameters: Parameters = ()
) -> Iterator[Any]:
    """Give the rows of a long answer, which the server keeps, one after the other.

    They are as they were when this was called. Inside a transaction they can be had until
    it ends. (Psycopg's own cursors of that kind talk to the server when they are thrown
    away, which the collector of garbage may do in the midst of another statement.)
    """
    if not isinstance(connection, PostgresConnection):
        raise TypeError("streams from PostgreSQL alone")
    raw, name = connection.raw, f"rows_{next(_numbers)}"
    hold = "WITHOUT HOLD" if connection.in_transaction else "WITH HOLD"
    declare = f"DECLARE {name} NO SCROLL CURSOR {hold} FOR {translate(sql)}"
    raw.execute(declare.encode(), parameters, prepare=False)
    return _pages(raw, name)


def _pages(raw: Raw, name: str) -> Iterator[Any]:
    fetch = f"FETCH {_PAGE} FROM {name}".encode()
    while rows := raw.execute(fetch, prepare=False).fetchall():
        yield from rows
        if len(rows) < _PAGE:
            break
    raw.execute(f"CLOSE {name}".encode(), prepare=False)


_numbers = count(1)
