"""What a watcher knows of the heartbeats of others."""

from collections.abc import Sequence

import psycopg
import pytest

from distribute.campaign.fleet.jobs.watch import Answer, Uptime, Watch
from tests.campaign.fleet.queued import (
    Connection,
    connected,
    freeze,
    job_of,
    rows,
)
from tests.processes import wait_until


class TestUptime:
    """How long the database was seen to answer decides whether silence is death."""

    @pytest.mark.parametrize(
        ("answers", "lasts"),
        [
            ([(0, 100, 1)], 0),
            ([(0, 100, 1), (5, 105, 1), (10, 110, 1)], 10),
            ([(0, 100, 1), (5, 105, 1), (30, 130, 1), (35, 135, 1)], 5),  # both frozen
            (
                [(0, 100, 1), (5, 105, 1), (6, 130, 1), (11, 135, 1)],
                5,
            ),  # our clock stood
            ([(0, 100, 1), (5, 105, 1), (10, 110, 107)], 0),  # started anew
        ],
    )
    def test_counts_from_the_last_interruption(
        self, answers: Sequence[tuple[float, float, float]], lasts: float
    ) -> None:
        """Where two answers are far apart, on whichever clock, nothing is known between."""
        uptime = Uptime(gap=10)
        assert [uptime.note(Answer(*answer)) for answer in answers][-1] == lasts

    def test_begins_anew_after_a_lost_connection(self) -> None:
        """What was seen before does not count any more."""
        uptime = Uptime(gap=10)
        uptime.note(Answer(0, 100, 1))
        uptime.interrupt()
        assert uptime.note(Answer(5, 105, 1)) == 0


class TestWatch:
    """Whether a heartbeat that is old means anything is for a watcher to know."""

    def test_can_tell_after_it_has_seen_enough(
        self, connection: Connection, database: str
    ) -> None:
        """Not at its first look, and not at the first after its connection was lost."""
        watch = Watch(database, 0.5)
        for _ in range(2):
            assert not watch.can_tell()
            wait_until(watch.can_tell)
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'distribute worker' "
                "AND datname = current_database()"
            )
            with pytest.raises(psycopg.OperationalError):
                watch.can_tell()
            watch.close()

    @pytest.mark.slow
    def test_waits_for_nobody_who_froze_in_a_transaction(
        self, connection: Connection, database: str
    ) -> None:
        """Batches that are locked are left for the next look."""
        (batch,) = freeze(connection)
        job = job_of(connection, batch) or 0
        watch = Watch(database, 0.5)
        with connected(database) as other, other.transaction():
            rows(other, "SELECT FROM frozen FOR UPDATE")
            assert not watch.relieve(batch, job)
            connection.execute("DELETE FROM procrastinate_jobs")
            assert watch.reconcile() == 0
        assert watch.reconcile() == 1
        assert watch.relieve(batch, job_of(connection, batch) or 0)
        watch.close()
