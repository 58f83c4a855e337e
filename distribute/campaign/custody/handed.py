"""Tell which campaigns are in the hands of workers (`distribute.campaign.fleet`).

Nobody else sends such a one meanwhile, nor settles what seems to have been left open.
"""

from shlex import quote

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import engine_of
from distribute.campaign.plan.extra import issue_campaign
from distribute.errors import LockedError

WORKERS = "workers"
"""Who has a campaign in hand that was handed over."""

_IS_THERE = """
    SELECT 1 FROM frozen AS f JOIN campaign AS c ON c.number = f.campaign
    WHERE c.sink = ? AND c.id = ? AND (
        f.state IN ('going', 'paused')
        OR EXISTS (
            SELECT 1 FROM batch AS b
            WHERE b.campaign = c.number AND b.state IN ('waiting', 'held')
        )
    )
"""
_IS_HALF = """
    SELECT 1 FROM frozen AS f JOIN campaign AS c ON c.number = f.campaign
    WHERE c.sink = ? AND c.id = ? AND f.state = 'going' AND f.complete = 0
"""
_OPEN_BATCHES = """
    SELECT b.campaign, b.number, b.state, b.holder, b.job, c.id
    FROM delivery AS d
    JOIN batch AS b ON b.campaign = d.campaign AND d.number BETWEEN b.first AND b.last
    JOIN campaign AS c ON c.number = b.campaign
    WHERE d.key = ? AND b.state IN ('waiting', 'held')
    FOR UPDATE OF b
"""
_LAST_NUMBER = {
    "sqlite": "SELECT coalesce(max(number), 0) FROM delivery",
    "postgresql": """
        SELECT greatest(
            (SELECT coalesce(max(number), 0) FROM delivery),
            (SELECT coalesce(max(last), 0) FROM batch)
        )
    """,
}
_SHUT_OUT = "UPDATE batch SET fence = fence + 1 WHERE campaign = ? AND number = ?"


def is_with_workers(connection: Connection, *, sink: str, campaign: str) -> bool:
    """Tell whether workers have a campaign in hand, or would have, were it not paused.

    Also one that was cancelled, as long as not all of it is given back.
    """
    if engine_of(connection) == "sqlite":
        return False
    return connection.execute(_IS_THERE, (sink, campaign)).fetchone() is not None


def is_complete(connection: Connection, *, sink: str, campaign: str) -> bool:
    """Tell whether all was handed over of a campaign that `is_with_workers`.

    Else somebody is at it, or was interrupted. One that is paused waits for whoever
    resumes it.
    """
    if engine_of(connection) == "sqlite":
        return True
    return connection.execute(_IS_HALF, (sink, campaign)).fetchone() is None


def with_workers(campaign: str) -> LockedError:
    """Word the refusal for whoever else would send it."""
    issue = quote(issue_campaign(campaign).removeprefix("issue-"))
    return LockedError(
        f"{campaign} is in the hands of workers",
        holder=WORKERS,
        hint=f"`distribute status {issue} --watch` shows how far it is; `distribute cancel"
        f" {issue}` takes it back from them.",
    )


def last_number(connection: Connection) -> int:
    """Give the highest number that a delivery has, or that belongs to a batch.

    The last ones of a batch may be gone, and are nobody else's all the same: whoever has
    it in hand would take them for its own.
    """
    row = connection.execute(_LAST_NUMBER[engine_of(connection)]).fetchone()
    return int(row[0])


def refuse_holders(connection: Connection, key: str) -> None:
    """Raise `LockedError` if a worker has somebody in hand, by their `Mailbox.key`.

    Within a transaction, and until it ends nobody takes them in hand. One who died with
    them can write nothing of them any more.
    """
    if engine_of(connection) == "sqlite":
        return
    for campaign, number, state, holder, job, id_ in connection.execute(
        _OPEN_BATCHES, (key,)
    ).fetchall():
        if state == "held" and job is not None:
            issue = quote(issue_campaign(id_).removeprefix("issue-"))
            raise LockedError(
                f"{id_} is just being sent to them by the worker {holder}",
                holder=holder,
                hint="Run again in a minute. If it goes on for longer, `distribute pause"
                f" {issue}` first, and `distribute resume {issue}` then.",
            )
        if state == "held":
            connection.execute(_SHUT_OUT, (campaign, number))
