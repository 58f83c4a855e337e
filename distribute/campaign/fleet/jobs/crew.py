"""Run a worker: take batches in hand, one at a time, and look after other workers'.

Procrastinate's worker fetches the jobs, keeps the heartbeat and listens for new jobs. Here
a database that goes away ends none of that: the batch that is in hand goes on (what it
does meanwhile is up to whoever handles it), its worker's heartbeat is heard again as soon
as the database is back, and so nobody takes the batch from it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from time import monotonic, sleep
from typing import Any

import psycopg
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from psycopg_pool import AsyncConnectionPool

from distribute.campaign.fleet.batch import BatchId
from distribute.campaign.fleet.jobs.queue import QUEUE, TASK, relieve
from distribute.campaign.fleet.jobs.steady import AGAIN, Connector, Manager, Stop
from distribute.campaign.fleet.jobs.telling import Line, Log, first_line, hushed
from distribute.campaign.fleet.jobs.watch import (
    IMPATIENT,
    LOCKED,
    Watch,
    connect,
    settings_of,
)
from distribute.errors import BusyError

Handle = Callable[[BatchId, int, Callable[[], bool]], object]
"""Carries out a batch, given the job that it came by and what says that it is to stop.

It begins with a transaction that takes the batch in hand if ``batch.job`` is that job, and
does nothing if not; it ends with one that says what becomes of the batch and calls
`queue.settle` or `queue.replace`. It runs in a thread, with a connection of its own.
"""

_AWAY = (psycopg.Error, ConnectorException)
_TICK = 0.1
"""Seconds after which somebody who says stop is heard at the latest."""
_WAITS = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before a worker starts again when the database is away; the last one stays."""
_FAILED = 15.0
"""Seconds until a batch comes up again that could not be handled."""
_POOL: dict[str, Any] = {
    "min_size": 1,
    "max_size": 2,
    "timeout": 3.0,
    "reconnect_timeout": 3.0,  # after that, who asks next has it try again
}
_NEVER = 1e9
"""Seconds; Procrastinate's worker would count everybody as dead whose heartbeat is old
when it starts, also after the database was away. `Watch` knows better."""
_BURIED = 10
"""How many times as silent as the dead somebody is whose registration is deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a worker does what; seconds.

    `stalled_after` has room for four heartbeats and four looks at least, and for the time in
    which a worker finds a database that is back, up to five seconds.
    """

    heartbeat: float = 5.0
    stalled_after: float = 20.0
    """After so long without a heartbeat a worker is dead or frozen."""
    look: float = 5.0
    """Between two looks after others; the dead are noticed at the first one."""
    poll: float = 5.0
    """Between two looks for jobs, such as those whose time has come."""
    reconcile: float = 30.0
    """Between two searches for batches that nobody would ever take up."""


def run(
    url: str, handle: Handle, *, stop: Stop, log: Log, rhythm: Rhythm = Rhythm()
) -> None:
    """Handle batches until `stop`, whatever becomes of the database in the meantime.

    Runs an event loop in the calling thread, and leaves signals to the caller. Comes back
    once the batch in hand has been handled; its heartbeat goes on till then. A batch whose
    handling raises anything comes up again after a quarter of a minute. `url` is libpq's.
    """
    with hushed(log):
        asyncio.run(_Worker(url, handle, stop, log, rhythm).work())


