"""Who is measured beside workers, and the workers: each is made ready, and then it goes."""

import json
import os
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.clients import Client, Job
from benchmarks.material import Material
from benchmarks.ours import ROOT, distribute
from benchmarks.postgres import Fsync, Postgres, name_of
from benchmarks.processes import Command, MeasurementError, Spent, reap
from benchmarks.usage import cpu_of

CONNECTIONS = 8
"""To the sink, of each process that sends."""
_PATIENCE = 60.0
"""Seconds until a worker must be ready, or have ended."""
_TIMEOUT = 900.0
_LOOK = 0.1
"""Seconds between two looks whether all is done."""
_SETTLING = 1.0
"""Seconds after which a worker that says it is ready waits for jobs."""
_PATH = {"PYTHONPATH": str(ROOT)}


class Cpu(NamedTuple):
    """Seconds of processor time."""

    sending: float
    whole: float
    """With the start of commands."""


@dataclass(frozen=True, slots=True)
class Race:
    """What somebody goes with."""

    job: Job
    database: str
    """Name of the database in use; empty without one."""
    go: Callable[[], Cpu]
    """Sends everything, and says what it took."""


class Sender(ABC):
    """Somebody who sends."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Say who it is."""

    @abstractmethod
    def ready(self, job: Job) -> AbstractContextManager[Race]:
        """Make everything ready that takes no part in what is measured."""

    def syncing(self) -> Fsync | None:
        """Say how the PostgreSQL shall be that it uses, if it uses one."""
        return None

    def messages(self, wanted: int) -> int:
        """Say how many messages it shall send where others send so many."""
        return wanted


@dataclass(frozen=True, slots=True)
class OnSqlite(Sender):
    """``distribute send``, on SQLite."""

    material: Material
    name = "send, SQLite"

    @contextmanager
    def ready(self, job: Job) -> Iterator[Race]:
        """Fill the list."""
        newsletter = self.material.newsletters[job.size]
        newsletter.configure(port=job.port, connections=CONNECTIONS)
        newsletter.address(job.messages)
        command = distribute(newsletter.folder, "send", "1", "--sink", "smtp", "--yes")
        yield Race(job, "", lambda: _cpu(command.measure(timeout=_TIMEOUT)))


@dataclass(frozen=True, slots=True)
class _WithPostgres(Sender):
    material: Material
    postgres: Postgres
    fsync: Fsync

    def syncing(self) -> Fsync:
        """Give what it was made with."""
        return self.fsync

    @contextmanager
    def listed(self, job: Job) -> Iterator[str]:
        """Have the list in a database of its own; gives its URL."""
        template = self.postgres.subscribed(job.messages)
        with self.postgres.copied(template) as url:
            newsletter = self.material.newsletters[job.size]
            newsletter.configure(port=job.port, connections=CONNECTIONS, store=url)
            yield url

    def command(self, job: Job, *arguments: str) -> Command:
        """Give a command of ours."""
        return distribute(self.material.newsletters[job.size].folder, *arguments)

    def hand_over(self, job: Job) -> None:
        """Freeze the campaign and cut it into batches."""
        self.command(job, "send", "1", "--sink", "smtp", "--yes", "--workers").run()


class OnPostgres(_WithPostgres):
    """``distribute send``, on PostgreSQL."""

    @property
    def name(self) -> str:
        """Say which."""
        return f"send, PostgreSQL, {self.fsync}"

    @contextmanager
    def ready(self, job: Job) -> Iterator[Race]:
        """Fill the list."""
        with self.listed(job) as url:
            command = self.command(job, "send", "1", "--sink", "smtp", "--yes")
            go = lambda: _cpu(command.measure(timeout=_TIMEOUT))  # noqa: E731
            yield Race(job, name_of(url), go)


class EngineAlone(_WithPostgres):
    """One worker without its ledger."""

    @property
    def name(self) -> str:
        """Say who."""
        return "engine of 1 worker, no ledger"

    @contextmanager
    def ready(self, job: Job) -> Iterator[Race]:
        """Hand the campaign over."""
        with self.listed(job) as url:
            self.hand_over(job)
            folder = self.material.newsletters[job.size].folder
            command = Command(
                (sys.executable, "-m", "benchmarks.engine", folder), _PATH
            )
            go = lambda: _cpu(command.measure(timeout=_TIMEOUT))  # noqa: E731
            yield Race(job, name_of(url), go)


