"""Decide whether it is an issue's turn to be sent, though nobody calls for it.

What has begun for some people goes on with them, once an issue is finished with nobody
else: who joins later gets the next one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from distribute.editions.wall_time import WallTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """When an issue shall be sent."""

    time: WallTime
    segment: str = ""
    """To whom alone; empty for everybody."""
    forced: frozenset[str] = frozenset()
    """Rules of `distribute check` whose errors shall keep nobody from sending."""
    for_workers: bool = False
    """Whether it shall be handed over to workers then."""


class Course(NamedTuple):
    """How far a campaign is that has begun."""

    started: datetime
    finished: datetime | None
    """When nobody was owed it any more; `None` if that has not been yet."""
    pursued: str | None
    """For whom to go on: a segment, empty for everybody; `None`: for nobody."""


class Deed(StrEnum):
    """What there is to do about an issue."""

    BEGIN = "begin"
    GO_ON = "go on"
    """Serve those whom an interrupted run has left."""
    TRY_AGAIN = "try again"
    """Only those whose time has come again who were put off."""
    WAIT = "wait"
    """Its time has not come."""
    OVERDUE = "overdue"
    """Its time went by so long ago that somebody should have a look first."""
    HAND_OVER = "hand over"
    """Hand the rest over to workers, which was interrupted."""
    LEAVE = "leave"
    """Workers have it in hand; see `distribute.campaign.custody.handed`."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What to do about an issue, and for whom."""

    deed: Deed
    time: WallTime | None = None
    """When it was to be sent, if somebody said so."""
    segment: str = ""
    """For whom alone; empty for everybody."""
    forced: frozenset[str] = frozenset()
    """Rules of `distribute check` whose errors shall keep nobody from sending."""
    for_workers: bool = False
    """Whether it is to be handed over to workers."""


def decide_turn(
    now: datetime,
    appointment: Appointment | None,
    course: Course | None,
    *,
    has_deferred: bool,
    overdue: timedelta,
) -> Turn:
    """Decide by what was said about an issue, and by how far it is.

    `course` is `None` while it has not begun. What is later than its time by more than
    `overdue` is not begun; what has begun goes on however late it is.
    """
    time = appointment.time if appointment else None
    deed = _deed(now, time, course, overdue)
    if has_deferred and deed in {Deed.NOTHING, Deed.WAIT}:
        deed = Deed.TRY_AGAIN
    segment = appointment.segment if appointment else ""
    if deed is Deed.GO_ON and course is not None:
        segment = course.pursued or ""
    return Turn(
        deed=deed,
        time=time,
        segment=segment,
        forced=appointment.forced if appointment else frozenset(),
        for_workers=appointment.for_workers if appointment else False,
    )


def turn_of_workers(turn: Turn, course: Course, *, is_complete: bool) -> Turn:
    """Decide the same where workers have it in hand: it is left to them.

    Unless not all of it was handed over, and nobody stopped that by hand.
    """
    if is_complete or course.pursued is None:
        return replace(turn, deed=Deed.LEAVE)
    return replace(turn, deed=Deed.HAND_OVER, segment=course.pursued, for_workers=True)


def _deed(
    now: datetime, time: WallTime | None, course: Course | None, overdue: timedelta
) -> Deed:
    if course is not None and course.finished is not None:
        return Deed.NOTHING
    if course is not None and course.pursued is not None:
        return Deed.GO_ON
    if time is None or (course is not None and course.started >= time.at):
        return Deed.NOTHING  # begun by hand since, and left by whoever did so
    if now < time.at:
        return Deed.WAIT
    return Deed.OVERDUE if now - time.at > overdue else Deed.BEGIN
