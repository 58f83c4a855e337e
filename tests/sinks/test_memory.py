"""A sink that keeps what it is given, for tests and examples."""

import pytest

from distribute.campaign.campaign import Outcome, Stage
from distribute.errors import PermanentDeliveryError, TransientDeliveryError
from distribute.sinks.memory import MemorySink, refusal
from tests.sinks.driver import Driver, addresses, deliver, message_of, parcel_to


def test_it_keeps_what_it_accepts() -> None:
    """Envelope and joined bytes, in order."""
    sink = MemorySink()
    parcels = [
        parcel_to("a@example.org", message_of(b"one and two", pieces=4)),
        parcel_to("b@example.org", b"three"),
    ]

    receipts = deliver(sink, parcels)

    assert {receipt.outcome for receipt in receipts.values()} == {Outcome.ACCEPTED}
    assert sink.messages == [
        (parcels[0].envelope, b"one and two"),
        (parcels[1].envelope, b"three"),
    ]


def test_it_refuses_and_defers_whom_it_is_told_to() -> None:
    """As a server would: 5xx for good, 4xx for now; nothing of it is kept."""
    sink = MemorySink(
        answers={
            "no@example.org": refusal(550, "no such user", enhanced="5.1.1"),
            "later@example.org": refusal(451, "busy", stage=Stage.END),
        }
    )
    driver = Driver(sink)
    driver.deliver([parcel_to("no@example.org"), parcel_to("later@example.org")])
    refused = driver.receipts["no@example.org"]
    deferred = driver.receipts["later@example.org"]

    assert (refused.outcome, refused.code, refused.enhanced, refused.text) == (
        Outcome.REJECTED, 550, "5.1.1", "no such user",
    )  # fmt: skip
    assert (deferred.outcome, deferred.text) == (Outcome.DEFERRED, "busy")
    assert driver.released == {"later@example.org"}, "a refused RCPT is never ready"
    assert sink.messages == []
    assert len(sink.attempts) == 2


def test_it_takes_no_more_than_there_is_room_for() -> None:
    """And has room again once there are receipts."""
    sink = MemorySink(capacity=3)
    assert sink.room() == 3
    driver = Driver(sink)
    driver.take([parcel_to(address) for address in addresses(3)])
    assert sink.room() == 0
    driver.deliver([parcel_to(f"{n}@example.org") for n in range(10)])
    assert (len(driver.receipts), sink.room()) == (13, 3)


def test_it_fails_at_the_nth_attempt() -> None:
    """Once, after everybody before it has been answered for; the next one works."""
    sink = MemorySink(failures={2: TransientDeliveryError("no connection")})
    driver = Driver(sink)

    with pytest.raises(TransientDeliveryError):
        driver.deliver([parcel_to("a@example.org"), parcel_to("b@example.org")])

    assert driver.receipts.keys() == {"a@example.org"}
    deliver(sink, [parcel_to("c@example.org")])
    assert [envelope.rcpt_to[0] for envelope, _ in sink.messages] == ["a", "c"]


def test_nothing_is_kept_before_it_is_released() -> None:
    """Halted in between, whoever was released is uncertain, and the others are nowhere."""
    sink = MemorySink()
    driver = Driver(sink)
    driver.take([parcel_to("a@example.org"), parcel_to("b@example.org")])
    turn = sink.turn(0)
    driver.release(turn.ready[1:])
    driver.note(sink.halt())

    assert [(who, r.outcome) for who, r in driver.receipts.items()] == [
        ("b@example.org", Outcome.UNCERTAIN)
    ]
    assert (sink.messages, sink.turn(0).receipts) == ([], [])


def test_a_turn_without_work_waits() -> None:
    """By the clock it is given."""
    waits: list[float] = []
    sink = MemorySink(sleep=waits.append)
    sink.turn(0.5)
    deliver(sink, [parcel_to("a@example.org")])
    assert waits == [0.5]


def test_a_closed_sink_takes_nothing() -> None:
    """As any sink."""
    sink = MemorySink()
    sink.close()

    with pytest.raises(PermanentDeliveryError):
        sink.take([parcel_to("a@example.org")])
