"""Whose turn it is: begun in time, gone on with, and never begun unseen when too late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.plan.turn import (
    Appointment,
    Course,
    Deed,
    decide_turn,
    turn_of_workers,
)
from distribute.editions.wall_time import WallTime

AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
MADE = Appointment(
    time=WallTime(AT, "2026-12-01 09:00 Europe/Berlin"),
    segment="lang:pt",
    forced=frozenset({"link-broken"}),
)


def _deed(
    now: datetime,
    course: Course | None = None,
    made: Appointment | None = MADE,
    *,
    has_deferred: bool = False,
) -> Deed:
    return decide_turn(now, made, course, has_deferred=has_deferred, overdue=WEEK).deed


@pytest.mark.parametrize(
    ("now", "deed"),
    [
        (AT - SECOND, Deed.WAIT),
        (AT, Deed.BEGIN),
        (AT + WEEK, Deed.BEGIN),
        (AT + WEEK + SECOND, Deed.OVERDUE),
    ],
)
def test_an_issue_begins_in_its_time(now: datetime, deed: Deed) -> None:
    """Not before, and not so late that somebody should have a look first."""
    assert _deed(now) is deed


def test_without_a_time_nothing_begins() -> None:
    """However old or new the issue is."""
    assert _deed(AT, made=None) is Deed.NOTHING


@pytest.mark.parametrize("late", [timedelta(), WEEK, 100 * WEEK])
def test_what_was_interrupted_goes_on_however_late_it_is(late: timedelta) -> None:
    """With those whom the run was for that was interrupted, not those of now."""
    course = Course(AT, None, "tag:press")
    turn = decide_turn(AT + late, MADE, course, has_deferred=False, overdue=WEEK)
    assert (turn.deed, turn.segment) == (Deed.GO_ON, "tag:press")
    assert turn.forced == {"link-broken"}
    assert _deed(AT + late, course, None) is Deed.GO_ON


@pytest.mark.parametrize("pursued", [None, "", "lang:pt"])
def test_what_is_finished_is_over(pursued: str | None) -> None:
    """Whoever joined later gets the next one; only those put off are tried again."""
    course = Course(AT, AT + SECOND, pursued)
    for now in (AT - SECOND, AT + SECOND, AT + 2 * WEEK):
        assert _deed(now, course) is Deed.NOTHING
        assert _deed(now, course, has_deferred=True) is Deed.TRY_AGAIN


def test_what_was_begun_by_hand_before_its_time_is_sent_to_the_rest_then() -> None:
    """A trial with a few, or a part of the list, does not take an appointment back."""
    course = Course(AT - SECOND, None, None)
    assert _deed(AT - SECOND, course) is Deed.WAIT
    assert _deed(AT, course) is Deed.BEGIN
    assert _deed(AT + WEEK + SECOND, course) is Deed.OVERDUE


def test_what_was_begun_by_hand_since_its_time_is_left_to_whoever_did_so() -> None:
    """They stopped for some reason."""
    course = Course(AT, None, None)
    assert _deed(AT + SECOND, course) is Deed.NOTHING
    assert _deed(AT + SECOND, course, has_deferred=True) is Deed.TRY_AGAIN


def test_who_was_put_off_is_tried_again_while_the_issue_waits() -> None:
    """Their turn does not depend on that of the others."""
    course = Course(AT - SECOND, None, None)
    assert _deed(AT - SECOND, course, has_deferred=True) is Deed.TRY_AGAIN


instants = st.integers(-20, 20).map(lambda days: AT + timedelta(days=days))
courses = st.none() | st.builds(
    Course, instants, st.none() | instants, st.sampled_from([None, "", "lang:pt"])
)


@settings(max_examples=200, deadline=None)
@given(instants, st.none() | st.just(MADE), courses, st.sampled_from(["", "deferred"]))
def test_nothing_is_begun_too_early_too_late_or_twice(
    now: datetime, made: Appointment | None, course: Course | None, others: str
) -> None:
    """Whatever the state of things is."""
    deed = _deed(now, course, made, has_deferred=bool(others))
    if deed is Deed.BEGIN:
        assert made is not None
        assert made.time.at <= now <= made.time.at + WEEK
    if deed in {Deed.BEGIN, Deed.GO_ON}:
        assert course is None or course.finished is None
    if deed is Deed.TRY_AGAIN:
        assert others


@pytest.mark.parametrize(
    ("pursued", "is_complete", "deed"),
    [
        ("tag:press", False, Deed.HAND_OVER),
        ("tag:press", True, Deed.LEAVE),
        (None, False, Deed.LEAVE),
    ],
)
def test_what_workers_have_is_left_to_them(
    pursued: str | None, *, is_complete: bool, deed: Deed
) -> None:
    """But for a hand-over that was interrupted, and not by hand: that goes on."""
    course = Course(AT, None, pursued)
    turn = decide_turn(AT, MADE, course, has_deferred=True, overdue=WEEK)
    left = turn_of_workers(turn, course, is_complete=is_complete)
    assert left.deed is deed
    if deed is Deed.HAND_OVER:
        assert (left.segment, left.for_workers) == ("tag:press", True)


def test_an_appointment_says_who_sends_it() -> None:
    """This machine, or workers."""
    for_workers = replace(MADE, for_workers=True)
    for made in (MADE, for_workers):
        turn = decide_turn(AT, made, None, has_deferred=False, overdue=WEEK)
        assert turn.for_workers is made.for_workers
