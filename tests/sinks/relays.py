"""Relays of our own make, which can be told to fail, and a clock that is set by hand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from selectors import BaseSelector

from distribute.campaign.campaign import Outcome, Parcel, Receipt, Turn
from distribute.campaign.run.pace import Pace
from distribute.errors import DeliveryError, TransientDeliveryError
from distribute.sinks.memory import ACCEPTED
from distribute.sinks.relays.relay import Station
from distribute.sinks.relays.sink import Relays
from tests.sinks.driver import addresses, parcel_to

DECLINED = Receipt(Outcome.DEFERRED, text="connection lost")
HALTED = Receipt(Outcome.UNCERTAIN, text="halted")
DOWN = TransientDeliveryError("it is down", hint="Wait.")


@dataclass(eq=False)
class FakeRelay:
    """Implements `Watched`: makes ready what it has, and answers for the released."""

    office: "FakeServer"
    taken: list[Parcel] = field(default_factory=list)
    offered: list[Parcel] = field(default_factory=list)
    released: list[Parcel] = field(default_factory=list)
    closed: bool = False

    def room(self) -> int:
        """Count how many more it takes."""
        inside = len(self.taken) + len(self.offered) + len(self.released)
        return self.office.capacity - inside

    def take(self, parcels: Sequence[Parcel]) -> None:
        """Accept parcels."""
        assert not self.closed
        assert 0 < len(parcels) <= self.room()
        self.taken += parcels
        self.office.taken += [parcel.key for parcel in parcels]

    def prepare(self) -> float:
        """Fail if it is to."""
        assert not self.closed
        if self.office.failure:
            raise self.office.failure
        return 0.0 if self.taken or self.released else inf

    def look(self, wait: float) -> Turn:
        """Make ready what was taken, and answer, unless it is mute."""
        if self.office.is_mute:
            return Turn()
        answered: list[Parcel] = []
        if not (self.office.keeps_silent or self.office.declines):
            answered, self.released = self.released, []
        ready, self.taken = self.taken, []
        if self.office.declines:
            return Turn((), [(parcel, DECLINED) for parcel in ready])
        self.offered += ready
        self.office.served.update(parcel.key for parcel in answered)
        return Turn(ready, [(parcel, self.office.answer) for parcel in answered])

    def turn(self, wait: float) -> Turn:
        """Do both."""
        return self.look(min(wait, self.prepare()))

    def release(self, ready: Sequence[Parcel]) -> None:
        """Let messages leave."""
        assert not self.closed
        for parcel in ready:
            self.offered.remove(parcel)
        self.released += ready
        self.office.released.update(parcel.key for parcel in ready)

    def halt(self) -> Turn:
        """Give up; it may be so ill that it does not even say what became of whom."""
        receipts = [(parcel, HALTED) for parcel in self.released]
        self.taken, self.offered, self.released = [], [], []
        return Turn((), () if self.office.forgets else receipts)

    def close(self) -> None:
        """Take no more."""
        self.closed = True


@dataclass
class FakeServer:
    """What stands behind a relay, however often it is opened anew."""

    name: str
    capacity: int = 4
    rate: float = 0.0
    failure: DeliveryError | None = None
    is_mute: bool = False
    keeps_silent: bool = False
    """About what was released."""
    forgets: bool = False
    declines: bool = False
    """Whatever it is given, as one does that breaks each connection."""
    answer: Receipt = ACCEPTED
    relays: list[FakeRelay] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    released: Counter[str] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)

    @property
    def station(self) -> Station:
        """Say how to come by it."""
        return Station(name=self.name, open=self.open, pace=Pace(self.rate))

    def open(self, selector: BaseSelector) -> FakeRelay:
        """Make a fresh one."""
        self.relays.append(FakeRelay(self))
        return self.relays[-1]


class Bench:
    """Relays over such servers, at a time that only passes when it is told to."""

    def __init__(self, *servers: FakeServer, patience: float = 0.0) -> None:
        self.now = 1000.0
        self.said: list[str] = []
        self.relays = Relays(
            [server.station for server in servers],
            patience=patience,
            tell=self.said.append,
            timer=lambda: self.now,
        )

    def turn(self, *, times: int = 1) -> dict[str, Receipt]:
        """Look, and release whatever is ready, so many times; gives the receipts."""
        receipts: dict[str, Receipt] = {}
        for _ in range(times):
            turn = self.relays.turn(0)
            receipts |= {parcel.key: receipt for parcel, receipt in turn.receipts}
            self.relays.release(turn.ready)
        return receipts


def parcels(count: int, domain: str = "example.net") -> Sequence[Parcel]:
    """Make so many parcels."""
    return [parcel_to(address) for address in addresses(count, domain)]


def keys(some: Sequence[Parcel]) -> list[str]:
    """Say whom they are for."""
    return [parcel.key for parcel in some]
