"""Pause, resume and cancel a campaign that workers send."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from distribute.audience.database.database import transaction
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.fleet.batch import FrozenState
from distribute.campaign.fleet.ending import conclude
from distribute.campaign.fleet.fence import begun
from distribute.campaign.fleet.jobs import queue
from distribute.campaign.ledger import recovery

_AT_A_TIME = 50
"""Batches whose deliveries are given back in one transaction, in which nobody else writes."""

_STATE = "SELECT state FROM frozen WHERE campaign = ?"
_PAUSE = """
    UPDATE frozen SET state = 'paused', alarm = ? WHERE campaign = ? AND state = 'going'
"""
_RESUME = """
    UPDATE frozen SET state = 'going', alarm = '' WHERE campaign = ? AND state = 'paused'
"""
_FORGIVE = "DELETE FROM setback WHERE campaign = ?"
_CANCEL = """
    UPDATE frozen SET state = 'cancelled', alarm = ''
    WHERE campaign = ? AND state IN ('going', 'paused')
"""
_IN_HAND = """
    SELECT count(*) FROM batch
    WHERE campaign = ? AND state = 'held' AND job IS NOT NULL
"""
_TAKE_AWAY = """
    UPDATE batch SET state = 'cancelled', fence = fence + 1, holder = '', due = NULL
    WHERE campaign = ? AND number IN (
        SELECT number FROM batch
        WHERE campaign = ? AND (state = 'waiting' OR state = 'held' AND (job IS NULL OR ? = 1))
        ORDER BY number LIMIT ?
    )
    RETURNING number, job, first, last
"""
_DOUBT = """
    UPDATE delivery SET state = 'uncertain', due = 0
    WHERE campaign = ? AND number BETWEEN ? AND ? AND state = 'started'
"""
_PUT_OFF = """
    UPDATE delivery SET state = 'deferred', due = 1
    WHERE campaign = ? AND number BETWEEN ? AND ? AND state = 'rejected' AND due = -1
"""
_UNDO = """
    DELETE FROM delivery
    WHERE campaign = ? AND number BETWEEN ? AND ? AND state = 'claimed' AND attempt = 1
"""
_CLAIMED_AGAIN = """
    SELECT number FROM delivery WHERE campaign = ? AND number BETWEEN ? AND ? AND state = 'claimed'
"""
_END_JOBS = "DELETE FROM procrastinate_jobs WHERE id = ANY (CAST(? AS BIGINT[]))"
_NO_JOBS = """
    UPDATE batch SET job = NULL
    WHERE campaign = ? AND number = ANY (CAST(? AS INTEGER[]))
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a look at the batches of a cancelled campaign brought."""

    batches: int
    """How many were taken back now."""
    in_hand: int
    """How many are in somebody's hands."""


def state_of(connection: PostgresConnection, campaign: int) -> FrozenState | None:
    """Tell how a campaign stands; `None` if it was never handed over to workers."""
    row = connection.execute(_STATE, (campaign,)).fetchone()
    return FrozenState(row[0]) if row else None


def pause(connection: PostgresConnection, campaign: int, *, alarm: str = "") -> bool:
    """Have no batch begun any more, and those in hand be given back within seconds.

    `alarm` says why, if nobody did so. False if it was not going.
    """
    with begun(connection):
        paused = connection.execute(_PAUSE, (alarm, campaign)).rowcount > 0
    if paused:
        with begun(connection):
            queue.withdraw(connection.raw, campaign)
    return paused


def resume(connection: PostgresConnection, campaign: int, *, now: int) -> bool:
    """Go on with a campaign that was paused; False if it was not.

    Whoever has stepped back from it tries again at once. `now` is in milliseconds since
    1970, in case nothing was left to do.
    """
    with begun(connection):
        resumed = connection.execute(_RESUME, (campaign,)).rowcount > 0
        if resumed:
            connection.execute(_FORGIVE, (campaign,))
            conclude(connection, campaign, now=now)
    if resumed:
        queue.reconcile(connection.raw, campaign)
    return resumed


def cancel(connection: PostgresConnection, campaign: int) -> bool:
    """End a campaign; `sweep` gives back whom nobody has tried. False if it had ended."""
    with begun(connection):
        cancelled = connection.execute(_CANCEL, (campaign,)).rowcount > 0
    if cancelled:
        with begun(connection):
            queue.withdraw(connection.raw, campaign)
    return cancelled


def sweep(
    connection: PostgresConnection, campaign: int, *, at_once: bool = False
) -> Swept:
    """Give back who was claimed for batches of a cancelled campaign.

    Whoever has not been tried counts as never taken up, and can be served by another
    sending. Batches in hand are left to their workers, who give them back within seconds:
    then it has to be called again. Or they are taken away `at_once`: nothing of theirs
    can be written any more, and what they began is uncertain.
    """
    batches = 0
    while taken := _take_back(connection, campaign, at_once=at_once):
        batches += taken
    (in_hand,) = connection.execute(_IN_HAND, (campaign,)).fetchone()
    return Swept(batches, int(in_hand))


def _take_back(connection: PostgresConnection, campaign: int, *, at_once: bool) -> int:
    """Take back some batches, as long as there are any; gives how many."""
    with transaction(connection):
        which = (campaign, campaign, int(at_once), _AT_A_TIME)
        rows = connection.execute(_TAKE_AWAY, which).fetchall()
        if rows:
            numbers = [number for number, *_ in rows]
            for stretch in _stretches(rows):
                _give_back(connection, campaign, stretch)
            connection.execute(_END_JOBS, ([job for _, job, *_ in rows if job],))
            connection.execute(_NO_JOBS, (campaign, numbers))
    return len(rows)


def _give_back(
    connection: PostgresConnection, campaign: int, stretch: tuple[int, int]
) -> None:
    """Settle deliveries, by their first and last number, that nobody can write any more."""
    for statement in (_DOUBT, _PUT_OFF, _UNDO):
        connection.execute(statement, (campaign, *stretch))
    rows = connection.execute(_CLAIMED_AGAIN, (campaign, *stretch)).fetchall()
    recovery.undo(connection, [number for (number,) in rows])


def _stretches(
    rows: Sequence[tuple[int, int | None, int, int]],
) -> Iterator[tuple[int, int]]:
    """Join the ranges of batches, by first and last number, that follow on each other."""
    begin, end = 0, -1
    for first, last in sorted(row[2:] for row in rows):
        if first == end + 1:
            end = last
            continue
        if begin <= end:
            yield begin, end
        begin, end = first, last
    yield begin, end
