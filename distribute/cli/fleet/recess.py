"""What a worker does after a batch that ended early: tell why, and take a rest.

Whom only the mail server has failed rests for seconds. Who may be alone with its trouble
steps back from the campaign, so that others have the work, for a while that grows.
"""

from collections import Counter
from collections.abc import Callable
from time import monotonic, sleep
from typing import Protocol

from distribute.audience.database.database import explained
from distribute.campaign.fleet import setback
from distribute.campaign.fleet.batch import BatchId
from distribute.campaign.fleet.work import Bench, Concern, concern_of
from distribute.cli.fleet.rest import Rest
from distribute.errors import AudienceError, DistributeError

STEPS = (15.0, 300.0)
"""Seconds for which a worker steps back the first time, and at most; they double."""
_LOOK = 1.0
"""Seconds between two looks whether somebody resumed the campaign."""
_TICK = 0.1
"""Seconds after which somebody who says stop is heard at the latest."""
_SEQUELS = {
    Concern.BATCH: "it goes on there",
    Concern.SERVER: "it comes up again in {seconds} s",
    Concern.CAMPAIGN: "the campaign is paused, for somebody has to see to it",
}
"""What comes of it that a batch ended early."""


class Say(Protocol):
    """Tells something of a batch."""

    def __call__(self, words: str, batch: BatchId | None, **facts: object) -> None:
        """Tell it."""
        ...


class Recess:
    """Rests after failures, longer and longer, until something works again."""

    def __init__(self, bench: Bench, say: Say) -> None:
        """Take where the worker works, and what tells of it."""
        self._bench = bench
        self._say = say
        self._rest = Rest()
        self._times: Counter[int] = Counter()
        """How often in a row it stepped back, by the number of the campaign."""

    def after(
        self,
        batch: BatchId,
        failure: DistributeError,
        should_stop: Callable[[], bool],
    ) -> None:
        """Take the rest that a failure asks for."""
        concern = concern_of(failure)
        if concern is Concern.WORKER:
            self._step_back(batch, failure, should_stop)
            return
        sequel = _SEQUELS[concern].format(seconds=self._bench.pause // 1000)
        said = f"{failure.reason}; {sequel}"
        self._say(said, batch, kind=type(failure).__name__, hint=failure.hint)
        if concern is not Concern.BATCH:
            self._rest.take(should_stop)

    def is_over(self, batch: BatchId) -> None:
        """Note that somebody was served, so nothing keeps this worker from it."""
        self._rest.is_over()
        if self._times.pop(batch.campaign, 0):
            self._write(
                lambda: setback.recover(
                    self._bench.connection, self._bench.name, batch.campaign
                )
            )
            self._say("this worker sends again", batch)

    def _step_back(
        self,
        batch: BatchId,
        failure: DistributeError,
        should_stop: Callable[[], bool],
    ) -> None:
        self._times[batch.campaign] += 1
        times = self._times[batch.campaign]
        seconds = min(STEPS[0] * 2 ** min(times - 1, 20), STEPS[1])
        said = f"{failure.reason}; this worker steps back for {seconds:.0f} s"
        facts = {"kind": type(failure).__name__, "hint": failure.hint}
        self._say(f"{said}. {failure.hint}".strip(), batch, **facts)

        def note() -> None:
            if setback.step_back(
                self._bench.connection,
                self._bench.name,
                batch.campaign,
                reason=failure.reason,
                times=times,
                wait=round(seconds * 1000),
            ):
                self._say("no worker gets through: the campaign is paused", batch)

        self._write(note)
        self._wait(batch.campaign, seconds, should_stop)

    def _wait(
        self, campaign: int, seconds: float, should_stop: Callable[[], bool]
    ) -> None:
        """Take nothing in hand, until the time is over or somebody says go on, or stop."""
        until, look_at = monotonic() + seconds, monotonic() + _LOOK
        while monotonic() < until and not should_stop():
            sleep(_TICK)
            if monotonic() >= look_at:
                look_at = monotonic() + _LOOK
                if not self._stands(campaign):
                    del self._times[campaign]
                    return

    def _stands(self, campaign: int) -> bool:
        """Tell whether it does, as far as the database tells."""
        try:
            with explained(self._bench.place):
                return setback.has_stepped_back(
                    self._bench.connection, self._bench.name, campaign
                )
        except AudienceError:
            return True

    def _write(self, act: Callable[[], None]) -> None:
        def explain() -> None:
            with explained(self._bench.place):
                act()

        self._bench.outlast(explain)
