"""The database: made once, and changed all or nothing, whichever engine it has."""

import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    Commit,
    explained,
    from_milliseconds,
    from_text,
    insert_rows,
    open_database,
    rehearsal,
    stream,
    to_milliseconds,
    to_text,
    transaction,
)
from distribute.errors import AudienceError, BusyError

_KEEP = "INSERT INTO meta (key, value) VALUES (?, ?)"
RACE = """
import sys
from pathlib import Path
from distribute.audience.database.database import open_database
sys.stdin.readline()
open_database(Path(sys.argv[1])).close()
"""


def test_opening_again_changes_nothing(path: Path) -> None:
    """The tables are made once, and what is in them stays."""
    with closing(open_database(path)) as connection:
        connection.execute(_KEEP, ("a", b"\x01"))
    with closing(open_database(path)) as connection:
        assert connection.execute("SELECT * FROM meta").fetchall() == [("a", b"\x01")]


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


def test_a_locked_database_says_who_to_wait_for(path: Path) -> None:
    """While somebody else writes, the error comes after a while and says to wait."""
    with (
        closing(open_database(path)) as writer,
        closing(open_database(path, patience=0.05)) as other,
    ):
        writer.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(BusyError, match="Another distribute"),
            explained(path),
            transaction(other),
        ):
            pytest.fail("two writers at once")


def _write_and_fail(connection: Connection) -> None:
    with transaction(connection):
        connection.execute(_KEEP, ("a", b"\x01"))
        with transaction(connection):
            connection.execute(_KEEP, ("b", b"\x01"))
        raise RuntimeError


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    """What happens in a transaction that fails has not happened, nor what is nested."""
    with closing(open_database(path)) as connection:
        with pytest.raises(RuntimeError):
            _write_and_fail(connection)
        assert connection.execute("SELECT count(*) FROM meta").fetchone() == (0,)
        with transaction(connection):
            connection.execute(_KEEP, ("c", b"\x01"))
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


def _commit_and_fail(commit: Commit, connection: Connection) -> None:
    with commit:
        connection.execute(_KEEP, ("a", b"\x01"))
        raise RuntimeError


def test_a_commit_is_all_or_nothing_many_times_over(path: Path) -> None:
    """One that fails leaves nothing, and nothing in the way of the next."""
    with (
        closing(open_database(path)) as connection,
        closing(open_database(path, patience=0)) as hasty,
    ):
        commit = Commit(path, connection)
        with pytest.raises(RuntimeError):
            _commit_and_fail(commit, connection)
        with commit:
            connection.execute(_KEEP, ("b", b"\x01"))
        with pytest.raises(AudienceError, match=r"(?i)unique constraint"), commit:
            connection.execute(_KEEP, ("b", b"\x02"))
        assert not connection.in_transaction
        assert hasty.execute("SELECT key FROM meta").fetchall() == [("b",)]
        with commit, pytest.raises(BusyError, match="Another distribute"):  # noqa: SIM117
            with Commit(path, hasty):
                pytest.fail("two writers at once")
        assert not hasty.in_transaction
        with Commit(path, hasty):
            hasty.execute("DELETE FROM meta")


def test_a_rehearsal_leaves_nothing(path: Path) -> None:
    """What is written inside can be read there, and is undone at the end."""
    with closing(open_database(path)) as connection:
        with rehearsal(connection):
            connection.execute(_KEEP, ("a", b"\x01"))
            assert connection.execute("SELECT count(*) FROM meta").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM meta").fetchone() == (0,)
        assert not connection.in_transaction


def test_a_rehearsal_sees_what_there_was_when_it_began(path: Path) -> None:
    """Others may write meanwhile; whoever reads twice reads the same."""
    count = "SELECT count(*) FROM meta"
    with (
        closing(open_database(path)) as connection,
        closing(open_database(path)) as other,
    ):
        with rehearsal(connection):
            assert connection.execute(count).fetchone() == (0,)
            with transaction(other):
                other.execute(_KEEP, ("a", b"\x01"))
            assert connection.execute(count).fetchone() == (0,)
        assert connection.execute(count).fetchone() == (1,)


