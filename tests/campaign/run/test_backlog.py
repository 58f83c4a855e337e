"""What is claimed and waits: in order, but nobody waits for a slow domain."""

from collections.abc import Sequence
from itertools import chain, zip_longest

from hypothesis import given
from hypothesis import strategies as st

from distribute.campaign.campaign import Parcel
from distribute.campaign.run.backlog import ASIDE, Backlog
from distribute.campaign.run.pace import Pace
from tests.campaign.actors import parcel


def parcels(count: int, domain: str = "quick.example") -> list[Parcel]:
    """Make parcels to so many people at one domain."""
    return [parcel(f"u{number:04}", domain=domain) for number in range(count)]


def alternating(*lists: Sequence[Parcel]) -> list[Parcel]:
    """Take one of each in turn."""
    return [each for each in chain(*zip_longest(*lists)) if each is not None]


def test_without_limits_it_is_a_queue() -> None:
    """First come, first served, as many as are wanted."""
    backlog, queue = Backlog(Pace()), parcels(5)
    backlog.add(queue)
    assert [*backlog.take(2, 0.0)] == queue[:2]
    assert len(backlog) == 3
    assert not backlog.wants_more()
    assert [*backlog.take(9, 0.0)] == queue[2:]
    assert backlog.wants_more()
    assert [*backlog.take(9, 0.0)] == []


def test_another_page_is_wanted_before_the_last_is_at_its_end() -> None:
    """Half a page before, so that the claim of it reaches the disk meanwhile."""
    backlog, first, second = Backlog(Pace()), parcels(6), parcels(2)
    backlog.add(first)
    assert [*backlog.take(2, 0.0)] == first[:2]
    assert not backlog.wants_more()
    assert [*backlog.take(1, 0.0)] == first[2:3]
    assert backlog.wants_more()
    backlog.add(second)
    assert not backlog.wants_more()
    assert [*backlog.take(9, 0.0)] == [*first[3:], *second]


def test_a_slow_domain_is_put_aside() -> None:
    """It gets its turns, in its own order, and the others theirs at once."""
    backlog = Backlog(Pace(domains={"slow.example": 1}))
    slow, quick = parcels(3, "slow.example"), parcels(3)
    backlog.add(alternating(slow, quick))
    assert [*backlog.take(9, 10.0)] == [slow[0], *quick]
    assert len(backlog) == 2
    assert backlog.wants_more()
    assert 0.9 < backlog.wait(10.0) <= 1
    assert [*backlog.take(9, 10.5)] == []
    assert [*backlog.take(9, 11.0)] == [slow[1]]
    assert [*backlog.take(9, 12.0)] == [slow[2]]
    assert backlog.wait(12.0) == float("inf")


def test_whoever_comes_later_does_not_overtake() -> None:
    """Of one domain the first put aside goes first, also when it may go again."""
    backlog = Backlog(Pace(domains={"slow.example": 1}))
    slow = parcels(4, "slow.example")
    backlog.add(slow[:2])
    assert [*backlog.take(9, 0.0)] == slow[:1]
    backlog.add(slow[2:])
    assert [*backlog.take(9, 5.0)] == slow[1:2]
    assert [*backlog.take(9, 6.0)] == slow[2:3]


def test_not_more_than_a_thousand_are_put_aside() -> None:
    """Then everybody waits, and no more is wanted until one has gone."""
    backlog = Backlog(Pace(domains={"slow.example": 1}))
    slow, quick = parcels(ASIDE + 5, "slow.example"), parcels(2)
    backlog.add([*slow, *quick])
    assert [*backlog.take(50, 0.0)] == slow[:1]
    assert not backlog.wants_more()
    assert backlog.wait(0.0) > 0.9
    assert [*backlog.take(50, 0.5)] == []
    assert [*backlog.take(50, 1.0)] == slow[1:2]
    for second in range(2, 6):
        taken = backlog.take(50, float(second))
        assert slow[second] in taken
    assert backlog.wants_more()
    assert len(backlog) == ASIDE - 1


def test_the_slow_come_before_the_others_when_their_time_has_come() -> None:
    """Room is scarce, and they have waited longest."""
    backlog = Backlog(Pace(domains={"slow.example": 1}))
    slow, quick = parcels(2, "slow.example"), parcels(4)
    backlog.add([*slow, *quick])
    assert [*backlog.take(2, 0.0)] == [slow[0], quick[0]]
    assert [*backlog.take(1, 1.0)] == [slow[1]]
    assert [*backlog.take(9, 1.0)] == quick[1:]


@given(
    st.lists(st.sampled_from("abc"), max_size=60),
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from([0.0, 0.01, 0.3, 4.0])),
        max_size=60,
    ),
    st.dictionaries(st.sampled_from("abc"), st.sampled_from([0.5, 3.0, 100.0])),
)
def test_nobody_is_lost_and_nobody_comes_twice(
    domains: Sequence[str],
    looks: Sequence[tuple[int, float]],
    limits: dict[str, float],
) -> None:
    """Whoever is added comes out once, never more at a time than asked for."""
    backlog, now = Backlog(Pace(domains=limits)), 0.0
    queue = [parcel(f"u{n}", domain=domain) for n, domain in enumerate(domains)]
    backlog.add(queue)
    taken: list[Parcel] = []
    for count, pause in (*looks, *[(60, 200.0)] * 60):
        now += pause
        some = backlog.take(count, now)
        assert len(some) <= count
        taken += some
        assert len(taken) + len(backlog) == len(queue)
    assert sorted(taken) == sorted(queue)
    for domain in "abc":
        mine = [each for each in taken if each.key.endswith(f"@{domain}")]
        assert mine == [each for each in queue if each.key.endswith(f"@{domain}")]
