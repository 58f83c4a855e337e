"""Step back from a campaign: what keeps one worker from sending may concern it alone.

A login that is refused, a certificate that nobody knows, a key that is missing: one machine
may not be set up as the others are. It writes down that it has stepped back, and the others
go on. Only if all who are alive have stepped back the campaign is paused, by alarm.
"""

from collections.abc import Sequence

from distribute.audience.database.database import transaction
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.fleet import control
from distribute.campaign.fleet.fence import begun
from distribute.campaign.fleet.progress import Setback
from distribute.campaign.fleet.roll import ALIVE

CERTAIN = 2
"""So often in a row a worker has to step back before it may be the last of all: others
may just be on their way when the first one begins."""
LATELY = 300_000
"""Milliseconds for which it counts that a worker stepped back, once it may try again."""
_DAY = 86_400_000
"""Milliseconds after which that is forgotten."""

_FORGET_OLD = "DELETE FROM setback WHERE until < server_clock() - ?"
_STEP_BACK = """
    INSERT INTO setback (worker, campaign, times, reason, since, until)
    VALUES (?, ?, ?, ?, server_clock(), server_clock() + ?)
    ON CONFLICT (worker, campaign) DO UPDATE SET
        times = excluded.times, reason = excluded.reason, since = excluded.since,
        until = excluded.until
"""
_OTHERS = """
    SELECT 1 FROM worker AS w
    WHERE w.name <> ? AND w.ended = 0 AND w.seen > server_clock() - ?
      AND NOT EXISTS (
          SELECT FROM setback AS s
          WHERE s.worker = w.name AND s.campaign = ? AND s.since >= w.began
            AND s.until > server_clock() - ?
      )
    LIMIT 1
"""
"""Whoever is alive and has not stepped back; one that began anew has not."""
_IS_THERE = "SELECT 1 FROM setback WHERE worker = ? AND campaign = ?"
_RECOVER = "DELETE FROM setback WHERE worker = ? AND campaign = ?"
_OF_THE_LIVING = """
    SELECT s.worker, s.times, s.reason, s.until - CAST(extract(epoch FROM now()) * 1000 AS BIGINT)
    FROM setback AS s JOIN worker AS w ON w.name = s.worker
    WHERE s.campaign = ? AND w.ended = 0 AND w.seen > CAST(extract(epoch FROM now()) * 1000 AS BIGINT) - ?
      AND s.since >= w.began AND s.until > CAST(extract(epoch FROM now()) * 1000 AS BIGINT) - ?
    ORDER BY s.worker
"""


def step_back(
    connection: PostgresConnection,
    worker: str,
    campaign: int,
    *,
    reason: str,
    times: int,
    wait: int,
) -> bool:
    """Write down that a worker takes nothing of a campaign for so many milliseconds.

    `times` says how often that was in a row. If nobody else alive is left to whom it has
    not happened, the campaign is paused by alarm; true if so.
    """
    with transaction(connection):  # one after the other, so that the last one knows
        connection.execute(_FORGET_OLD, (_DAY,))
        row = (worker, campaign, times, reason, wait)
        connection.execute(_STEP_BACK, row)
        whom = (worker, ALIVE, campaign, LATELY)
        has_others = connection.execute(_OTHERS, whom).fetchone() is not None
    if times < CERTAIN or has_others:
        return False
    return control.pause(connection, campaign, alarm=reason)


def has_stepped_back(
    connection: PostgresConnection, worker: str, campaign: int
) -> bool:
    """Tell whether it still stands that a worker did; `control.resume` ends it."""
    row = connection.execute(_IS_THERE, (worker, campaign)).fetchone()
    return row is not None


def recover(connection: PostgresConnection, worker: str, campaign: int) -> None:
    """Note that a worker sends again."""
    with begun(connection):
        connection.execute(_RECOVER, (worker, campaign))


def of_the_living(connection: PostgresConnection, campaign: int) -> Sequence[Setback]:
    """List the living workers that have stepped back of late, and did not send since."""
    rows = connection.execute(_OF_THE_LIVING, (campaign, ALIVE, LATELY)).fetchall()
    return [
        Setback(worker=worker, times=times, reason=reason, wait=wait)
        for worker, times, reason, wait in rows
    ]
