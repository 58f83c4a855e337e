"""Several relays: each with its own room and pace, and nobody served twice."""

from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Outcome, Receipt, Sink
from distribute.errors import (
    DeliveryError,
    PermanentDeliveryError,
)
from distribute.sinks.relays.relay import MUTE
from tests.sinks.relays import DECLINED, DOWN, HALTED, Bench, FakeServer, keys, parcels


def test_whoever_has_most_room_gets_the_next() -> None:
    """So one that takes more gets more, and all are put to use."""
    small, large = FakeServer("small", capacity=2), FakeServer("large", capacity=6)
    bench = Bench(small, large)
    assert bench.relays.room() == 8
    bench.relays.take(parcels(6))
    assert (len(small.taken), len(large.taken)) == (1, 5)
    assert bench.relays.room() == 2
    assert len(bench.turn(times=3)) == 6
    assert bench.relays.room() == 8


def test_what_had_not_left_goes_to_the_others() -> None:
    """In its old order and before all else; the released are answered for, and stay."""
    ill, well = FakeServer("ill", capacity=4), FakeServer("well", capacity=4)
    ill.keeps_silent = True
    bench = Bench(ill, well)
    bench.relays.take(everybody := parcels(4))
    (left, _, *others) = bench.relays.turn(0).ready
    bench.relays.release([left, *others])
    assert ill.released == {left.key: 1}
    ill.failure = DOWN
    receipts = bench.turn(times=4)
    assert receipts[left.key] == HALTED
    assert receipts.keys() == set(keys(everybody))
    assert not well.released.keys() & ill.released.keys()
    assert well.served.keys() == set(keys(everybody)) - {left.key}
    assert ill.relays[0].closed


def test_whom_a_relay_forgets_is_uncertain() -> None:
    """What was released never goes to another, whatever the first one says of it."""
    ill, well = FakeServer("ill", capacity=9), FakeServer("well", capacity=1)
    ill.keeps_silent = ill.forgets = True
    bench = Bench(ill, well)
    bench.relays.take(parcels(8))
    bench.turn()
    ill.failure = DOWN
    receipts = bench.turn(times=4)
    lost = {key for key, receipt in receipts.items() if receipt is not HALTED}
    uncertain = {
        key for key, receipt in receipts.items() if receipt.outcome is Outcome.UNCERTAIN
    }
    assert uncertain == ill.released.keys()
    assert uncertain
    assert lost
    assert not well.released.keys() & ill.released.keys()


def test_each_keeps_its_own_pace() -> None:
    """One that is to get ten a second gets ten, and the others as many as they can."""
    slow, fast = FakeServer("slow", rate=10), FakeServer("fast", capacity=3)
    bench = Bench(slow, fast)
    for _ in range(100):
        bench.relays.take(parcels(bench.relays.room()))
        bench.turn()
        bench.now += 0.02
    assert 20 <= len(slow.taken) <= 21
    assert len(fast.taken) >= 100


def test_what_waits_for_a_pace_is_handed_out_when_it_is_time() -> None:
    """Also what a relay gave back; nothing is forgotten meanwhile."""
    slow, ill = FakeServer("slow", rate=10), FakeServer("ill", capacity=6)
    bench = Bench(slow, ill)
    bench.relays.take(parcels(5))
    ill.failure = DOWN
    for _ in range(60):
        bench.turn()
        bench.now += 0.01
    assert slow.served.total() == 5
    assert bench.relays.room() == 1


def test_a_relay_that_says_nothing_is_not_waited_for() -> None:
    """As long as nothing has left by it; silence counts only while somebody listens."""
    mute, well = FakeServer("mute", is_mute=True), FakeServer("well", capacity=1)
    bench = Bench(mute, well)
    bench.relays.take(everybody := parcels(3))
    bench.turn()
    bench.now += 10 * MUTE  # the machine was asleep
    bench.turn()
    assert not bench.said
    receipts: dict[str, Receipt] = {}
    for _ in range(int(MUTE) + 5):
        bench.now += 1
        receipts |= bench.turn(times=2)
    assert "not a word within 30 seconds" in bench.said[0]
    assert receipts.keys() == well.served.keys() == set(keys(everybody))


def test_a_relay_that_has_let_something_leave_is_waited_for() -> None:
    """Nobody can know what became of it, and its own deadlines are long for a reason."""
    silent, well = FakeServer("silent", keeps_silent=True), FakeServer("well")
    bench = Bench(silent, well)
    bench.relays.take(parcels(2))
    for _ in range(5 * int(MUTE)):
        bench.turn()
        bench.now += 1
    assert not bench.said
    assert silent.released


