"""A ledger, a sink and a supply of our own that hold a run to the contracts."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from distribute.campaign.campaign import (
    Batch,
    Entry,
    Envelope,
    Message,
    Outcome,
    Parcel,
    Receipt,
    Stage,
    State,
    Turn,
)
from distribute.campaign.run.run import Haste
from distribute.errors import DistributeError

START = 1_800_000_000_000
"""When every run here begins, in milliseconds since 1970."""
OK = Receipt(Outcome.ACCEPTED, 250, "2.0.0", "taken", Stage.END)
GREYLISTED = Receipt(Outcome.DEFERRED, 451, "4.7.1", "come back later", Stage.RCPT)
FULL = Receipt(Outcome.DEFERRED, 452, "4.3.1", "no room", Stage.END)
UNKNOWN = Receipt(Outcome.REJECTED, 550, "5.1.1", "no such user", Stage.RCPT)
POLICY = Receipt(Outcome.REJECTED, 554, "5.7.1", "we do not like you", Stage.END)
BAD_SENDER = Receipt(Outcome.REJECTED, 550, "5.7.1", "you may not", Stage.MAIL)
VANISHED = Receipt(Outcome.UNCERTAIN, text="the connection was lost")
MOST_TURNS = 20_000


def parcel(
    name: str, *, attempt: int = 0, since: int = 0, domain: str = "example.org"
) -> Parcel:
    """Make a parcel to somebody whose name is the id of the delivery."""
    key = name if "@" in name else f"{name}@{domain}"
    envelope = Envelope(f"5/en/{key}", "bounces@example.net", key)
    return Parcel(key, key, key, 7, attempt, since, envelope, Message((b"\r\n",), 2))


class Time:
    """A clock that only moves when somebody waits or works."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def clock(self) -> int:
        return START + round((self.seconds - 1000.0) * 1000)

    def timer(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class MemoryLedger:
    """Holds whoever writes into it to the order of things."""

    log: list[str] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    attempts: Counter[str] = field(default_factory=Counter)
    since: dict[str, int] = field(default_factory=dict)
    due: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    choices: dict[int, tuple[str, str]] = field(default_factory=dict)
    before: dict[str, State | None] = field(default_factory=dict)
    failures: dict[str, DistributeError] = field(default_factory=dict)
    """What to raise, once, by ``record 2`` and the like; each counts from 1."""
    calls: Counter[str] = field(default_factory=Counter)
    verdicts: list[str] = field(default_factory=list)
    """What was said about those whom the server did not know."""

    def name_choices(self, choices: Mapping[int, tuple[str, str]]) -> None:
        self.choices |= choices

    def claim(self, parcels: Sequence[Parcel], now: int) -> None:
        self._fail("claim")
        self.log.append(f"claim {names(parcels)}")
        for each in parcels:
            state = self.states.get(each.key)
            assert state not in (State.CLAIMED, State.STARTED, State.ACCEPTED)
            assert each.attempt == self.attempts[each.key]
            assert each.choice in self.choices
            self.before[each.key] = state
            self.states[each.key] = State.CLAIMED
            self.attempts[each.key] += 1
            self.since.setdefault(each.key, now)

    def record(
        self, started: Sequence[Parcel], ended: Sequence[Entry], now: int
    ) -> None:
        self._fail("record")
        assert started or ended
        self.log.append(f"record {names(started)}; {outcomes(ended)}")
        for each in started:
            assert self.states[each.key] is State.CLAIMED
            self.states[each.key] = State.STARTED
        for entry in ended:
            key = entry.parcel.key
            assert self.states[key] in (State.CLAIMED, State.STARTED)
            assert (entry.due > 0) is (entry.receipt.outcome is Outcome.DEFERRED)
            self.states[key] = State(entry.receipt.outcome.value)
            self.due[key] = entry.due
        self.entries += ended

    def skip(self, people: Sequence[tuple[str, str, int]]) -> None:
        self.skipped |= {key: choice for key, _, choice in people}

    def believe(self, now: int) -> None:
        self._fail("believe")
        self.verdicts.append("believed")

    def take_back(self, now: int) -> None:
        self._fail("take_back")
        self.verdicts.append("taken back")

    def give_back(self, now: int) -> None:
        self._fail("give_back")
        self.log.append("give back")
        for key in [k for k, s in self.states.items() if s is State.CLAIMED]:
            self.attempts[key] -= 1
            state = self.before[key]
            if state is None:
                del self.states[key], self.since[key]
            else:
                self.states[key] = state

    def _fail(self, name: str) -> None:
        self.calls[name] += 1
        failure = self.failures.get(f"{name} {self.calls[name]}")
        if failure is not None:
            raise failure


@dataclass
class ScriptedSink:
    """Answers what it is told, as fast as it is told, and fails when it is told."""

    ledger: MemoryLedger
    time: Time
    answers: Mapping[str, Sequence[Receipt]] = field(default_factory=dict)
    """By recipient, one per attempt; the last one again and again; else `OK`."""
    capacity: int = 3
    speed: int = 100
    """How many it can make ready, and answer for, in one turn."""
    failures: dict[str, Exception] = field(default_factory=dict)
    """What to raise, by ``turn 5``, ``take 1``, ``release 2``; each counts from 1."""
    falls_silent: bool = False
    """Whether nothing is said any more once something was released."""
    forgets: frozenset[str] = frozenset()
    """Of whom nothing is said when it halts."""
    waits: list[float] = field(default_factory=list)
    sent: list[tuple[str, float]] = field(default_factory=list)
    """Who was released, and when."""
    taken_at: list[tuple[str, float]] = field(default_factory=list)
    _calls: Counter[str] = field(default_factory=Counter)
    _tries: Counter[str] = field(default_factory=Counter)
    _taken: list[Parcel] = field(default_factory=list)
    _ready: list[Parcel] = field(default_factory=list)
    _released: list[Parcel] = field(default_factory=list)
    _halted: bool = False

    def room(self) -> int:
        inside = len(self._taken) + len(self._ready) + len(self._released)
        return self.capacity - inside

    def take(self, parcels: Sequence[Parcel]) -> None:
        assert 0 < len(parcels) <= self.room()
        assert all(self.ledger.states[p.key] is State.CLAIMED for p in parcels)
        self.taken_at += [(each.key, self.time.seconds) for each in parcels]
        self._taken += parcels
        self._count("take")

    def turn(self, wait: float) -> Turn:
        assert not self._halted
        assert wait >= 0
        self.waits.append(wait)
        self._count("turn")
        assert self._calls["turn"] < MOST_TURNS, "the run does not end"
        if self.falls_silent and self.sent:
            self.time.pass_by(wait)
            return Turn()
        receipts = [(each, self._answer(each)) for each in self._some(self._released)]
        ready = []
        for each in self._some(self._taken):
            answer = self._answer(each, peek=True)
            if answer.stage in (Stage.MAIL, Stage.RCPT, Stage.DATA):
                receipts.append((each, self._answer(each)))
            else:
                ready.append(each)
        self._ready += ready
        self.time.pass_by(0.001 if ready or receipts else wait)
        return Turn(ready, receipts)

    def release(self, ready: Sequence[Parcel]) -> None:
        assert ready
        for each in ready:
            assert self.ledger.states[each.key] is State.STARTED, "not on record"
            self._ready.remove(each)
            self.sent.append((each.key, self.time.seconds))
        self._released += ready
        self._count("release")

    def halt(self) -> Turn:
        self._halted = True
        told = [each for each in self._released if each.key not in self.forgets]
        return Turn((), [(each, VANISHED) for each in told])

    def close(self) -> None:
        self._halted = True

    def _some(self, queue: list[Parcel]) -> list[Parcel]:
        some = queue[: self.speed]
        del queue[: self.speed]
        return some

    def _answer(self, each: Parcel, *, peek: bool = False) -> Receipt:
        answers = self.answers.get(each.key, (OK,))
        answer = answers[min(self._tries[each.key], len(answers) - 1)]
        self._tries[each.key] += not peek
        return answer

    def _count(self, call: str) -> None:
        self._calls[call] += 1
        failure = self.failures.get(f"{call} {self._calls[call]}")
        if failure is not None:
            raise failure


@dataclass
class ListSupply:
    """Gives people page by page, by what the ledger has of them, as a feed does."""

    ledger: MemoryLedger
    people: Sequence[str]
    page: int = 4
    refused: frozenset[str] = frozenset()
    """Who cannot be written to."""
    skipped: frozenset[str] = frozenset()
    again: bool = True
    """Whether the deferred are served too."""
    closed: bool = False

    def batches(self) -> Iterator[Batch]:
        try:
            yield from self._pages(lambda key: key not in self.ledger.states)
            yield from self._pages(
                lambda key: self._is_deferred(key) and self.ledger.since[key] < START
            )
        finally:
            self.closed = True

    def due(self, now: int, *, only_new: bool = False) -> Iterator[Batch]:
        begun = START if only_new else 0
        yield from self._pages(
            lambda key: (
                self._is_deferred(key)
                and self.ledger.due[key] <= now
                and self.ledger.since[key] >= begun
            )
        )

    def next_due(self) -> int | None:
        due = [self.ledger.due[key] for key in self.people if self._is_deferred(key)]
        return min(due, default=None)

    def _is_deferred(self, key: str) -> bool:
        return self.again and self.ledger.states.get(key) is State.DEFERRED

    def _pages(self, wanted: Callable[[str], bool]) -> Iterator[Batch]:
        behind = 0
        while page := [
            (place, key) for place, key in enumerate(self.people, 1)
            if place > behind and wanted(key)
        ][: self.page]:  # fmt: skip
            behind = page[-1][0]
            yield self._batch([key for _, key in page])

    def _batch(self, keys: Sequence[str]) -> Batch:
        known = self.ledger
        parcels = {
            key: parcel(key, attempt=known.attempts[key], since=known.since.get(key, 0))
            for key in keys
            if key not in self.skipped
        }
        return Batch(
            [each for key, each in parcels.items() if key not in self.refused],
            {7: ("en", "no wish"), 8: ("", "wants only de")},
            [(key, key, 8) for key in keys if key in self.skipped],
            [
                (parcels[key], Receipt(Outcome.REJECTED, text="no address"))
                for key in parcels
                if key in self.refused
            ],
        )


class Helm:
    """Somebody who says stop, and later halt, when so many turns are over."""

    def __init__(self, stop: int | None = None, halt: int | None = None) -> None:
        self.stop, self.halt = stop, halt
        self._asked = 0

    def haste(self) -> Haste:
        self._asked += 1
        if self.halt is not None and self._asked > self.halt:
            return Haste.HALT
        if self.stop is not None and self._asked > self.stop:
            return Haste.STOP
        return Haste.NONE


def names(parcels: Sequence[Parcel]) -> str:
    """Name the local parts, with a space between."""
    return " ".join(each.key.partition("@")[0] for each in parcels)


def outcomes(entries: Sequence[Entry]) -> str:
    """Name who ended how."""
    return " ".join(
        f"{names([entry.parcel])}={entry.receipt.outcome}" for entry in entries
    )
