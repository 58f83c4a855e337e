"""How a run ends before its time: somebody says stop, something breaks, an alarm is raised."""

from collections import Counter
from collections.abc import Iterator

import pytest

from distribute.campaign.campaign import Batch, State
from distribute.campaign.run.run import GRACE, run
from distribute.errors import (
    AudienceError,
    DeliveryError,
    LockedError,
    PermanentDeliveryError,
    PolicyRefusalError,
    TransientDeliveryError,
)
from tests.campaign.actors import (
    BAD_SENDER,
    POLICY,
    Helm,
)
from tests.campaign.scene import ADA, BO, CY, DI, Scene, crowd


def test_stop_waits_for_what_is_on_its_way() -> None:
    """It is recorded; what was only claimed is given back; nothing new is begun."""
    scene = Scene(crowd(30))
    scene.sink.capacity, scene.sink.speed = 6, 2
    scene.helm = Helm(stop=3)
    scene.run()
    assert set(scene.outcomes) == set(scene.sent)
    assert set(scene.outcomes.values()) == {"accepted"}
    assert 0 < len(scene.sent) < 10
    assert scene.ledger.log[-1] == "give back"
    assert set(scene.ledger.states.values()) == {State.ACCEPTED}


def test_what_does_not_arrive_within_ten_seconds_after_stop_is_uncertain() -> None:
    """Then the sink is halted, and says what it knows."""
    scene = Scene([ADA, BO, CY, DI])
    scene.sink.capacity, scene.sink.falls_silent = 2, True
    scene.helm = Helm(stop=2)
    assert scene.run() == {ADA: "uncertain", BO: "uncertain"}
    assert scene.time.seconds - 1000 == pytest.approx(GRACE, abs=1.1)


def test_halt_does_not_wait() -> None:
    """Somebody who says it twice wants it now."""
    scene = Scene([ADA, BO])
    scene.helm = Helm(halt=1)
    assert scene.run() == {ADA: "uncertain", BO: "uncertain"}
    assert scene.time.seconds - 1000 < 0.1


@pytest.mark.parametrize("when", ["turn 1", "turn 2", "turn 5", "take 2", "release 2"])
@pytest.mark.parametrize(
    "error",
    [TransientDeliveryError("no connection"), PermanentDeliveryError("bad password")],
)
def test_a_failure_of_the_sink_marks_nobody_who_was_not_released(
    when: str, error: DeliveryError
) -> None:
    """Those released have an answer, the rest stays as it was, and the error goes on."""
    scene = Scene(crowd(30))
    scene.sink.failures = {when: error}
    with pytest.raises(type(error)) as raised:
        scene.run()
    assert raised.value is error
    assert set(scene.outcomes) == set(scene.sent)
    assert set(scene.ledger.states) == set(scene.sent)
    assert scene.yielded == scene.ledger.entries
    scene.sink = scene.new_sink({})
    scene.run()
    assert len(scene.outcomes) == 30


def test_a_sink_that_forgets_leaves_them_uncertain() -> None:
    """Whoever was released and gets no receipt may have had the message."""
    scene = Scene([ADA, BO])
    scene.sink.failures = {"turn 2": TransientDeliveryError("gone")}
    scene.sink.forgets = frozenset({BO})
    with pytest.raises(TransientDeliveryError):
        scene.run()
    assert scene.outcomes == {ADA: "uncertain", BO: "uncertain"}


def test_a_ledger_that_cannot_be_written_for_a_moment_forgets_no_receipt() -> None:
    """What could not be recorded is recorded on the way out, and the error goes on."""
    scene = Scene([ADA, BO])
    scene.ledger.failures["record 2"] = AudienceError("the disk is full")
    with pytest.raises(AudienceError):
        scene.run()
    assert scene.ledger.states == {ADA: State.ACCEPTED, BO: State.ACCEPTED}


def test_a_lost_lock_stops_the_sink() -> None:
    """Somebody else sends now: no message may leave here any more."""
    scene = Scene([ADA, BO, CY, DI])
    scene.supply.page = 2
    scene.ledger.failures["claim 2"] = LockedError("taken over", holder="another")
    with pytest.raises(LockedError):
        scene.run()
    assert set(scene.outcomes) == set(scene.sent) == {ADA, BO}


def test_a_supply_that_breaks_forgets_nobody_it_gave_before() -> None:
    """Who was claimed from the page before is served or given back, and the error told."""
    scene = Scene(crowd(9))
    scene.sink.capacity = (
        3  # one of the page of four is left when the next is asked for
    )
    pages = scene.supply.batches()

    def broken() -> Iterator[Batch]:
        yield next(pages)
        raise AudienceError("the list cannot be read")

    scene.supply.batches = broken  # type: ignore[method-assign]  # it breaks half-way
    with pytest.raises(AudienceError):
        scene.run()
    assert scene.ledger.calls["claim"] == 1
    assert scene.ledger.states == dict.fromkeys(scene.sent, State.ACCEPTED)
    assert scene.outcomes.keys() == set(scene.sent)


def test_closing_the_run_half_way_leaves_everything_in_order() -> None:
    """As if somebody had said halt."""
    scene = Scene(crowd(30))
    scene.sink.speed = 2
    steps = run(scene.supply, scene.sink, scene.ledger, scene.steering())
    next(iter(steps))
    steps.close()  # type: ignore[attr-defined]  # it is a generator
    assert not set(scene.ledger.states.values()) & {State.CLAIMED, State.STARTED}
    assert scene.supply.closed


def test_too_many_refusals_of_policy_stop_the_run() -> None:
    """No more is released; those under way are awaited; the others keep their turn."""
    people = crowd(300)
    scene = Scene(people, dict.fromkeys(people[100:], POLICY))
    with pytest.raises(PolicyRefusalError, match="refused 11 of the last 111 messages"):
        scene.run()
    counts = Counter(scene.outcomes.values())
    assert counts["accepted"] == 100
    assert 11 <= counts["rejected"] <= 11 + scene.sink.capacity
    assert len(scene.ledger.states) == len(scene.outcomes)


def test_a_refused_sender_stops_the_run_and_blames_nobody() -> None:
    """Three times in a row is enough, and who was concerned is only put off."""
    scene = Scene(crowd(30), dict.fromkeys(crowd(30), BAD_SENDER))
    with pytest.raises(PermanentDeliveryError, match="refuses the sender"):
        scene.run()
    assert set(scene.outcomes.values()) == {"deferred"}
    assert len(scene.outcomes) == 3
