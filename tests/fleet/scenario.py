"""A fleet under siege: a script is played, and in the end everybody has one message."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from distribute.audience.database.place import PostgresUrl
from tests.faults.record import Record
from tests.fleet.crew import Crew, Worker
from tests.fleet.lookout import Arrivals, Lookout, Sight
from tests.fleet.reckoning import Reckoning, reckon, states_of
from tests.fleet.script import Act, Deed
from tests.postgres import Server

_TICK = 0.02
_LOOK = 0.25
"""Seconds between two looks into the database."""
_STUCK = 10.0
"""Seconds without anybody served after which the next act comes all the same."""


class Sink(Protocol):
    """A mail server of the tests, in this process or next door."""

    record: Record

    def up(self) -> None: ...

    def down(self) -> None: ...


@dataclass
class Scenario:
    """One campaign that was handed over to workers, and all that happens meanwhile."""

    server: Server
    url: str
    """Of the database of the newsletter."""
    sink: Sink
    crew: Crew
    wires: Mapping[str, str]
    """Whom the campaign is for: the address that travels, by the reader's."""
    is_over: Callable[[Sight], bool] = lambda sight: sight.is_over
    """Tells by a look at the database whether there is nothing left to wait for."""
    told: list[str] = field(default_factory=list)
    """What happened when, for people to read."""
    played: list[Deed] = field(default_factory=list)
    """What really happened."""
    interrupted: int = 0
    """How often a worker was held up so that it might not say what became of what it had
    begun: each time on each of its connections, once."""
    gone: list[Worker] = field(default_factory=list)
    """Who has ended by itself."""
    sight: Sight | None = None
    """How the database looked of late."""
    _undo: list[tuple[float, str, Callable[[], None]]] = field(default_factory=list)
    _busy: set[str] = field(default_factory=set)
    """What is not to be touched until a while is over."""
    _began: float = field(default_factory=time.monotonic)
    _count: int = 0
    _moved: float = 0.0
    _next_look: float = 0.0

    def __post_init__(self) -> None:
        """See what there is."""
        self._arrivals = Arrivals(self.sink.record.path)
        self.lookout = Lookout(self.url)

    def play(self, script: Sequence[Act], *, seconds: float) -> Reckoning:
        """Play it to its end, and on until everybody is served; so long at most.

        Workers that are killed or leave or fail are replaced at once. All is mended and all
        workers have ended before what is written is compared with what was seen.
        """
        deadline = time.monotonic() + seconds
        with closing(self.lookout), self._ended():
            for act in script:
                self._wait(lambda act=act: self._is_time(act), deadline)  # type: ignore[misc] # bound now
                self._do(act)
            self._wait(lambda: not self._undo, deadline)
            self.sight = None  # what was seen before the last act
            self._wait(self._is_done, deadline)
        return self.reckon()

    def reckon(self) -> Reckoning:
        """Compare what is written with what was seen."""
        states = states_of(PostgresUrl(self.url), self.wires)
        return reckon(self.wires.values(), self.sink.record.arrived, states)

    @contextmanager
    def _ended(self) -> Iterator[None]:
        """In the end, mend everything and have all workers leave."""
        try:
            yield
        finally:
            self._mend(time.monotonic() + 3600)
            self._tell(f"the workers end: {self.crew.end()}")

    def _wait(self, condition: Callable[[], bool], deadline: float) -> None:
        while not condition():
            self._mend(time.monotonic())
            self._supervise()
            self._look(time.monotonic())
            assert time.monotonic() < deadline, "\n".join(("hangs", *self.told))
            time.sleep(_TICK)

    def _mend(self, now: float) -> None:
        """Undo what is to be undone by now."""
        for entry in sorted(self._undo, key=lambda entry: entry[0]):
            due, what, undo = entry
            if due <= now:
                self._undo.remove(entry)
                undo()
                self._busy.discard(what)
                self._tell(f"{what} is back")

    def _supervise(self) -> None:
        """Have somebody take the place of who has ended."""
        for worker in self.crew.replace_ended():
            self.gone.append(worker)
            self._tell(f"{_name(worker)} has ended: {worker.words[-300:]}")

    def _look(self, now: float) -> None:
        """Look into the database from time to time, unless it is held up."""
        if now >= self._next_look and "database" not in self._busy:
            self._next_look = now + _LOOK
            self.sight = self.lookout.look()

    def _is_time(self, act: Act) -> bool:
        """Whether an act is due, and whom it befalls is there."""
        count, now = self._arrivals.count, time.monotonic()
        if count != self._count:
            self._count, self._moved = count, now
        if now - max(self._moved, self._began) > _STUCK:
            return True
        return count >= act.at * len(self.wires) and self._is_possible(act)

    def _is_possible(self, act: Act) -> bool:
        match act.deed:
            case "kill" | "leave" | "freeze":
                return len(self._ready()) > (act.deed == "freeze")  # one is left
            case "silence":
                return "mail" not in self._busy
            case "cut":
                return True
            case _:
                return "database" not in self._busy

    def _is_done(self) -> bool:
        return self.sight is not None and self.is_over(self.sight)

    def _do(self, act: Act) -> None:
        self._moved = time.monotonic()
        match act.deed:
            case "kill" | "leave" | "freeze" | "cut":
                self._do_to_worker(act)
            case "silence":
                if self._for_a_while("mail", act, self.sink.down, self.sink.up):
                    self.interrupted += len(self.crew.running)
            case "hold":
                server = self.server
                self._for_a_while("database", act, server.pause, server.resume)
            case "away":
                server = self.server
                self._for_a_while("database", act, server.stop, server.start)
            case "restart" | "crash" if "database" not in self._busy:
                self.server.restart("fast" if act.deed == "restart" else "immediate")
                self._has_played(act, f"database: {act.deed}")
            case _:
                self._tell(f"{act.deed}: not now")

    def _do_to_worker(self, act: Act) -> None:
        if not (fitting := self._fitting(act)):
            self._tell(f"{act.deed}: nobody")
            return
        worker = fitting[act.choose(len(fitting))]
        self.interrupted += act.deed != "leave"
        if act.deed == "freeze":
            self._for_a_while(_name(worker), act, worker.freeze, worker.thaw)
        elif act.deed == "cut" and worker.machine:
            machine = worker.machine
            self._for_a_while(_name(worker), act, machine.cut, machine.join)
        else:
            (worker.kill if act.deed == "kill" else worker.ask_to_end)()
            self.crew.start(worker.machine)
            self._has_played(act, f"{_name(worker)}: {act.deed}")

    def _fitting(self, act: Act) -> Sequence[Worker]:
        """Say whom an act may befall: who has a batch in hand, if anybody has."""
        awake = [each for each in self._ready() if act.deed != "cut" or each.machine]
        holders = self.sight.holders if self.sight else ()
        return [each for each in awake if each.process.pid in holders] or awake

    def _ready(self) -> Sequence[Worker]:
        """Say who is there and has begun to wait for work, if anybody has."""
        awake = [
            worker for worker in self.crew.awake if _name(worker) not in self._busy
        ]
        return [worker for worker in awake if worker.is_ready] or awake

    def _for_a_while(
        self, what: str, act: Act, do: Callable[[], None], undo: Callable[[], None]
    ) -> bool:
        if what in self._busy:
            self._tell(f"{act.deed}: not now")
            return False
        do()
        self._busy.add(what)
        self._undo.append((time.monotonic() + act.seconds, what, undo))
        self._has_played(act, f"{what}: {act.deed} for {act.seconds:.1f} s")
        return True

    def _has_played(self, act: Act, words: str) -> None:
        self.played.append(act.deed)
        self._tell(words)

    def _tell(self, words: str) -> None:
        now = time.monotonic() - self._began
        self.told.append(f"{now:7.2f} s, {self._arrivals.count:6} served: {words}")


def _name(worker: Worker) -> str:
    return worker.told.stem
