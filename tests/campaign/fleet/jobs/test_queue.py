"""A batch has one live job as long as something of it is to be done."""

import time

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distribute.campaign.fleet.batch import BatchId
from distribute.campaign.fleet.jobs import queue
from tests.campaign.fleet.queued import (
    BROKEN,
    Connection,
    clock,
    end,
    fetch,
    freeze,
    job_of,
    jobs,
    rows,
    set_campaign,
)


class TestJobs:
    """A batch has one live job while something of it is to be done, and else none."""

    def test_each_batch_gets_one(self, connection: Connection) -> None:
        """``batch.job`` names the job that has the batch for its argument."""
        batches = freeze(connection, 1500)  # more than one statement makes
        assert rows(connection, BROKEN) == []
        assert len(jobs(connection)) == len(batches)

    def test_of_a_transaction_undone_there_are_none(
        self, connection: Connection
    ) -> None:
        """Twenty thousand deferred and rolled back leave nothing; it takes seconds."""
        began = time.monotonic()
        with connection.transaction(force_rollback=True):
            freeze(connection, 20_000)
            assert len(jobs(connection)) == 20_000
        assert time.monotonic() - began < 60
        assert jobs(connection) == []
        assert rows(connection, "SELECT count(*) FROM procrastinate_events") == [(0,)]

    def test_are_not_taken_up_before_they_are_due(self, connection: Connection) -> None:
        """`due` is in milliseconds, and kept with the batch."""
        (batch,) = freeze(connection)
        now = clock(connection)
        queue.replace(connection, batch, due=now + 3_600_000)
        assert fetch(connection) is None
        assert rows(connection, "SELECT due FROM batch") == [(now + 3_600_000,)]
        queue.replace(connection, batch, due=now - 1)
        assert fetch(connection) == job_of(connection, batch)

    def test_of_what_was_begun_come_first(self, connection: Connection) -> None:
        """A batch that is given back does not wait behind those nobody has begun."""
        batches = freeze(connection, 3)
        queue.replace(connection, batches[-1])
        assert fetch(connection) == job_of(connection, batches[-1])

    @pytest.mark.parametrize("status", ["todo", "doing", "failed", "succeeded", "gone"])
    def test_are_replaced_whatever_became_of_them(
        self, connection: Connection, status: str
    ) -> None:
        """The old one is gone, in whatever state it was, and there is one new one."""
        (batch,) = freeze(connection)
        old = job_of(connection, batch)
        if status == "gone":
            connection.execute("DELETE FROM procrastinate_jobs")
        else:
            connection.execute("UPDATE procrastinate_jobs SET status = %s", (status,))
        assert queue.replace(connection, batch)
        assert jobs(connection) == [job_of(connection, batch)] != [old]
        assert rows(connection, BROKEN) == []

    @pytest.mark.parametrize("state", ["done", "cancelled"])
    def test_end_with_their_batch(self, connection: Connection, state: str) -> None:
        """Of a batch that is finished nothing comes up again, also when asked to."""
        (batch,) = freeze(connection)
        end(connection, batch, state)
        assert not queue.replace(connection, batch)
        assert jobs(connection) == []
        assert job_of(connection, batch) is None

    def test_that_are_settled_leave_nothing(self, connection: Connection) -> None:
        """A finished batch has no job, and neither have its events a trace."""
        (batch,) = freeze(connection)
        fetch(connection)
        end(connection, batch, "done")
        queue.settle(connection, batch)
        assert jobs(connection) == []
        assert rows(connection, "SELECT count(*) FROM procrastinate_events") == [(0,)]

    def test_a_zombie_ends_its_old_one_in_vain(self, connection: Connection) -> None:
        """A job that was replaced can neither end its batch's new job nor make one."""
        (batch,) = freeze(connection)
        old = fetch(connection)
        assert old is not None
        queue.replace(connection, batch)
        new = jobs(connection)
        assert not queue.relieve(connection, batch, old)
        assert jobs(connection) == new == [job_of(connection, batch)]

    def test_are_relieved(self, connection: Connection) -> None:
        """Somebody else goes on with a batch whose worker died, at once or later."""
        (batch,) = freeze(connection)
        assert queue.relieve(connection, batch, fetch(connection) or 0)
        again = fetch(connection)
        assert again == job_of(connection, batch)
        assert queue.relieve(connection, batch, again or 0, after=60)
        assert fetch(connection) is None
        assert rows(connection, BROKEN) == []

    def test_a_stray_one_goes(self, connection: Connection) -> None:
        """A second job of a batch ends without a trace when it is taken up."""
        (batch,) = freeze(connection)
        stray = rows(
            connection,
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
            "SELECT queue_name, task_name, args FROM procrastinate_jobs RETURNING id",
        )[0][0]
        assert not queue.relieve(connection, batch, stray)
        assert rows(connection, BROKEN) == []


