"""A campaign that is frozen, and what its batches and jobs look like from outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from distribute.campaign.fleet.batch import BatchId
from distribute.campaign.fleet.jobs import queue
from distribute.campaign.fleet.jobs.tables import bring_up_to_date
from tests.campaign.fleet.member import NOTES
from tests.placement import house
from tests.postgres import Server

Connection = psycopg.Connection[tuple[Any, ...]]

BROKEN = """
SELECT 'no live job', batch.number, batch.job
FROM batch JOIN frozen ON frozen.campaign = batch.campaign
LEFT JOIN procrastinate_jobs AS job
    ON job.id = batch.job AND job.status IN ('todo', 'doing')
    AND (job.args->>'campaign')::bigint = batch.campaign
    AND (job.args->>'number')::integer = batch.number
WHERE frozen.state = 'going' AND batch.state IN ('waiting', 'held') AND job.id IS NULL
UNION ALL
SELECT 'idle job', (job.args->>'number')::integer, job.id
FROM procrastinate_jobs AS job
LEFT JOIN batch ON batch.job = job.id AND batch.state IN ('waiting', 'held')
WHERE batch.job IS NULL
"""
"""What must never be seen from outside a transaction."""


def prepared(server: Server) -> str:
    """Make a database with all tables, also those of the queue; gives its URL."""
    url = server.new_database(like=house(server))
    with connected(url) as connection:
        set_up(connection)
    return url


@contextmanager
def emptied(url: str) -> Iterator[Connection]:
    """Connect to a database that is as if it were just prepared, with campaign 1."""
    with connected(url) as connection:
        tables = "frozen, batch, note, procrastinate_jobs, procrastinate_workers"
        connection.execute(f"TRUNCATE {tables} CASCADE".encode())
        begin(connection)
        yield connection


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Connect for a while."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET lock_timeout = '30s'")
        yield connection


def set_up(connection: Connection) -> None:
    """Make the tables of the queue."""
    with connection.transaction():
        bring_up_to_date(connection)
    connection.execute(NOTES)


def begin(connection: Connection) -> None:
    """Make campaign 1."""
    connection.execute(
        "INSERT INTO frozen (campaign, content, at, state) VALUES (1, '', 0, 'going')"
    )


def freeze(connection: Connection, count: int = 1) -> list[BatchId]:
    """Make batches of campaign 1 and their jobs, in one transaction."""
    batches = [BatchId(1, number) for number in range(1, count + 1)]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO batch (campaign, number, first, last, state) "
            "VALUES (%s, %s, 0, 0, 'waiting')",
            batches,
        )
        queue.defer(connection, batches)
    return batches


def rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    """Ask."""
    return connection.execute(sql.encode()).fetchall()


def jobs(connection: Connection) -> list[int]:
    """Give the ids of all jobs there are."""
    found = rows(connection, "SELECT id FROM procrastinate_jobs ORDER BY id")
    return [number for (number,) in found]


def fetched(connection: Connection, batch: BatchId) -> bool:
    """Whether a worker has the job of a batch."""
    sql = "SELECT status FROM procrastinate_jobs WHERE id = %s"
    row = connection.execute(sql, (job_of(connection, batch),)).fetchone()
    return row == ("doing",)


def clock(connection: Connection) -> int:
    """Give the milliseconds since 1970 by the clock of the server."""
    sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    return int(rows(connection, sql)[0][0])


def job_of(connection: Connection, batch: BatchId) -> int | None:
    """Give what ``batch.job`` says."""
    sql = "SELECT job FROM batch WHERE campaign = %s AND number = %s"
    row = connection.execute(sql, batch).fetchone()
    assert row is not None
    return None if row[0] is None else int(row[0])


def fetch(connection: Connection) -> int | None:
    """Fetch a job as a worker does."""
    worker = rows(connection, "SELECT * FROM procrastinate_register_worker_v1()")[0][0]
    sql = "SELECT id FROM procrastinate_fetch_job_v2(ARRAY['batches'], %s)"
    row = connection.execute(sql, (worker,)).fetchone()
    return None if row is None or row[0] is None else int(row[0])


def end(connection: Connection, batch: BatchId, state: str) -> None:
    """Say what became of a batch."""
    sql = "UPDATE batch SET state = %s WHERE campaign = %s AND number = %s"
    connection.execute(sql, (state, *batch))


def set_campaign(connection: Connection, state: str) -> None:
    """Pause a campaign, or have it go on."""
    connection.execute("UPDATE frozen SET state = %s", (state,))


def notes(connection: Connection, number: int = 1) -> list[tuple[int, str]]:
    """Give what workers said of a batch, and who."""
    sql = "SELECT worker, what FROM note WHERE number = %s ORDER BY ctid"
    return connection.execute(sql, (number,)).fetchall()
