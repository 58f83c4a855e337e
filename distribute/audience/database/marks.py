"""How a database is marked that nobody may use: half a copy, or one that was moved away.

Both engines are told from one that may be used by what is read anyway when they are
opened, so that a mark costs those nothing who never copy.
"""

import json
from collections.abc import Container
from dataclasses import dataclass
from typing import Any, Protocol

from distribute.audience.database.place import Place
from distribute.errors import AudienceError, MovedError

MOVED_TO = "moved to"
"""The row of ``meta`` that says where everything is now: JSON with ``to`` and ``at``."""
CLOSED = "everything was moved elsewhere"
"""What the tables say that take nothing any more."""
_READ = "SELECT value FROM meta WHERE key = ?"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where it stands."""

    application_id: int
    """In SQLite."""
    version: int
    """Among the versions of ``house`` in PostgreSQL, above all that are scripts."""


Marks = Container[Mark]

UNFINISHED = Mark(0x636F7079, 1_000_000_000)  # "copy"
"""Stands as long as a copy into it is not complete."""
MOVED = Mark(0x6D6F7665, 1_000_000_001)  # "move"
"""Stands in what everything was moved out of."""
ALL = (UNFINISHED, MOVED)


class _Database(Protocol):
    """The part of a connection that is needed to word a refusal."""

    def execute(self, sql: str, parameters: tuple[object, ...] = (), /) -> Any: ...


def refuse(place: Place, connection: _Database, mark: Mark, despite: Marks) -> None:
    """Raise `AudienceError` for a database with a mark, but for who opens it `despite`."""
    if mark in despite:
        return
    if mark is UNFINISHED:
        raise AudienceError(
            f"a copy into {place} was begun and not finished",
            hint="Run `distribute store copy` again, from where it was begun; until then"
            " [store] names the database that it is copied from.",
        )
    (value,) = connection.execute(_READ, (MOVED_TO,)).fetchone()
    said = json.loads(bytes(value))
    raise AudienceError(
        f"{place} was moved to {said['to']} on {said['at'][:10]}, and is not used any more",
        hint="Name the new one in [store] url. If this one is to be used after all, and"
        " the other one never again: `distribute store reopen`.",
    )


def closed(place: Place) -> MovedError:
    """Word the refusal for whoever had it open when everything was moved out of it."""
    return MovedError(
        f"{place} cannot be used any more: {CLOSED}",
        hint="Name the new one in [store] url, and start again.",
    )
