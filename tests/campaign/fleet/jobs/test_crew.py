"""Batches go on, whatever becomes of workers and of the database."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg

from distribute.campaign.fleet.batch import BatchId
from distribute.campaign.fleet.jobs import queue
from tests.campaign.fleet.member import QUICK, STEADY, Handler
from tests.campaign.fleet.queued import (
    BROKEN,
    Connection,
    connected,
    fetched,
    freeze,
    jobs,
    notes,
    rows,
)
from tests.campaign.fleet.shifts import at_work, member
from tests.processes import PATIENCE, wait_until


class TestWorker:
    """A worker handles batch after batch until it is told to stop."""

    def test_handles_what_is_deferred(
        self, connection: Connection, database: str
    ) -> None:
        """All batches are done once, and nothing is left in the queue."""
        freeze(connection, 5)
        with at_work(database, Handler(database, 0, 7)) as shift:
            wait_until(lambda: not jobs(connection))
            freeze_one = BatchId(1, 6)
            connection.execute(
                "INSERT INTO batch (campaign, number, first, last, state) "
                "VALUES (1, 6, 0, 0, 'waiting')"
            )
            queue.defer(connection, [freeze_one])
            wait_until(lambda: notes(connection, 6) == [(7, "took"), (7, "done")])
        counted = (
            "SELECT count(*), count(DISTINCT number) FROM note WHERE what = 'done'"
        )
        assert rows(connection, counted) == [(6, 6)]
        assert rows(connection, BROKEN) == []
        assert rows(connection, "SELECT count(*) FROM procrastinate_workers") == [(0,)]
        assert not [line for line in shift.told if "noticed" in line]

    def test_has_a_heartbeat_until_it_is_done(
        self, connection: Connection, database: str
    ) -> None:
        """Told to stop, it is alive as long as the batch in hand takes it."""
        (batch,) = freeze(connection)
        go_on = threading.Event()

        def linger(its: BatchId, job: int, should_stop: Callable[[], bool]) -> None:
            go_on.wait(PATIENCE)
            with connected(database) as own, own.transaction():
                queue.replace(own, its)

        def beats() -> list[tuple[Any, ...]]:
            sql = "SELECT id, last_heartbeat FROM procrastinate_workers"
            return rows(connection, sql)

        with at_work(database, linger) as shift:
            wait_until(lambda: fetched(connection, batch))
            shift.stop.set()
            time.sleep(3 * QUICK.heartbeat)
            for _ in range(2):
                before = beats()
                wait_until(lambda before=before: beats() != before != [])  # type: ignore[misc]
            go_on.set()
        assert rows(connection, BROKEN) == []

    def test_gives_back_what_it_has_in_hand(
        self, connection: Connection, database: str
    ) -> None:
        """Told to stop, it lets the batch in hand come to its end, and takes no other."""
        freeze(connection, 2)
        with at_work(database, Handler(database, 30, 7), STEADY):
            wait_until(lambda: bool(notes(connection)))
        assert notes(connection) == [(7, "took"), (7, "gave back")]
        assert notes(connection, 2) == []
        assert rows(connection, BROKEN) == []
        assert len(jobs(connection)) == 2

    def test_a_failure_is_told_and_the_batch_comes_up_again(
        self, connection: Connection, database: str
    ) -> None:
        """Whatever is raised is one line; the batch has a job for later."""
        freeze(connection)

        def fail(batch: BatchId, job: int, should_stop: Callable[[], bool]) -> None:
            raise RuntimeError("no such thing\nin two lines")

        with at_work(database, fail) as shift:
            wait_until(lambda: bool(jobs(connection)) and bool(shift.told))
        said = "batch 1 of campaign 1 failed: no such thing; it comes up again in 15 s"
        assert said in shift.told
        later = "SELECT scheduled_at > now() + interval '5 s' FROM procrastinate_jobs"
        assert rows(connection, later) == [(True,)]
        assert rows(connection, BROKEN) == []

    def test_who_fails_leaves_the_next_one_to_others(
        self, connection: Connection, database: str
    ) -> None:
        """Else one that is set up wrong would put them all off, again and again."""
        freeze(connection, 2)
        failed: list[BatchId] = []

        def fail(batch: BatchId, job: int, should_stop: Callable[[], bool]) -> None:
            failed.append(batch)
            raise RuntimeError("no such key")

        with at_work(database, fail) as shift:
            wait_until(lambda: bool(shift.told))
            with at_work(database, Handler(database, 0, 8)):
                wait_until(lambda: (8, "done") in notes(connection, 2))
        assert failed == [BatchId(1, 1)]

    def test_mends_what_is_broken(self, connection: Connection, database: str) -> None:
        """A batch whose job is gone gets another, and is done."""
        freeze(connection)
        connection.execute("DELETE FROM procrastinate_jobs")
        with at_work(database, Handler(database, 0, 7)) as shift:
            wait_until(lambda: (7, "done") in notes(connection))
        assert "1 batches had no job and have one now" in shift.told

    def test_that_was_taken_for_dead_registers_anew(
        self, connection: Connection, database: str
    ) -> None:
        """A worker whose registration is gone serves again what comes up."""
        with at_work(database, Handler(database, 0, 7)) as shift:
            registered = "SELECT count(*) FROM procrastinate_workers"
            wait_until(lambda: rows(connection, registered) == [(1,)])
            connection.execute("DELETE FROM procrastinate_workers")
            freeze(connection)
            wait_until(lambda: (7, "done") in notes(connection))
        assert "the others took this worker for dead; it registers anew" in shift.told


class TestOthers:
    """A batch of a worker that died or froze goes on elsewhere; of no other worker."""

    def test_killed(self, connection: Connection, database: str) -> None:
        """After ``kill -9`` another has the batch within the time that tells the dead."""
        freeze(connection)
        with member(database, 1000) as victim:
            wait_until(lambda: notes(connection) == [(victim.pid, "took")])
            with at_work(database, Handler(database, 0, 7)) as shift:
                victim.kill()
                wait_until(lambda: (7, "done") in notes(connection))
        assert (
            "batch 1 of campaign 1 goes on elsewhere: its worker is dead or frozen"
            in shift.told
        )
        assert jobs(connection) == []

    def test_frozen(self, connection: Connection, database: str) -> None:
        """What was frozen past its time and wakes up finishes in vain."""
        freeze(connection)
        with member(database, 2) as zombie:
            wait_until(lambda: notes(connection) == [(zombie.pid, "took")])
            zombie.send_signal(signal.SIGSTOP)
            with at_work(database, Handler(database, 0, 7)):
                wait_until(lambda: (7, "done") in notes(connection))
                zombie.send_signal(signal.SIGCONT)
                wait_until(lambda: (zombie.pid, "lost") in notes(connection))
                assert jobs(connection) == []
                assert rows(connection, "SELECT state FROM batch") == [("done",)]


@contextmanager
def cut_off(url: str) -> Iterator[None]:
    """Have nobody reach a database for a while; those connected to it are thrown out."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    elsewhere = psycopg.conninfo.make_conninfo(url, dbname="postgres")
    with psycopg.connect(elsewhere, autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (name,),
        )
        try:
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


