"""Note that a campaign is done: all of it was handed over, and no batch is left."""

from distribute.audience.database.postgres.connection import PostgresConnection

CUT_FOR_ALL, CUT_FOR_SOME = 1, 2
"""What ``frozen.complete`` says once all batches have been cut: whether the campaign is owed
to nobody besides, or is (there was a segment)."""

_ALL_DONE = """
    UPDATE frozen SET state = 'done'
    WHERE campaign = ? AND state = 'going' AND complete > 0 AND NOT EXISTS (
        SELECT FROM batch AS b
        WHERE b.campaign = frozen.campaign AND b.state IN ('waiting', 'held')
    )
    RETURNING complete
"""
_FINISH = """
    UPDATE campaign SET finished = coalesce(finished, ?), pursued = NULL WHERE number = ?
"""
_SERVED = "UPDATE campaign SET pursued = NULL WHERE number = ? AND pursued <> ''"


def conclude(connection: PostgresConnection, campaign: int, *, now: int) -> bool:
    """Note it if it is so, within the transaction that ended the last batch or began it.

    Where others are still owed the campaign, it stays open for them.
    Whoever calls it has locked the row of ``frozen``, or is about to change it.
    """
    row = connection.execute(_ALL_DONE, (campaign,)).fetchone()
    if row is None:
        return False
    if row[0] == CUT_FOR_ALL:
        connection.execute(_FINISH, (now, campaign))
    else:
        connection.execute(_SERVED, (campaign,))
    return True
