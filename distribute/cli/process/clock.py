"""The clock of a run that goes on for a while."""

import os
import time
from collections.abc import Callable
from datetime import datetime

from distribute.audience.database.database import to_milliseconds

_FIXED = 60_000
"""Milliseconds off the real time from which on somebody means another one."""


def running_clock(now: datetime, *, after: int = 0) -> Callable[[], int]:
    """Make a clock that shows `now` at first and goes on, in milliseconds since 1970.

    A time that ``SOURCE_DATE_EPOCH`` has fixed goes on as well, or whoever waits for an
    instant would wait for ever. The real time is read anew each time. The clock begins
    behind the instant `after`, whatever the time is: it may have been set back.
    """
    real = _real_time()
    difference = to_milliseconds(now) - real
    if abs(difference) < _FIXED:
        difference = 0
    difference = max(difference, after + 1 - real)
    return lambda: _real_time() + difference


def growing(clock: Callable[[], int]) -> Callable[[], int]:
    """Have a clock go on from where it was when somebody sets the time back.

    What a run records later must not seem to be of before; see `printing`.
    """
    latest, lag = clock(), 0

    def shown() -> int:
        nonlocal latest, lag
        now = clock()
        lag = max(lag, latest - now)
        latest = now + lag
        return latest

    return shown


def not_before(clock: Callable[[], int], instant: int) -> Callable[[], int]:
    """Put a clock forward, if it has not come to an instant yet."""
    ahead = max(instant - clock(), 0)
    return (lambda: clock() + ahead) if ahead else clock


def _real_time() -> int:
    return int(time.time() * 1000)


class Stopwatch:
    """Measures how long something takes, in real time and of the processors."""

    def __init__(self) -> None:
        self._began, self._cpu_began = time.monotonic(), _cpu_time()
        self.seconds = 0.0
        """How long it took; known once it is stopped."""
        self.cpu_seconds = 0.0
        """How long processors worked on it, those of processes it ended too."""

    def stop(self) -> None:
        """Keep what has gone by."""
        self.seconds = time.monotonic() - self._began
        self.cpu_seconds = _cpu_time() - self._cpu_began


def _cpu_time() -> float:
    user, system, children, system_of_children, _ = os.times()
    return user + system + children + system_of_children