class TestDatabase:
    """A database that goes away and comes back ends no worker, and makes none a dead one."""

    def test_away_while_a_batch_is_in_hand(
        self, connection: Connection, database: str
    ) -> None:
        """The batch goes on, and its worker says once that it was away, and nothing else."""
        freeze(connection)
        with member(database, 1.5) as worker:
            wait_until(lambda: bool(notes(connection)))
            with cut_off(database):
                time.sleep(1)
            with connected(database) as again:
                wait_until(lambda: (worker.pid, "done") in notes(again))
                wait_until(lambda: not jobs(again))
            assert worker.stdout is not None
            lines = [worker.stdout.readline(), worker.stdout.readline()]
        assert lines[0].startswith(
            "the database is away, and is tried again and again: "
        )
        assert lines[1] == "the database is back\n"

    def test_away_while_nothing_is_in_hand(
        self, connection: Connection, database: str
    ) -> None:
        """Workers wait for it, and go on with what comes then."""
        freeze(connection)
        with at_work(database, Handler(database, 0, 7)) as shift:
            wait_until(lambda: not jobs(connection))
            with cut_off(database):
                wait_until(lambda: shift.is_cut_off)
            with connected(database) as again:
                again.execute("UPDATE batch SET state = 'waiting'")
                queue.defer(again, [BatchId(1, 1)])
                wait_until(lambda: notes(again)[2:] == [(7, "took"), (7, "done")])
                wait_until(lambda: "the database is back" in shift.told)

    def test_away_while_a_batch_ends(
        self, connection: Connection, database: str
    ) -> None:
        """What nobody said of a batch is said when the database is back."""
        (batch,) = freeze(connection)
        go_on = threading.Event()

        def forget(its: BatchId, job: int, should_stop: Callable[[], bool]) -> None:
            go_on.wait(PATIENCE)

        with at_work(database, forget) as shift:
            wait_until(lambda: fetched(connection, batch))
            with cut_off(database):
                go_on.set()
                wait_until(lambda: shift.is_cut_off)
            later = f"{batch} was left as it is; it comes up again in 15 s"
            wait_until(lambda: later in shift.told)
            with connected(database) as again:
                assert rows(again, BROKEN) == []

    def test_away_while_a_batch_ends_and_it_is_to_stop(
        self, connection: Connection, database: str
    ) -> None:
        """It stops all the same; the others see that it is gone."""
        (batch,) = freeze(connection)
        go_on = threading.Event()

        def forget(its: BatchId, job: int, should_stop: Callable[[], bool]) -> None:
            go_on.wait(PATIENCE)

        with ExitStack() as outage, at_work(database, forget) as shift:
            wait_until(lambda: fetched(connection, batch))
            outage.enter_context(cut_off(database))
            shift.stop.set()
            go_on.set()
        with connected(database) as again:
            assert rows(again, BROKEN) == []
            assert fetched(again, batch)

    def test_away_while_it_is_to_stop(
        self, connection: Connection, database: str
    ) -> None:
        """A worker that has nothing in hand stops without it."""
        with ExitStack() as outage:
            with at_work(database, Handler(database, 0, 7)) as shift:
                registered = "SELECT count(*) FROM procrastinate_workers"
                wait_until(lambda: rows(connection, registered) == [(1,)])
                outage.enter_context(cut_off(database))
                wait_until(lambda: shift.is_cut_off)
            assert len(shift.told) == 1
