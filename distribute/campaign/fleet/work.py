"""Carry out batches, with the same engine that sends on one machine."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol

from distribute.audience.database.database import explained
from distribute.audience.database.place import Place
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.campaign import Entry, Sink
from distribute.campaign.fleet import control, hold
from distribute.campaign.fleet.batch import BatchId, FrozenState, Hold
from distribute.campaign.fleet.fence import fenced
from distribute.campaign.fleet.fenced import FencedLedger
from distribute.campaign.fleet.portion import Portion
from distribute.campaign.run.page import Desk
from distribute.campaign.run.run import Haste, Steering, run
from distribute.errors import (
    AwayError,
    BusyError,
    DeliveryError,
    DistributeError,
    LockedError,
    NobodyKnownError,
    PolicyRefusalError,
    TransientDeliveryError,
)

_CLAIM_UNCERTAIN = "SELECT claim_uncertain_of(?, ?, ?, ?, ?, ?)"
_LOOK = 2_000
"""Milliseconds between two looks whether the campaign was paused or cancelled."""


class Concern(Enum):
    """Whom it concerns that a batch ended early."""

    BATCH = "batch"
    """It is in other hands."""
    SERVER = "server"
    """The mail server does not work for now, whoever asks it."""
    WORKER = "worker"
    """Maybe this one alone: its login is refused, its settings are not as elsewhere."""
    CAMPAIGN = "campaign"
    """It is refused, whoever sends it; somebody has to see to it."""


class Workshop(Protocol):
    """What a worker has at hand for one campaign."""

    @property
    def desk(self) -> Desk:
        """Writes its messages; its choices are `DecidedChoices`."""
        ...

    @property
    def sink(self) -> Sink:
        """Where they go; stays open from batch to batch."""
        ...

    def discard(self) -> None:
        """Close the sink, which is in no state to go on; another is opened next time."""
        ...

    def steering(self, haste: Callable[[], Haste]) -> Steering:
        """Say what directs a run."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where one worker works."""

    place: Place
    connection: PostgresConnection
    name: str
    """Of the worker: ``host:pid``."""
    clock: Callable[[], int]
    """Gives milliseconds since 1970."""
    today: Callable[[], date]
    """Gives the day in the newsletter's time zone."""
    outlast: Callable[[Callable[[], None]], None]
    """Goes through with what is to be written, as long as the database is away."""
    tell: Callable[[Hold, Sequence[Entry]], None]
    """Hears how deliveries ended."""
    haste: Callable[[], Haste] = lambda: Haste.NONE
    """Says whether to stop, and whether at once."""
    pause: int = 15_000
    """Milliseconds until a batch comes up again whose server did not answer."""


def carry_out(
    bench: Bench,
    workshop: Callable[[int], Workshop],
    errand: tuple[BatchId, int],
    should_stop: Callable[[], bool],
) -> DistributeError | None:
    """Carry out a batch, given with the job that leads to it, as far as it goes.

    Gives what ended it early; see `concern_of`. Raises `AwayError` when the database
    is away for longer than `Bench.outlast` bears; then somebody takes the batch up who has
    it.
    """
    batch, job = errand
    with explained(bench.place):
        held = hold.take(bench.connection, batch, job, by=bench.name, now=bench.clock())
    if held is None:
        return None
    try:
        shop = workshop(batch.campaign)
        _ = shop.sink  # is opened, which asks for its password
    except BusyError:
        raise
    except DistributeError as error:  # a key is missing here, a version is another
        with suppress(LockedError):  # somebody else has taken it meanwhile
            _let_go(bench, held, error, is_stopped=False)
        return error
    return _carry_out_at(bench, shop, held, should_stop)


def concern_of(failure: DistributeError) -> Concern:
    """Tell whom it concerns that a batch ended early, by what it ended with."""
    match failure:
        case LockedError():
            return Concern.BATCH
        case NobodyKnownError() | PolicyRefusalError():
            return Concern.CAMPAIGN
        case TransientDeliveryError():
            return Concern.SERVER
        case _:
            return Concern.WORKER


def _carry_out_at(
    bench: Bench, shop: Workshop, held: Hold, should_stop: Callable[[], bool]
) -> DistributeError | None:
    heed = _Heed(bench, held, should_stop)
    failure: DistributeError | None = None
    try:
        failure = _serve(bench, shop, held, heed)
        _let_go(bench, held, failure, is_stopped=heed())
    except LockedError as error:
        failure = error
    except BaseException:
        shop.discard()
        raise
    if failure is not None:
        shop.discard()
    return failure


class _Heed:
    """Tells whether to stop: the worker, or the campaign."""

    def __init__(
        self, bench: Bench, held: Hold, should_stop: Callable[[], bool]
    ) -> None:
        self._bench = bench
        self._held = held
        self._should_stop = should_stop
        self._next_look = 0
        self._is_over = False

    def __call__(self) -> bool:
        """Look from time to time whether the campaign is still going."""
        now = self._bench.clock()
        if not self._is_over and now >= self._next_look:
            self._next_look = now + _LOOK
            with suppress(AwayError), explained(self._bench.place):
                campaign = self._held.batch.campaign
                state = control.state_of(self._bench.connection, campaign)
                self._is_over = state is not FrozenState.GOING
        is_asked = self._bench.haste() is not Haste.NONE
        return self._is_over or is_asked or self._should_stop()


def _serve(
    bench: Bench, shop: Workshop, held: Hold, should_stop: Callable[[], bool]
) -> DeliveryError | None:
    """Send to everybody in the batch; gives what ended that early."""
    with explained(bench.place):
        _take_up_uncertain(bench, held)
        people = hold.people(bench.connection, held, now=bench.clock())
    portion = Portion(people, shop.desk, bench.today())
    ledger = FencedLedger(
        bench.place,
        bench.connection,
        held,
        portion.numbers,
        by=f"worker {bench.name}",
        outlast=bench.outlast,
    )

    def haste() -> Haste:
        if bench.haste() is Haste.HALT:
            return Haste.HALT
        return Haste.STOP if should_stop() else Haste.NONE

    steering = shop.steering(haste)
    try:
        for entries in run(portion, shop.sink, ledger, steering):
            bench.tell(held, entries)
    except DeliveryError as error:
        return error
    return None


def _take_up_uncertain(bench: Bench, held: Hold) -> None:
    """Claim those once more who may have it from a worker before, if that is wanted."""
    named = (*held.batch, held.fence, bench.clock(), held.first, held.last)
    with fenced():
        bench.connection.execute(_CLAIM_UNCERTAIN, named).fetchone()


def _let_go(
    bench: Bench, held: Hold, failure: DistributeError | None, *, is_stopped: bool
) -> None:
    """Say what becomes of the batch, as long as it takes.

    Where only this worker may have failed, others go on with it at once.
    """
    connection, now = bench.connection, bench.clock()
    concern = concern_of(failure) if failure else None
    wait = 0 if concern in {None, Concern.WORKER} else bench.pause

    def finish() -> None:
        with explained(bench.place):
            if failure is None and not is_stopped:
                hold.finish(connection, held, now=now, today=bench.today())
                return
            hold.hand_back(connection, held, wait=wait)

    bench.outlast(finish)
    if failure and concern is Concern.CAMPAIGN:
        with explained(bench.place):
            control.pause(connection, held.batch.campaign, alarm=failure.reason)
