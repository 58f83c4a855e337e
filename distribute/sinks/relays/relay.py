"""One of several relays: its sink, its pace, its health, and what it has in hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from selectors import BaseSelector
from typing import Protocol

from distribute.campaign.campaign import Outcome, Parcel, Receipt, Sink, Stage, Turn
from distribute.campaign.run.pace import Pace
from distribute.errors import DeliveryError, TransientDeliveryError
from distribute.sinks.relays.health import Health
from distribute.sinks.smtp.replies import CLOSING

MUTE = 30.0
"""Seconds of silence after which a relay is given up that has let nothing leave yet: the
standard grants a greeting five minutes, but others can take its place."""
_HEARING = 1.0
"""Seconds between two looks that count as listening; somebody may have been kept away."""

_NOTHING = Turn()
_LOST = Receipt(Outcome.UNCERTAIN, text="the relay did not say what became of it")


Found = tuple[Turn, Sequence[tuple[Parcel, Receipt]]]
"""What a look brought, and who was declined, with the reason."""
_UNHEARD: Found = _NOTHING, ()


class Watched(Sink, Protocol):
    """A sink that can be waited for together with others.

    Its `turn(wait)` is `look(min(wait, prepare()))`, and whatever `look` waits for is
    registered with the selector that it was made with.
    """

    def prepare(self) -> float:
        """Begin what can begin; gives the seconds until a turn is due, whatever happens.

        Raises `DeliveryError` as `turn` does.
        """
        ...

    def look(self, wait: float) -> Turn:
        """Do the rest of a turn, waiting `wait` seconds at most; raises nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """How to come by a relay."""

    name: str
    """As people know it."""
    open: Callable[[BaseSelector], Watched]
    """Makes a fresh sink; also after the one before has failed."""
    pace: Pace = field(default_factory=Pace)
    """How fast it may be given messages."""


class Relay:
    """Looks after one sink, and makes another when it has failed and rested.

    Knows of each parcel whether it was released: that one is answered for here, and
    never comes back.
    """

    def __init__(self, station: Station, selector: Callable[[], BaseSelector]) -> None:
        self.name = station.name
        self.health = Health()
        self._pace = station.pace
        self._open = station.open
        self._selector = selector
        self._sink: Watched | None = self._open(selector())
        self._held: dict[str, Parcel] = {}
        """What may still come back, by `Parcel.key`."""
        self._released: dict[str, Parcel] = {}
        self._looked_at = -inf
        self._silence = 0.0
        """Seconds for which it was listened to since it gave a sign or got its first."""

    @property
    def connections(self) -> int:
        """How many connections it has, as far as its sink tells."""
        return int(getattr(self._sink, "connections", 0))

    def free(self, now: float) -> int:
        """Count how many it can be given now; one on trial gets a single parcel."""
        room = self._room(now)
        return self._pace.allowance(now, room) if room > 0 else 0

    def take(self, parcels: Sequence[Parcel], now: float) -> None:
        """Accept parcels, no more than are `free`."""
        if self._sink is None:
            self._sink = self._open(self._selector())
        if not (self._held or self._released):
            self._silence = 0.0
        self._pace.spend(len(parcels), now)
        self._held.update({parcel.key: parcel for parcel in parcels})
        self._sink.take(parcels)

    def prepare(self, now: float) -> float:
        """Begin what can begin; gives the seconds until there is reason to look again.

        Raises `DeliveryError` when it has failed; see `fail`.
        """
        wait = self._wait(now)
        if self._sink is None:
            return wait
        pause = self._sink.prepare()
        if self._held and not self._released and self._silence > MUTE:
            said = f"not a word within {MUTE:.0f} seconds"
            raise TransientDeliveryError(said, hint="See whether the server is well.")
        return min(wait, pause)

    def look(self, now: float) -> Found:
        """Give what happened since `prepare`, and apart whom it could not even ask about.

        Nothing has left for these, so another relay may fare better with them.
        """
        if self._sink is None:
            return _UNHEARD
        turn = self._sink.look(0.0)
        self._silence += min(now - self._looked_at, _HEARING)
        self._looked_at = now
        if not (turn.ready or turn.receipts):
            return _UNHEARD
        self._silence = 0.0
        declined = [each for each in turn.receipts if self._has_declined(*each)]
        self._forget(turn.receipts)
        if not declined:
            return turn, ()
        answered = [each for each in turn.receipts if each not in declined]
        return Turn(turn.ready, answered), declined

    def holds(self, parcel: Parcel) -> bool:
        """Whether it has a parcel that was not released."""
        return parcel.key in self._held

    def release(self, ready: Sequence[Parcel]) -> None:
        """Let messages leave that it holds."""
        if self._sink is None:
            raise AssertionError("what is ready is in the hands of a sink")
        for parcel in ready:
            self._released[parcel.key] = self._held.pop(parcel.key)
        self._sink.release(ready)

    def fail(self, error: DeliveryError, now: float) -> tuple[Turn, Sequence[Parcel]]:
        """Let it rest; gives the receipts of the released, and the others back."""
        back = list(self._held.values())
        turn = self.halt()
        self.close()
        self.health.failed(error, now)
        answered = {parcel.key for parcel, _ in turn.receipts}
        return turn, [parcel for parcel in back if parcel.key not in answered]

    def halt(self) -> Turn:
        """Give up at once: receipts for all that were released."""
        if self._sink is None:
            return _NOTHING
        receipts = list(self._sink.halt().receipts)
        self._forget(receipts)
        receipts += [(parcel, _LOST) for parcel in self._released.values()]
        self._held.clear()
        self._released.clear()
        return Turn((), receipts)

    def close(self) -> None:
        """Say goodbye."""
        if self._sink is not None:
            self._sink.close()
            self._sink = None

    def _room(self, now: float) -> int:
        """Count how many it has a use for, whatever its pace."""
        if self.health.is_resting(now):
            return 0
        if self.health.is_doubtful:
            return 0 if self._held or self._released else 1
        return self._sink.room() if self._sink else 0

    def _wait(self, now: float) -> float:
        """Seconds until it can be given something, if it cannot now for want of time."""
        if self.health.is_resting(now):
            return self.health.until - now
        wait = self._pace.wait(now) if self._room(now) > 0 else 0.0
        return wait or inf

    def _has_declined(self, parcel: Parcel, receipt: Receipt) -> bool:
        """Tell whether the server said nothing of a recipient, and nothing has left."""
        return receipt.stage is Stage.NONE and parcel.key in self._held

    def _forget(self, receipts: Sequence[tuple[Parcel, Receipt]]) -> None:
        """Note who has been answered for."""
        for parcel, _ in receipts:
            self._held.pop(parcel.key, None)
            self._released.pop(parcel.key, None)


def has_served(turn: Turn) -> bool:
    """Tell whether a server spoke of a recipient, and not only of itself."""
    return any(
        receipt.stage is not Stage.NONE and receipt.code not in {0, CLOSING}
        for _, receipt in turn.receipts
    )
