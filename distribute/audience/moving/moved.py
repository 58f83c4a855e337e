"""Close a database that everything was moved out of, and open it again.

Who opens it is told where all is now. Who has it open already, such as ``serve``, finds
that its tables take nothing any more, so nobody's choice is written where no one looks.
"""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Self

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    engine_of,
    explained,
    is_begun,
    open_database,
    transaction,
)
from distribute.audience.database.marks import CLOSED, MOVED, MOVED_TO
from distribute.audience.database.place import Place
from distribute.audience.moving.marking import put_mark
from distribute.audience.moving.tables import tables_of

_READ = "SELECT value FROM meta WHERE key = ?"
_WRITE = "INSERT INTO meta (key, value) VALUES (?, ?)"
_ERASE = "DELETE FROM meta WHERE key = ?"
_DEEDS = ("INSERT", "UPDATE", "DELETE")
_GUARD = f"""
    CREATE TRIGGER "moved {{table}} {{deed}}" BEFORE {{deed}} ON "{{table}}"
    BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END
"""
_GUARDS = (
    "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'moved %'"
)
_REFUSE = f"""
    CREATE FUNCTION refuse_moved() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'DIST3';
    END $$
"""
_REFUSED = """
    CREATE TRIGGER moved BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{table}"
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_moved()
"""
_ALLOW = "DROP FUNCTION refuse_moved() CASCADE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Stands in the ``meta`` of what was moved; that is marked as well."""

    to: str
    """The place where all is now, without any password."""
    at: str
    """ISO 8601, in UTC."""

    @classmethod
    def read(cls, connection: Connection) -> Self | None:
        """Read it; `None` in what was not moved."""
        row = connection.execute(_READ, (MOVED_TO,)).fetchone()
        return cls(**json.loads(bytes(row[0]))) if row else None

    def close(self, connection: Connection) -> None:
        """Let nobody use the database any more, all of it or nothing."""
        with transaction(connection):
            value = json.dumps(asdict(self)).encode()
            connection.execute(_WRITE, (MOVED_TO, value))
            put_mark(connection, MOVED)
            for statement in _closing(connection):
                connection.execute(statement)


def moved_from(place: Place) -> Moved | None:
    """Tell where everything was moved that was in a database; `None` if it is there.

    Raises `AudienceError` as `open_database` does.
    """
    if not is_begun(place):
        return None
    with closing(open_database(place, despite=[MOVED])) as connection, explained(place):
        return Moved.read(connection)


def reopen(place: Place) -> Moved | None:
    """Let everybody use a database again; tells where it was moved, if it was."""
    if not is_begun(place):
        return None
    with closing(open_database(place, despite=[MOVED])) as connection:
        with explained(place), transaction(connection):
            moved = Moved.read(connection)
            if moved is not None:
                _open(connection)
        return moved


def _closing(connection: Connection) -> Sequence[str]:
    """Give the statements after which no table takes anything."""
    names = [table.name for table in tables_of(connection)]
    if engine_of(connection) == "sqlite":
        return [
            _GUARD.format(table=name, deed=deed) for name in names for deed in _DEEDS
        ]
    return [_REFUSE, *(_REFUSED.format(table=name) for name in names)]


def _open(connection: Connection) -> None:
    if engine_of(connection) == "sqlite":
        for (name,) in connection.execute(_GUARDS).fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
    else:
        connection.execute(_ALLOW)
    connection.execute(_ERASE, (MOVED_TO,))
    put_mark(connection, None)
