"""Settle what a sender left open in the ledger, within its transaction.

A claim that never began is undone: as if it had not been made. Whatever was started and
has no answer is uncertain, and so is a claim of which nobody can tell any more.
"""

from collections.abc import Collection

from distribute.audience.database.connection import Connection
from distribute.campaign.campaign import State

_OPEN = """
    SELECT number, state FROM delivery
    WHERE campaign = ? AND state IN ('claimed', 'started')
"""
_DOUBT = "UPDATE delivery SET state = 'uncertain', due = 0 WHERE number = ?"
_STATE = "SELECT state FROM delivery WHERE number = ?"
_UNDO = (
    # as it was before it was claimed once more
    """
    UPDATE delivery SET
        (state, attempt, opened, closed, due, choice, id, code, enhanced, text, stage) = (
            SELECT outcome, attempt, opened, closed, due, choice, id,
                   code, enhanced, text, stage
            FROM earlier_attempt AS earlier
            WHERE earlier.delivery = delivery.number
              AND earlier.attempt = delivery.attempt - 1
        )
    WHERE number = ? AND attempt > 1 AND state = 'claimed'
    """,
    # what has just been put back
    """
    DELETE FROM earlier_attempt WHERE delivery = ? AND attempt = (
        SELECT attempt FROM delivery WHERE number = earlier_attempt.delivery
    )
    """,
    # nobody had tried these before
    "DELETE FROM delivery WHERE number = ? AND state = 'claimed'",
)


def settle(connection: Connection, campaign: int, *, claims_are_free: bool) -> int:
    """Settle what is open in a campaign; gives how many have become uncertain."""
    left = connection.execute(_OPEN, (campaign,)).fetchall()
    free = {n for n, state in left if claims_are_free and state == State.CLAIMED}
    undo(connection, free)
    doubtful = [(number,) for number, _ in left if number not in free]
    connection.executemany(_DOUBT, doubtful)
    return len(doubtful)


def undo(connection: Connection, deliveries: Collection[int]) -> None:
    """Undo claims, by the numbers of their deliveries; what has begun stays as it is."""
    numbers = [(number,) for number in deliveries]
    for statement in _UNDO:
        connection.executemany(statement, numbers)


def claimed_among(connection: Connection, deliveries: Collection[int]) -> set[int]:
    """Choose the deliveries that are claimed and have not begun."""
    return {
        number
        for number in deliveries
        if connection.execute(_STATE, (number,)).fetchone() == (State.CLAIMED,)
    }