@pytest.mark.parametrize(
    "begin", [(), ("BEGIN IMMEDIATE",)], ids=["by itself", "within"]
)
def test_a_long_answer_comes_bit_by_bit(path: Path, begin: tuple[str, ...]) -> None:
    """Other statements run in between, inside a transaction or not."""
    with closing(open_database(path)) as connection:
        with transaction(connection):  # each by itself would be flushed to the disk
            connection.executemany(_KEEP, [(f"{n:05}", b"") for n in range(12_000)])
        for statement in begin:
            connection.execute(statement)
        query = "SELECT key FROM meta WHERE key <> :but AND key LIKE '%0' ORDER BY key"
        found = []
        for (key,) in stream(connection, query, {"but": "00000"}):
            found.append(key)
            if len(found) == 7:
                connection.execute("DELETE FROM meta WHERE key = '00010'")
        assert found == [f"{n:05}" for n in range(10, 12_000, 10)]
        connection.rollback()


def test_a_long_answer_need_not_be_read_to_its_end(path: Path) -> None:
    """Whoever stops early is in nobody's way, not even their own."""
    with closing(open_database(path)) as connection:
        with transaction(connection):
            connection.executemany(_KEEP, [(f"{n:05}", b"") for n in range(100)])
            first = next(stream(connection, "SELECT key FROM meta ORDER BY key"))
            assert first == ("00000",)
            connection.execute("DELETE FROM meta")
        assert list(stream(connection, "SELECT key FROM meta")) == []


def test_many_rows_are_added_at_once(path: Path) -> None:
    """Whatever is in them; within a transaction all of it can be undone."""
    rows = [("a\tb\\.\n", b"\0\xff\\"), ("é😀", b""), ("\\N", b"N")]
    with closing(open_database(path)) as connection:
        with rehearsal(connection):
            insert_rows(connection, "meta", ["key", "value"], iter(rows))
        assert connection.execute("SELECT 1 FROM meta").fetchone() is None
        insert_rows(connection, "meta", ["key", "value"], iter(rows))
        found = connection.execute("SELECT key, value FROM meta").fetchall()
        assert sorted(map(tuple, found)) == sorted(rows)
        with pytest.raises(AudienceError), explained(path):
            insert_rows(connection, "meta", ["key", "value"], rows[:1])


def test_a_batch_counts_all_its_rows(path: Path) -> None:
    """However many statements change them, and if none does."""
    with closing(open_database(path)) as connection:
        cursor = connection.executemany(_KEEP, [(c, b"") for c in "abc"])
        assert cursor.rowcount == 3
        change = "UPDATE meta SET value = ? WHERE key > ?"
        assert connection.executemany(change, [(b"1", "a"), (b"2", "b")]).rowcount == 3
        assert connection.executemany(change, []).rowcount == 0
        assert connection.execute("DELETE FROM meta WHERE key = 'x'").rowcount == 0


def test_a_batch_can_come_from_another_statement(path: Path) -> None:
    """What is to be written may be read from the same connection meanwhile."""
    copy = "SELECT key || '-copy' FROM meta WHERE key = ?"
    with closing(open_database(path)) as connection, transaction(connection):
        connection.executemany(_KEEP, [(c, b"") for c in "abc"])
        rows = ((*connection.execute(copy, (c,)).fetchone(), b"") for c in "abc")
        assert connection.executemany(_KEEP, rows).rowcount == 3


def test_sums_are_whole_numbers(path: Path) -> None:
    """What is counted and added up is an `int`, and of nothing there is no sum."""
    query = "SELECT count(*), sum(length(key)), max(key) FROM meta"
    with closing(open_database(path)) as connection:
        assert connection.execute(query).fetchone() == (0, None, None)
        connection.executemany(_KEEP, [("ab", b""), ("é", b"")])
        found = connection.execute(query).fetchone()
        assert found == (2, 3, "é")
        assert type(found[1]) is int


def test_text_is_ordered_by_its_code_points(path: Path) -> None:
    """As Python orders it, whatever the language of the machine is."""
    keys = [
        "a",
        "B",
        "é",
        "z",
        "Z",
        "_",
        "-",
        "ß",
        "ss",
        "日本",
        "\U0001f600",
        "\uffff",
    ]
    with closing(open_database(path)) as connection:
        connection.executemany(_KEEP, [(key, b"") for key in keys])
        ordered = connection.execute("SELECT key FROM meta ORDER BY key").fetchall()
        assert [key for (key,) in ordered] == sorted(keys)
        above = connection.execute("SELECT count(*) FROM meta WHERE key > 'Z'")
        assert above.fetchone() == (sum(key > "Z" for key in keys),)


def test_flags_are_numbers(path: Path) -> None:
    """A `bool` is written as 0 or 1, and can be compared with them."""
    with closing(open_database(path)) as connection:
        query = "SELECT :other + 0, CASE WHEN :flag = 1 THEN 'yes' ELSE 'no' END"
        row = connection.execute(query, {"flag": True, "other": False}).fetchone()
        assert row == (0, "yes")
