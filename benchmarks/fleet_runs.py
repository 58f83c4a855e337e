"""Let workers and others take turns at the sink, and see what all of it costs."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.clients import Job
from benchmarks.fleet_senders import CONNECTIONS, Race, Sender
from benchmarks.machine import busyness, wait_until_quiet
from benchmarks.newsletter import Size
from benchmarks.postgres import Counts, Fsync, Postgres
from benchmarks.processes import MeasurementError
from benchmarks.sinks import Count, FastSink

Key = tuple[Size, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run took, from the first message at the sink to the last."""

    messages: int
    seconds: float
    sender_cpu: float
    """Seconds, of all processes that send."""
    sink_cpu: float
    server: Counts
    """What PostgreSQL has spent on it."""
    uses_server: bool
    others: float
    """Share of a core that other programs used meanwhile."""

    @property
    def rate(self) -> float:
        """Messages per second."""
        return self.messages / self.seconds

    def of_thousand(self, amount: float) -> float:
        """Give what comes to a thousand messages."""
        return amount / self.messages * 1000


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs by size and sender, and what went wrong."""

    made: dict[Key, list[Run]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def median(
        self, size: Size, sender: str, what: Callable[[Run], float]
    ) -> float | None:
        """Give the median over the rounds; `None` where one failed or there is none."""
        runs = self.made.get((size, sender), [])
        if not runs or f"{size}: {sender}" in self.failures:
            return None
        return median(map(what, runs))

    def senders(self) -> Sequence[str]:
        """List who was measured, in the order of the first round."""
        return tuple(dict.fromkeys(sender for _, sender in self.made))

    def disturbance(self) -> float:
        """Give the largest share of a core that others used in any run."""
        every = [run.others for runs in self.made.values() for run in runs]
        return max(every, default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where all take their turns."""

    sink: Path
    """The program in ``sink.c``."""
    postgres: Postgres
    messages: dict[Size, int]
    """How many to send in each run."""
    patience: float = 60.0
    """Seconds to wait for a quiet machine before each round."""
    say: Callable[[str], None]

    def take_turns(self, senders: Sequence[Sender], runs: Runs, *, rounds: int) -> None:
        """Measure all, every other round backwards; a failure ends nothing but itself."""
        for number in range(rounds):
            used = wait_until_quiet(self.patience)
            self.say(
                f"Round {number + 1} of {rounds}; others use {used:.0%} of a core."
            )
            pairs = [(size, sender) for size in self.messages for sender in senders]
            for size, sender in pairs if number % 2 == 0 else reversed(pairs):
                self._note(size, sender, runs)

    def _note(self, size: Size, sender: Sender, runs: Runs) -> None:
        name = f"{size}: {sender.name}"
        try:
            run = self.measure(sender, size)
        except MeasurementError as error:
            runs.failures[name] = str(error)
            self.say(f"  {name}: FAILED: {error}")
        else:
            runs.made[size, sender.name].append(run)
            self.say(f"  {name}: {_told(run)}")

    def measure(self, sender: Sender, size: Size) -> Run:
        """Let somebody send; raises `MeasurementError` unless every message arrives."""
        self.postgres.sync(sender.syncing() or Fsync.ON)
        with FastSink(self.sink, 0) as sink:
            job = Job(
                size=size,
                port=sink.port,
                messages=sender.messages(self.messages[size]),
                connections=CONNECTIONS,
            )
            with sender.ready(job) as race:
                return self._race(race, sink)

    def _race(self, race: Race, sink: FastSink) -> Run:
        busy, own, began = busyness(), time.process_time(), time.monotonic()
        before = self.postgres.counts(race.database)
        cpu = race.go()
        spent = self.postgres.counts(race.database) - before
        lasted, own = time.monotonic() - began, time.process_time() - own
        busy = busyness() - busy
        count = sink.stop()
        _insist(count, race.job)
        used = busy - own - cpu.whole - spent.cpu - count.cpu
        return Run(
            messages=count.messages,
            seconds=count.span,
            sender_cpu=cpu.sending,
            sink_cpu=count.cpu,
            server=spent,
            uses_server=bool(race.database),
            others=max(used, 0) / lasted,
        )


def _insist(count: Count, job: Job) -> None:
    if count.messages != job.messages:
        raise MeasurementError(
            f"{count.messages} messages arrived, {job.messages} were to be sent"
        )


def _told(run: Run) -> str:
    return (
        f"{run.rate:,.0f}/s; CPU s per 1,000: sender {run.of_thousand(run.sender_cpu):.3f},"
        f" PostgreSQL {run.of_thousand(run.server.cpu):.3f},"
        f" sink {run.of_thousand(run.sink_cpu):.3f}; others {run.others:.0%}"
    )
