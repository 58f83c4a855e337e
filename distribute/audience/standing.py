"""Change where people stand on the list, and note each change in their history."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import to_text
from distribute.audience.subscriber import Status

_NOTE = """
    INSERT INTO change (subscriber, at, by, field, old, new)
    SELECT id, :at, :by, 'status', status, :to FROM subscriber
    WHERE key = :key AND instr(:from, status) > 0
"""
_SET = """
    UPDATE subscriber SET status = :to
    WHERE key = :key AND instr(:from, status) > 0
"""
_BEFORE = """
    SELECT old FROM change
    WHERE subscriber = (SELECT id FROM subscriber WHERE key = ?)
      AND field = 'status' AND new = ?
    ORDER BY id DESC LIMIT 1
"""


class Move(NamedTuple):
    """Somebody's change of status; only who has one of `leaving` makes it."""

    key: str
    """`Mailbox.key`."""
    leaving: Iterable[Status]
    to: Status


def nearer_than(status: Status) -> tuple[Status, ...]:
    """List every status that is nearer to receiving than this one."""
    return tuple(each for each in Status if each.gravity < status.gravity)


def move(
    connection: Connection, moves: Iterable[Move], *, by: str, now: datetime
) -> int:
    """Carry out changes of status, within the caller's transaction; gives how many."""
    rows = [
        {"key": key, "from": " ".join(leaving), "to": to, "by": by, "at": to_text(now)}
        for key, leaving, to in moves
    ]
    connection.executemany(_NOTE, rows)
    return connection.executemany(_SET, rows).rowcount


def status_before(connection: Connection, key: str, status: Status) -> Status | None:
    """Find the status before somebody last came to this one; `None` if they began so."""
    row = connection.execute(_BEFORE, (key, status)).fetchone()
    return Status(row[0]) if row else None
