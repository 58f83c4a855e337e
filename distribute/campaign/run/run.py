"""Carry out a campaign: claim a page, hand over, record, release, one turn after the other.

Nothing is released before it is on record as started, and everything that is claimed ends
in one entry or is given back, however the run ends.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from distribute.campaign.campaign import (
    Batch,
    Entry,
    Ledger,
    Outcome,
    Parcel,
    Receipt,
    Sink,
)
from distribute.campaign.run.alarm import Alarm
from distribute.campaign.run.backlog import Backlog
from distribute.campaign.run.pace import Pace
from distribute.campaign.run.supply import Source, Supply
from distribute.campaign.verdict import RetryPolicy, entries_of
from distribute.errors import DistributeError

GRACE = 10.0
"""Seconds that messages on their way are waited for after somebody said stop."""
LONGEST_TURN = 1.0
"""Seconds after which somebody who says stop is heard at the latest."""

_LOST = Receipt(Outcome.UNCERTAIN, text="the sink did not say what became of it")


class Haste(Enum):
    """How urgently somebody wants a run to end."""

    NONE = 0
    STOP = 1
    """Begin nothing new; wait for what is on its way."""
    HALT = 2
    """Now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """What directs a run from outside while it goes on."""

    clock: Callable[[], int]
    """Gives milliseconds since 1970."""
    timer: Callable[[], float]
    """Gives seconds that only ever grow, such as `time.monotonic`."""
    haste: Callable[[], Haste] = lambda: Haste.NONE
    """Asked once per turn."""
    pace: Pace = field(default_factory=Pace)
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    alarm: Alarm = field(default_factory=Alarm)
    """Hears the answers; what several runs send by turns may have one for all of them."""
    limit: int | None = None
    """How many attempts to make at most."""
    stay: float = 60.0
    """Seconds to stay for the deferred when there is nothing else left to do."""


def run(
    supply: Supply, sink: Sink, ledger: Ledger, steering: Steering
) -> Iterator[Sequence[Entry]]:
    """Serve everybody who is due, and yield how it ended for some, once it is recorded.

    Ends when nobody is left, or nobody's turn comes within `Steering.stay`, or somebody
    said stop. Raises `DeliveryError` when the sink fails or refuses us rather than the
    recipients; what became of the released is recorded and yielded before. Somebody may
    come up again in one run, after they were deferred in it; their attempts have numbers.
    """
    desk = _Desk(supply, sink, ledger, steering)
    try:
        while desk.goes_on():
            desk.turn()
            if desk.recorded:
                yield desk.tell()
    except DistributeError as error:
        desk.failure = desk.failure or error
    except GeneratorExit:
        desk.leave()
        raise
    desk.leave()
    if desk.recorded:
        yield desk.tell()
    if desk.failure is not None:
        raise desk.failure


