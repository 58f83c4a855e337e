"""How far a campaign is that workers send: what `overview` finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from distribute.campaign.campaign import Outcome, State
from distribute.campaign.fleet.batch import FrozenState


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
    def total(self) -> int:
        """How many there are in all."""
        return sum(self.counted.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """A worker that is alive."""

    name: str
    host: str
    pid: int
    version: str
    began: int
    """Milliseconds since 1970, like what follows; by the server's clock."""
    seen: int
    campaign: str
    """Of what it has in hand, as `Campaign.id`; empty: nothing."""
    batch: int | None
    is_at_this: bool
    """Whether that is the campaign which is looked at."""
    per_second: float
    """Of late, over all campaigns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How far one campaign is."""

    handed: Handed
    batches: Batches
    deliveries: Deliveries
    per_second: float
    """Attempts that ended within the last minute, as workers tell it."""
    workers: Sequence[Hand]
    """All that are alive; any of them may take a batch of it."""
