"""What workers pass from hand to hand: batches, ranges of a campaign's frozen plan."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class BatchId(NamedTuple):
    """Which batch; the campaign by its number in the ledger, both counted from 1."""

    campaign: int
    number: int

    def __str__(self) -> str:
        return f"batch {self.number} of campaign {self.campaign}"


class BatchState(StrEnum):
    """How far a batch is (``batch.state``)."""

    WAITING = "waiting"
    """Nobody has it in hand; its job says from when on somebody may."""
    HELD = "held"
    """A worker has it in hand, or had it until it died."""
    DONE = "done"
    CANCELLED = "cancelled"


UNFINISHED = (BatchState.WAITING, BatchState.HELD)
"""The states in which something of a batch is left to do."""


class FrozenState(StrEnum):
    """What becomes of a frozen campaign (``frozen.state``)."""

    GOING = "going"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A batch in the hands of one worker, until another gets a higher fence."""

    batch: BatchId
    fence: int
    """Grows with each hand that takes the batch; writing asks that it is still this."""
    first: int
    """Number of the first delivery (``delivery.number``)."""
    last: int
    """Number of the last one; it belongs to the batch too."""

    @property
    def stretch(self) -> tuple[int, int, int]:
        """Number of the campaign, and of its first and last delivery here.

        Between them may be deliveries of other campaigns, of which nothing is ours.
        """
        return self.batch.campaign, self.first, self.last
