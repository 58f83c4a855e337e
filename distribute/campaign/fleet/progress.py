"""How far a campaign is that workers send: what `overview` finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from distribute.campaign.campaign import Outcome, State
from distribute.campaign.fleet.batch import FrozenState

_SILENT = 12_000
"""Milliseconds: two signs of life, and some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A campaign that was handed over to workers."""

    number: int
    id: str
    sink: str
    state: FrozenState
    alarm: str
    """Why it was paused, if nobody did so; empty else."""
    is_complete: bool
    """Whether all of it was handed over."""
    at: int
    """When it was, in milliseconds since 1970."""

    @property
    def is_over(self) -> bool:
        """Whether workers have nothing to do with it any more."""
        return self.state in {FrozenState.DONE, FrozenState.CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """How many batches there are, exactly."""

    waiting: int
    """Anybody may take these."""
    in_hand: int
    later: int
    """Only people are left in these who were put off."""
    next_due: int | None
    """When the first of those is due, in milliseconds since 1970."""
    done: int
    cancelled: int
    people: int
    """Deliveries in all of them but the cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """How the deliveries of a campaign stand."""

    counted: Mapping[State, int]
    """How many there were in each state, exactly, when they were counted."""
    at: int
    """When that was, in milliseconds since 1970."""
    since: Mapping[Outcome, int]
    """How many attempts ended so since then, as far as workers have told."""

    def about(self, state: State) -> int:
        """Say how many there are by now: exact if they were just counted."""
        if state in {State.ACCEPTED, State.REJECTED, State.UNCERTAIN}:
            return self.counted.get(state, 0) + self.since.get(Outcome(state), 0)
        return self.counted.get(state, 0)

    @property
    def ended(self) -> int:
        """Say of how many nothing is to be expected any more, in the same way."""
        ends = (State.ACCEPTED, State.REJECTED, State.UNCERTAIN)
        return min(sum(map(self.about, ends)), self.total)

    @property
    def to_come(self) -> int:
        """Say how many were not tried yet, or are on their way, in the same way."""
        return max(self.total - self.ended - self.about(State.DEFERRED), 0)

    @property
    def total(self) -> int:
        """How many there are in all."""
        return sum(self.counted.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """A worker that has not signed off."""

    name: str
    host: str
    pid: int
    version: str
    began: int
    """Milliseconds since 1970, like what follows; by the server's clock."""
    seen: int
    silence: int
    """Milliseconds since its last sign of life, which it gives every five seconds."""
    campaign: str
    """Of what it has in hand, as `Campaign.id`; empty: nothing."""
    batch: int | None
    is_at_this: bool
    """Whether that is the campaign which is looked at."""
    per_second: float | None
    """Of late, over all campaigns; None: not known, for it has just begun or is silent."""

    @property
    def is_silent(self) -> bool:
        """Whether it has missed a sign of life, and may be dead, frozen or cut off."""
        return self.silence > _SILENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """A living worker that has stepped back from a campaign, for others to send it."""

    worker: str
    """`Hand.name`."""
    times: int
    """How often in a row."""
    reason: str
    wait: int
    """Milliseconds until it tries again; not above 0 if it may already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How far one campaign is."""

    handed: Handed
    batches: Batches
    deliveries: Deliveries
    per_second: float | None
    """Attempts of it that end, within the last minute; None: not known yet."""
    workers: Sequence[Hand]
    """All that are alive; any of them may take a batch of it."""
    missing: Sequence[Hand] = ()
    """Those that are not any more, and did not sign off."""
    setbacks: Sequence[Setback] = ()
    """Who of the living has stepped back from it, with the reason."""
    least_seconds: float = 0.0
    """How long it takes to whoever is to come at least, by the rates of their domains."""
    held_back: frozenset[str] = frozenset()
    """Whose next message has to wait by its rate: ``relay a``, ``domain example.org``."""

    @property
    def seconds_left(self) -> float | None:
        """How long it may take to whoever is to come; None if that is not known."""
        to_come = self.deliveries.to_come
        if self.handed.state is not FrozenState.GOING or not self.per_second:
            return None
        return max(to_come / self.per_second, self.least_seconds)
