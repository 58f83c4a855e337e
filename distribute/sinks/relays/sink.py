"""Hand each message to the relay that has most room, and go on without those that fail."""

from collections import deque
from collections.abc import Callable, Sequence
from math import inf
from time import monotonic

from distribute.campaign.campaign import Parcel, Receipt, Turn
from distribute.errors import (
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from distribute.sinks.relays.lookout import Lookout
from distribute.sinks.relays.relay import Relay, Station, has_served


class Relays:
    """Implements `distribute.campaign.campaign.Sink` over several sinks with names.

    One that raises `DeliveryError` rests: what it was given and not released goes to the
    others, the released are answered for by its `halt`, and it is tried again with one
    parcel after 5 s, 10 s, … 5 min. A parcel that was released never goes to another;
    one that could not even be offered is tried by each of them before it is put off.
    `DeliveryError` is raised when all of them rest; if they have worked before and may
    again by themselves, only once that has gone on for `patience` seconds.
    """

    def __init__(
        self,
        stations: Sequence[Station],
        *,
        patience: float = 0.0,
        tell: Callable[[str], object] = lambda _: None,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        """Take what there is to choose from; `tell` is told when one fails or recovers."""
        self._lookout = Lookout()
        self._relays = [Relay(each, self._lookout.share) for each in stations]
        self._patience = patience
        self._tell = tell
        self._timer = timer
        self._waiting: deque[Parcel] = deque()
        """Parcels that no relay has."""
        self._declined: dict[str, set[Relay]] = {}
        """Which relays could do nothing with a parcel, by its key."""
        self._receipts: list[tuple[Parcel, Receipt]] = []
        """Of those that a relay answered for when it failed; still to be told."""
        self._has_served = False
        self._trouble_since = inf
        """When all of them rested first since somebody was last served."""
        self._closed = False

    @property
    def connections(self) -> int:
        """How many connections there are to all of them."""
        return sum(relay.connections for relay in self._relays)

    def room(self) -> int:
        """Count how many parcels more a relay can be given, at its own pace."""
        now = self._timer()
        free = sum(relay.free(now) for relay in self._relays)
        return max(free - len(self._waiting), 0)

    def take(self, parcels: Sequence[Parcel]) -> None:
        """Accept parcels to deliver."""
        if self._closed:
            raise PermanentDeliveryError("the sink is closed", hint="Open another.")
        self._waiting.extend(parcels)
        self._hand_out(self._timer())

    def turn(self, wait: float) -> Turn:
        """Look at all relays once, waiting `wait` seconds at most for the first."""
        pause = self._prepare(self._timer())
        self._lookout.wait(0.0 if self._receipts else min(wait, pause))
        now = self._timer()
        ready: list[Parcel] = []
        receipts, self._receipts = self._receipts, []
        for relay in self._relays:
            turn, declined = relay.look(now)
            ready += turn.ready
            receipts += turn.receipts
            if declined:
                receipts += self._pass_on(relay, declined, now)
            if has_served(turn):
                self._note_success(relay)
        if self._declined:
            for parcel, _ in receipts:
                self._declined.pop(parcel.key, None)
        return Turn(ready, receipts)

    def release(self, ready: Sequence[Parcel]) -> None:
        """Let messages leave, each by the relay that has it."""
        for relay in self._relays:
            if own := [parcel for parcel in ready if relay.holds(parcel)]:
                relay.release(own)

    def halt(self) -> Turn:
        """Give up at once; see `distribute.campaign.campaign.Sink.halt`."""
        receipts, self._receipts = self._receipts, []
        for relay in self._relays:
            receipts += relay.halt().receipts
        self._waiting.clear()
        self._declined.clear()
        return Turn((), receipts)

    def close(self) -> None:
        """Say goodbye to all of them."""
        self._closed = True
        for relay in self._relays:
            relay.close()
        self._lookout.close()

    def _prepare(self, now: float) -> float:
        """Let all begin what they can; gives the seconds until there is more to do."""
        self._hand_out(now)
        pause = inf
        for relay in self._relays:
            try:
                pause = min(pause, relay.prepare(now))
            except DeliveryError as error:
                self._let_rest(relay, error, now)
                pause = 0.0
        self._report_failure(now)
        return pause

    def _hand_out(self, now: float) -> None:
        """Give what waits to whoever has most room, one after the other."""
        if not self._waiting:
            return
        free = {relay: relay.free(now) for relay in self._relays}
        shares: dict[Relay, list[Parcel]] = {relay: [] for relay in self._relays}
        left: list[Parcel] = []
        while self._waiting and any(free.values()):
            parcel = self._waiting.popleft()
            fit = self._untried(parcel, now) or self._relays
            best = max(fit, key=free.__getitem__)
            if free[best]:
                free[best] -= 1
                shares[best].append(parcel)
            else:
                left.append(parcel)
        self._waiting.extendleft(reversed(left))
        for relay, parcels in shares.items():
            if parcels:
                relay.take(parcels, now)

    def _untried(self, parcel: Parcel, now: float) -> Sequence[Relay]:
        """Say which relays have not declined a parcel, but for those that rest."""
        if not self._declined:
            return self._relays
        tried = self._declined.get(parcel.key, ())
        return [
            relay
            for relay in self._relays
            if relay not in tried and not relay.health.is_resting(now)
        ]

    def _pass_on(
        self, relay: Relay, declined: Sequence[tuple[Parcel, Receipt]], now: float
    ) -> Sequence[tuple[Parcel, Receipt]]:
        """Let others try what a relay could do nothing with; gives what nobody can."""
        told = []
        for parcel, receipt in declined:
            self._declined.setdefault(parcel.key, set()).add(relay)
            if self._untried(parcel, now):
                self._waiting.append(parcel)
            else:
                told.append((parcel, receipt))
        return told

    def _note_success(self, relay: Relay) -> None:
        """Take note that a relay answers."""
        self._has_served, self._trouble_since = True, inf
        if relay.health.is_doubtful:
            self._tell(f"The relay {relay.name} works again.")
            relay.health.served()

    def _let_rest(self, relay: Relay, error: DeliveryError, now: float) -> None:
        """Go on without a relay for a while; said once until it works again."""
        if not relay.health.is_doubtful:
            self._tell(
                f"The relay {relay.name} is left alone for a while: {error.reason}"
            )
        turn, back = relay.fail(error, now)
        self._receipts += turn.receipts
        self._waiting.extendleft(reversed(back))
        self._has_served |= has_served(turn)

    def _report_failure(self, now: float) -> None:
        """Raise what they failed of, once all rest and their receipts have been told."""
        if self._receipts or not all(
            relay.health.is_resting(now) for relay in self._relays
        ):
            return
        failures = {
            relay.name: relay.health.failure
            for relay in self._relays
            if relay.health.failure
        }
        may_pass = any(
            isinstance(each, TransientDeliveryError) for each in failures.values()
        )
        self._trouble_since = min(self._trouble_since, now)
        is_over = now - self._trouble_since >= self._patience
        if is_over or not (may_pass and self._has_served):
            raise _all_failed(failures, may_pass=may_pass)


def _all_failed(failures: dict[str, DeliveryError], *, may_pass: bool) -> DeliveryError:
    """Make one error of those of all relays; worth another try if any of them is."""
    if len(failures) == 1:
        return next(iter(failures.values()))
    kind = TransientDeliveryError if may_pass else PermanentDeliveryError
    said = "; ".join(f"{name}: {error.reason}" for name, error in failures.items())
    hints = dict.fromkeys(error.hint for error in failures.values() if error.hint)
    return kind(f"no relay works: {said}", hint=" ".join(hints))
