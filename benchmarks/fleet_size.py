"""What becomes of planning, freezing and taking batches when a list is very long."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from statistics import median

from benchmarks.material import Material
from benchmarks.newsletter import Size
from benchmarks.ours import distribute
from benchmarks.postgres import Counts, Fsync, Postgres, connected
from benchmarks.processes import MeasurementError
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.campaign import (
    Entry,
    Envelope,
    Message,
    Outcome,
    Parcel,
    Receipt,
    Stage,
)
from distribute.campaign.fleet import hold, overview
from distribute.campaign.fleet.batch import BatchId, Hold
from distribute.campaign.fleet.fenced import FencedLedger
from distribute.campaign.fleet.jobs import queue

_TIMEOUT = 7200.0
_BY = "bench:1"
RECONCILE = "look for lost batches (each worker, every 30 s)"
COUNT = "count all deliveries (status)"
UNCERTAIN = "count the uncertain (metrics)"
_TURN = 50
"""Deliveries that are recorded in one statement."""
_FETCH = """
SELECT job.id, (job.args ->> 'campaign')::bigint, (job.args ->> 'number')::integer
FROM procrastinate_fetch_job_v2(ARRAY['batches'], %s) AS job WHERE job.id IS NOT NULL
"""
_ACCEPTED = Receipt(Outcome.ACCEPTED, 250, "2.0.0", "Ok: queued", Stage.END)


class Step(StrEnum):
    """What a worker does with the database for each batch, in this order."""

    FETCH = "fetch the job"
    TAKE = "take the batch"
    PEOPLE = "read who is in it"
    RECORD = "record 500 starts and ends"
    FINISH = "finish the batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """What one command took."""

    seconds: float
    cpu: float
    """Seconds of processor time of the command."""
    memory: int
    """Peak octets of its largest process (VmHWM)."""
    server: Counts


@dataclass(frozen=True, slots=True)
class Growth:
    """What was seen with one number of subscribers."""

    subscribers: int
    plan: Phase
    freeze: Phase
    before: int
    """Octets of the database with its subscribers alone."""
    after: int
    """With everything frozen."""
    batches: int
    steps: dict[Step, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Seconds for each batch, one after the other."""
    seldom: dict[str, float] = field(default_factory=dict)
    """Seconds that something takes which goes through all, by its name."""

    def median(self, step: Step) -> float:
        """Give the median of one step, in seconds."""
        return median(self.steps[step])

    @property
    def claims(self) -> float:
        """Batches a second that one connection fetches, takes and finishes."""
        steps = (Step.FETCH, Step.TAKE, Step.FINISH)
        return 1 / sum(self.median(step) for step in steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    """Where that is measured."""

    material: Material
    postgres: Postgres
    samples: int
    """How many batches are taken."""
    say: Callable[[str], None]

    def measure(self, subscribers: int) -> Growth:
        """Plan, freeze and take some batches; what it made is left in its database."""
        self.say(f"  making {subscribers:,} subscribers")
        self.postgres.sync(Fsync.OFF)
        name = self.postgres.subscribed(subscribers)
        self.postgres.sync(Fsync.ON)
        url, newsletter = self.postgres.url(name), self.material.newsletters[Size.SMALL]
        newsletter.configure(port=9, store=url)
        before = self.postgres.octets(name)
        plan = self._phase(name, "plan", "1")
        self.say(f"  plan for {subscribers:,}: {_told(plan)}")
        send = ("send", "1", "--sink", "smtp", "--yes", "--workers")
        freeze = self._phase(name, *send)
        self.say(f"  freeze of {subscribers:,}: {_told(freeze)}")
        ((batches,),) = self.postgres.ask("SELECT count(*) FROM batch", database=name)
        growth = Growth(
            subscribers=subscribers,
            plan=plan,
            freeze=freeze,
            before=before,
            after=self.postgres.octets(name),
            batches=int(str(batches)),
        )
        with connected(url) as connection:
            rounds = Rounds(PostgresUrl(url), connection, growth.steps, today())
            rounds.make(min(self.samples, growth.batches))
            _look_around(connection, growth.seldom)
        self.say(f"  {growth.claims:,.0f} claims/s among {growth.batches:,} batches")
        return growth

    def _phase(self, database: str, *arguments: str) -> Phase:
        folder = self.material.newsletters[Size.SMALL].folder
        before = self.postgres.counts(database)
        spent = distribute(folder, *arguments).measure(timeout=_TIMEOUT)
        return Phase(
            seconds=spent.seconds,
            cpu=spent.cpu,
            memory=spent.largest,
            server=self.postgres.counts(database) - before,
        )


@dataclass(frozen=True, slots=True)
class Rounds:
    """Does what a worker does with the database, and times it."""

    place: PostgresUrl
    connection: PostgresConnection
    steps: dict[Step, list[float]]
    today: date

    def make(self, batches: int) -> None:
        """Go through so many batches, as a worker on the queue's roll."""
        registered = "SELECT worker_id FROM procrastinate_register_worker_v1()"
        (worker,) = self.connection.execute(registered).fetchone()
        for _ in range(batches):
            self._handle(worker)

    def _handle(self, worker: int) -> None:
        with self._timed(Step.FETCH):
            fetched = self.connection.raw.execute(_FETCH, (worker,)).fetchone()
        if fetched is None:
            raise MeasurementError("there is no job where there should be one")
        job, batch = fetched[0], BatchId(*fetched[1:])
        with self._timed(Step.TAKE):
            held = hold.take(self.connection, batch, job, by=_BY, now=_now())
        if held is None:
            raise MeasurementError(f"{batch} cannot be taken")
        with self._timed(Step.PEOPLE):
            people = hold.people(self.connection, held, now=_now())
        with self._timed(Step.RECORD):
            self._record(held, [person.number for person in people])
        with self._timed(Step.FINISH):
            hold.finish(self.connection, held, now=_now(), today=self.today)

    def _record(self, held: Hold, numbers: list[int]) -> None:
        """Let some go and note how those before them ended, as a run does it."""
        parcels = [_parcel(number) for number in numbers]
        ledger = FencedLedger(
            self.place,
            self.connection,
            held,
            dict(zip((parcel.key for parcel in parcels), numbers, strict=True)),
            by=_BY,
            outlast=lambda act: act(),
        )
        ended: list[Entry] = []
        for begin in range(0, len(parcels) + _TURN, _TURN):
            started = parcels[begin : begin + _TURN]
            ledger.record(started, ended, _now())
            ended = [Entry(parcel, _ACCEPTED) for parcel in started]

    @contextmanager
    def _timed(self, step: Step) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.steps[step].append(time.perf_counter() - began)


def _look_around(connection: PostgresConnection, seldom: dict[str, float]) -> None:
    """Do what workers and people do from time to time, and see how long it takes."""
    looks: dict[str, Callable[[], object]] = {
        RECONCILE: lambda: queue.reconcile(connection.raw),
        COUNT: lambda: overview.count_deliveries(connection, 1),
        UNCERTAIN: lambda: overview.count_uncertain(connection),
    }
    for name, look in looks.items():
        began = time.perf_counter()
        look()
        seldom[name] = time.perf_counter() - began


def _parcel(number: int) -> Parcel:
    envelope = Envelope("", "", "")
    return Parcel(str(number), "", "", 0, 0, 0, envelope, Message((), 0))


def _told(phase: Phase) -> str:
    return f"{phase.seconds:.1f} s, {phase.memory / 1e6:.0f} MB"


def today() -> date:
    """Give the day in Greenwich."""
    return date.fromisoformat(time.strftime("%Y-%m-%d", time.gmtime()))


def _now() -> int:
    return time.time_ns() // 1_000_000
