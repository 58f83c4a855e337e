"""Defer batches as jobs of Procrastinate, within the transactions of whoever calls.

The truth is the table ``batch``; a job only says that somebody may take a batch in hand,
and from when on. What holds:

* An unfinished batch of a campaign that is going has exactly one job that is live
  (waiting or running), and ``batch.job`` names it. Any other job of it is void: whoever
  takes a batch in hand asks that ``batch.job`` is the job that sent them.
* A batch that is finished, or whose campaign is paused, cancelled or done, has none, so
  nothing of it comes up again and again: `withdraw` follows the transaction that pauses
  or cancels, `reconcile` the one that resumes. A job that is left or made in between ends
  when a worker meets it: it calls `replace` as for any batch that it gives back, and no
  job comes of that. One that is missing is made by the next `reconcile`.

A job ends in the transaction that says what becomes of its batch: `settle` when it is
finished, `replace` when somebody is to go on with it. `relieve` does so for those who
died, froze or failed, `reconcile` for what is left over. So there are no finished jobs
to sweep up, and a zombie that finishes its old job finds nothing to finish.

Every function takes psycopg's own connection. Procrastinate is imported on first use.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from distribute.campaign.fleet.batch import (
    UNFINISHED,
    BatchId,
    BatchState,
    FrozenState,
)

if TYPE_CHECKING:
    from procrastinate.jobs import Job
    from procrastinate.manager import JobManager
    from psycopg import Connection, Cursor

QUEUE = "batches"
"""Procrastinate's name of the only queue."""
TASK = "distribute.batch"
"""Procrastinate's name of the only task."""

_LATEST, _FIRST = 0, 1
"""Priorities: what somebody began goes on before anything new is begun."""
_CHUNK = 1000
"""How many jobs one statement makes."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_LOCKED = """
SELECT batch.job, batch.state, frozen.state
FROM batch JOIN frozen ON frozen.campaign = batch.campaign
WHERE batch.campaign = %s AND batch.number = %s
FOR UPDATE OF batch FOR SHARE OF frozen
"""

_LOST = """
SELECT batch.campaign, batch.number, batch.due
FROM batch JOIN frozen ON frozen.campaign = batch.campaign
WHERE frozen.state = %(going)s AND batch.state = ANY(%(unfinished)s)
  AND (%(campaign)s::bigint IS NULL OR batch.campaign = %(campaign)s)
  AND NOT EXISTS (
      SELECT FROM procrastinate_jobs AS job
      WHERE job.id = batch.job AND job.status IN ('todo', 'doing')
  )
ORDER BY batch.campaign, batch.number
"""

_WITHDRAW = """
WITH its AS MATERIALIZED (
    SELECT number, job FROM batch WHERE campaign = %(campaign)s AND job IS NOT NULL
    ORDER BY number FOR UPDATE
), gone AS (
    DELETE FROM procrastinate_jobs AS job USING its
    WHERE job.id = its.job AND job.status = 'todo'
    RETURNING job.id
)
UPDATE batch SET job = NULL FROM its JOIN gone ON gone.id = its.job
WHERE batch.campaign = %(campaign)s AND batch.number = its.number
"""
"""Batches are locked before their jobs, as everywhere: so nobody waits in a circle."""

_FORGET = """
DELETE FROM procrastinate_jobs AS job
USING batch JOIN unnest(%s::bigint[], %s::bigint[]) AS given (campaign, number)
    ON batch.campaign = given.campaign AND batch.number = given.number
WHERE job.id = batch.job
"""

_NAME = """
UPDATE batch SET job = made.job, due = made.due
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
    AS made (campaign, number, job, due)
