"""Keep a sender's account, however long the database goes away in between.

Where it goes away just as something is committed, nobody hears whether that was done. So
before anything is written once more it is looked up, by whoever still has the lock.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Protocol, TypeVar

from distribute.audience.database.database import explained, transaction
from distribute.campaign.campaign import Entry, Parcel, State
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.ledger.recovery import undo

_STANDING = "SELECT number, state FROM delivery WHERE campaign = ? AND key = ?"
_OPEN = (State.CLAIMED, State.STARTED)


Answer = TypeVar("Answer")


class Outlast(Protocol):
    """Goes through with something that comes to the same if it is done twice."""

    def __call__(self, act: Callable[[], Answer]) -> Answer:
        """Do it, as often as it takes; raises `AwayError` if it gives up."""
        ...


def once(act: Callable[[], Answer]) -> Answer:
    """Do it once, for whoever waits for no database."""
    return act()


class PatientLedger:
    """Implements `distribute.campaign.campaign.Ledger` for one that may be away at times.

    Raises `LockedError` if another sender has taken the campaign over by the time the
    database is back: nothing is let go then.
    """

    def __init__(self, ledger: SqliteLedger, outlast: Outlast) -> None:
        self._ledger = ledger
        self._outlast = outlast

    def name_choices(self, choices: Mapping[int, tuple[str, str]]) -> None:
        """Record what numbers of choices stand for."""
        self._outlast(lambda: self._ledger.name_choices(choices))

    def claim(self, parcels: Sequence[Parcel], now: int) -> None:
        """Claim deliveries, all or none."""
        attempts = count()

        def claim() -> None:
            if next(attempts):
                self._free(parcels)
            self._ledger.claim(parcels, now)

        self._outlast(claim)

    def record(
        self, started: Sequence[Parcel], ended: Sequence[Entry], now: int
    ) -> None:
        """Record what a turn brought, all or nothing."""
        attempts = count()

        def record() -> None:
            if next(attempts) and self._is_recorded(started, ended):
                return
            self._ledger.record(started, ended, now)

        self._outlast(record)

    def believe(self, now: int) -> None:
        """Let the bounces of this run stand."""
        self._outlast(lambda: self._ledger.believe(now))

    def take_back(self, now: int) -> None:
        """Undo the recent bounces of this run."""
        self._outlast(lambda: self._ledger.take_back(now))

    def skip(self, people: Sequence[tuple[str, str, int]]) -> None:
        """Record who was passed over."""
        self._outlast(lambda: self._ledger.skip(people))

    def give_back(self, now: int) -> None:
        """Undo the claims that never began."""
        self._outlast(lambda: self._ledger.give_back(now))

    def _free(self, parcels: Sequence[Parcel]) -> None:
        """Undo what may have come of claiming these; nobody else can have claimed them."""
        with explained(self._ledger.place), transaction(self._ledger.connection):
            self._ledger.prove()
            found = [self._standing(parcel) for parcel in parcels]
            undo(
                self._ledger.connection,
                [number for number, state in found if state == State.CLAIMED],
            )

    def _is_recorded(self, started: Sequence[Parcel], ended: Sequence[Entry]) -> bool:
        """Tell whether a turn is on record: one delivery tells it of all."""
        with explained(self._ledger.place), transaction(self._ledger.connection):
            self._ledger.prove()
            if started:
                return self._standing(started[0])[1] == State.STARTED
            return bool(ended) and self._standing(ended[0].parcel)[1] not in _OPEN

    def _standing(self, parcel: Parcel) -> tuple[int, str]:
        """Give the number of a delivery and where it stands; zero if there is none."""
        key = (self._ledger.number, parcel.key)
        row = self._ledger.connection.execute(_STANDING, key).fetchone()
        return row or (0, "")