def test_whom_one_cannot_even_ask_about_another_serves() -> None:
    """Each of those that are awake is tried; only then is it put off."""
    broken, worse, well = FakeServer("broken"), FakeServer("worse"), FakeServer("well")
    broken.declines = worse.declines = True
    bench = Bench(broken, worse, well)
    bench.relays.take(everybody := parcels(12))
    assert bench.turn(times=20).keys() == well.served.keys() == set(keys(everybody))
    well.failure = DOWN
    bench.turn()
    bench.relays.take(others := parcels(3, "example.com"))
    receipts = bench.turn(times=9)
    assert receipts == dict.fromkeys(keys(others), DECLINED)
    assert Counter(broken.taken)["reader0@example.com"] == 1
    assert Counter(worse.taken)["reader0@example.com"] == 1
    bench.relays.take(others)
    bench.turn(times=9)
    assert Counter(broken.taken)["reader0@example.com"] == 2, "another attempt"
    assert Counter(worse.taken)["reader0@example.com"] == 2


def test_who_was_released_is_answered_for_by_the_same_relay() -> None:
    """Even if that says that nothing has left: it is on record as started."""
    one, other = FakeServer("one", answer=DECLINED), FakeServer("other", capacity=1)
    bench = Bench(one, other)
    bench.relays.take(everybody := parcels(5))
    receipts = bench.turn(times=9)
    assert receipts.keys() == set(keys(everybody))
    assert list(receipts.values()).count(DECLINED) == len(one.released) > 0
    assert not one.released.keys() & other.released.keys()


def test_halt_answers_for_all_and_close_is_the_end() -> None:
    """What was never released comes back to nobody."""
    one, other = FakeServer("one", keeps_silent=True), FakeServer("other", is_mute=True)
    bench = Bench(one, other)
    bench.relays.take(parcels(9))
    bench.turn()
    receipts = {parcel.key for parcel, _ in bench.relays.halt().receipts}
    assert receipts == one.released.keys()
    assert bench.relays.room() == 8
    bench.relays.close()
    assert all(relay.closed for each in (one, other) for relay in each.relays)
    with pytest.raises(PermanentDeliveryError):
        bench.relays.take(parcels(1))


def test_it_is_a_sink() -> None:
    """A run needs to know no more."""
    sink: Sink = Bench(FakeServer("a")).relays
    assert sink.room() == 4


_EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["fail", "recover", "silent", "speak", "mute", "decline", "pass", "take"]
        ),
        st.integers(0, 2),
    ),
    max_size=40,
)


@settings(max_examples=100, deadline=None)
@given(events=_EVENTS, forgetful=st.sets(st.integers(0, 2)))
def test_whatever_happens_nobody_leaves_twice(
    events: list[tuple[str, int]], forgetful: set[int]
) -> None:
    """One receipt each at most; whoever was released has one when it is over."""
    servers = [FakeServer(name, capacity=3) for name in "abc"]
    for number in forgetful:
        servers[number].forgets = True
    bench = Bench(*servers, patience=20)
    waiting = list(parcels(60))
    answered: Counter[str] = Counter()
    with suppress(DeliveryError):
        for event, number in events:
            _happen(event, servers[number])
            bench.now += 3.0 * (event == "pass")
            room = bench.relays.room() if event == "take" else 0
            bench.relays.take(waiting[:room])
            del waiting[:room]
            answered.update(bench.turn().keys())
        for server in servers:
            server.failure = None
            _happen("speak", server)
        for _ in range(60):
            answered.update(bench.turn().keys())
            bench.now += 1
    answered.update(parcel.key for parcel, _ in bench.relays.halt().receipts)
    released = sum((server.released for server in servers), Counter[str]())
    assert set(released.values()) <= {1}
    assert set(answered.values()) <= {1}
    assert released.keys() <= answered.keys()


def _happen(event: str, server: FakeServer) -> None:
    if event in {"fail", "recover"}:
        server.failure = DOWN if event == "fail" else None
    elif event in {"silent", "speak"}:
        server.keeps_silent = event == "silent"
        server.is_mute = server.declines = False
    elif event == "mute":
        server.is_mute = True
    elif event == "decline":
        server.declines = True