WHERE batch.campaign = made.campaign AND batch.number = made.number
"""


class _Turn(NamedTuple):
    """When a batch is to come up."""

    batch: BatchId
    due: int | None
    """Milliseconds since 1970; None is at once."""


def defer(
    connection: "Connection[Any]",
    batches: Sequence[BatchId],
    *,
    due: int | None = None,
) -> None:
    """Make one job for each batch, to be taken up once `due` (milliseconds since 1970).

    Writes ``batch.job`` and ``batch.due``. The batches are those of a campaign that is
    just frozen: they are unfinished and nobody else knows of them yet.
    """
    _enqueue(connection, [_Turn(batch, due) for batch in batches], _LATEST)


def replace(
    connection: "Connection[Any]", batch: BatchId, due: int | None = None
) -> bool:
    """End the batch's job, whatever became of it, and make a new one to go on with.

    Write what becomes of the batch first (``batch.state``). Gives False when there is no
    new job, since the batch is finished, or its campaign is not going. The new job comes
    up before those that nobody has begun.
    """
    with _cursor(connection) as cursor:
        wanted = _is_wanted(cursor, batch)
    if wanted:
        _enqueue(connection, [_Turn(batch, due)], _FIRST)
    else:
        settle(connection, batch)
    return wanted


def settle(connection: "Connection[Any]", batch: BatchId) -> None:
    """End the job of a batch that is finished, in the transaction that says so."""
    with _cursor(connection) as cursor:
        cursor.execute(_FORGET, _columns([batch]))
        cursor.execute(
            "UPDATE batch SET job = NULL WHERE campaign = %s AND number = %s", batch
        )


def relieve(
    connection: "Connection[Any]", batch: BatchId, job: int, *, after: float = 0.0
) -> bool:
    """End a job that nobody works on any more; somebody goes on `after` so many seconds.

    Gives False where nothing is to go on: the batch is finished, its campaign is not going
    or it has another job by now. Then only this job goes.
    """
    with connection.transaction(), _cursor(connection) as cursor:
        if _live_job(cursor, batch) == job:
            due = _from_now(cursor, after) if after else None
            return replace(connection, batch, due)
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", (job,))
    return False


def withdraw(connection: "Connection[Any]", campaign: int) -> int:
    """Take the waiting jobs of a campaign away and give how many; pause and cancel do so.

    Write ``frozen.state`` first. Jobs that run are those of workers who will notice.
    """
    with _cursor(connection) as cursor:
        return cursor.execute(_WITHDRAW, {"campaign": campaign}).rowcount


def reconcile(connection: "Connection[Any]", campaign: int | None = None) -> int:
    """Make jobs for the batches that should have one and do not; give how many.

    To resume a campaign is to write that it is going and to do this for it. Without a
    campaign it looks at all of them, and mends what nobody should ever have broken.
    """
    sought = {
        "going": FrozenState.GOING.value,
        "unfinished": [state.value for state in UNFINISHED],
        "campaign": campaign,
    }
    with connection.transaction(), _cursor(connection) as cursor:
        lock = "FOR UPDATE OF batch SKIP LOCKED FOR SHARE OF frozen"
        held = {row[:2] for row in cursor.execute(f"{_LOST} {lock}".encode(), sought)}
        # Asked again, now that nobody else can give them one: a job that was made while
        # the first answer was on its way is not in it.
        lost = [row for row in cursor.execute(_LOST, sought) if row[:2] in held]
        turns = [_Turn(BatchId(row[0], row[1]), row[2]) for row in lost]
        _enqueue(connection, turns, _LATEST if campaign else _FIRST)
    return len(lost)


def _enqueue(
    connection: "Connection[Any]", turns: Sequence[_Turn], priority: int
) -> None:
    for begin in range(0, len(turns), _CHUNK):
        chunk = turns[begin : begin + _CHUNK]
        with _cursor(connection) as cursor:
            cursor.execute(_FORGET, _columns([turn.batch for turn in chunk]))
            jobs = [_job(turn, priority) for turn in chunk]
            made = _manager().batch_defer_jobs(jobs, connection=connection)
            ids, dues = [job.id for job in made], [turn.due for turn in chunk]
            cursor.execute(_NAME, (*_columns([t.batch for t in chunk]), ids, dues))


def _job(turn: _Turn, priority: int) -> "Job":
    from procrastinate.jobs import Job

    due = None if turn.due is None else _EPOCH + timedelta(milliseconds=turn.due)
    return Job(
        queue=QUEUE,
        lock=None,
        queueing_lock=None,
        task_name=TASK,
        task_kwargs={"campaign": turn.batch.campaign, "number": turn.batch.number},
        scheduled_at=due,
        priority=priority,
    )


@cache
def _manager() -> "JobManager":
    """Make what writes jobs; its connector is never opened, for connections are given."""
    from procrastinate.manager import JobManager
    from procrastinate.sync_psycopg_connector import SyncPsycopgConnector

    return JobManager(SyncPsycopgConnector())


def _is_wanted(cursor: "Cursor[Any]", batch: BatchId) -> bool:
    """Lock a batch, and say whether somebody is to go on with it."""
    row = cursor.execute(_LOCKED, batch).fetchone()
    if row is None:
        return False
    return BatchState(row[1]) in UNFINISHED and row[2] == FrozenState.GOING


def _live_job(cursor: "Cursor[Any]", batch: BatchId) -> int | None:
    row = cursor.execute(_LOCKED, batch).fetchone()
    return None if row is None else row[0]


def _from_now(cursor: "Cursor[Any]", seconds: float) -> int:
    """Give an instant on the server's clock, which is the one that jobs go by."""
    now = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    row = cursor.execute(now).fetchone()
    return int(row[0]) + int(seconds * 1000) if row else 0


def _columns(batches: Sequence[BatchId]) -> tuple[list[int], list[int]]:
    return [b.campaign for b in batches], [b.number for b in batches]


def _cursor(connection: "Connection[Any]") -> "Cursor[Any]":
    """Give a cursor whose rows are tuples, whatever the connection's own are."""
    from psycopg.rows import tuple_row

    return connection.cursor(row_factory=tuple_row)
