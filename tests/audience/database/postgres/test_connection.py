"""A connection to PostgreSQL looks like one of ``sqlite3``."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from threading import Thread
from time import sleep

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
from distribute.audience.database.postgres.connection import BESIDE_OTHERS
from distribute.errors import AudienceError, BusyError
from tests.postgres import Server

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


def _cut_off(connection: Connection, other: Connection) -> None:
    """Have the server end a connection, as when it is restarted."""
    (which,) = connection.execute("SELECT pg_backend_pid()").fetchone()
    other.execute("SELECT pg_terminate_backend(?, 10000)", (which,))
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")


def test_what_was_set_stands_on_a_new_connection_too(
    place: PostgresUrl, connection: Connection
) -> None:
    """As it was set last; what was undone, or was for one transaction, is forgotten."""
    with closing(open_database(place)) as other:
        for value in ("1min", "2min"):
            other.execute(f"SET lock_timeout = '{value}'")
        other.execute("SET default_transaction_read_only = on")
        other.execute("BEGIN")
        other.execute("SET lock_timeout = '3min'")
        other.rollback()
        _cut_off(other, connection)
        assert other.execute("SHOW lock_timeout").fetchone() == ("2min",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            other.execute(_KEEP, ("a", b""))


@pytest.fixture
def long_limits(postgres: Server, place: PostgresUrl) -> PostgresUrl:
    """Name a database whose administrator lets no statement take long."""
    name = place.url.partition("?")[0].rpartition("/")[2]
    for limit in ("statement", "idle_in_transaction_session"):
        postgres.ask(f"ALTER DATABASE {name} SET {limit}_timeout = '100ms'")
    return place


def test_a_limit_for_everybody_is_none_for_what_takes_long(
    long_limits: PostgresUrl,
) -> None:
    """A plan, a freeze or a copy of a long list takes its time."""
    with closing(open_database(long_limits)) as connection:
        connection.execute("SELECT pg_sleep(0.15)")
        assert connection.execute("SHOW statement_timeout").fetchone() == ("0",)
        for begin, limit in (("BEGIN", "10min"), ("BEGIN IMMEDIATE", "30s")):
            connection.execute(begin)
            shown = connection.execute("SHOW idle_in_transaction_session_timeout")
            assert shown.fetchone() == (limit,)
            connection.rollback()


def test_a_limit_in_the_url_is_meant(long_limits: PostgresUrl) -> None:
    """Whoever runs into it is told where it may come from."""
    url = f"{long_limits.url}?options=-cstatement_timeout%3D200ms"
    place = PostgresUrl(url)
    with closing(open_database(place)) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("200ms",)
        with pytest.raises(BusyError) as caught, explained(place):
            connection.execute("SELECT pg_sleep(60)")
        assert "statement_timeout" in caught.value.hint


@dataclass
class Crossing:
    """Two who lock the same two rows, in opposite order: ours is the one that loses."""

    place: PostgresUrl
    ours: Connection
    other: Connection
    third: Connection
    waiting: Thread | None = None

    def statement(self) -> str:
        """Give what is to be said by us."""
        return "SELECT cross_others()"

    def let_other_come(self) -> None:
        """Have the other one hold b, and want a as soon as that is ours."""
        self.other.execute(BESIDE_OTHERS)
        self.other.execute("UPDATE meta SET value = 'other' WHERE key = 'b'")
        self.waiting = Thread(target=self._want_the_first)
        self.waiting.start()

    def _want_the_first(self) -> None:
        self._wait_for("advisory")  # ours has a, and waits at the gate
        wants = Thread(target=lambda: self.other.execute(_WANT_A))
        wants.start()
        self._wait_for("transactionid")
        self.third.execute("SELECT pg_advisory_unlock(7)")
        wants.join()
        self.other.rollback()

    def _wait_for(self, kind: str) -> None:
        look = """
            SELECT count(*) FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
            WHERE NOT l.granted AND l.locktype = ? AND a.datname = current_database()
        """
        while self.third.execute(look, (kind,)).fetchone() == (0,):
            sleep(0.002)


_WANT_A = "UPDATE meta SET value = 'other' WHERE key = 'a'"
_CROSS = """
    CREATE FUNCTION cross_others() RETURNS VOID LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE meta SET value = value || 'x' WHERE key = 'a';
        PERFORM pg_advisory_xact_lock_shared(7);
        UPDATE meta SET value = value || 'x' WHERE key = 'b';
    END $$
"""


@pytest.fixture
def crossing(place: PostgresUrl) -> Iterator[Crossing]:
    """Give two of whom the one waits at a gate that a third one holds."""
    hasty = PostgresUrl(f"{place.url}?options=-cdeadlock_timeout%3D1ms")
    patient = PostgresUrl(f"{place.url}?options=-cdeadlock_timeout%3D1h")
    with ExitStack() as opened:
        ours, other, third = (
            opened.enter_context(closing(open_database(each)))
            for each in (hasty, patient, place)
        )
        third.execute(_CROSS)
        third.executemany(_KEEP, [("a", b""), ("b", b"")])
        third.execute("SELECT pg_advisory_lock(7)")
        crossing = Crossing(place, ours, other, third)
        yield crossing
        if crossing.waiting is not None:
            crossing.waiting.join()


def test_a_statement_that_crosses_others_is_said_again(crossing: Crossing) -> None:
    """The server has undone all of it, and what was the other's is free by then."""
    crossing.let_other_come()
    crossing.ours.execute(crossing.statement())
    found = crossing.ours.execute("SELECT key, value FROM meta ORDER BY key")
    assert found.fetchall() == [("a", b"x"), ("b", b"x")]


def test_a_transaction_that_crosses_others_is_undone_and_told(
    crossing: Crossing,
) -> None:
    """All of it, for nobody knows what came before; the next one goes on as ever."""
    crossing.let_other_come()
    with pytest.raises(BusyError, match="deadlock") as caught:
        _write_all(Commit(crossing.place, crossing.ours), crossing)
    assert "run again" in caught.value.hint
    with transaction(crossing.ours):
        assert crossing.ours.execute("SELECT count(*) FROM meta").fetchone() == (2,)
        crossing.ours.execute(crossing.statement())


def _write_all(commit: Commit, crossing: Crossing) -> None:
    with commit:
        crossing.ours.execute(_KEEP, ("c", b""))
        crossing.ours.execute(crossing.statement())


def test_nobody_waits_for_ever(postgres_url: str) -> None:
    """Without any patience there is still an end."""
    with closing(open_database(PostgresUrl(postgres_url), patience=0)) as connection:
        assert connection.execute("SHOW lock_timeout").fetchone() == ("1ms",)
