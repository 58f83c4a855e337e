"""What is said of how fast workers are is measured, or it is not said."""

from typing import Any

import pytest

from distribute.campaign.fleet.speed import Sign, Speed

BUSY = Sign(began=0, seen=0, ended=0, recent=0, is_idle=False)


def speed_of(*signs: dict[str, Any], is_steady: bool = True) -> float | None:
    """Note signs of life, one after the other."""
    speed = Speed()
    for changes in signs:
        speed.note(BUSY._replace(**changes))
    return speed.per_second(is_steady=is_steady)


def test_nothing_is_known_of_nobody() -> None:
    """Not even that it is slow."""
    assert speed_of() is None


def test_nothing_is_known_of_who_has_just_begun() -> None:
    """Neither at its first sign, nor two seconds later."""
    assert speed_of({}) is None
    assert speed_of({}, {"seen": 2000, "ended": 90, "recent": 90}) is None


def test_two_signs_are_enough_if_time_has_passed() -> None:
    """It is as fast as it was between them, whatever came before."""
    begun = {"seen": 60_000, "ended": 1000, "recent": 5}
    assert speed_of(begun, {"seen": 65_000, "ended": 1100, "recent": 105}) == 20.0


def test_at_first_a_worker_is_believed() -> None:
    """What it tells is of the last minute, or since it has been there."""
    assert speed_of({"seen": 600_000, "recent": 120}) == 2.0
    assert speed_of({"seen": 10_000, "recent": 120}) == 12.0


def test_it_is_not_believed_where_work_has_just_begun() -> None:
    """It had nothing to do for most of that minute."""
    assert speed_of({"seen": 600_000, "recent": 120}, is_steady=False) is None
    signs = [{"seen": 600_000, "recent": 120}, {"seen": 605_000, "ended": 50}]
    assert speed_of(*signs, is_steady=False) == 10.0


def test_a_first_batch_may_have_brought_nothing_yet() -> None:
    """That is no speed of 0, unless it goes on; who has nothing to do is as fast as that."""
    assert speed_of({"seen": 600_000}) is None
    assert speed_of({"seen": 600_000}, {"seen": 605_000}) == 0.0
    assert speed_of({"seen": 600_000, "is_idle": True}) == 0.0


def test_signs_are_forgotten_after_a_minute() -> None:
    """What was fast before is not counted for ever."""
    signs = [{"seen": 5000 * n, "ended": 1000} for n in range(1, 20)]
    assert speed_of({}, *signs) == 0.0
    assert speed_of({}, *signs[:10]) == pytest.approx(20.0)


def test_a_rest_makes_it_begin_anew() -> None:
    """Between two pieces of work nobody is slow."""
    rest = [{"seen": 5000 * n, "ended": 500, "is_idle": True} for n in range(1, 5)]
    after = {"seen": 25_000, "ended": 600}
    assert speed_of({}, *rest, after) == 20.0


def test_a_sign_that_was_seen_before_changes_nothing() -> None:
    """Whoever looks often does not see more."""
    again = {"seen": 5000, "ended": 50}
    assert speed_of({}, again, again, again) == 10.0


@pytest.mark.parametrize("changes", [{"began": 1, "ended": 70}, {"ended": 3}])
def test_another_worker_of_the_name_begins_at_nothing(changes: dict[str, int]) -> None:
    """It has begun later, or done less than was done before."""
    before = [{}, {"seen": 50_000, "ended": 60}]
    assert speed_of(*before, {"seen": 52_000, "recent": 0, **changes}) is None
