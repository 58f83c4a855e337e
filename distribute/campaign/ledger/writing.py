"""Write down deliveries, many at a time: row after row, or where it is faster all at once.

A file takes a statement once per row, several ten thousand times a second: what is usual
has a statement of its own. A server takes all rows of one kind in one statement, for each
is a message to it and an answer (`distribute.campaign.ledger.recordsets`).
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from distribute.audience.database.connection import Connection

_CLAIM = """
    INSERT INTO delivery (number, campaign, key, state, attempt, opened, choice,
                          since, id, address, code, enhanced, text, stage)
    VALUES (?, ?, ?, 'claimed', 1, ?, ?, ?, ?, ?, 0, '', '', '')
    ON CONFLICT DO NOTHING
"""
_PUT_ASIDE = """
    INSERT INTO earlier_attempt (delivery, attempt, outcome, opened, closed, due, choice,
                                 id, code, enhanced, text, stage)
    SELECT number, attempt, state, opened, closed, due, choice,
           id, code, enhanced, text, stage
    FROM delivery WHERE campaign = ? AND key = ? AND attempt = ?
    AND state IN ('deferred', 'rejected', 'uncertain')
    ON CONFLICT DO NOTHING
"""
_CLAIM_AGAIN = """
    UPDATE delivery SET state = 'claimed', attempt = attempt + 1, opened = ?,
        closed = NULL, due = NULL, choice = ?, id = ?, address = ?,
        code = 0, enhanced = '', text = '', stage = ''
    WHERE campaign = ? AND key = ? RETURNING key, number
"""
_START = """
    UPDATE delivery SET state = 'started', opened = ?
    WHERE number = ? AND state = 'claimed'
"""
_START_RUN = """
    UPDATE delivery SET state = 'started', opened = ?
    WHERE number BETWEEN ? AND ? AND state = 'claimed'
"""
_ACCEPT = """
    UPDATE delivery SET state = 'accepted', code = ?, enhanced = ?, text = ?,
        stage = 'end', closed = ?
    WHERE number = ? AND state IN ('started', 'claimed')
"""
_END = """
    UPDATE delivery SET state = ?, code = ?, enhanced = ?, text = ?, stage = ?,
        due = ?, closed = ?
    WHERE number = ? AND state IN ('started', 'claimed')
"""

Fresh = tuple[int, int, str, int, int, int, str, str]
"""Number, campaign, key, opened, choice, since, id, address."""
Known = tuple[int, str, int]
"""Campaign, key, how many attempts there were."""
Again = tuple[int, int, str, str, int, str]
"""Opened, choice, id, address, campaign, key."""
Accepted = tuple[int, str, str, int, int]
"""Code, enhanced code, text, closed, number."""
Ended = tuple[str, int, str, str, str, int | None, int, int]
"""State, code, enhanced code, text, stage, due, closed, number."""
Held = tuple[str, str, int]
"""Sink, campaign and turn: whose lock it is, see `SenderLock.held`."""


class Writer(Protocol):
    """How rows of deliveries get into the database, within a transaction.

    What gives a number, gives how many rows were as they should be and are written.
    """

    def claim(self, rows: Sequence[Fresh]) -> int:
        """Write down claims of whom nobody tried to reach."""
        ...

    def put_aside(self, rows: Sequence[Known]) -> int:
        """Keep the latest attempts of some who are in trouble among the earlier ones."""
        ...

    def claim_again(self, rows: Sequence[Again]) -> dict[str, int]:
        """Claim these once more; gives their numbers by key."""
        ...

    def start(self, numbers: Sequence[int], now: int) -> int:
        """Record that these may leave; their numbers grow."""
        ...

    def accept(self, rows: Sequence[Accepted]) -> int:
        """Record that these were accepted at the end of their messages."""
        ...

    def end(self, rows: Sequence[Ended]) -> int:
        """Record how these ended."""
        ...

    @property
    def knows_short_way(self) -> bool:
        """Whether `record` may record anything."""
        ...

    def record(
        self,
        held: Held,
        started: Sequence[int],
        ended: Sequence[Ended],
        now: int,
    ) -> bool:
        """Record a turn without a transaction around it, and tell whether it was.

        It was not, and nothing was, if the lock or any delivery is not as it should be.
        """
        ...


class RowWriter:
    """Implements `Writer` for a file of SQLite, one row after the other."""

    knows_short_way = False

    def __init__(self, connection: Connection) -> None:
        self._cursor = connection.cursor()

    def claim(self, rows: Sequence[Fresh]) -> int:
        """Write down claims of whom nobody tried to reach."""
        return self._cursor.executemany(_CLAIM, rows).rowcount

    def put_aside(self, rows: Sequence[Known]) -> int:
        """Keep the latest attempts of some among the earlier ones."""
        return self._cursor.executemany(_PUT_ASIDE, rows).rowcount

    def claim_again(self, rows: Sequence[Again]) -> dict[str, int]:
        """Claim these once more; gives their numbers by key."""
        return _pairs(self._cursor.execute(_CLAIM_AGAIN, row) for row in rows)

    def start(self, numbers: Sequence[int], now: int) -> int:
        """Record that these may leave, in one stroke where they are in a row."""
        first, last = numbers[0], numbers[-1]
        if numbers == list(range(first, last + 1)):
            return self._cursor.execute(_START_RUN, (now, first, last)).rowcount
        rows = [(now, number) for number in numbers]
        return self._cursor.executemany(_START, rows).rowcount

    def accept(self, rows: Sequence[Accepted]) -> int:
        """Record that these were accepted at the end of their messages."""
        return self._cursor.executemany(_ACCEPT, rows).rowcount

    def end(self, rows: Sequence[Ended]) -> int:
        """Record how these ended."""
        return self._cursor.executemany(_END, rows).rowcount

    def record(
        self,
        held: Held,  # noqa: ARG002 - as in the protocol, like the others
        started: Sequence[int],  # noqa: ARG002
        ended: Sequence[Ended],  # noqa: ARG002
        now: int,  # noqa: ARG002
    ) -> bool:
        """Record nothing: a transaction in a file costs next to nothing."""
        return False


def _pairs(answers: Iterable[Iterable[tuple[str, int]]]) -> dict[str, int]:
    return dict(pair for answer in answers for pair in answer)
