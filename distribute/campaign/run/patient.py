"""Go on with a feed where it was when the database went away."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

from distribute.campaign.campaign import Batch
from distribute.campaign.ledger.patient import Outlast
from distribute.campaign.run.ahead import ahead
from distribute.campaign.run.feed import Feed
from distribute.campaign.run.supply import Supply
from distribute.errors import AwayError


class PatientSupply:
    """Implements `distribute.campaign.run.supply.Supply` for a feed.

    Whoever was claimed meanwhile does not come up again.
    """

    def __init__(
        self,
        feed: Feed,
        outlast: Outlast,
        *,
        written: Callable[[Feed], Supply] = ahead,
    ) -> None:
        """Take a feed, and what writes its pages."""
        self._feed = feed
        self._outlast = outlast
        self._written = written

    def batches(self) -> Generator[Batch, None, None]:
        """Give everybody who is due."""
        for batch in self._each(lambda: self._written(self._feed).batches()):
            yield batch
            self._pass(batch)

    def due(self, now: int, *, only_new: bool = False) -> Generator[Batch, None, None]:
        """Give the deferred whose time has come by `now`."""
        yield from self._each(lambda: self._feed.due(now, only_new=only_new))

    def next_due(self) -> int | None:
        """Say when the next of the deferred is due."""
        return self._outlast(self._feed.next_due)

    def _each(
        self, begin: Callable[[], Iterator[Batch]]
    ) -> Generator[Batch, None, None]:
        """Give the batches of an iterator, begun anew whenever the database was away."""
        batches = _Pages(begin)
        try:
            while (batch := self._outlast(batches.following)) is not None:
                yield batch
        finally:
            batches.close()

    def _pass(self, batch: Batch) -> None:
        """Note how far it is among those tried before, who may be due at once again."""
        everybody = (*batch.parcels, *(parcel for parcel, _ in batch.refused))
        tried = [parcel.key for parcel in everybody if parcel.attempt]
        if tried:
            self._feed = replace(self._feed, fresh=False, tried_after=max(tried))


class _Pages:
    """An iterator of batches that can be begun anew."""

    def __init__(self, begin: Callable[[], Iterator[Batch]]) -> None:
        self._begin = begin
        self._batches: Iterator[Batch] | None = None

    def following(self) -> Batch | None:
        """Give the next one; `None` at the end."""
        try:
            if self._batches is None:
                self._batches = self._begin()
            return next(self._batches, None)
        except AwayError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of what the batches come from."""
        if isinstance(self._batches, Generator):
            self._batches.close()
        self._batches = None
