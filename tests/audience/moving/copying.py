"""Copy a store, break it off, and see what is there."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.marks import ALL
from distribute.audience.database.place import Place
from distribute.audience.moving.copy import Copied, copy_store
from distribute.audience.moving.side import Side
from distribute.audience.moving.tables import tables_of
from distribute.audience.store import Store
from tests.audience.moving.filled import Content, content

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
WORKERS_ONLY = {"frozen", "batch", "under_way"}


def copy(source: Place, target: Place, refuse: Callable[[], None] = list) -> Copied:  # type: ignore[assignment] # does nothing
    """Copy one into the other."""
    with Store.open(source) as store:
        return copy_store(
            store, target, now=NOW, refuse=refuse, tell=lambda *_: None, keep=True
        )


def content_of(place: Place) -> Content:
    """Read all that is there and is for everybody, not for workers alone."""
    with closing(open_database(place)) as connection:
        found = content(connection)
    return {name: rows for name, rows in found.items() if name not in WORKERS_ONLY}


def change(place: Place, *statements: str) -> None:
    """Change what is there, complete or not."""
    with closing(open_database(place, despite=ALL)) as connection:
        for statement in statements:
            connection.execute(statement)


def empty(place: Place) -> None:
    """Remove all that is there."""
    with closing(open_database(place, despite=ALL)) as connection:
        Side(place, connection).clear(tables_of(connection))
        connection.execute("DELETE FROM meta")


def interrupt(source: Path, target: Place, table: str = "delivery") -> None:
    """Begin a copy, and break it off as soon as there is something of a table."""

    def tell(_deed: str, name: str, _rows: int) -> None:
        if name == table:
            raise KeyboardInterrupt

    with Store.open(source) as store, pytest.raises(KeyboardInterrupt):
        copy_store(store, target, now=NOW, refuse=lambda: None, tell=tell)
