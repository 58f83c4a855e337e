"""Carry out a plan: open in the ledger, send, close in the ledger, one after the other."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from distribute.campaign.campaign import (
    Delivery,
    Envelope,
    Ledger,
    Outcome,
    Plan,
    Receipt,
    Sink,
)
from distribute.errors import DeliveryError, MailboxError

TRIED_AGAIN = frozenset({Outcome.DEFERRED})
"""Outcomes after which nothing was accepted and nobody said no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """What directs a run from outside while it goes on."""

    clock: Callable[[], datetime]
    """Gives aware instants."""
    should_stop: Callable[[], bool] = lambda: False
    """Asked before each delivery."""
    again: Collection[Outcome] = TRIED_AGAIN
    """Which outcomes in the ledger do not keep a delivery from being tried."""


@dataclass(frozen=True, slots=True)
class _Clerk:
    """Hands single deliveries to a sink, and records each before and after."""

    campaign: str
    sink: Sink
    ledger: Ledger
    clock: Callable[[], datetime]
    """Gives aware instants."""

    def hand_over(
        self, delivery: Delivery, envelope: Envelope, message: bytes
    ) -> Receipt:
        """Send one message; whatever ends it in between leaves it open: uncertain.

        A `DeliveryError` means that nothing was accepted: it is recorded as deferred and
        raised again.
        """
        self.ledger.open(self.campaign, delivery, self.clock())
        try:
            receipt = self.sink.send(envelope, message)
        except DeliveryError as error:
            deferred = Receipt(outcome=Outcome.DEFERRED, text=error.reason)
            self.ledger.close(delivery.id, deferred, self.clock())
            raise
        self.ledger.close(delivery.id, receipt, self.clock())
        return receipt

    def turn_down(self, delivery: Delivery, reason: str) -> Receipt:
        """Record a delivery that cannot even be written as rejected."""
        receipt = Receipt(outcome=Outcome.REJECTED, text=reason)
        self.ledger.open(self.campaign, delivery, self.clock())
        self.ledger.close(delivery.id, receipt, self.clock())
        return receipt


def run(
    plan: Plan,
    compose: Callable[[Delivery], bytes],
    sink: Sink,
    ledger: Ledger,
    *,
    envelope: Callable[[Delivery], Envelope],
    steering: Steering,
) -> Iterator[tuple[Delivery, Receipt]]:
    """Send what the plan still owes, and yield each receipt once it is recorded.

    Whoever has an outcome in the ledger is passed by, by delivery or by mailbox, unless
    the steering says to try again. A mailbox that no message can be written to gives a
    rejected receipt. Raises `DeliveryError` when the sink fails: nothing more is tried,
    and the delivery at hand is recorded as deferred.
    """
    clerk = _Clerk(plan.campaign, sink, ledger, steering.clock)
    for delivery in _owed(plan, ledger, frozenset(steering.again)):
        if steering.should_stop():
            return
        try:
            addressed, message = envelope(delivery), compose(delivery)
        except MailboxError as error:
            yield delivery, clerk.turn_down(delivery, error.reason)
        else:
            yield delivery, clerk.hand_over(delivery, addressed, message)


def _owed(plan: Plan, ledger: Ledger, again: frozenset[Outcome]) -> Iterator[Delivery]:
    """Choose whom to serve: the untried in the plan's order, then the others.

    So a delivery that breaks the sink every time cannot keep the rest from theirs.
    Somebody who changed language after their message has still had this issue.
    """
    states = dict(ledger.states(plan.campaign))
    recipients = dict(ledger.recipients(plan.campaign))
    tried: list[Delivery] = []
    for delivery in plan.deliveries:
        key = delivery.subscriber.mailbox.key
        known = {states.get(delivery.id), recipients.get(key)} - {None}
        if not known:
            yield delivery
        elif known <= again:
            tried.append(delivery)
    yield from tried
