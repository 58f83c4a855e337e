"""What changed about a subscriber after they joined."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import from_text, to_text

_NOTE = """
    INSERT INTO change (subscriber, at, by, field, old, new)
    SELECT id, ?, ?, ?, ?, ? FROM subscriber WHERE key = ?
"""
_LIST = """
    SELECT at, by, field, old, new FROM change
    WHERE subscriber = (SELECT id FROM subscriber WHERE key = ?)
    ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed about a subscriber after they joined."""

    at: datetime
    by: str
    """Who or what did it: ``import people.csv``."""
    field: str
    """``name``, ``languages``, ``only_these``, ``status``, ``tags``, ``paused`` (a day)
    or ``address``."""
    old: str
    new: str


def note_changes(
    connection: Connection,
    key: str,
    *,
    old: Mapping[str, str],
    new: Mapping[str, str],
    by: str,
    now: datetime,
) -> None:
    """Record how the fields of a subscriber differ, within the caller's transaction."""
    changes = [
        (to_text(now), by, field, old[field], new[field], key)
        for field in old
        if old[field] != new[field]
    ]
    connection.executemany(_NOTE, changes)


def changes_of(connection: Connection, key: str) -> tuple[Change, ...]:
    """List what changed about the subscriber with this key, oldest first."""
    rows = connection.execute(_LIST, (key,)).fetchall()
    return tuple(Change(from_text(at), *rest) for at, *rest in rows)