class TestPause:
    """A paused campaign has no waiting jobs, so nothing of it comes up and goes back."""

    def test_takes_the_waiting_ones_away(self, connection: Connection) -> None:
        """What runs ends when its worker notices; that makes no new job."""
        batches = freeze(connection, 3)
        running = fetch(connection)
        with connection.transaction():
            set_campaign(connection, "paused")
            assert queue.withdraw(connection, 1) == 2
        assert jobs(connection) == [running]
        assert not queue.replace(connection, batches[0])
        assert jobs(connection) == []
        assert fetch(connection) is None
        assert queue.reconcile(connection) == 0

    def test_ends(self, connection: Connection) -> None:
        """Resuming makes jobs for all batches that are not finished, due when they were."""
        batches = freeze(connection, 3)
        due = clock(connection) + 60_000
        queue.replace(connection, batches[2], due=due)
        end(connection, batches[0], "done")
        queue.settle(connection, batches[0])
        with connection.transaction():
            set_campaign(connection, "paused")
            queue.withdraw(connection, 1)
        with connection.transaction():
            set_campaign(connection, "going")
            assert queue.reconcile(connection, 1) == 2
        assert rows(connection, BROKEN) == []
        assert len(jobs(connection)) == 2
        assert fetch(connection) == job_of(connection, batches[1])
        assert fetch(connection) is None
        assert rows(connection, "SELECT due FROM batch WHERE number = 3") == [(due,)]


STEP = st.tuples(
    st.sampled_from(
        ["fetch", "replace", "done", "relieve", "pause", "resume", "break"]
    ),
    st.integers(1, 3),
)


class TestReconciliation:
    """What nobody should have broken is mended."""

    @pytest.mark.parametrize("status", ["failed", "cancelled", "succeeded", "aborted"])
    def test_of_jobs_that_ended_by_themselves(
        self, connection: Connection, status: str
    ) -> None:
        """A batch whose job ended otherwise than with it gets a new one, once."""
        (batch,) = freeze(connection)
        connection.execute("UPDATE procrastinate_jobs SET status = %s", (status,))
        assert queue.reconcile(connection) == 1
        assert jobs(connection) == [job_of(connection, batch)]
        assert queue.reconcile(connection) == 0

    def test_waits_for_nobody(self, connection: Connection, database: str) -> None:
        """A batch that a worker is just giving back is left to that worker."""
        first, second = freeze(connection, 2)
        connection.execute("DELETE FROM procrastinate_jobs")
        with psycopg.connect(database) as other:
            queue.replace(other, first)
            assert queue.reconcile(connection) == 1
            assert job_of(connection, second) is not None
        assert queue.reconcile(connection) == 0
        assert rows(connection, BROKEN) == []

    @settings(
        max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.lists(STEP, max_size=12))
    def test_holds_after_whatever_was_done(
        self, connection: Connection, steps: list[tuple[str, int]]
    ) -> None:
        """No order of steps leaves an unfinished batch without a job, or a stray job."""
        connection.execute("TRUNCATE batch, procrastinate_jobs CASCADE")
        set_campaign(connection, "going")
        batches = freeze(connection, 3)
        for name, number in steps:
            take(connection, name, batches[number - 1])
        queue.reconcile(connection)
        assert rows(connection, BROKEN) == []


def take(connection: Connection, name: str, batch: BatchId) -> None:
    """Take a step."""
    with connection.transaction():
        match name:
            case "fetch":
                fetch(connection)
            case "replace":
                queue.replace(connection, batch)
            case "done":
                end(connection, batch, "done")
                queue.settle(connection, batch)
            case "relieve":
                queue.relieve(connection, batch, job_of(connection, batch) or 0)
            case "pause":
                set_campaign(connection, "paused")
                queue.withdraw(connection, 1)
            case "resume":
                set_campaign(connection, "going")
                queue.reconcile(connection, 1)
            case "break":
                sql = "DELETE FROM procrastinate_jobs WHERE id = %s"
                connection.execute(sql, (job_of(connection, batch),))
            case _:
                raise AssertionError(name)
