"""Stand for the rows of a table by how many they are, and by a hash of all of them."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from marshal import dumps
from typing import Any, NamedTuple

_FORM = 2
"""Of `marshal`: equal numbers, texts and octets are written equally, whatever made them."""

Row = Sequence[Any]


class Sum(NamedTuple):
    """What two tables have in common whose rows are the same, in the same order."""

    rows: int
    digest: str
    """SHA-256 of all rows, in hexadecimal."""


class RunningSum:
    """The sum of the rows that have passed."""

    def __init__(self) -> None:
        self._rows = 0
        self._hash = sha256()

    def of(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Give the rows as they are, each once it is part of the sum."""
        update = self._hash.update
        for row in rows:
            update(dumps(tuple(row), _FORM))
            self._rows += 1
            yield row

    @property
    def sum(self) -> Sum:
        """What it is by now."""
        return Sum(self._rows, self._hash.hexdigest())


NOTHING = RunningSum().sum
"""The sum of no rows, as in a table that is new."""
