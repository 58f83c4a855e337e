"""A relay that fails is left alone, and tried again; when all of them fail it is told."""

import pytest

from distribute.campaign.campaign import Outcome, Receipt, Stage
from distribute.errors import (
    PermanentDeliveryError,
    TransientDeliveryError,
)
from tests.sinks.relays import DOWN, HALTED, Bench, FakeServer, parcels

REFUSED = PermanentDeliveryError("the login was refused", hint="Look at the password.")
CLOSED = Receipt(Outcome.DEFERRED, 421, "", "goodbye", Stage.END)


def test_it_is_left_alone_for_longer_and_longer() -> None:
    """For 5 s, 10 s, … 5 min; and is then tried with a fresh sink and one parcel."""
    ill, well = FakeServer("ill", failure=DOWN), FakeServer("well", capacity=1)
    bench = Bench(ill, well)
    bench.turn()
    for number, rest in enumerate((5, 10, 20, 40, 80, 160, 300, 300), 1):
        assert (bench.relays.room(), len(ill.relays)) == (1, number)
        bench.now += rest - 0.001
        assert bench.relays.room() == 1
        bench.now += 0.001
        assert bench.relays.room() == 2
        bench.relays.take(parcels(2))
        bench.turn(times=4)
    assert well.served.total() == 16


def test_it_is_well_again_once_it_has_served_somebody() -> None:
    """Then it gets as much as it takes, and its next rest is short again."""
    ill, well = FakeServer("ill", failure=DOWN), FakeServer("well", capacity=1)
    bench = Bench(ill, well)
    for _ in range(3):
        bench.relays.take(parcels(2))
        bench.turn(times=6)
        bench.now += 300
    ill.failure = None
    bench.relays.take(parcels(2))
    bench.turn()
    assert bench.relays.room() == 0, "on trial, it has one and no more"
    bench.turn()
    assert (bench.relays.room(), ill.served.total()) == (5, 1)
    ill.failure = DOWN
    bench.turn()
    assert bench.relays.room() == 1
    bench.now += 5
    assert bench.relays.room() == 2


def test_it_is_told_once_that_it_fails_and_once_that_it_works() -> None:
    """However often it is tried in between."""
    ill, well = FakeServer("ill"), FakeServer("well", capacity=1)
    ill.failure = DOWN
    bench = Bench(ill, well)
    for _ in range(4):
        bench.relays.take(parcels(bench.relays.room()))
        bench.turn(times=4)
        bench.now += 300
    assert bench.said == ["The relay ill is left alone for a while: it is down"]
    ill.failure = None
    bench.relays.take(parcels(2))
    bench.turn(times=2)
    assert bench.said[1:] == ["The relay ill works again."]


def test_a_goodbye_is_no_sign_of_health() -> None:
    """An answer of 421 only says that it closes."""
    ill, well = FakeServer("ill"), FakeServer("well", capacity=1)
    ill.failure = DOWN
    bench = Bench(ill, well)
    bench.turn()
    ill.failure, ill.answer = None, CLOSED
    bench.now += 5
    bench.relays.take(parcels(2))
    bench.turn(times=3)
    assert ill.served
    assert (bench.relays.room(), len(bench.said)) == (2, 1)


def test_all_of_them_failing_ends_the_run() -> None:
    """It says what each failed of; worth another try if any may recover by itself."""
    one, other = FakeServer("one", failure=REFUSED), FakeServer("other", failure=DOWN)
    bench = Bench(one, other)
    with pytest.raises(TransientDeliveryError) as caught:
        bench.turn(times=2)
    assert "one: the login was refused; other: it is down" in caught.value.reason
    assert caught.value.hint == "Look at the password. Wait."
    hopeless = Bench(FakeServer("a", failure=REFUSED), FakeServer("b", failure=REFUSED))
    with pytest.raises(PermanentDeliveryError):
        hopeless.turn(times=2)
    alone = Bench(FakeServer("alone", failure=REFUSED))
    with pytest.raises(PermanentDeliveryError) as same:
        alone.turn(times=2)
    assert same.value is REFUSED


def test_receipts_come_before_the_failure() -> None:
    """Whoever a failing relay has answered for is told of first."""
    server = FakeServer("only", keeps_silent=True)
    bench = Bench(server)
    bench.relays.take(parcels(2))
    bench.turn()
    server.failure = DOWN
    assert set(bench.turn().values()) == {HALTED}
    with pytest.raises(TransientDeliveryError):
        bench.turn()
    assert not bench.relays.halt().receipts


def test_what_worked_before_is_waited_for() -> None:
    """For as long as the settings say, where it may pass; then the run ends."""
    one, other = FakeServer("one"), FakeServer("other")
    bench = Bench(one, other, patience=60)
    bench.relays.take(parcels(2))
    bench.turn(times=2)
    one.failure = other.failure = DOWN
    bench.relays.take(parcels(3))
    bench.turn(times=3)
    bench.now += 5
    one.failure = None
    assert len(bench.turn(times=3)) == 1, "on trial, one after the other"
    bench.turn(times=4)
    assert one.served.total() == 4
    one.failure = DOWN
    bench.relays.take(parcels(1))
    for _ in range(59):
        bench.turn()
        bench.now += 1
    bench.now += 2
    with pytest.raises(TransientDeliveryError):
        bench.turn(times=3)


def test_what_needs_somebody_to_act_is_not_waited_for() -> None:
    """Nor is what has never worked at all."""
    broken = FakeServer("broken")
    bench = Bench(broken, patience=60)
    bench.relays.take(parcels(1))
    bench.turn(times=2)
    broken.failure = REFUSED
    with pytest.raises(PermanentDeliveryError):
        bench.turn(times=2)
    wrong = Bench(FakeServer("wrong", failure=DOWN), patience=60)
    with pytest.raises(TransientDeliveryError):
        wrong.turn(times=2)
