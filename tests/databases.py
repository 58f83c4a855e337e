"""The database of a newsletter, looked into from outside: on SQLite or PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from distribute.audience.database import database
from distribute.audience.database.connection import Connection


@contextmanager
def look_into(path: Path) -> Iterator[Connection]:
    """Read what is in it; nothing changes, not even the state that a crash has left."""
    place = database.place_of(path)
    if place != path:
        with closing(database.open_database(place)) as connection:
            yield connection
        return
    uri = f"file:{path}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=30)) as connection:
        yield connection


@contextmanager
def reach_into(path: Path) -> Iterator[Connection]:
    """Change it behind the back of whoever has it open; each statement is committed."""
    place = database.place_of(path)
    with closing(
        sqlite3.connect(path, isolation_level=None)
        if place == path
        else database.open_database(place)
    ) as connection:
        yield connection
