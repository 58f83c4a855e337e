"""What we ask of an open database, whichever engine it has.

It is the part of Python's ``sqlite3`` that this house uses, so that a connection to a
file is SQLite's own, without anything in between.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

Parameters = Sequence[Any] | Mapping[str, Any]


class Cursor(Protocol):
    """What has been asked, and its answer: the part of ``sqlite3.Cursor`` we use."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed; after `executemany`, by all of them together."""
        ...

    def execute(self, sql: str, parameters: Parameters = (), /) -> "Cursor":
        """Run a statement; ``?`` and ``:name`` stand for values."""
        ...

    def executemany(self, sql: str, rows: Iterable[Parameters], /) -> "Cursor":
        """Run a statement once per row."""
        ...

    def fetchone(self) -> Any:
        """Give the next row, or `None`."""
        ...

    def fetchall(self) -> list[Any]:
        """Give all rows that are left."""
        ...

    def fetchmany(self, size: int, /) -> list[Any]:
        """Give the next rows, so many at most."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """An open database: the part of ``sqlite3.Connection`` we use."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        ...

    def cursor(self) -> Cursor:
        """Make a cursor, to be used over and over."""
        ...

    def execute(self, sql: str, parameters: Parameters = (), /) -> Cursor:
        """Run a statement with a cursor of its own."""
        ...

    def executemany(self, sql: str, rows: Iterable[Parameters], /) -> Cursor:
        """Run a statement once per row."""
        ...

    def rollback(self) -> None:
        """Undo the transaction, if one is open."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