class _Worker:
    """One worker; it starts Procrastinate's as often as that ends."""

    def __init__(
        self, url: str, handle: Handle, stop: Stop, log: Log, rhythm: Rhythm
    ) -> None:
        self._url = url
        self._handle = handle
        self._stop = stop
        self._log = log
        self._rhythm = rhythm
        self._line = Line(log)

    async def work(self) -> None:
        """Work one shift after the other, with growing waits while the database is away."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: self._tell(context))
        waits = _growing()
        while not self._stop.is_set():
            begun = monotonic()
            try:
                await self._shift()
            except _AWAY as error:
                self._ended_by(error)
            if monotonic() - begun > _WAITS[-1]:
                waits = _growing()
            await self._wait(next(waits))

    def _ended_by(self, error: Exception) -> None:
        if isinstance(error.__cause__, psycopg.errors.ForeignKeyViolation):
            self._log("the others took this worker for dead; it registers anew")
        else:
            self._line.lost("shift", error)

    async def _shift(self) -> None:
        """Work until somebody says stop and nothing is in hand, or the database is away."""
        watch = Watch(self._url, self._rhythm.stalled_after)
        try:
            await asyncio.to_thread(watch.can_tell)
            self._line.back("shift")
            await self._work_with(watch)
        finally:
            await asyncio.to_thread(watch.close)

    async def _work_with(self, watch: Watch) -> None:
        async with self._pool() as pool:
            app, manager = self._app()
            async with app.open_async(pool):
                await _first_of(
                    app.run_worker_async(**self._options()),
                    self._look_after_others(manager, watch),
                    self._told_to_stop(manager),
                )

    def _pool(self) -> "AsyncConnectionPool[psycopg.AsyncConnection[Any]]":
        return AsyncConnectionPool(
            self._url,
            open=False,
            kwargs=dict(settings_of(self._url)),
            configure=_make_impatient,
            check=AsyncConnectionPool.check_connection,
            **_POOL,
        )

    def _app(self) -> tuple[App, Manager]:
        connector = Connector()
        app = App(connector=connector)
        app.job_manager = manager = Manager(connector, self._stop, self._line)

        @app.task(name=TASK, queue=QUEUE, pass_context=True)
        def handle_batch(context: JobContext, campaign: int, number: int) -> None:
            self._carry_out(BatchId(campaign, number), context.job.id or 0)

        return app, manager

    def _options(self) -> dict[str, Any]:
        return {
            "queues": [QUEUE],
            "concurrency": 1,
            "fetch_job_polling_interval": self._rhythm.poll,
            "abort_job_polling_interval": _NEVER,  # nobody aborts our jobs
            "install_signal_handlers": False,
            "update_heartbeat_interval": self._rhythm.heartbeat,
            "stalled_worker_timeout": _NEVER,
        }

    def _carry_out(self, batch: BatchId, job: int) -> None:
        """Handle a batch, and see that no job is left that nobody works on."""
        reason, failure = "was left as it is", None
        try:
            self._handle(batch, job, self._stop.is_set)
        except Exception as error:  # noqa: BLE001 - whatever it is, the batch goes on
            reason, failure = f"failed: {first_line(error)}", error
        after = 0.0 if self._stop.is_set() else _FAILED
        if self._put_away(batch, job, after):
            self._log(f"{batch} {reason}; it comes up again in {after:.0f} s")
        elif failure:
            self._log(f"{batch} {reason}; it goes on elsewhere")
        if failure and not isinstance(failure, BusyError):
            self._rest(_FAILED)

    def _rest(self, seconds: float) -> None:
        """Leave work to others: the next batch may fail as well, and all of them."""
        until = monotonic() + seconds
        while monotonic() < until and not self._stop.is_set():
            sleep(_TICK)

    def _put_away(self, batch: BatchId, job: int, after: float) -> bool:
        """End a job once the database lets us; tells whether there is one more of it."""
        while True:
            try:
                with connect(self._url) as connection:
                    again = relieve(connection, batch, job, after=after)
            except psycopg.Error as error:
                if not isinstance(error, LOCKED):
                    self._line.lost("end", error)
                if self._stop.is_set():  # others will notice that we are gone
                    return False
                sleep(AGAIN)
            else:
                self._line.back("end")
                return again

    async def _look_after_others(self, manager: Manager, watch: Watch) -> None:
        """Look after others' batches for ever, as far as the database lets us."""
        search_at = 0.0
        while True:
            try:
                await self._take_up_stalled(manager, watch)
                if monotonic() >= search_at:
                    if lost := await asyncio.to_thread(watch.reconcile):
                        self._log(f"{lost} batches had no job and have one now")
                    search_at = monotonic() + self._rhythm.reconcile
                self._line.back("watch")
            except _AWAY as error:
                self._line.lost("watch", error)
                await asyncio.to_thread(watch.close)
            await asyncio.sleep(self._rhythm.look)

    async def _take_up_stalled(self, manager: Manager, watch: Watch) -> None:
        if not await asyncio.to_thread(watch.can_tell):
            return
        silent = self._rhythm.stalled_after
        stalled = await manager.get_stalled_jobs(
            queue=QUEUE, task_name=TASK, seconds_since_heartbeat=silent
        )
        # The database may have been frozen just now, with everybody's heartbeat.
        if not await asyncio.to_thread(watch.can_tell):
            return
        for job in stalled:
            batch = BatchId(**job.task_kwargs)  # type: ignore[arg-type] # as `queue` wrote
            if await asyncio.to_thread(watch.relieve, batch, job.id or 0):
                self._log(f"{batch} goes on elsewhere: its worker is dead or frozen")
        await manager.prune_stalled_workers(_BURIED * silent)

    async def _told_to_stop(self, manager: Manager) -> None:
        while not self._stop.is_set() or manager.is_busy:
            await asyncio.sleep(_TICK)

    async def _wait(self, seconds: float) -> None:
        until = monotonic() + seconds
        while monotonic() < until and not self._stop.is_set():
            await asyncio.sleep(_TICK)

    def _tell(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        said = context["message"] if error is None else first_line(error)
        self._log(f"the worker noticed: {said}")


async def _first_of(*coroutines: Awaitable[None]) -> None:
    """Run until one of them ends; then end the others, and raise what made it end."""
    tasks = [asyncio.ensure_future(each) for each in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _make_impatient(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.execute(IMPATIENT)
    await connection.commit()


def _growing() -> Iterator[float]:
    return chain(_WAITS, repeat(_WAITS[-1]))
