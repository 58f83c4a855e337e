"""The parts of Procrastinate's worker that a database ends when it goes away, made steady.

As they are, a worker without periodic tasks does not notice that its heartbeat has ended:
it goes on, and the others take it for dead. And it ends with its listener.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from distribute.campaign.fleet.jobs.telling import Line

AGAIN = 1.0
"""Seconds after which what the database did not let us do is tried again."""


class Stop(Protocol):
    """Says whether to stop, such as `threading.Event`."""

    def is_set(self) -> bool:
        """Whether to stop; asked several times a second, from any thread."""


class Connector(PsycopgConnector):
    """Listens for new jobs, again and again while the database is away."""

    async def listen_notify(
        self, on_notification: Notify, channels: Iterable[str]
    ) -> None:
        """Listen for ever; in the meantime, jobs are found by polling."""
        while True:
            try:
                await super().listen_notify(on_notification, channels)
            except ConnectorException:
                await asyncio.sleep(AGAIN)


class Manager(JobManager):
    """Keeps the heartbeat going, and leaves the ending of jobs to us."""

    def __init__(self, connector: PsycopgConnector, stop: Stop, line: Line) -> None:
        super().__init__(connector)
        self._stop = stop
        self._line = line
        self.is_busy = False
        """Whether a job was fetched, or is about to be, that has not ended."""

    async def fetch_job(
        self, queues: Iterable[str] | None, worker_id: int
    ) -> Job | None:
        """Fetch a job, unless it is time to stop."""
        if self._stop.is_set():
            return None
        self.is_busy = True
        job = None
        try:
            # Who was frozen seems dead until its next heartbeat: a batch that it took
            # before that would be taken from it at once.
            await super().update_heartbeat(worker_id)
            job = await super().fetch_job(queues, worker_id)
        finally:
            self.is_busy = job is not None
        return job

    async def finish_job(
        self,
        job: Job,  # noqa: ARG002 - Procrastinate calls it so
        status: Status,  # noqa: ARG002
        delete_job: bool,  # noqa: ARG002, FBT001
    ) -> None:
        """Do nothing: a job ends in the transaction that ends its batch (`queue`)."""
        self.is_busy = False

    async def update_heartbeat(self, worker_id: int) -> None:
        """Write a heartbeat, as soon as the database lets us."""
        while True:
            try:
                await super().update_heartbeat(worker_id)
            except ConnectorException as error:
                self._line.lost("heartbeat", error)
                await asyncio.sleep(AGAIN)
            else:
                self._line.back("heartbeat")
                return

    async def unregister_worker(self, worker_id: int) -> None:
        """Sign off, if the database is there; it is no matter if not."""
        with suppress(ConnectorException, TimeoutError):
            await asyncio.wait_for(super().unregister_worker(worker_id), AGAIN)
