"""Look after the batches of workers that died or froze, and take nobody else's.

A heartbeat that is old says that its worker is dead only if the worker could have written
another one. So a watcher counts from when it has itself seen the database answer without
a break: after five minutes in which it was away, nobody is dead for having been silent.
"""

from dataclasses import dataclass, field
from time import monotonic
from typing import Any, NamedTuple

import psycopg

from distribute.campaign.fleet.batch import BatchId
from distribute.campaign.fleet.jobs.queue import reconcile, relieve

_CONNECT: dict[str, str | int] = {
    "application_name": "distribute worker",
    "connect_timeout": 5,
    "keepalives_idle": 5,  # seconds; a database that is cut off is missed before we are
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
IMPATIENT = "SET idle_in_transaction_session_timeout = '10s'; SET lock_timeout = '2s'"
"""Whoever freezes within a transaction must not keep a lock from the others for ever."""

LOCKED = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
"""What somebody else was just writing; the next attempt tells."""

_ASKED = """
SELECT extract(epoch FROM clock_timestamp())::float8,
       extract(epoch FROM pg_postmaster_start_time())::float8
"""


def settings_of(url: str) -> dict[str, str | int]:
    """Give what a connection is made with, beside what its URL says."""
    said = psycopg.conninfo.conninfo_to_dict(url)
    return {key: value for key, value in _CONNECT.items() if key not in said}


def connect(url: str) -> psycopg.Connection[Any]:
    """Connect; every statement is a transaction. Raises `psycopg.Error`."""
    settings: dict[str, Any] = settings_of(url)
    connection = psycopg.connect(url, autocommit=True, **settings)
    connection.execute(IMPATIENT)
    return connection


class Answer(NamedTuple):
    """One answer of the database; all of it in seconds."""

    at: float
    """When it came, on a clock of ours that only ever grows."""
    clock: float
    """What the server's own clock said."""
    started: float
    """Since when the server runs, on that clock."""


@dataclass(slots=True)
class Uptime:
    """For how long the database was seen to answer.

    It counts as interrupted where two answers are more than `gap` seconds apart, on our
    clock or on the server's (one of us was frozen), or the server was started anew.
    """

    gap: float
    _since: Answer | None = field(default=None, init=False)
    _last: Answer | None = field(default=None, init=False)

    def note(self, answer: Answer) -> float:
        """Take an answer into account, and give the seconds without interruption."""
        if self._since is None or not self._follows(answer):
            self._since = answer
        self._last = answer
        return min(answer.at - self._since.at, answer.clock - self._since.clock)

    def interrupt(self) -> None:
        """Begin to count anew."""
        self._since = self._last = None

    def _follows(self, answer: Answer) -> bool:
        last = self._last
        return (
            last is not None
            and answer.started == last.started
            and answer.at - last.at <= self.gap
            and answer.clock - last.clock <= self.gap
        )


class Watch:
    """Has a connection of its own, and blocks: every call belongs into a thread."""

    def __init__(self, url: str, stalled_after: float) -> None:
        """Connect at the first look; `stalled_after` seconds without heartbeat is dead."""
        self._url = url
        self._stalled_after = stalled_after
        self._uptime = Uptime(gap=stalled_after / 2)
        self._connection: psycopg.Connection[Any] | None = None

    def can_tell(self) -> bool:
        """Ask the database; whether a heartbeat that is old now was not written."""
        row = self._connected().execute(_ASKED).fetchone()
        if row is None:
            return False
        answer = Answer(monotonic(), float(row[0]), float(row[1]))
        return self._uptime.note(answer) >= self._stalled_after

    def relieve(self, batch: BatchId, job: int) -> bool:
        """Have somebody else go on with a batch; see `queue.relieve`.

        Does nothing while somebody has it locked, who may have frozen within a transaction:
        the server ends that in its time.
        """
        try:
            return relieve(self._connected(), batch, job)
        except LOCKED:
            return False

    def reconcile(self) -> int:
        """Make the jobs that are missing; see `queue.reconcile`."""
        try:
            return reconcile(self._connected())
        except LOCKED:
            return 0

    def close(self) -> None:
        """Let go of the database, and forget how long it has been there."""
        self._uptime.interrupt()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self._connection = connect(self._url)
        return self._connection
