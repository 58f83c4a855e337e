"""``distribute.db``: made, brought up to date, and refused where it is not ours."""

import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Event, Timer

import pytest

from distribute.audience.database import (
    APPLICATION_ID,
    Commit,
    explained,
    from_milliseconds,
    from_text,
    open_database,
    to_milliseconds,
    to_text,
    transaction,
)
from distribute.errors import AudienceError

RACE = """
import sys
from pathlib import Path
from distribute.audience.database import open_database
sys.stdin.readline()
open_database(Path(sys.argv[1])).close()
"""


def _pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_file_is_ours_and_durable(path: Path) -> None:
    """A new database is marked as ours, keeps a write-ahead log, and syncs to disk."""
    with closing(open_database(path)) as connection:
        assert _pragma(connection, "application_id") == APPLICATION_ID
        assert _pragma(connection, "user_version") == 5
        assert _pragma(connection, "journal_mode") == "wal"
        assert _pragma(connection, "synchronous") == 2
        assert _pragma(connection, "foreign_keys") == 1


def test_only_its_owner_may_read_it(path: Path) -> None:
    """The file holds addresses and a key, so it is made for its owner alone."""
    open_database(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_opening_again_changes_nothing(path: Path) -> None:
    """The tables are made once, and what is in them stays."""
    with closing(open_database(path)) as connection:
        connection.execute("INSERT INTO meta VALUES ('a', x'01')")
    with closing(open_database(path)) as connection:
        assert connection.execute("SELECT * FROM meta").fetchall() == [("a", b"\x01")]


"""Deliveries of the second version; `cy` and `eve` have an earlier attempt each."""


def test_processes_that_race_to_make_it_all_succeed(path: Path) -> None:
    """Four processes that open a new file at once make its tables once."""
    racers = [
        subprocess.Popen(  # noqa: S603 - this Python, the script above
            [sys.executable, "-c", RACE, str(path)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdin
        racer.stdin.write(b"\n")
        racer.stdin.flush()
    assert [racer.communicate()[1] for racer in racers] == [b""] * 4


HOLDS = {
    "reader": ("BEGIN", "SELECT * FROM sqlite_schema"),
    "writer": ("BEGIN IMMEDIATE",),
}


"""How others hold up the making of a new file: SQLite waits for the first by itself."""


@pytest.fixture(params=HOLDS)
def other(path: Path, request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    """Look at a new file, or begin to write to it, before its tables are made."""
    with closing(sqlite3.connect(path, check_same_thread=False)) as connection:
        connection.execute("PRAGMA user_version = 0")
        for statement in HOLDS[request.param]:
            connection.execute(statement).fetchall()
        yield connection


def test_who_is_at_the_new_file_is_waited_for(
    other: sqlite3.Connection, path: Path
) -> None:
    """Whoever reads or writes it just then holds its making up, but does not stop it."""
    let_go = Event()

    def leave() -> None:
        let_go.set()
        other.rollback()

    later = Timer(0.15, leave)
    later.start()
    try:
        with closing(open_database(path)) as connection:
            assert let_go.is_set()
            assert _pragma(connection, "journal_mode") == "wal"
    finally:
        later.join()


@pytest.mark.usefixtures("other")
def test_who_stays_at_the_new_file_is_not_waited_for_for_ever(path: Path) -> None:
    """Patience ends; the error says what to do, and the next try may succeed."""
    begun = time.monotonic()
    with pytest.raises(AudienceError, match="locked\n  Another distribute"):
        open_database(path, patience=0.2)
    assert time.monotonic() - begun < 4, "every look has its own patience"


def test_a_text_file_is_refused(path: Path) -> None:
    """Something that is no database is left alone, and the error says what to do."""
    path.write_text("email,name\n" * 100)
    with pytest.raises(AudienceError, match=r"not a database\n  Move that file away"):
        open_database(path)
    assert path.read_text() == "email,name\n" * 100


def test_the_database_of_another_program_is_refused(path: Path) -> None:
    """A SQLite file with tables that we did not make is not written to."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(AudienceError, match="another program"):
        open_database(path)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [
            ("bookmarks",)
        ]


def test_a_newer_file_is_refused(path: Path) -> None:
    """A file from a later version is not touched by an earlier one."""
    with closing(open_database(path)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(AudienceError, match=r"newer distribute .*999") as caught:
        open_database(path)
    assert caught.value.hint == "Install the newer distribute."


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Where the folder is missing, the error says that it is the folder."""
    with pytest.raises(AudienceError, match="See that its folder exists") as caught:
        open_database(tmp_path / "nowhere" / "distribute.db")
    assert "nowhere" in caught.value.reason


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    """A folder under the name of the file is an error like the others."""
    with pytest.raises(AudienceError, match="cannot be used"):
        open_database(tmp_path)


def test_a_locked_file_says_who_to_wait_for(path: Path) -> None:
    """While somebody else writes, the error comes after a while and says to wait."""
    with (
        closing(open_database(path)) as writer,
        closing(open_database(path, patience=0.05)) as other,
    ):
        writer.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(AudienceError, match="locked\n  Another distribute"),
            explained(path),
            transaction(other),
        ):
            pytest.fail("two writers at once")


def test_a_read_only_file_says_so(path: Path) -> None:
    """What SQLite says about a file that cannot be written to comes with a next step."""
    open_database(path).close()
    uri = f"file:{path}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True)) as connection,
        pytest.raises(AudienceError, match="See that you may write to the file"),
        explained(path),
    ):
        connection.execute("INSERT INTO meta VALUES ('a', x'01')")


def test_a_damaged_file_says_to_restore_it(path: Path) -> None:
    """Garbage in the middle of the file is not mistaken for an empty list."""
    with closing(open_database(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    data = bytearray(path.read_bytes())
    data[100:4096] = b"\xff" * 3996
    path.write_bytes(data)
    with pytest.raises(AudienceError, match="restore it from a backup"):
        open_database(path)


def _write_and_fail(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO meta VALUES ('a', x'01')")
        with transaction(connection):
            connection.execute("INSERT INTO meta VALUES ('b', x'01')")
        raise RuntimeError


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    """What happens in a transaction that fails has not happened, nor what is nested."""
    with closing(open_database(path)) as connection:
        with pytest.raises(RuntimeError):
            _write_and_fail(connection)
        assert connection.execute("SELECT count(*) FROM meta").fetchone() == (0,)
        with transaction(connection):
            connection.execute("INSERT INTO meta VALUES ('c', x'01')")
        assert not connection.in_transaction
        assert connection.execute("SELECT key FROM meta").fetchall() == [("c",)]


def test_instants_are_kept_in_utc() -> None:
    """An instant in any zone is the same instant when it comes back."""
    instant = datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=-3)))
    assert to_text(instant) == "2026-03-01T12:30:00+00:00"
    assert from_text(to_text(instant)) == instant
    assert from_text(to_text(instant)).tzinfo == UTC


def test_milliseconds_are_exact() -> None:
    """An instant in any zone is the same millisecond, of any century."""
    instant = datetime(
        2026, 3, 1, 9, 30, 0, 123_999, tzinfo=timezone(timedelta(hours=-3))
    )
    assert to_milliseconds(instant) == 1772368200123
    assert from_milliseconds(1772368200123) == instant.replace(microsecond=123_000)
    for number in (0, 1, 999, 4_102_444_799_999, 253_402_300_799_999):
        assert to_milliseconds(from_milliseconds(number)) == number


def _commit_and_fail(commit: Commit, connection: sqlite3.Connection) -> None:
    with commit:
        connection.execute("INSERT INTO meta VALUES ('a', x'01')")
        raise RuntimeError


def _fail_at_the_end(commit: Commit, connection: sqlite3.Connection) -> None:
    with commit:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute(
            "INSERT INTO change (subscriber, at, by, field, old, new)"
            " VALUES (1, '', '', '', '', '')"
        )


def test_a_commit_is_all_or_nothing_many_times_over(path: Path) -> None:
    """One that fails leaves nothing, and nothing in the way of the next."""
    with closing(open_database(path)) as connection:
        commit = Commit(path, connection)
        with pytest.raises(RuntimeError):
            _commit_and_fail(commit, connection)
        with commit:
            connection.execute("INSERT INTO meta VALUES ('b', x'01')")
        with pytest.raises(AudienceError, match="UNIQUE constraint failed"), commit:
            connection.execute("INSERT INTO meta VALUES ('b', x'02')")
        assert not connection.in_transaction
        with pytest.raises(AudienceError, match="FOREIGN KEY constraint"):
            _fail_at_the_end(commit, connection)
        assert not connection.in_transaction
        with closing(open_database(path, patience=0)) as other:
            assert other.execute("SELECT key FROM meta").fetchall() == [("b",)]
            other.execute("BEGIN IMMEDIATE")
            connection.execute("PRAGMA busy_timeout = 0")
            with pytest.raises(AudienceError, match="Another distribute"), commit:
                pytest.fail("two writers at once")
