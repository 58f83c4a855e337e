"""Carry out a campaign: claim, hand over, record, release; and end well, however it ends."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Outcome, Receipt, Stage, State
from distribute.campaign.run.pace import Pace
from distribute.campaign.run.run import run
from distribute.errors import (
    DistributeError,
    TransientDeliveryError,
)
from distribute.sinks.memory import MemorySink
from tests.campaign.actors import (
    BAD_SENDER,
    FULL,
    GREYLISTED,
    OK,
    POLICY,
    START,
    UNKNOWN,
    VANISHED,
    Helm,
)
from tests.campaign.scene import ADA, BO, CY, Scene, crowd


def test_the_order_of_things() -> None:
    """A page is claimed, what is ready is recorded and then released, one after another."""
    scene = Scene([ADA, BO, CY])
    scene.sink.capacity = 2

    assert scene.run() == {ADA: "accepted", BO: "accepted", CY: "accepted"}
    assert scene.ledger.log == [
        "claim ada bo cy",
        "record ada bo; ",
        "record ; ada=accepted bo=accepted",
        "record cy; ",
        "record ; cy=accepted",
    ]


@pytest.mark.parametrize("capacity", [1, 2, 50])
@pytest.mark.parametrize("speed", [1, 100])
def test_EVERYBODY_is_served_once(capacity: int, speed: int) -> None:
    """By a sink of any size and speed."""
    scene = Scene(crowd(23))
    scene.sink.capacity, scene.sink.speed = capacity, speed
    scene.run()
    assert scene.sent == crowd(23)


@pytest.mark.parametrize("answer", [GREYLISTED, FULL, UNKNOWN, POLICY, VANISHED])
def test_a_receipt_is_recorded_as_it_is(answer: Receipt) -> None:
    """Whatever is said about one, before or after the message, the others get theirs."""
    scene = Scene([ADA, BO, CY], {BO: answer})
    scene.run()
    assert scene.outcomes == {ADA: "accepted", BO: answer.outcome, CY: "accepted"}
    (entry,) = [e for e in scene.yielded if e.parcel.key == BO]
    assert entry.receipt == answer


def test_who_was_refused_before_the_message_was_never_released() -> None:
    """Nothing of it may leave, so it was not on record as started either."""
    scene = Scene([ADA, BO], {ADA: UNKNOWN})
    scene.run()
    assert scene.sent == [BO]
    assert "record bo; ada=rejected" in scene.ledger.log


def test_whoever_cannot_be_written_to_is_rejected() -> None:
    """They are claimed and recorded like others, and never come to the sink."""
    scene = Scene([ADA, BO])
    scene.supply.refused = frozenset({ADA})
    assert scene.run() == {ADA: "rejected", BO: "accepted"}
    assert scene.sink.taken_at[0][0] == BO


def test_a_page_of_nobody_but_those_is_recorded_too() -> None:
    """Also if there is nothing at all for the sink to do."""
    scene = Scene(crowd(9))
    scene.supply.refused = frozenset(crowd(9))
    assert Counter(scene.run().values()) == {"rejected": 9}


def test_whoever_is_passed_over_is_on_record_with_the_reason() -> None:
    """And nobody waits for that, even if it is EVERYBODY."""
    scene = Scene(crowd(9))
    scene.supply.skipped = frozenset(crowd(9))
    assert scene.run() == {}
    assert scene.ledger.skipped == dict.fromkeys(crowd(9), 8)
    assert scene.ledger.choices[8] == ("", "wants only de")
    assert scene.time.seconds - 1000 < 1


def test_nobody_at_all_is_no_work() -> None:
    """It ends at once, and nothing is written down."""
    scene = Scene([])
    assert scene.run() == {}
    assert scene.ledger.log == []


def test_a_limit_is_a_limit() -> None:
    """No more are claimed than asked for, those who cannot be written to included."""
    scene = Scene(crowd(12))
    scene.supply.refused = frozenset(crowd(12)[5:6])
    scene.run(scene.steering(limit=7))
    assert len(scene.outcomes) == 7
    assert sum(scene.ledger.attempts.values()) == 7
    assert scene.supply.closed


# Deferred ones


def test_the_deferred_are_served_in_the_same_run_when_their_time_comes_soon() -> None:
    """The run stays for them, and they are tried with their attempts counted."""
    scene = Scene([ADA, BO], {ADA: [GREYLISTED, GREYLISTED, OK]})
    scene.run(scene.steering(stay=60, retry_after=10_000))

    mine = [e for e in scene.yielded if e.parcel.key == ADA]
    assert [e.receipt.outcome for e in mine] == ["deferred", "deferred", "accepted"]
    assert [e.parcel.attempt for e in mine] == [0, 1, 2]
    assert len({e.parcel.since for e in mine[1:]}) == 1
    assert 24 <= scene.time.seconds - 1000 <= 36 + 2


def test_nobody_waits_for_those_who_are_due_much_later() -> None:
    """Then the run ends, and they stay deferred."""
    scene = Scene([ADA, BO], {ADA: GREYLISTED})
    assert scene.run(scene.steering(stay=60)) == {ADA: "deferred", BO: "accepted"}
    assert scene.time.seconds - 1000 < 1


def test_those_deferred_before_are_tried_at_once() -> None:
    """Somebody asked for it, whatever the time they were to wait."""
    scene = Scene([ADA, BO], {ADA: GREYLISTED})
    scene.run()
    scene.ledger.since[ADA] = START - 1  # as if that had been another run
    scene.sink = scene.new_sink({})
    scene.run()
    assert scene.sent == [ADA]


def test_who_was_never_tried_comes_before_who_was() -> None:
    """One whose delivery breaks the sink every time cannot starve the others."""
    scene = Scene([ADA, BO, CY])
    scene.ledger.states[ADA] = State.DEFERRED
    scene.ledger.since[ADA] = scene.ledger.due[ADA] = START - 1
    scene.ledger.attempts[ADA] = 1
    scene.run()
    assert scene.sent == [BO, CY, ADA]


def test_the_deferred_of_a_long_run_do_not_wait_for_its_end() -> None:
    """They are looked for in between, at most every half minute."""
    people = crowd(400)
    scene = Scene(people, {people[0]: [GREYLISTED, OK]})
    scene.run(scene.steering(Pace(2), retry_after=20_000))
    place = scene.sent.index(people[0])
    when = dict(scene.sink.sent)[people[0]] - 1000
    assert 0 < place < 130
    assert 16 <= when <= 60


def test_a_deferred_one_who_left_meanwhile_is_not_waited_for() -> None:
    """Who is due and not given by the supply never will be."""
    scene = Scene([ADA, BO], {ADA: GREYLISTED})
    steps = run(
        scene.supply,
        scene.sink,
        scene.ledger,
        scene.steering(stay=600, retry_after=10_000),
    )
    next(steps)
    scene.supply.due = lambda now, *, only_new=False: iter(())  # type: ignore[method-assign]  # she has left the list
    list(steps)
    assert scene.time.seconds - 1000 < 30


# The pace


def test_a_rate_is_kept() -> None:
    """Never more than the rate over any time, and no less in the long run."""
    scene = Scene(crowd(101))
    scene.sink.capacity = 20
    scene.run(scene.steering(Pace(20)))
    times = [at for _, at in scene.sink.taken_at]
    assert times[-1] - times[0] == pytest.approx(5, rel=0.01)
    assert min(after - before for before, after in pairwise(times)) > 0.04


def test_a_slow_domain_keeps_nobody_waiting() -> None:
    """Its messages are put aside while others pass, and lose nothing but time."""
    slow, quick = crowd(10, "slow.example"), crowd(30, "quick.example")
    scene = Scene([*slow, *quick])
    scene.run(scene.steering(Pace(domains={"slow.example": 1})))
    times = dict(scene.sink.taken_at)
    assert max(times[key] for key in quick) - 1000 < 1
    assert times[slow[-1]] - 1000 == pytest.approx(9, abs=0.1)
    assert [key for key in scene.sent if key in slow] == slow


def test_a_domain_that_puts_much_off_gets_less() -> None:
    """And it recovers; the others are not touched by it."""
    people = [
        key
        for pair in zip(crowd(900, "a.example"), crowd(900, "b.example"), strict=True)
        for key in pair
    ]
    scene = Scene(people, dict.fromkeys(crowd(40, "a.example"), GREYLISTED))
    scene.sink.capacity = 1
    scene.supply.page = 100
    scene.run()
    times = dict(scene.sink.taken_at)
    a, b = (
        [times[key] - 1000 for key in crowd(900, domain)]
        for domain in ("a.example", "b.example")
    )
    assert len(scene.outcomes) == 1800
    assert b[-1] < 0.9 * a[-1]


def test_waiting_for_the_pace_hears_who_says_stop() -> None:
    """The sink is never asked to wait longer than a second."""
    scene = Scene(crowd(3))
    scene.run(scene.steering(Pace(1 / 60)))
    assert max(scene.sink.waits) == 1.0
    scene = Scene(crowd(3))
    scene.helm = Helm(stop=4)
    scene.run(scene.steering(Pace(1 / 60)))
    assert len(scene.sent) == 1
    assert scene.time.seconds - 1000 < 5


def test_it_is_right_with_a_sink_that_answers_at_once() -> None:
    """The one that keeps messages in memory, with its own refusals and failures."""
    people = crowd(50)
    scene = Scene(people)
    sink = MemorySink(answers={people[3]: UNKNOWN, people[4]: FULL})
    entries = [
        entry
        for step in run(scene.supply, sink, scene.ledger, scene.steering())
        for entry in step
    ]
    assert len(sink.messages) == 48
    assert Counter(e.receipt.outcome for e in entries) == {
        Outcome.ACCEPTED: 48,
        Outcome.REJECTED: 1,
        Outcome.DEFERRED: 1,
    }


EVERYBODY = crowd(12) + crowd(6, "b.example")


LOST = Receipt(Outcome.DEFERRED, 0, "", "lost three times", Stage.DATA)


receipts = st.sampled_from(
    [OK, OK, OK, GREYLISTED, FULL, UNKNOWN, POLICY, BAD_SENDER, VANISHED, LOST]
)


scripts = st.dictionaries(
    st.sampled_from(EVERYBODY), st.lists(receipts, min_size=1, max_size=3)
)


paces = st.sampled_from(
    [(0.0, {}), (50.0, {}), (0.0, {"b.example": 3.0}), (30.0, {"b.example": 2.0})]
)


moments = st.none() | st.integers(0, 40)


failures = st.dictionaries(
    st.builds("{} {}".format, st.sampled_from(["turn", "take", "release"]), st.integers(1, 30)),
    st.just(TransientDeliveryError("broken")),
    max_size=1,
)  # fmt: skip


sinks = st.tuples(st.integers(1, 20), st.integers(1, 5))


@settings(max_examples=200, deadline=None)
@given(
    answers=scripts,
    sink=sinks,
    pace=paces,
    ends=st.tuples(moments, moments, st.none() | st.integers(0, 20)),
    failure=failures,
    others=st.tuples(st.integers(1, 20), st.sampled_from([0.0, 30.0])),
)
def test_everything_claimed_ends_in_one_entry_or_is_given_back(
    answers: Mapping[str, Sequence[Receipt]],
    sink: tuple[int, int],
    pace: tuple[float, dict[str, float]],
    ends: tuple[int | None, int | None, int | None],
    failure: dict[str, Exception],
    others: tuple[int, float],
) -> None:
    """Whatever is answered, whenever it is stopped or breaks; and nobody gets two."""
    stop, halt, limit = ends
    page, stay = others
    scene = Scene(EVERYBODY, answers)
    scene.sink.capacity, scene.sink.speed = sink
    scene.sink.failures = failure
    scene.supply.page = page
    scene.helm = Helm(stop, halt)
    steering = scene.steering(Pace(*pace), limit=limit, stay=stay, retry_after=8000)
    broken = False
    try:
        scene.run(steering)
    except DistributeError:
        broken = True

    ledger = scene.ledger
    assert not {State.CLAIMED, State.STARTED} & set(ledger.states.values())
    assert scene.yielded == ledger.entries
    tried = Counter(entry.parcel.key for entry in ledger.entries)
    assert tried == +ledger.attempts
    accepted = [
        e.parcel.key for e in ledger.entries if e.receipt.outcome is Outcome.ACCEPTED
    ]
    assert len(accepted) == len(set(accepted))
    assert set(accepted) <= set(scene.sent) <= set(tried)
    assert limit is None or tried.total() <= limit
    if not broken and limit is None and stop is None and halt is None:
        assert set(tried) == set(EVERYBODY)
