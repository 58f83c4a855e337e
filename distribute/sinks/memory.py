"""A sink that keeps what it is given, for tests and examples."""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from distribute.campaign.campaign import (
    Envelope,
    Outcome,
    Parcel,
    Receipt,
    Stage,
    Turn,
)
from distribute.errors import DeliveryError, PermanentDeliveryError

ACCEPTED = Receipt(Outcome.ACCEPTED, 250, "2.0.0", "OK", Stage.END)
_HALTED = Receipt(Outcome.UNCERTAIN, text="halted before it was answered for")
_EARLY = frozenset({Stage.MAIL, Stage.RCPT, Stage.DATA})
"""Answers at these stages come before a parcel is ever ready."""


def refusal(
    code: int, text: str, *, enhanced: str = "", stage: Stage = Stage.RCPT
) -> Receipt:
    """Make a server's refusal: 4xx defers, 5xx rejects (RFC 5321 section 4.2.1).

    At `Stage.END` it comes after the message was released, else before.
    """
    outcome = Outcome.DEFERRED if code < 500 else Outcome.REJECTED
    return Receipt(outcome, code, enhanced, text, stage)


class MemorySink:
    """Accepts every message and keeps it, unless told otherwise.

    >>> from distribute.campaign.campaign import Message
    >>> envelope = Envelope("5/en/a", mail_from="", rcpt_to="no@example.org")
    >>> parcel = Parcel("", "a", "", 0, 0, 0, envelope, Message((b"x",), 1))
    >>> sink = MemorySink(answers={"no@example.org": refusal(550, "no such user")})
    >>> sink.take([parcel])
    >>> [(_, receipt)] = sink.turn(0).receipts
    >>> (receipt.outcome, receipt.code, sink.messages)
    (<Outcome.REJECTED: 'rejected'>, 550, [])
    """

    def __init__(
        self,
        *,
        answers: Mapping[str, Receipt] = MappingProxyType({}),
        failures: Mapping[int, DeliveryError] = MappingProxyType({}),
        capacity: int = 8,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Take the receipt for given recipients, and what to raise at the n-th attempt.

        Attempts count from 1, in the order of `take`; a failure is raised once. It takes
        `capacity` parcels at a time. `sleep` is called with how many seconds to wait when
        a turn has nothing to tell.
        """
        self.messages: list[tuple[Envelope, bytes]] = []
        """What was accepted, in order."""
        self.attempts: list[Envelope] = []
        """What was tried, in order."""
        self.closed = False
        self._answers = answers
        self._failures = dict(failures)
        self._capacity = capacity
        self._sleep = sleep
        self._taken: deque[Parcel] = deque()
        self._ready: list[Parcel] = []
        self._released: list[Parcel] = []

    def room(self) -> int:
        """Count how many more it takes."""
        inside = len(self._taken) + len(self._ready) + len(self._released)
        return self._capacity - inside

    def take(self, parcels: Sequence[Parcel]) -> None:
        """Accept parcels; raises `PermanentDeliveryError` once it is closed."""
        if self.closed:
            raise PermanentDeliveryError("the sink is closed", hint="Open another.")
        self._taken.extend(parcels)

    def turn(self, wait: float) -> Turn:
        """Answer for the released, and make ready or refuse what was taken.

        What comes before a failure is told first; the failure is raised at the next turn.
        """
        receipts = [(parcel, self._verdict(parcel)) for parcel in self._released]
        self._released.clear()
        ready: list[Parcel] = []
        while self._taken and not self._fails(bool(ready or receipts)):
            parcel = self._taken.popleft()
            self.attempts.append(parcel.envelope)
            answer = self._answers.get(parcel.envelope.rcpt_to, ACCEPTED)
            if answer.stage in _EARLY:
                receipts.append((parcel, answer))
            else:
                ready.append(parcel)
        self._ready += ready
        if not (ready or receipts):
            self._sleep(wait)
        return Turn(ready, receipts)

    def release(self, ready: Sequence[Parcel]) -> None:
        """Let messages come in; their receipts are told by the next turn."""
        for parcel in ready:
            self._ready.remove(parcel)
        self._released += ready

    def halt(self) -> Turn:
        """Forget what was taken; who was released is uncertain."""
        receipts = [(parcel, _HALTED) for parcel in self._released]
        self._taken.clear()
        self._ready.clear()
        self._released.clear()
        return Turn((), receipts)

    def close(self) -> None:
        """Take no more."""
        self.closed = True

    def _verdict(self, parcel: Parcel) -> Receipt:
        receipt = self._answers.get(parcel.envelope.rcpt_to, ACCEPTED)
        if receipt.outcome is Outcome.ACCEPTED:
            self.messages.append((parcel.envelope, b"".join(parcel.message.pieces)))
        return receipt

    def _fails(self, something_to_tell: bool) -> bool:  # noqa: FBT001 - a step of `turn`
        """Say whether the next attempt fails, and raise unless there is more to tell."""
        number = len(self.attempts) + 1
        if number in self._failures and not something_to_tell:
            raise self._failures.pop(number)
        return number in self._failures
