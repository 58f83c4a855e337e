"""The pace: exact, without bursts, and slower where somebody puts much off."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.campaign.campaign import Receipt
from distribute.campaign.run.pace import Bucket, Pace, domain_of, lateness
from tests.campaign.actors import BAD_SENDER, GREYLISTED, OK, UNKNOWN, parcel

rates = st.sampled_from([1 / 60, 0.5, 2.0, 14.0, 30.0, 100.0, 450.0, 1000.0])
steps = st.lists(
    st.floats(0, 0.05) | st.floats(0, 3) | st.just(0.0), min_size=1, max_size=80
)


def most_within(times: Sequence[float], seconds: float) -> int:
    """Count the most messages that went within any span of that length."""
    return max(
        sum(begin <= at <= begin + seconds for at in times[place:])
        for place, begin in enumerate(times)
    )


@given(rates, steps, st.floats(0.001, 5))
def test_no_span_of_time_holds_more_than_the_rate_and_one(
    rate: float, work: Sequence[float], span: float
) -> None:
    """But for a few milliseconds that a clock may be late; also after a pause."""
    bucket, now, sent = Bucket(rate), 1e6, []
    for seconds in work:
        count = bucket.allowance(now)
        bucket.spend(count, now)
        sent += [now] * count
        now += seconds
    assert sent
    assert most_within(sent, span) <= rate * (span + lateness(rate)) + 1 + 1e-4


@given(st.integers(1, 180), st.lists(st.floats(0, 0.3), min_size=1, max_size=80))
def test_a_whole_second_holds_the_rate_and_one(
    rate: int, work: Sequence[float]
) -> None:
    """Exactly, however late the sender comes: less than one message is made up for."""
    bucket, now, sent = Bucket(rate), 1e6, []
    for seconds in work:
        count = bucket.allowance(now)
        bucket.spend(count, now)
        sent += [now] * count
        now += min(bucket.wait(now) + seconds / 20, 0.3)
    assert most_within(sent, 1.0) <= rate + 1


@pytest.mark.parametrize("rate", [1 / 60, 0.5, 14.0, 30.0, 100.0, 1000.0])
@pytest.mark.parametrize("late", [0.0, 0.0004, 0.0049])
def test_the_rate_is_reached(rate: float, late: float) -> None:
    """Within a hundredth, by somebody who always wakes up a little late."""
    assert rate_reached(rate, late) == pytest.approx(rate, rel=0.01)


@pytest.mark.parametrize(
    ("rate", "late"), [(0.5, 0.049), (10.0, 0.049), (30.0, 0.029), (100.0, 0.0089)]
)
def test_whoever_wakes_up_late_on_a_busy_machine_makes_up_for_it(
    rate: float, late: float
) -> None:
    """For almost the whole time until the next is due, or 50 ms if that is less.

    There are never two at once for it.
    """
    assert rate_reached(rate, late) == pytest.approx(rate, rel=0.005)
    bucket = Bucket(rate)
    bucket.spend(1, 0.0)
    assert bucket.allowance(bucket.wait(0.0) + late) == 1


def rate_reached(rate: float, late: float) -> float:
    """Send 2,000 messages, each so many seconds after it may go; gives messages/s."""
    bucket, now, sent = Bucket(rate), 5.0, 0
    while sent < 2000:
        count = bucket.allowance(now)
        bucket.spend(count, now)
        sent += count
        now += bucket.wait(now) + late
    return sent / (now - 5.0)


def test_nobody_hurries_after_a_pause() -> None:
    """One goes at once, the next when it is due."""
    bucket = Bucket(2.0)
    bucket.spend(bucket.allowance(0.0), 0.0)
    assert bucket.allowance(60.0) == 1
    bucket.spend(1, 60.0)
    assert bucket.allowance(60.0) == 0
    assert bucket.wait(60.0) == pytest.approx(0.5, abs=0.0051)


@given(rates, st.floats(0, 1e9))
def test_who_waits_as_long_as_told_may_go(rate: float, now: float) -> None:
    """No sum is so inexact that somebody would wait for nothing again and again."""
    bucket = Bucket(rate)
    bucket.spend(1, now)
    for _ in range(50):
        now += bucket.wait(now)
        assert bucket.wait(now) == 0
        assert bucket.allowance(now) >= 1
        bucket.spend(1, now)


def test_without_a_rate_everything_goes() -> None:
    """As many as there is room for, and nobody is told apart."""
    pace = Pace()
    assert pace.allowance(0.0, 12) == 12
    pace.spend(12, 0.0)
    assert pace.wait(0.0) == 0
    assert not pace.is_selective
    assert pace.page == 500


@pytest.mark.parametrize(
    ("rate", "page"), [(1 / 60, 1), (0.5, 1), (14, 28), (249, 498), (2000, 500)]
)
def test_pages_are_small_when_the_pace_is_slow(rate: float, page: int) -> None:
    """What goes within two seconds: so nobody is looked up long before."""
    assert Pace(rate).page == page


def test_a_domain_has_a_limit_of_its_own() -> None:
    """In any case of its name; others are not concerned."""
    pace = Pace(domains={"Slow.Example": 2.0})
    assert pace.is_selective
    slow, quick = (
        domain_of(parcel("ada", domain=d)) for d in ("slow.example", "q.example")
    )
    assert pace.admit(slow, 0.0) == 0
    assert pace.admit(slow, 0.0) == pytest.approx(0.5, abs=0.0051)
    assert pace.admit(slow, 0.5) == 0
    assert [pace.admit(quick, 0.0) for _ in range(100)] == [0.0] * 100


class Domain:
    """Somebody who sends to one domain as fast as the pace lets them."""

    def __init__(self, pace: Pace, name: str = "a.example") -> None:
        self.pace, self.name, self.now = pace, name, 50.0
        self.parcel = parcel("ada", domain=name)

    def send(self, receipts: Sequence[Receipt], *, every: float = 0.001) -> float:
        """Send one message for each answer, and give the rate at which they went."""
        began = self.now
        for receipt in receipts:
            self.now += every
            while wait := self.pace.admit(self.name, self.now):
                self.now += wait
            self.pace.answered([(self.parcel, receipt)], self.now)
        return len(receipts) / (self.now - began)


def test_a_steady_twentieth_of_greylisting_slows_nothing() -> None:
    """However many messages, and wherever among them the greylisted are."""
    pace = Pace()
    domain = Domain(pace)
    for start in range(20):
        pattern = [OK] * 20
        pattern[start] = GREYLISTED
        assert domain.send(pattern * 30) == pytest.approx(1000, rel=0.001)
    assert not pace.is_selective


@pytest.mark.parametrize("receipt", [OK, UNKNOWN, BAD_SENDER])
def test_only_what_the_recipients_side_puts_off_slows_it_down(receipt: Receipt) -> None:
    """Not refusals, and not what is said about the sender."""
    pace = Pace()
    put_off = GREYLISTED._replace(stage=receipt.stage) if receipt == BAD_SENDER else OK
    Domain(pace).send([receipt, put_off] * 100)
    assert not pace.is_selective
    assert not pace.has_suspects


def test_a_domain_that_puts_much_off_is_slowed_down_step_by_step() -> None:
    """Not below a thirty-second of what it was, nor one a second."""
    domain = Domain(Pace())
    domain.send([GREYLISTED] * 20)
    assert domain.send([GREYLISTED] * 400) == pytest.approx(500, rel=0.05)
    domain.send([GREYLISTED] * 4000)
    assert domain.send([GREYLISTED] * 200) == pytest.approx(1000 / 32, rel=0.05)

    slow = Domain(Pace())
    slow.send([GREYLISTED] * 40, every=0.25)
    assert slow.send([GREYLISTED] * 60, every=0.25) == pytest.approx(1, rel=0.1)


def test_it_recovers() -> None:
    """By half more every five seconds, until it is as if nothing had been."""
    pace = Pace()
    domain = Domain(pace)
    domain.send([GREYLISTED] * 6000)
    assert pace.is_selective
    rates = [domain.send([OK] * 200) for _ in range(150)]
    assert rates[0] < 100
    assert rates[-1] == pytest.approx(1000, rel=0.01)
    assert not pace.is_selective


def test_a_slow_domain_slows_no_other() -> None:
    """Each is judged by its own answers."""
    pace = Pace()
    Domain(pace).send([GREYLISTED] * 500)
    assert Domain(pace, "b.example").send([OK] * 500) == pytest.approx(1000, rel=0.01)


def test_both_limits_of_a_domain_hold() -> None:
    """The settings' and that of its trouble."""
    pace = Pace(domains={"a.example": 10})
    domain = Domain(pace)
    assert domain.send([GREYLISTED] * 20) == pytest.approx(10, rel=0.1)
    assert domain.send([GREYLISTED] * 10) == pytest.approx(5, rel=0.15)
    domain.send([OK] * 500)
    assert domain.send([OK] * 100) == pytest.approx(10, rel=0.02)


def test_memory_is_bounded_however_many_domains_there_are() -> None:
    """The ones that came first are forgotten, slowed down or not."""
    pace = Pace()
    bad = parcel("ada", domain="bad.example")
    pace.answered([(bad, GREYLISTED)] * 20, 1.0)
    assert pace.is_selective
    for number in range(9000):
        each = parcel("ada", domain=f"d{number}.example")
        pace.answered([(each, GREYLISTED)], 1.0)
    assert len(pace._brake.suspects) == 4000
    assert not pace.is_selective


@given(st.lists(st.sampled_from([OK, GREYLISTED, UNKNOWN]), max_size=300), st.data())
def test_how_many_are_slowed_down_is_never_miscounted(
    receipts: Sequence[Receipt], data: st.DataObject
) -> None:
    """Whatever is answered, and when."""
    pace, now = Pace(), 0.0
    for receipt in receipts:
        now += data.draw(st.sampled_from([0.001, 0.1, 3.0]))
        name = data.draw(st.sampled_from(["a.example", "b.example"]))
        pace.answered([(parcel("ada", domain=name), receipt)], now)
    buckets = Counter(s.bucket is not None for s in pace._brake.suspects.values())
    assert pace._brake.slowed == buckets[True]
