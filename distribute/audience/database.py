"""Open ``distribute.db``: one SQLite file for the subscribers and the ledger.

Its tables are made by the numbered scripts in ``migrations/``; SQLite's ``user_version``
says which of them the file has seen, its ``application_id`` that the file is ours.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self

from distribute.errors import AudienceError, BusyError

APPLICATION_ID = 0x64697374  # "dist"
"""What marks a SQLite file as ours (``PRAGMA application_id``)."""

PATIENCE = 5.0
"""Seconds to wait for another process that is writing."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PAUSE = 0.05
"""Seconds between two looks at a file for which SQLite itself does not wait."""

_HINTS = {
    "SQLITE_BUSY": "Another distribute is writing to it; run again when it is done.",
    "SQLITE_CANTOPEN": "See that its folder exists and can be written to.",
    "SQLITE_CORRUPT": "It is damaged; restore it from a backup.",
    "SQLITE_FULL": "The disk is full; make room and run again.",
    "SQLITE_IOERR": "The disk does not answer as it should; see that it is healthy.",
    "SQLITE_NOTADB": "Move that file away, or name another in [store] url.",
    "SQLITE_PERM": "See that you may read and write it.",
    "SQLITE_READONLY": "See that you may write to the file and to its folder.",
}


def open_database(path: Path, *, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open the file, make it if there is none, and bring its tables up to date.

    The connection commits each statement by itself and to the disk (WAL, synchronous
    FULL); wrap what belongs together in `transaction`. Raises `AudienceError` for a file
    that is not ours, is newer than we are, or can not be written to, and `BusyError` for
    one that another process has locked for longer than `patience`.
    """
    _make_private(path)
    with explained(path):
        connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
        try:
            _prepare(connection, path, patience)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
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
def rehearsal(connection: sqlite3.Connection) -> Iterator[None]:
    """Undo at the end whatever is written inside; nobody is kept waiting till then.

    Others are locked out only from the first writing on, if there is any.
    """
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()


class Handle:
    """Has the file open until it is closed, or to the end of a ``with``."""

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        """Open the file, made on first use; waits `patience` seconds for others."""
        self.path = path
        self._connection = open_database(path, patience=patience)

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file, for whatever shares its transactions."""
        return self._connection

    def close(self) -> None:
        """Let go of the file."""
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
    """A `transaction` in which SQLite's errors are `explained`, many times over.

    Never inside another one. Nothing is made for each use, so it costs little more than
    SQLite itself.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        self._cursor = connection.cursor()

    def __enter__(self) -> None:
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise explanation(self._path, error) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            try:
                self._cursor.execute("COMMIT")
            except sqlite3.Error as failure:
                self._connection.rollback()
                raise explanation(self._path, failure) from failure
        else:
            self._connection.rollback()
            if isinstance(error, sqlite3.Error):
                raise explanation(self._path, error) from error


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says into an `AudienceError` with the next step."""
    try:
        yield
    except sqlite3.Error as error:
        raise explanation(path, error) from error


def explanation(path: Path, error: sqlite3.Error) -> AudienceError:
    """Say what SQLite says about a file, with the next step."""
    name = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
    kind = BusyError if name == "SQLITE_BUSY" else AudienceError
    return kind(f"{path} cannot be used: {error}", hint=_HINTS.get(name, ""))


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


def _make_private(path: Path) -> None:
    """Create the file readable by its owner alone: it holds addresses and a key."""
    try:
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        reason = f"{path} cannot be made: {error.strerror}"
        raise AudienceError(reason, hint=_HINTS["SQLITE_CANTOPEN"]) from error


def _prepare(connection: sqlite3.Connection, path: Path, patience: float) -> None:
    _refuse_strangers(connection, path)
    _keep_write_ahead_log(connection, patience)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if _version(connection) < len(_migrations()):
        with transaction(connection):
            _migrate(connection)


def _refuse_strangers(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN")  # one view of the file, even if another just makes it
    application, version = _pragma(connection, "application_id"), _version(connection)
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    connection.execute("COMMIT")
    if tables and application != APPLICATION_ID:
        raise AudienceError(
            f"{path} is a SQLite database of another program",
            hint=_HINTS["SQLITE_NOTADB"],
        )
    if version > len(_migrations()):
        raise AudienceError(
            f"{path} was written by a newer distribute "
            f"(version {version} of its tables, this one knows {len(_migrations())})",
            hint="Install the newer distribute.",
        )


def _keep_write_ahead_log(connection: sqlite3.Connection, patience: float) -> None:
    """Switch a new file to WAL; for writers, unlike readers, SQLite does not wait then."""
    give_up = monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or monotonic() >= give_up:
                raise
            sleep(_PAUSE)
        else:
            return


def _migrate(connection: sqlite3.Connection) -> None:
    """Run the scripts that the file has not seen, unless another process just did."""
    seen = _version(connection)
    for number, script in enumerate(_migrations()[seen:], start=seen + 1):
        for statement in _statements(script):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {number}")


@cache
def _migrations() -> Sequence[str]:
    folder = files("distribute.audience") / "migrations"
    scripts = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return [s.read_text("utf-8") for s in sorted(scripts, key=lambda s: s.name)]


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _version(connection: sqlite3.Connection) -> int:
    return _pragma(connection, "user_version")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
