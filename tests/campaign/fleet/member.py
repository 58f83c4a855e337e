"""A worker in a process of its own, whose batches take as long as it is told."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable

import psycopg

from distribute.campaign.fleet.batch import BatchId
from distribute.campaign.fleet.jobs import queue
from distribute.campaign.fleet.jobs.crew import Rhythm, run

NOTES = "CREATE TABLE note (campaign BIGINT, number INTEGER, worker BIGINT, what TEXT)"
"""What workers say of batches: ``took``, ``done``, ``gave back``, ``lost``."""
QUICK = Rhythm(heartbeat=0.2, stalled_after=1.2, look=0.2, poll=0.3, reconcile=1.0)
"""Takes for dead who is just slow: only where that is no matter."""
STEADY = Rhythm(heartbeat=0.7, stalled_after=6.0, look=0.7, poll=1.0, reconcile=5.0)
"""In proportion to what workers do."""

_TAKE = """
UPDATE batch SET fence = fence + 1, state = 'held', holder = %s
WHERE campaign = %s AND number = %s AND job = %s AND state IN ('waiting', 'held')
RETURNING fence
"""
_END = "UPDATE batch SET state = %s WHERE campaign = %s AND number = %s AND fence = %s"
_NOTE = "INSERT INTO note VALUES (%s, %s, %s, %s)"


def tell(line: str) -> None:
    """Write a line for whoever started this process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def work(url: str, seconds: str) -> None:
    """Work until SIGTERM; every batch takes so many seconds."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    worker = Handler(url, float(seconds), os.getpid())
    run(url, worker, stop=stop, log=tell, rhythm=QUICK)


class Handler:
    """Takes a batch in hand, holds it, and says what becomes of it, as long as it takes."""

    def __init__(self, url: str, seconds: float, name: int) -> None:
        self._url = url
        self._seconds = seconds
        self._name = name

    def __call__(
        self, batch: BatchId, job: int, should_stop: Callable[[], bool]
    ) -> None:
        """Handle one; works on while the database is away."""
        fence = self._take(batch, job)
        if fence is None:
            return
        end = time.monotonic() + self._seconds
        while time.monotonic() < end and not should_stop():
            time.sleep(0.01)
        while True:
            try:
                self._end(batch, fence, is_done=not should_stop())
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return

    def _take(self, batch: BatchId, job: int) -> int | None:
        with psycopg.connect(self._url) as connection:
            taken = connection.execute(_TAKE, (str(self._name), *batch, job)).fetchone()
            if taken is not None:
                connection.execute(_NOTE, (*batch, self._name, "took"))
        return None if taken is None else int(taken[0])

    def _end(self, batch: BatchId, fence: int, *, is_done: bool) -> None:
        state = "done" if is_done else "waiting"
        with psycopg.connect(self._url) as connection:
            ours = connection.execute(_END, (state, *batch, fence)).rowcount
            what = ("done" if is_done else "gave back") if ours else "lost"
            connection.execute(_NOTE, (*batch, self._name, what))
            if ours and is_done:
                queue.settle(connection, batch)
            elif ours:
                queue.replace(connection, batch)