@dataclass(frozen=True, slots=True)
class Workers(_WithPostgres):
    """So many ``distribute worker`` on this machine."""

    count: int

    @property
    def name(self) -> str:
        """Say how many."""
        many = "1 worker" if self.count == 1 else f"{self.count} workers"
        return f"{many}, {self.fsync}"

    @contextmanager
    def ready(self, job: Job) -> Iterator[Race]:
        """Hand the campaign over, pause it, and have workers wait for it."""
        with self.listed(job) as url, ExitStack() as crew:
            self.hand_over(job)
            self.command(job, "pause", "1").run()
            started = [
                crew.enter_context(_worker(self.command(job, "worker")))
                for _ in range(self.count)
            ]
            for wait in started:
                wait.until_ready()
            time.sleep(_SETTLING)
            yield Race(job, name_of(url), lambda: self._go(job, url, started))

    def _go(self, job: Job, url: str, crew: Sequence["_Worker"]) -> Cpu:
        before = sum(worker.cpu for worker in crew)
        resumed = self.command(job, "resume", "1").measure(timeout=_TIMEOUT)
        give_up = time.monotonic() + _TIMEOUT
        while not self._is_done(url):
            if time.monotonic() > give_up or any(w.has_ended for w in crew):
                raise MeasurementError("the workers do not come to an end")
            time.sleep(_LOOK)
        sending = sum(worker.cpu for worker in crew) - before
        return Cpu(sending, sending + resumed.cpu)

    def _is_done(self, url: str) -> bool:
        states = self.postgres.ask("SELECT state FROM frozen", database=name_of(url))
        return states == [("done",)]


@dataclass(frozen=True, slots=True)
class TaskQueue(_WithPostgres):
    """A task queue with one job per message, which is Procrastinate's own way."""

    most: int

    @property
    def name(self) -> str:
        """Say who."""
        return f"Procrastinate, a job per message, {self.fsync}"

    def messages(self, wanted: int) -> int:
        """Give it fewer: it is slow."""
        return min(wanted, self.most)

    @contextmanager
    def ready(self, job: Job) -> Iterator[Race]:
        """Make the jobs."""
        with self.listed(job) as url:
            folder = self.material.letters[job.size]
            program = (sys.executable, "-m", "benchmarks.peers.by_procrastinate")
            said = (url, str(job.port), str(job.messages), folder, str(CONNECTIONS))
            Command((*program, *said, "defer"), _PATH).run()
            command = Command((*program, *said, "work"), _PATH)
            go = lambda: _cpu(command.measure(timeout=_TIMEOUT))  # noqa: E731
            yield Race(job, name_of(url), go)


@dataclass(frozen=True, slots=True)
class Other(Sender):
    """One of the clients of `benchmarks.sending`."""

    client: Client

    @property
    def name(self) -> str:
        """Say who."""
        return self.client.name

    @contextmanager
    def ready(self, job: Job) -> Iterator[Race]:
        """Make its command."""
        command = self.client.command(job)
        yield Race(job, "", lambda: _cpu(command.measure(timeout=_TIMEOUT)))


class _Worker:
    """A worker that runs."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: int) -> None:
        self._process = process
        self._output = output

    @property
    def cpu(self) -> float:
        return cpu_of(self._process.pid)

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def until_ready(self) -> None:
        """Wait until it has said so."""
        give_up = time.monotonic() + _PATIENCE
        while not any(line.get("said") == "ready" for line in self._lines()):
            if self.has_ended or time.monotonic() > give_up:
                raise MeasurementError(f"a worker does not start: {self._said()}")
            time.sleep(_LOOK)

    def _lines(self) -> Iterator[dict[str, object]]:
        for line in self._said().split("\n")[:-1]:
            yield json.loads(line)

    def _said(self) -> str:
        size = os.fstat(self._output).st_size
        return os.pread(self._output, size, 0).decode()


@contextmanager
def _worker(command: Command) -> Iterator[_Worker]:
    """Start a worker, and end it."""
    with tempfile.TemporaryFile() as output:
        process = command.start(output=output, errors=subprocess.DEVNULL)
        try:
            yield _Worker(process, output.fileno())
        finally:
            if process.poll() is None:
                process.terminate()
                reap(process)


def _cpu(spent: Spent) -> Cpu:
    """Give the processor time that a sender owns to, and all that it has used."""
    said = spent.report.get("cpu_seconds")
    return Cpu(said if isinstance(said, int | float) else spent.cpu, spent.cpu)
