"""Workers for tests, in threads and in processes of their own."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from distribute.campaign.fleet.jobs.crew import Handle, Rhythm, run
from tests.campaign.fleet.member import QUICK, work
from tests.processes import PATIENCE, play

Member = subprocess.Popen[str]


@dataclass(frozen=True, slots=True)
class Shift:
    """A worker in a thread here."""

    told: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def is_cut_off(self) -> bool:
        """Whether the worker has said that the database is away."""
        return any(line.startswith("the database is away") for line in self.told)


@contextmanager
def at_work(url: str, handle: Handle, rhythm: Rhythm = QUICK) -> Iterator[Shift]:
    """Have a worker in a thread here."""
    shift = Shift()

    def worker() -> None:
        run(url, handle, stop=shift.stop, log=shift.told.append, rhythm=rhythm)

    thread = threading.Thread(target=worker)
    thread.start()
    try:
        yield shift
    finally:
        shift.stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


@contextmanager
def member(url: str, seconds: float) -> Iterator[Member]:
    """Have a worker in a process of its own; it must not complain."""
    process = play(work, url, seconds)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        _, complaints = process.communicate(timeout=PATIENCE)
    assert complaints == ""
