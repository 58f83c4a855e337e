"""Hold what is claimed until its turn comes: in order, but nobody waits for a slow domain.

Messages to a domain that has to wait are put aside while others pass; each domain keeps
its own order. Not more than so many are put aside: then everybody waits.
"""

from collections import deque
from collections.abc import Sequence
from heapq import heappop, heappush
from math import inf

from distribute.campaign.campaign import Parcel
from distribute.campaign.run.pace import Pace, domain_of

ASIDE = 1000
"""How many may be put aside."""


class Backlog:
    """Parcels that are claimed, and that the sink has not been given yet."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._queue: Sequence[Parcel] = ()
        self._next = 0
        self._low = 0
        """How many are left of the queue when it is time for another page."""
        self._aside: dict[str, deque[Parcel]] = {}
        self._waiting: list[tuple[float, str]] = []
        """When to look at the domains of `_aside` again, the next one first; a heap."""
        self._held = 0

    def __len__(self) -> int:
        return len(self._queue) - self._next + self._held

    def wants_more(self) -> bool:
        """Whether little is left but what was put aside, and there is room for more.

        That is half a page before the end, so that a claim has time to reach the disk.
        """
        return len(self._queue) - self._next <= self._low and self._held < ASIDE

    def add(self, parcels: Sequence[Parcel]) -> None:
        """Queue parcels; only while it wants more."""
        self._queue, self._next = [*self._queue[self._next :], *parcels], 0
        self._low = len(parcels) // 2

    def take(self, count: int, now: float) -> Sequence[Parcel]:
        """Give up to so many whose turn it is; `now` as in `pace`."""
        if self._held or self._pace.is_selective:
            return self._select(count, now)
        begin = self._next
        self._next = min(begin + count, len(self._queue))
        return self._queue[begin : self._next]

    def wait(self, now: float) -> float:
        """Seconds until somebody's turn comes, by domain; infinite if there is nobody."""
        if self._next < len(self._queue) and self._held < ASIDE:
            return 0.0
        return max(self._waiting[0][0] - now, 0.0) if self._waiting else inf

    def _select(self, count: int, now: float) -> Sequence[Parcel]:
        """Choose, from what was put aside first, then in order."""
        chosen: list[Parcel] = []
        while len(chosen) < count and self._waiting and self._waiting[0][0] <= now:
            chosen += self._take_aside(heappop(self._waiting)[1], now)
        while (
            len(chosen) < count and self._next < len(self._queue) and self._held < ASIDE
        ):
            parcel = self._queue[self._next]
            self._next += 1
            if self._may_pass(parcel, now):
                chosen.append(parcel)
        return chosen

    def _take_aside(self, domain: str, now: float) -> Sequence[Parcel]:
        """Take the first one put aside for a domain, if it may go; come back later."""
        wait = self._pace.admit(domain, now)
        parcels = self._aside[domain]
        taken = [] if wait else [parcels.popleft()]
        self._held -= len(taken)
        if parcels:
            heappush(self._waiting, (now + wait, domain))
        else:
            del self._aside[domain]
        return taken

    def _may_pass(self, parcel: Parcel, now: float) -> bool:
        """Let a parcel pass, or put it aside."""
        domain = domain_of(parcel)
        if domain in self._aside:
            self._aside[domain].append(parcel)
        elif wait := self._pace.admit(domain, now):
            self._aside[domain] = deque((parcel,))
            heappush(self._waiting, (now + wait, domain))
        else:
            return True
        self._held += 1
        return False
