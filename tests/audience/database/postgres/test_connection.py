"""A connection to PostgreSQL looks like one of ``sqlite3``."""

import gc
from collections.abc import Iterator
from contextlib import closing, suppress
from threading import Thread

import psycopg
import pytest

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    Commit,
    engine_of,
    explained,
    open_database,
    stream,
    transaction,
)
from distribute.audience.database.place import PostgresUrl
from distribute.errors import AudienceError

_KEEP = "INSERT INTO meta (key, value) VALUES (?, ?)"


@pytest.fixture
def place(postgres_url: str) -> PostgresUrl:
    """Name a database with nobody in it."""
    return PostgresUrl(postgres_url)


@pytest.fixture
def connection(place: PostgresUrl) -> Iterator[Connection]:
    """Open it."""
    with closing(open_database(place)) as opened:
        yield opened


def test_it_says_what_it_is(connection: Connection) -> None:
    """For the few things that have no common words."""
    assert engine_of(connection) == "postgresql"


def _swallow(commit: Commit, connection: Connection) -> None:
    with commit:
        connection.execute(_KEEP, ("a", b""))
        with suppress(psycopg.Error):
            connection.execute("SELECT 1/0")


def test_what_an_error_has_undone_does_not_count_as_committed(
    place: PostgresUrl, connection: Connection
) -> None:
    """PostgreSQL undoes all of a transaction, and says nothing more at its end."""
    with pytest.raises(AudienceError, match="nothing was committed"):
        _swallow(Commit(place, connection), connection)
    assert not connection.in_transaction
    assert connection.execute("SELECT count(*) FROM meta").fetchone() == (0,)


def test_a_role_may_have_other_habits(postgres_url: str) -> None:
    """Whoever has waited for their turn sees what others wrote; commits are on the disk."""
    habits = " ".join(
        f"-cdefault_transaction_{each}"
        for each in ("isolation=serializable", "read_only=on")
    )
    options = f"{habits} -csynchronous_commit=off".replace(" ", "%20").replace(
        "=", "%3D"
    )
    one = open_database(PostgresUrl(f"{postgres_url}?options={options}"))
    with closing(one), closing(open_database(PostgresUrl(postgres_url))) as other:
        assert one.execute("SHOW synchronous_commit").fetchone() == ("on",)
        other.execute("BEGIN IMMEDIATE")
        other.execute(_KEEP, ("a", b""))
        found: list[object] = []

        def look() -> None:
            with transaction(one):
                found.extend(one.execute("SELECT key FROM meta").fetchall())
                one.execute(_KEEP, ("b", b""))

        waiting = Thread(target=look)
        waiting.start()
        other.execute("COMMIT")
        waiting.join()
    assert found == [("a",)]


def test_no_text_is_too_odd(connection: Connection) -> None:
    """U+0000, which PostgreSQL cannot hold, becomes U+FFFD; all else stays."""
    for key, kept in (("a\0b", "a\ufffdb"), ("\x01%s'\\", "\x01%s'\\")):
        connection.execute(_KEEP, (key, b"\0\xff"))
        row = connection.execute("SELECT * FROM meta WHERE key = :k", {"k": key})
        assert row.fetchall() == [(kept, b"\0\xff")]
    connection.executemany(_KEEP, [("many\0", b"")])
    found = connection.execute("SELECT 1 FROM meta WHERE key = ?", ("many\ufffd",))
    assert found.fetchone() == (1,)


def test_long_answers_that_are_thrown_away_are_in_nobodys_way(
    place: PostgresUrl,
) -> None:
    """Whenever that happens: when the connection is lost, closed, or in an error."""
    connection = open_database(place)
    answers = [stream(connection, "SELECT 1")]
    next(answers[0])
    connection.execute("BEGIN IMMEDIATE")
    answers.append(stream(connection, "SELECT key FROM meta"))
    with pytest.raises(psycopg.errors.DivisionByZero):
        connection.execute("SELECT 1/0")
    answers.clear()
    connection.rollback()
    answers.append(stream(connection, "SELECT 1"))
    connection.close()
    answers.clear()
    gc.collect()


def test_what_goes_wrong_in_a_long_answer_is_told(
    place: PostgresUrl, connection: Connection
) -> None:
    """Where its statement makes no sense at once, else when its rows are got."""
    with pytest.raises(AudienceError, match="does not exist"), explained(place):
        stream(connection, "SELECT nothing FROM nowhere")
    assert list(stream(connection, "SELECT 1")) == [(1,)]


def test_nobody_waits_for_ever(postgres_url: str) -> None:
    """Without any patience there is still an end."""
    with closing(open_database(PostgresUrl(postgres_url), patience=0)) as connection:
        assert connection.execute("SHOW lock_timeout").fetchone() == ("1ms",)
