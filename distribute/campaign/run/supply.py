"""Decide which page of people comes next, and when there is nothing left to wait for."""

from collections.abc import Generator, Iterator
from math import inf
from typing import Protocol

from distribute.campaign.campaign import Batch

_LOOK_AGAIN = 30_000
"""Milliseconds between two looks for the deferred while others are being served."""


class Supply(Protocol):
    """Where a run gets its parcels from; see `distribute.campaign.run.feed.Feed`."""

    def batches(self) -> Iterator[Batch]:
        """Give everybody who is due."""
        ...

    def due(self, now: int, *, only_new: bool = False) -> Iterator[Batch]:
        """Give the deferred whose time has come by `now`, page by page as they stand.

        `only_new` leaves out those tried before this run: `batches` may come to them.
        """
        ...

    def next_due(self) -> int | None:
        """Say when the next of the deferred is due; `None` if nobody is."""
        ...


class Source:
    """Gives one page after the other: whoever is due, and those whose time comes again.

    The deferred are not kept in mind but looked up in the ledger when it is time: a
    number of milliseconds since 1970 is all that is remembered of them.
    """

    def __init__(self, supply: Supply, *, stay: float, limit: int | None) -> None:
        """Take how many seconds to stay for the deferred, and how many to serve at all."""
        self._supply = supply
        self._stay = stay * 1000
        self._left = limit
        self._batches: Iterator[Batch] | None = supply.batches()
        self._again: Iterator[Batch] | None = None
        self._look_at: float = inf

    def next(self, now: int) -> Batch | None:
        """Give the next page, if there is one at the moment; it may be empty."""
        if self._left == 0:
            self.close()
            return None
        batch = self._next_again(now) or self._next_fresh()
        return batch if batch is None or self._left is None else self._cut(batch)

    def put_off(self, until: int) -> None:
        """Note that somebody was deferred, until then."""
        self._look_at = min(self._look_at, until)

    def wait(self, now: int) -> float:
        """Seconds until there may be another page; infinite if there will be none."""
        if self._left == 0:
            return inf
        if self._batches is not None or self._again is not None:
            return 0.0
        return max(self._look_at - now, 0.0) / 1000

    def goes_on(self, now: int) -> bool:
        """Whether another page may come before long."""
        wait = self.wait(now)
        return wait < inf and wait * 1000 <= self._stay

    def close(self) -> None:
        """Let go of what the pages come from."""
        for pages in (self._batches, self._again):
            if isinstance(pages, Generator):
                pages.close()
        self._batches, self._again, self._look_at = None, None, inf

    def _next_again(self, now: int) -> Batch | None:
        """Give a page of those whose time has come, if it is time to look for them."""
        if self._again is None:
            if now < self._look_at:
                return None
            others_follow = self._batches is not None
            self._again = self._supply.due(now, only_new=others_follow)
            self._look_at = now + _LOOK_AGAIN if others_follow else now
        batch = next(self._again, None)
        if batch is None:
            self._again = None
            if self._batches is None:
                self._look_for_next(after=self._look_at)
        return batch

    def _next_fresh(self) -> Batch | None:
        """Give a page of everybody who is due, while there are any."""
        if self._batches is None:
            return None
        batch = next(self._batches, None)
        if batch is None:
            self._batches = None
            self._look_for_next(after=0)
        return batch

    def _look_for_next(self, *, after: float) -> None:
        """Find out when to look again; who was due before, and not given, never will be."""
        due = self._supply.next_due()
        self._look_at = due if due is not None and due > after else inf

    def _cut(self, batch: Batch) -> Batch:
        """Take no more of a page than may still be served."""
        left = self._left or 0
        refused = batch.refused[:left]
        parcels = batch.parcels[: left - len(refused)]
        self._left = left - len(refused) - len(parcels)
        return batch._replace(parcels=parcels, refused=refused)
