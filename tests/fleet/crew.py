"""Workers, each a process of its own, which are killed, frozen and cut off."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.commands import NOW
from tests.fleet.namespaces import Machine

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds in which who is asked to end has ended."""


class Worker:
    """One of them. What it prints is in the file `told`."""

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        told: Path,
        machine: Machine | None = None,
    ) -> None:
        self.process = process
        self.told = told
        self.machine = machine
        self.is_frozen = False
        self.is_missed = True
        """Whether another one has to take its place once it has ended."""

    @property
    def is_running(self) -> bool:
        """Whether it has not ended, frozen or not."""
        return self.process.poll() is None

    @property
    def is_ready(self) -> bool:
        """Whether it has begun to wait for work."""
        return " ready" in self.words

    def kill(self) -> None:
        """End it without a word: it can do nothing about it."""
        self.is_missed = False
        self._signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def freeze(self) -> None:
        """Hold it up in the middle of whatever it does."""
        self._signal(signal.SIGSTOP)
        self.is_frozen = True

    def thaw(self) -> None:
        """Let it go on, as if no time had passed."""
        self._signal(signal.SIGCONT)
        self.is_frozen = False

    def ask_to_end(self) -> None:
        """Send SIGTERM, as whoever runs it does."""
        self.is_missed = False
        self.thaw()
        self._signal(signal.SIGTERM)

    def wait(self) -> int:
        """Give its exit status when it has ended."""
        return self.process.wait(PATIENCE)

    @property
    def words(self) -> str:
        """Everything that it has printed."""
        return self.told.read_text("utf-8", "replace")

    def _signal(self, number: signal.Signals) -> None:
        if self.is_running:  # else its number may be somebody else's by now
            os.killpg(self.process.pid, number)


class Crew:
    """All of them, those that have ended too; they run the same command."""

    def __init__(
        self,
        words: Sequence[str | Path],
        folder: Path,
        *,
        env: Mapping[str, str] = {},
    ) -> None:
        """Take the words behind ``distribute``, and a folder for what they print."""
        self._words = (sys.executable, "-m", "distribute", *map(str, words))
        self._folder = folder
        self._env = env
        self._began = time.monotonic()
        self.workers: list[Worker] = []

    @classmethod
    def of_program(cls, program: str, folder: Path) -> Self:
        """Have workers that run a program of Python instead."""
        crew = cls((), folder)
        crew._words = (sys.executable, "-c", program)
        return crew

    def start(self, machine: Machine | None = None) -> Worker:
        """Start one more, here or on another machine."""
        told = self._folder / f"worker-{len(self.workers)}.txt"
        paths = filter(None, (os.environ.get("PYTHONPATH"), str(ROOT)))
        now = int(NOW) + int(time.monotonic() - self._began)  # the same for all of them
        env = {"SOURCE_DATE_EPOCH": str(now), "PYTHONPATH": os.pathsep.join(paths)}
        with told.open("wb") as out:
            process = subprocess.Popen(  # noqa: S603 - our own arguments
                [*(machine.before if machine else ()), *self._words],
                env=os.environ | env | dict(self._env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.workers.append(Worker(process, told, machine))
        return self.workers[-1]

    @property
    def running(self) -> list[Worker]:
        """Those that have not ended, frozen or not."""
        return [worker for worker in self.workers if worker.is_running]

    @property
    def awake(self) -> list[Worker]:
        """Those that run and are not frozen."""
        return [worker for worker in self.running if not worker.is_frozen]

    def replace_ended(self) -> list[Worker]:
        """Start another for each that has ended by itself, and give those."""
        ended = [
            each for each in self.workers if each.is_missed and not each.is_running
        ]
        for worker in ended:
            worker.is_missed = False
            self.start(worker.machine)
        return ended

    def end(self) -> list[int]:
        """Ask all that run to end, and give how each of them did."""
        running = self.running
        for worker in running:
            worker.ask_to_end()
        return [worker.wait() for worker in running]

    def close(self) -> None:
        """Leave none behind."""
        for worker in self.running:
            worker.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
