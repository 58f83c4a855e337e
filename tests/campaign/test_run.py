"""Carry out a plan: open, send, close, one after the other."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from distribute.audience.subscriber import Subscriber
from distribute.campaign.campaign import (
    Delivery,
    Envelope,
    Outcome,
    Plan,
    Receipt,
)
from distribute.campaign.run import Steering, run
from distribute.errors import (
    DeliveryError,
    MailboxError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from distribute.language import Language
from distribute.mailbox import Mailbox

OK = Receipt(outcome=Outcome.ACCEPTED, code=250)
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class MemoryLedger:
    """A ledger that forgets; it writes down everything that happens, in order."""

    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.outcomes: dict[str, Outcome] = {}
        self.receipts: dict[str, Receipt] = {}
        self.keys: dict[str, str] = {}

    def started(self, campaign: str, now: datetime) -> datetime:
        return now

    def open(self, campaign: str, delivery: Delivery, now: datetime) -> None:
        self.log.append(f"open {delivery.id}")
        self.outcomes[delivery.id] = Outcome.UNCERTAIN
        self.keys[delivery.id] = delivery.subscriber.mailbox.key

    def close(self, delivery_id: str, receipt: Receipt, now: datetime) -> None:
        assert delivery_id in self.outcomes
        self.log.append(f"close {delivery_id} {receipt.outcome}")
        self.outcomes[delivery_id] = receipt.outcome
        self.receipts[delivery_id] = receipt

    def states(self, campaign: str) -> Mapping[str, Outcome]:
        return self.outcomes

    def recipients(self, campaign: str) -> Mapping[str, Outcome]:
        return {self.keys[id_]: outcome for id_, outcome in self.outcomes.items()}


class ScriptedSink:
    """Answers what it is told for a recipient; raises it, if it is an exception."""

    def __init__(
        self, log: list[str], answers: Mapping[str, Receipt | BaseException] = {}
    ) -> None:
        self.log = log
        self.answers = dict(answers)

    def send(self, envelope: Envelope, message: bytes) -> Receipt:
        self.log.append(f"send {envelope.id} {message.decode()}")
        answer = self.answers.get(envelope.rcpt_to, OK)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        self.log.append("quit")


def delivery(name: str, *, id_: str = "") -> Delivery:
    """Make a delivery to somebody at example.org, whose name is its id."""
    return Delivery(
        id=id_ or name,
        subscriber=Subscriber(mailbox=Mailbox(f"{name}@example.org")),
        language=Language("en"),
        reason="the default",
    )


def plan(*deliveries: Delivery) -> Plan:
    """Make a plan of these."""
    return Plan(campaign="issue-5", deliveries=deliveries, skipped=(), digest="x")


class Desk:
    """Everything a run is handed, with a clock that ticks once a second."""

    def __init__(self, answers: Mapping[str, Receipt | BaseException] = {}) -> None:
        self.log: list[str] = []
        self.ledger = MemoryLedger(self.log)
        self.sink = ScriptedSink(self.log, answers)
        self.stop = False
        self.now = START

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def compose(self, delivery: Delivery) -> bytes:
        if delivery.id.startswith("broken"):
            raise MailboxError(f"{delivery.id} is not an address")
        return b"message"

    def run(
        self, *deliveries: Delivery, again: Iterable[Outcome] = (Outcome.DEFERRED,)
    ) -> list[tuple[str, Outcome]]:
        """Carry out a plan of these deliveries to its end."""
        steering = Steering(
            clock=self.clock, should_stop=lambda: self.stop, again=frozenset(again)
        )
        pairs = run(
            plan(*deliveries),
            self.compose,
            self.sink,
            self.ledger,
            envelope=lambda d: Envelope(
                id=d.id, mail_from="", rcpt_to=d.subscriber.mailbox.address
            ),
            steering=steering,
        )
        done = []
        for served, receipt in pairs:
            assert self.ledger.receipts[served.id] == receipt
            done.append((served.id, receipt.outcome))
        return done


ADA, BOB, EVE = delivery("ada"), delivery("bob"), delivery("eve")


def test_every_delivery_is_recorded_before_and_after() -> None:
    """Opened, sent, closed, and only then told of; the next begins after that."""
    desk = Desk()

    assert desk.run(ADA, BOB) == [("ada", "accepted"), ("bob", "accepted")]
    assert desk.log == [
        "open ada", "send ada message", "close ada accepted",
        "open bob", "send bob message", "close bob accepted",
    ]  # fmt: skip


@pytest.mark.parametrize("outcome", Outcome)
def test_a_receipt_is_recorded_as_it_is(outcome: Outcome) -> None:
    """Whatever the sink says about one recipient, the others get theirs."""
    answer = Receipt(outcome=outcome, code=451, enhanced="4.7.1", text="words")
    desk = Desk({"ada@example.org": answer})

    assert desk.run(ADA, BOB) == [("ada", outcome), ("bob", "accepted")]
    assert desk.ledger.receipts["ada"] == answer


def test_the_second_run_serves_only_whom_the_first_owes() -> None:
    """The deferred are tried again; the served, refused and uncertain are not."""
    desk = Desk()
    desk.run(ADA, BOB, EVE, dan := delivery("dan"))
    desk.ledger.outcomes |= {
        "ada": Outcome.DEFERRED,
        "bob": Outcome.REJECTED,
        "eve": Outcome.UNCERTAIN,
    }

    assert desk.run(ADA, BOB, EVE, dan) == [("ada", "accepted")]


def test_the_uncertain_are_tried_again_only_when_asked() -> None:
    """The same for those who were refused."""
    desk = Desk()
    desk.run(ADA, BOB)
    desk.ledger.outcomes |= {"ada": Outcome.UNCERTAIN, "bob": Outcome.REJECTED}

    assert desk.run(ADA, BOB, again=[]) == []
    assert desk.run(ADA, BOB, again=[Outcome.UNCERTAIN]) == [("ada", "accepted")]
    assert desk.run(ADA, BOB, again=[Outcome.REJECTED]) == [("bob", "accepted")]


def test_nobody_gets_the_issue_twice_for_changing_language() -> None:
    """Another edition is another delivery, to somebody who has had this issue."""
    desk = Desk()
    desk.run(ADA)

    assert desk.run(delivery("ada", id_="ada-in-french")) == []


def test_who_was_never_tried_comes_before_who_was() -> None:
    """One whose delivery breaks the sink every time cannot starve the others."""
    desk = Desk({"ada@example.org": TransientDeliveryError("connection lost")})
    with pytest.raises(TransientDeliveryError):
        desk.run(ADA, BOB, EVE)
    desk.log.clear()

    with pytest.raises(TransientDeliveryError):
        desk.run(ADA, BOB, EVE)

    assert [line for line in desk.log if line.startswith("send")] == [
        "send bob message", "send eve message", "send ada message",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "error",
    [TransientDeliveryError("no connection"), PermanentDeliveryError("wrong password")],
)
def test_a_failure_of_the_sink_marks_nobody_as_served(error: DeliveryError) -> None:
    """The delivery at hand is deferred, the rest untouched, and the error goes on."""
    desk = Desk({"bob@example.org": error})

    with pytest.raises(type(error)):
        desk.run(ADA, BOB, EVE)

    assert desk.ledger.outcomes == {"ada": Outcome.ACCEPTED, "bob": Outcome.DEFERRED}
    assert desk.ledger.receipts["bob"].text == error.reason
    desk.sink.answers.clear()
    assert desk.run(ADA, BOB, EVE) == [("eve", "accepted"), ("bob", "accepted")]


def test_a_crash_in_the_middle_leaves_the_delivery_open() -> None:
    """Nobody knows whether it arrived, so nobody says so."""
    desk = Desk({"ada@example.org": KeyboardInterrupt()})

    with pytest.raises(KeyboardInterrupt):
        desk.run(ADA)

    assert desk.log == ["open ada", "send ada message"]
    assert desk.ledger.outcomes == {"ada": Outcome.UNCERTAIN}


def test_it_stops_between_two_deliveries() -> None:
    """What was begun is finished and recorded; the next is not begun."""
    desk = Desk()
    pairs = run(
        plan(ADA, BOB),
        desk.compose,
        desk.sink,
        desk.ledger,
        envelope=lambda d: Envelope(id=d.id, mail_from="", rcpt_to=""),
        steering=Steering(clock=desk.clock, should_stop=lambda: desk.stop),
    )
    assert next(pairs)[0] == ADA
    desk.stop = True

    assert list(pairs) == []
    assert desk.log[-1] == "close ada accepted"


def test_a_mailbox_that_cannot_be_written_to_is_a_rejected_receipt() -> None:
    """It is recorded with the reason, never reaches the sink, and stops nobody."""
    desk = Desk()

    assert desk.run(delivery("broken"), BOB) == [
        ("broken", "rejected"),
        ("bob", "accepted"),
    ]
    assert desk.ledger.receipts["broken"].text == "broken is not an address"
    assert "send broken message" not in desk.log