class _Desk:
    """What a run has in hand between two turns."""

    def __init__(
        self, supply: Supply, sink: Sink, ledger: Ledger, steering: Steering
    ) -> None:
        self._sink = sink
        self._ledger = ledger
        self._steering = steering
        self._pace = steering.pace
        self._source = Source(supply, stay=steering.stay, limit=steering.limit)
        self._backlog = Backlog(steering.pace)
        self._alarm = steering.alarm
        self._in_hand = 0
        """How many the sink has taken and not answered for."""
        self._released: dict[str, Parcel] = {}
        self._ended: list[Entry] = []
        """How some ended; still to be recorded."""
        self.recorded: list[Entry] = []
        """How some ended; still to be told."""
        self._give_up_at: float | None = None
        """Once somebody said stop: until when to wait for what was released."""
        self.failure: DistributeError | None = None
        """What the run will end with."""

    def goes_on(self) -> bool:
        """Whether there is anything left to do or to wait for."""
        haste = self._steering.haste()
        if haste is not Haste.NONE:
            self._stop()
        if self._give_up_at is not None:
            on_its_way = self._released and haste is not Haste.HALT
            return bool(on_its_way) and self._steering.timer() < self._give_up_at
        return self._is_busy()

    def tell(self) -> Sequence[Entry]:
        """Give what was recorded since the last time."""
        recorded, self.recorded = self.recorded, []
        return recorded

    def turn(self) -> None:
        """Hand over, hear what happened, record it, and release what is ready."""
        now = self._steering.timer()
        if self._give_up_at is None:
            self._hand_over(now)
        heard = self._sink.turn(self._wait(now))
        clock = self._steering.clock()
        self._judge(heard.receipts, clock)
        ready = heard.ready if self._give_up_at is None else ()
        self._record(ready, clock)
        if ready:
            self._released.update({parcel.key: parcel for parcel in ready})
            self._sink.release(ready)

    def leave(self) -> None:
        """End it: account for what was released, and give back what was not."""
        clock = self._steering.clock()
        is_unfinished = self._in_hand or len(self._backlog)
        try:
            if self._in_hand:
                self._judge(self._sink.halt().receipts, clock)
            lost = [Entry(parcel, _LOST) for parcel in self._released.values()]
            self._ended += lost
            self._released.clear()
            self._record((), clock)
            if is_unfinished:
                self._ledger.give_back(clock)
            self._settle_bounces(clock)
        finally:
            self._source.close()

    def _settle_bounces(self, clock: int) -> None:
        """Believe that those are gone who are said to be, or that it is the wrong server.

        A run that went to its end believes it: the last address may well be wrong.
        """
        is_cut_short = self.failure is not None or self._give_up_at is not None
        if is_cut_short and self._alarm.doubts_server():
            self._ledger.take_back(clock)
        else:
            self._ledger.believe(clock)

    def _is_busy(self) -> bool:
        """Whether there is something to do now, or to wait for."""
        if self._in_hand or self._ended or len(self._backlog):
            return True
        return self._source.goes_on(self._steering.clock())

    def _stop(self) -> None:
        """Begin nothing new from now on."""
        if self._give_up_at is None:
            self._give_up_at = self._steering.timer() + GRACE

    def _hand_over(self, now: float) -> None:
        """Give the sink as many parcels as it has room for and the pace allows."""
        room = self._sink.room()
        count = self._pace.allowance(now, room) if room > 0 else 0
        if count <= 0:
            return
        taken = self._give(count, now)
        if self._backlog.wants_more():
            self._claim(self._source.next(self._steering.clock()))
            self._give(count - taken, now)

    def _give(self, count: int, now: float) -> int:
        """Give the sink up to so many of the backlog, and say how many those were.

        All of them before another page is asked for, which may fail.
        """
        parcels = self._backlog.take(count, now)
        if parcels:
            self._pace.spend(len(parcels), now)
            self._in_hand += len(parcels)
            self._sink.take(parcels)
        return len(parcels)

    def _claim(self, batch: Batch | None) -> None:
        """Record that a page of people is taken up, and queue their parcels."""
        if batch is None:
            return
        self._ledger.name_choices(batch.choices)
        if batch.skipped:
            self._ledger.skip(batch.skipped)
        if claimed := [*batch.parcels, *(parcel for parcel, _ in batch.refused)]:
            self._ledger.claim(claimed, self._steering.clock())
        self._backlog.add(batch.parcels)
        self._ended += [Entry(parcel, receipt) for parcel, receipt in batch.refused]

    def _wait(self, now: float) -> float:
        """Seconds that the sink may take until there is something else to do."""
        if self._give_up_at is not None:
            return min(max(self._give_up_at - now, 0.0), LONGEST_TURN)
        if self._ended or not self._is_busy():
            return 0.0
        if self._sink.room() <= 0:
            return LONGEST_TURN
        wait = self._backlog.wait(now)
        if self._backlog.wants_more():
            wait = min(wait, self._source.wait(self._steering.clock()))
        return min(max(wait, self._pace.wait(now)), LONGEST_TURN)

    def _record(self, ready: Sequence[Parcel], clock: int) -> None:
        """Record who is let go now, and how others ended."""
        if ready or self._ended:
            self._ledger.record(ready, self._ended, clock)
            self.recorded += self._ended
            self._ended = []

    def _judge(self, receipts: Sequence[tuple[Parcel, Receipt]], clock: int) -> None:
        """Decide what each answer means, for the delivery and for the run."""
        if not receipts:
            return
        self._in_hand -= len(receipts)
        for parcel, _ in receipts:
            self._released.pop(parcel.key, None)
        answers = entries_of(receipts, clock, self._steering.policy)
        accepted = Outcome.ACCEPTED
        troubled = [entry for entry in answers if entry.receipt.outcome is not accepted]
        if troubled:
            self._heed(answers)
        else:
            self._alarm.accepted(len(answers))
        if troubled or self._pace.has_suspects:
            self._pace.answered(receipts, self._steering.timer())
        self._ended += answers

    def _heed(self, answers: Sequence[Entry]) -> None:
        """Take in answers that are not all good."""
        for entry in answers:
            if entry.due:
                self._source.put_off(entry.due)
        if (failure := self._alarm.hear(answers)) and self.failure is None:
            self.failure = failure
            self._stop()
