"""Open a file of SQLite, with the tables of this house in it.

They are made by the numbered scripts in ``migrations/``; SQLite's ``user_version`` says
which of them the file has seen, its ``application_id`` that the file is ours.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from time import monotonic, sleep

from distribute.audience.database import marks
from distribute.errors import AudienceError, BusyError

APPLICATION_ID = 0x64697374  # "dist"
"""What marks a SQLite file as ours (``PRAGMA application_id``)."""

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


def open_file(
    path: Path, patience: float, *, despite: marks.Marks = ()
) -> sqlite3.Connection:
    """Open the file, make it if there is none, and bring its tables up to date.

    The connection commits each statement by itself and to the disk (WAL, synchronous
    FULL). Raises `sqlite3.Error`, and `AudienceError` for a file that is not ours, or
    is marked (`marks`), unless it is opened `despite` that. One that was moved away stays
    as it is, tables and all.
    """
    _make_private(path)
    connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
    try:
        _refuse_strangers(connection, path, despite)
        _prepare(connection, patience)
    except BaseException:
        connection.close()
        raise
    return connection


def explanation(path: Path, error: sqlite3.Error) -> AudienceError:
    """Say what SQLite says about a file, with the next step."""
    code = getattr(error, "sqlite_errorname", "")
    if str(error) == marks.CLOSED:
        return marks.closed(path)
    name = "_".join(code.split("_")[:2])
    kind = BusyError if name == "SQLITE_BUSY" else AudienceError
    return kind(f"{path} cannot be used: {error}", hint=_HINTS.get(name, ""))


def _make_private(path: Path) -> None:
    """Create the file readable by its owner alone: it holds addresses and a key."""
    try:
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        reason = f"{path} cannot be made: {error.strerror}"
        raise AudienceError(reason, hint=_HINTS["SQLITE_CANTOPEN"]) from error


def _prepare(connection: sqlite3.Connection, patience: float) -> None:
    _keep_write_ahead_log(connection, patience)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if _version(connection) < len(_migrations()) and not _is_moved(connection):
        connection.execute("BEGIN IMMEDIATE")
        try:
            _migrate(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise


def _refuse_strangers(
    connection: sqlite3.Connection, path: Path, despite: marks.Marks
) -> None:
    connection.execute("BEGIN")  # one view of the file, even if another just makes it
    application, version = _pragma(connection, "application_id"), _version(connection)
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    connection.execute("COMMIT")
    marked = [mark for mark in marks.ALL if mark.application_id == application]
    if tables and marked:
        marks.refuse(path, connection, marked[0], despite)
    elif tables and application != APPLICATION_ID:
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


def _is_moved(connection: sqlite3.Connection) -> bool:
    return _pragma(connection, "application_id") == marks.MOVED.application_id


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
        connection.execute(f"PRAGMA user_version = {number}")
    if not seen:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@cache
def _migrations() -> Sequence[str]:
    folder = files("distribute.audience.database") / "migrations"
    scripts = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return [s.read_text("utf-8") for s in sorted(scripts, key=lambda s: s.name)]


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    yield statement  # the last one, if its semicolon is missing; else nothing or a comment


def _version(connection: sqlite3.Connection) -> int:
    return _pragma(connection, "user_version")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
