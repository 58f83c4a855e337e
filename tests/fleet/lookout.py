"""Look at a fleet from outside: how far it is, and that nothing of it can get lost."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.campaign.fleet.queued import BROKEN
from tests.fleet.reckoning import FINAL

_ARRIVED = (b'["kept"', b'["swallowed"')

_SIGHT = """
SELECT (SELECT string_agg(state, ' ') FROM frozen),
       (SELECT count(*) FROM delivery WHERE NOT state = ANY (%s)),
       (SELECT count(*) FROM delivery WHERE state = 'uncertain'),
       (SELECT count(*) FROM batch WHERE state IN ('waiting', 'held')),
       (SELECT count(*) FROM procrastinate_jobs),
       ARRAY(SELECT holder FROM batch WHERE state = 'held' AND holder <> ''),
       ARRAY(SELECT b.holder FROM batch AS b
             JOIN under_way AS u ON u.campaign = b.campaign AND u.batch = b.number
             WHERE cardinality(u.started) > 0)
"""


class Arrivals:
    """Counts what a mail server writes down, and reads each line once."""

    def __init__(self, path: Path) -> None:
        """Take the file of a `tests.faults.record.Record`."""
        self._path = path
        self._read = 0
        self._count = 0

    @property
    def count(self) -> int:
        """How many messages have arrived by now."""
        with self._path.open("rb") as file:
            file.seek(self._read)
            whole, newline, _ = file.read().rpartition(b"\n")
        if newline:
            self._read += len(whole) + 1
            lines = whole.split(b"\n")
            self._count += sum(line.startswith(_ARRIVED) for line in lines)
        return self._count


@dataclass(frozen=True, slots=True)
class Sight:
    """How a database with one campaign looks."""

    state: str
    """`FrozenState`."""
    left: int
    """Deliveries that have not ended for good."""
    uncertain: int
    batches: int
    """Batches that are not done."""
    jobs: int
    holders: Collection[int]
    """Processes that have a batch in hand, or had it until they died."""
    senders: Collection[int]
    """Those of them that have, or had, messages on their way."""

    @property
    def is_over(self) -> bool:
        """Whether all is done, and nothing left behind."""
        return self.state == "done" and not (self.left or self.batches or self.jobs)


class Lookout:
    """Looks into the database of a newsletter; close it at the end."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self.looks = 0
        """How often the database has answered."""

    def look(self) -> Sight | None:
        """Say how it looks, `None` if the database is away.

        Fails if there is a batch without a job, or a job without a batch.
        """
        try:
            connection = self._connected()
            broken = connection.execute(BROKEN.encode()).fetchall()
            row = connection.execute(_SIGHT, [sorted(FINAL)]).fetchone()
        except psycopg.OperationalError:
            self.close()
            return None
        assert not broken, broken[:5]
        assert row is not None
        self.looks += 1
        state, left, uncertain, batches, jobs, holders, senders = row
        pids = [
            {int(name.rpartition(":")[2]) for name in names}
            for names in (holders, senders)
        ]
        return Sight(state or "", left, uncertain, batches, jobs, *pids)

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._connection is None:
            url = self._url
            self._connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
        return self._connection


@contextmanager
def looking(url: str) -> Iterator[Lookout]:
    """Have a lookout for a while."""
    lookout = Lookout(url)
    try:
        yield lookout
    finally:
        lookout.close()
