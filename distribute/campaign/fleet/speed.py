"""Measure how fast workers are, by what they tell of themselves from time to time."""

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

MINUTE = 60_000
_ENOUGH = 4_000
"""Milliseconds that have to be measured at least; what is shorter is chance."""


class Sign(NamedTuple):
    """A worker's sign of life. Instants are milliseconds of the server's clock."""

    began: int
    """When the worker did."""
    seen: int
    """When it gave the sign."""
    ended: int
    """Attempts that have ended since it began."""
    recent: int
    """Attempts that ended within the last minute, as it says."""
    is_idle: bool
    """Whether it has nothing in hand."""

    def told(self) -> float | None:
        """Say how many ended in a second, as the worker tells it.

        Nothing is known of one that has just begun, be it to work or its first batch.
        """
        there = min(self.seen - self.began, MINUTE)
        if there < _ENOUGH or not (self.recent or self.is_idle):
            return None
        return self.recent / there * 1000


@dataclass(slots=True)
class Speed:
    """How fast one worker is, by its signs within a minute, each seen by us."""

    _signs: deque[Sign] = field(default_factory=deque)

    def note(self, sign: Sign) -> None:
        """Take a sign into account; it may have been seen before."""
        signs = self._signs
        if signs and (sign.began != signs[-1].began or sign.ended < signs[-1].ended):
            signs.clear()  # another one of this name
        if signs and sign.seen <= signs[-1].seen:
            return
        if signs and sign.is_idle and signs[-1].is_idle:
            signs.clear()  # it rested: what was before says nothing of what comes
        signs.append(sign)
        while len(signs) > 1 and self._is_old(signs[1]):
            signs.popleft()

    def per_second(self, *, is_steady: bool) -> float | None:
        """Say how many attempts end in a second; None if that is not known yet.

        At the first sign it is as the worker tells it, if there has been work for so long
        that its last minute was none of rest.
        """
        if not self._signs:
            return None
        first, last = self._signs[0], self._signs[-1]
        took = last.seen - first.seen
        if took < _ENOUGH:
            return last.told() if is_steady else None
        return (last.ended - first.ended) / took * 1000

    def _is_old(self, sign: Sign) -> bool:
        return sign.seen <= self._signs[-1].seen - MINUTE
