"""Take a batch in hand, and let go of it: each hand-over raises its fence.

Whoever has taken a batch before can write nothing of it any more from then on, for all
that is written asks for the fence (``prove_fence`` and what builds on it, in the database).
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.fleet.batch import (
    UNFINISHED,
    BatchId,
    BatchState,
    FrozenState,
    Hold,
)
from distribute.campaign.fleet.ending import conclude
from distribute.campaign.fleet.fence import begun, prove
from distribute.campaign.fleet.jobs import queue

_LOOK = """
    SELECT b.first, b.last, b.state, b.job, f.state
    FROM batch AS b JOIN frozen AS f ON f.campaign = b.campaign
    WHERE b.campaign = ? AND b.number = ? FOR UPDATE OF b FOR SHARE OF f
"""
_TAKE = """
    UPDATE batch SET state = 'held', fence = fence + 1, holder = ?, since = ?, due = NULL
    WHERE campaign = ? AND number = ? RETURNING fence
"""
# Without "+ 0" a planner that lacks statistics would go through all of the campaign.
_SETTLE = """
    UPDATE delivery SET
        state = CASE state WHEN 'started' THEN 'uncertain' ELSE 'deferred' END,
        due = CASE state WHEN 'started' THEN 0 ELSE ? END
    WHERE campaign + 0 = ? AND number BETWEEN ? AND ?
      AND (state = 'started' OR state = 'rejected' AND due = -1)
"""
_PEOPLE = """
    SELECT d.number, d.key, d.address, d.choice, d.state, d.attempt, d.since,
           c.language, s.address, s.name, s.status, s.paused
    FROM delivery AS d
    JOIN choice AS c ON c.number = d.choice
    LEFT JOIN subscriber AS s ON s.key = d.key
    WHERE d.campaign + 0 = ? AND d.number BETWEEN ? AND ?
      AND (d.state = 'claimed' OR d.state = 'deferred' AND d.due <= ?)
    ORDER BY d.number
"""
_NEXT = """
    SELECT min(d.due)
    FROM delivery AS d
    JOIN subscriber AS s
        ON s.key = d.key AND s.status = 'confirmed' AND s.paused <= ?
    WHERE d.campaign + 0 = ? AND d.number BETWEEN ? AND ? AND d.state = 'deferred'
"""
_LET_GO = """
    UPDATE batch SET state = ?, holder = '', due = ? WHERE campaign = ? AND number = ?
"""
_IN_A_WHILE = "SELECT server_clock() + ?"
_LOCK_FROZEN = "SELECT state FROM frozen WHERE campaign = ? FOR NO KEY UPDATE"


class Person(NamedTuple):
    """Somebody in a batch who is to be served now, or was when it was cut."""

    number: int
    """Of the delivery."""
    key: str
    """`Mailbox.key`."""
    frozen_address: str
    choice: int
    state: str
    attempt: int
    """Counts from 1; the one that is claimed has not begun."""
    since: int
    language: str
    """Tag of the edition that they get."""
    address: str | None
    """As it is now, like what follows; `None` if they are not on the list any more."""
    name: str | None
    status: str | None
    paused: str | None
    """Before which day they get nothing; empty if they do not pause."""


def take(
    connection: PostgresConnection, batch: BatchId, job: int, *, by: str, now: int
) -> Hold | None:
    """Take a batch in hand, if this job still leads to it and its campaign is going.

    What a worker before has started and not recorded the end of is uncertain from now on;
    whom it took for gone and had no time to be sure of is deferred, and due at once.
    """
    with begun(connection):
        row = connection.execute(_LOOK, batch).fetchone()
        if row is None or row[3] != job or row[2] not in UNFINISHED:
            return None
        first, last, _, _, state = row
        if state != FrozenState.GOING:
            _put_down(connection, batch, BatchState.WAITING)
            return None
        (fence,) = connection.execute(_TAKE, (by, now, *batch)).fetchone()
        connection.execute(_SETTLE, (now, batch.campaign, first, last))
    return Hold(batch=batch, fence=fence, first=first, last=last)


def people(connection: PostgresConnection, hold: Hold, *, now: int) -> Sequence[Person]:
    """List who was to be served by now, as they stand on the list at the moment."""
    rows = connection.execute(_PEOPLE, (*hold.stretch, now))
    return [Person(*row) for row in rows.fetchall()]


def finish(
    connection: PostgresConnection, hold: Hold, *, now: int, today: date
) -> None:
    """Let go of a batch in which nobody is left for now.

    Whoever was put off in it is served when the first of them is due, by any worker; but
    for those who have left since, or pause beyond `today`. With the last batch the
    campaign is done. Raises `LockedError` if it is in other hands.
    """
    with begun(connection):
        prove(connection, hold)
        connection.execute(_LOCK_FROZEN, (hold.batch.campaign,))
        wanted = (today.isoformat(), *hold.stretch)
        (due,) = connection.execute(_NEXT, wanted).fetchone()
        state = BatchState.DONE if due is None else BatchState.WAITING
        _put_down(connection, hold.batch, state, wait=(due or now) - now)
        conclude(connection, hold.batch.campaign, now=now)


def hand_back(connection: PostgresConnection, hold: Hold, *, wait: int = 0) -> None:
    """Let go of a batch with people left in it: somebody else goes on.

    At once, or in so many milliseconds. Raises `LockedError` if it is in other hands
    already.
    """
    with begun(connection):
        prove(connection, hold)
        _put_down(connection, hold.batch, BatchState.WAITING, wait=wait)


def _put_down(
    connection: PostgresConnection, batch: BatchId, state: BatchState, *, wait: int = 0
) -> None:
    """Write down what becomes of a batch, and have it come up again if it is to.

    Jobs go by the server's clock. Ours may be behind: the batch would come up again and
    again, too early for us, if its job went by the instant that we take for the right one.
    """
    due = None
    if wait > 0:
        (due,) = connection.execute(_IN_A_WHILE, (wait,)).fetchone()
    connection.execute(_LET_GO, (state.value, due, *batch))
    queue.replace(connection.raw, batch, due)
