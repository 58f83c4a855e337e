"""See to it that one sender works on a campaign.

The lock is a row of ``distribute.db``. Each time it changes hands its turn grows, and
whoever sends shows their turn in the transaction that opens a delivery: a sender that was
taken for dead and comes back can open nothing any more. So a mistake about who is alive
costs somebody a refusal, never somebody else a second copy.
"""

import sqlite3
from dataclasses import asdict
from datetime import datetime, timedelta

from distribute.audience.database import from_text, to_text, transaction
from distribute.campaign.process import Process, has_ended, this_process
from distribute.errors import LockedError

QUIET = timedelta(minutes=10)
"""Without a sign of life for so long, a sender that cannot be looked at counts as dead.

The longest that a mail server may take to answer (RFC 5321 section 4.5.3.2.6).
"""

_PROCESS = ("host", "boot", "space", "pid", "born")


class SenderLock:
    """The lock of one campaign at one sink, seen from this process."""

    def __init__(
        self, connection: sqlite3.Connection, *, sink: str, campaign: str
    ) -> None:
        self._connection = connection
        self._names = {"sink": sink, "campaign": campaign}
        self._turn: int | None = None

    def take(self, now: datetime) -> Process | None:
        """Take the lock, and give the dead sender it was taken from, if there was one.

        Raises `LockedError` while somebody else holds it.
        """
        with transaction(self._connection):
            dead = self.refuse_others(now)
            me = asdict(this_process())
            (self._turn,) = self._connection.execute(
                "INSERT INTO sender (sink, campaign, turn, held,"
                " host, boot, space, pid, born, since, seen)"
                " VALUES (:sink, :campaign, 1, 1,"
                " :host, :boot, :space, :pid, :born, :now, :now)"
                " ON CONFLICT DO UPDATE SET turn = turn + 1, held = 1,"
                " host = :host, boot = :boot, space = :space, pid = :pid, born = :born,"
                " since = :now, seen = :now RETURNING turn",
                {**self._names, **me, "now": to_text(now)},
            ).fetchone()
        return dead

    def release(self) -> None:
        """Let go, if it is still ours."""
        self._connection.execute(
            "UPDATE sender SET held = 0"
            " WHERE sink = :sink AND campaign = :campaign AND turn = :turn",
            {**self._names, "turn": self._turn},
        )
        self._turn = None

    def prove(self, now: datetime) -> None:
        """Make sure, within a transaction, that nobody else may send.

        Raises `LockedError` if the lock was lost, or was never ours and is held.
        """
        if self._turn is None:
            self.refuse_others(now)
            return
        cursor = self._connection.execute(
            "UPDATE sender SET seen = :now WHERE sink = :sink AND campaign = :campaign"
            " AND turn = :turn",
            {**self._names, "turn": self._turn, "now": to_text(now)},
        )
        if not cursor.rowcount:
            holder = self.holder()
            raise LockedError(
                f"the sending of {self._names['campaign']} was taken over"
                f" by {holder or 'another sender'}",
                holder=str(holder or ""),
                hint="It goes on there; nothing is lost.",
            )

    def refuse_others(self, now: datetime) -> Process | None:
        """Raise `LockedError` if a living sender holds it; give a dead one that does."""
        row = self._row()
        if row is None or not row["held"]:
            return None
        holder = _process(row)
        ended = has_ended(holder)
        silent_until = from_text(row["seen"]) + QUIET
        if ended or (ended is None and now > silent_until):
            return holder
        later = f", or after {silent_until:%H:%M} UTC if that has died"
        raise LockedError(
            f"{self._names['campaign']} is being sent by {holder}"
            f" since {from_text(row['since']):%Y-%m-%d %H:%M} UTC",
            holder=str(holder),
            hint=f"Run again when it is done{later if ended is None else ''}.",
        )

    def holder(self) -> Process | None:
        """Tell who holds it, dead or alive."""
        row = self._row()
        return _process(row) if row and row["held"] else None

    def _row(self) -> sqlite3.Row | None:
        cursor = self._connection.cursor()
        cursor.row_factory = sqlite3.Row
        row: sqlite3.Row | None = cursor.execute(
            "SELECT * FROM sender WHERE sink = :sink AND campaign = :campaign",
            self._names,
        ).fetchone()
        return row


def _process(row: sqlite3.Row) -> Process:
    return Process(**{name: row[name] for name in _PROCESS})
