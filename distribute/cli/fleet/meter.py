"""Count what a worker does, for the roll and for metrics; from any thread."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from distribute.campaign.campaign import Entry, Outcome
from distribute.campaign.fleet.batch import BatchId, Hold
from distribute.campaign.fleet.roll import Share

_MINUTE = 60.0


@dataclass(slots=True)
class Course:
    """What became of one batch in this worker's hands, so far."""

    batch: BatchId
    ended: Counter[Outcome] = field(default_factory=Counter)
    is_taken: bool = False
    """Whether it was taken in hand at all; somebody else may have done so."""
    seconds: float = 0.0


@dataclass(slots=True)
class _Work:
    """What was done for one campaign."""

    batches: int = 0
    ended: Counter[Outcome] = field(default_factory=Counter)
    recent: deque[tuple[float, int]] = field(default_factory=deque)
    """When so many attempts ended, of late."""

    def share(self, now: float) -> Share:
        while self.recent and self.recent[0][0] < now - _MINUTE:
            self.recent.popleft()
        return Share(
            batches=self.batches,
            ended=dict(self.ended),
            recent=sum(count for _, count in self.recent),
        )


class Meter:
    """What a worker has done since it began, and what it has in hand."""

    def __init__(self, timer: Callable[[], float] = monotonic) -> None:
        """Take seconds that only ever grow."""
        self._timer = timer
        self._lock = Lock()
        self._works: dict[int, _Work] = {}
        self.course: Course | None = None
        """The batch that is in hand."""
        self.is_database_up = True
        """Whether it was when a sign of life was last given."""
        self.uncertain = 0
        """Deliveries of all campaigns of workers that wait for a decision."""
        self.on_batch: Callable[[float], object] = lambda _seconds: None
        """Is told how many seconds a batch took."""

    @contextmanager
    def working_on(self, batch: BatchId) -> Iterator[Course]:
        """Have a batch in hand, if nobody else has it."""
        began = self._timer()
        self.course = course = Course(batch)
        try:
            yield course
        finally:
            self.course = None
            course.seconds = self._timer() - began
            if course.is_taken:
                with self._lock:
                    self._work(batch.campaign).batches += 1
                self.on_batch(course.seconds)

    def heard(self, held: Hold, entries: Sequence[Entry]) -> None:
        """Take in how deliveries ended."""
        ended = Counter(entry.receipt.outcome for entry in entries)
        with self._lock:
            work = self._work(held.batch.campaign)
            work.ended += ended
            second = float(int(self._timer()))
            if work.recent and work.recent[-1][0] == second:
                _, before = work.recent.pop()
                work.recent.append((second, before + len(entries)))
            else:
                work.recent.append((second, len(entries)))
        if self.course is not None:
            self.course.ended += ended

    def shares(self) -> Mapping[int, Share]:
        """Say what was done, by campaign."""
        now = self._timer()
        with self._lock:
            return {number: work.share(now) for number, work in self._works.items()}

    def _work(self, campaign: int) -> _Work:
        return self._works.setdefault(campaign, _Work())
