"""See to it that one sender works on a campaign.

The lock is a row of ``distribute.db``. Each time it changes hands its turn grows, and
whoever sends shows their turn in every transaction: a sender that was taken for dead and
comes back can record nothing any more, so it lets nothing leave. A mistake about who is
alive costs somebody a refusal, never somebody else a second copy.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import NamedTuple

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    from_milliseconds,
    from_text,
    to_milliseconds,
    to_text,
    transaction,
)
from distribute.campaign.custody.process import Process, has_ended, this_process
from distribute.errors import LockedError

QUIET = timedelta(minutes=10)
"""Without a sign of life for so long, a sender that cannot be looked at counts as dead.

The longest that a mail server may take to answer (RFC 5321 section 4.5.3.2.6).
"""
_BEAT = 5_000
"""Milliseconds between two signs of life."""

_PROCESS = ("host", "boot", "space", "pid", "born")
_TAKE = """
    INSERT INTO sender (sink, campaign, turn, held, leaves_open,
                        host, boot, space, pid, born, since, seen)
    VALUES (:sink, :campaign, 1, 1, 1, :host, :boot, :space, :pid, :born, :now, :now)
    ON CONFLICT (sink, campaign) DO UPDATE SET
        turn = sender.turn + 1, held = 1,
        leaves_open = CASE WHEN sender.held = 1 THEN 1 ELSE sender.leaves_open END,
        host = :host, boot = :boot, space = :space, pid = :pid, born = :born,
        since = :now, seen = :now
    RETURNING turn, leaves_open
"""
_TURN = "SELECT turn FROM sender WHERE sink = ? AND campaign = ?"
_HOLDER = """
    SELECT turn, held, host, boot, space, pid, born, since, seen FROM sender
    WHERE sink = :sink AND campaign = :campaign
"""
_LEAVE_OPEN = "UPDATE sender SET leaves_open = 1 WHERE sink = ? AND campaign = ?"


class _Row(NamedTuple):
    """Who sends a campaign, as the table has it."""

    turn: int
    held: int
    host: str
    boot: str
    space: str
    pid: int
    born: str
    since: str
    seen: str


class SenderLock:
    """The lock of one campaign at one sink, seen from this process."""

    def __init__(self, connection: Connection, *, sink: str, campaign: str) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self.campaign = campaign
        self._key = (sink, campaign)
        self._names = {"sink": sink, "campaign": campaign}
        self._turn: int | None = None
        self._untold: int | None = None
        """A turn that may be ours: the database went away before it said so."""
        self._seen = 0
        self.finds_open = 1
        """Whether senders before may have left deliveries open; known once taken."""

    @property
    def held(self) -> tuple[str, str, int] | None:
        """What shows that it is ours: sink, campaign, turn; `None` if it was not taken."""
        return None if self._turn is None else (*self._key, self._turn)

    def take(self, now: datetime) -> Process | None:
        """Take the lock, and give the dead sender it was taken from, if there was one.

        Raises `LockedError` while somebody else holds it.
        """
        with transaction(self._connection):
            dead = self.refuse_others(now)
            me = asdict(this_process())
            (self._turn, self.finds_open) = self._connection.execute(
                _TAKE, {**self._names, **me, "now": to_text(now)}
            ).fetchone()
        self._seen = to_milliseconds(now)
        return dead

    def forget(self) -> None:
        """Hold it no more as far as we know, for taking it or letting go has failed.

        It may be taken anew all the same, should it turn out to be still ours.
        """
        if self._turn is not None:
            self._untold, self._turn = self._turn, None

    def release(self, *, leaves_open: bool) -> None:
        """Let go, if it is still ours, and record whether deliveries are left open."""
        turn = self._turn
        self.forget()
        self._connection.execute(
            "UPDATE sender SET held = 0, leaves_open = :leaves_open"
            " WHERE sink = :sink AND campaign = :campaign AND turn = :turn",
            {**self._names, "turn": turn, "leaves_open": leaves_open},
        )

    def prove(self, now: int = 0) -> None:
        """Make sure, within a transaction, that nobody else may send.

        `now` is in milliseconds since 1970; without it there is no sign of life. Raises `LockedError` if the lock was lost, or
        was never ours and is held.
        """
        if self._turn is None:
            self.refuse_others(from_milliseconds(now))
            self._connection.execute(_LEAVE_OPEN, self._key)
            return
        if self._cursor.execute(_TURN, self._key).fetchone() != (self._turn,):
            holder = self.holder()
            raise LockedError(
                f"the sending of {self.campaign} was taken over"
                f" by {holder or 'another sender'}",
                holder=str(holder or ""),
                hint="It goes on there; nothing is lost.",
            )
        if now and self.is_quiet(now):
            self._connection.execute(
                "UPDATE sender SET seen = ? WHERE sink = ? AND campaign = ?",
                (to_text(from_milliseconds(now)), *self._key),
            )
            self._seen = now

    def is_quiet(self, now: int) -> bool:
        """Tell whether it is time for a sign of life, which `prove` gives then."""
        return not 0 <= now - self._seen < _BEAT

    def refuse_others(self, now: datetime) -> Process | None:
        """Raise `LockedError` if a living sender holds it; give a dead one that does."""
        row = self._row()
        if row is None or not row.held or self._is_ours(row):
            return None
        holder = _process(row)
        ended = has_ended(holder)
        silent_until = from_text(row.seen) + QUIET
        if ended or (ended is None and now > silent_until):
            return holder
        later = f", or after {silent_until:%H:%M} UTC if that has died"
        raise LockedError(
            f"{self.campaign} is being sent by {holder}"
            f" since {from_text(row.since):%Y-%m-%d %H:%M} UTC",
            holder=str(holder),
            hint=f"Run again when it is done{later if ended is None else ''}.",
        )

    def holder(self) -> Process | None:
        """Tell who holds it, dead or alive."""
        row = self._row()
        return _process(row) if row and row.held else None

    def _is_ours(self, row: _Row) -> bool:
        """Tell whether we got it, though the answer that said so was lost."""
        return row.turn == self._untold and _process(row) == this_process()

    def _row(self) -> "_Row | None":
        row = self._connection.execute(_HOLDER, self._names).fetchone()
        return _Row(*row) if row else None


def _process(row: _Row) -> Process:
    return Process(**{name: getattr(row, name) for name in _PROCESS})
