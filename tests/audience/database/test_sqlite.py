"""A file of SQLite: made, brought up to date, and refused where it is not ours."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Timer

import pytest

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import Commit, explained, open_database
from distribute.audience.database.sqlite import APPLICATION_ID
from distribute.errors import AudienceError
from tests.promptness import quickest

pytestmark = pytest.mark.sqlite_only("it is about the file")


def _pragma(connection: Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_file_is_ours_and_durable(path: Path) -> None:
    """A new database is marked as ours, keeps a write-ahead log, and syncs to disk."""
    with closing(open_database(path)) as connection:
        assert _pragma(connection, "application_id") == APPLICATION_ID
        assert _pragma(connection, "user_version") == 6
        assert _pragma(connection, "journal_mode") == "wal"
        assert _pragma(connection, "synchronous") == 2
        assert _pragma(connection, "foreign_keys") == 1


def test_only_its_owner_may_read_it(path: Path) -> None:
    """The file holds addresses and a key, so it is made for its owner alone."""
    open_database(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


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

    def look() -> None:
        with pytest.raises(AudienceError, match="locked\n  Another distribute"):
            open_database(path, patience=0.2)

    assert quickest(look, within=4) < 4, "every look has its own patience"


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


def _fail_at_the_end(commit: Commit, connection: Connection) -> None:
    with commit:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute(
            "INSERT INTO change (subscriber, at, by, field, old, new)"
            " VALUES (1, '', '', '', '', '')"
        )


def test_a_commit_that_fails_at_its_end_leaves_nothing(path: Path) -> None:
    """Where only COMMIT finds that something is wrong, all is undone."""
    with closing(open_database(path)) as connection:
        commit = Commit(path, connection)
        with pytest.raises(AudienceError, match="FOREIGN KEY constraint"):
            _fail_at_the_end(commit, connection)
        assert not connection.in_transaction
        assert connection.execute("SELECT count(*) FROM change").fetchone() == (0,)
