"""Write down what becomes of claimed deliveries, many at a time.

All of it happens within the sender's transaction, or in one statement. Each delivery is
found by its number, and that it was is told from how many rows have changed.
"""

from collections.abc import Mapping, Sequence
from typing import NoReturn

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import engine_of
from distribute.campaign.campaign import Entry, Outcome, Parcel, Receipt, Stage, State
from distribute.campaign.custody.handed import last_number
from distribute.campaign.custody.lock import SenderLock
from distribute.campaign.ledger.writing import Ended, RowWriter, Writer
from distribute.errors import PlanError

_STATE = "SELECT state, attempt FROM delivery WHERE campaign = ? AND key = ?"

_OPEN = (State.CLAIMED, State.STARTED)
"""What can end: a refusal may come before anything of the message is let go."""
_TROUBLED = (State.DEFERRED, State.REJECTED, State.UNCERTAIN)
"""What can be claimed once more, if as many attempts were made as was believed."""
_UNKNOWN = ""


class Claims:
    """The deliveries of one campaign that this sender has in hand.

    Raises `PlanError` where the ledger has them otherwise than the caller believes; the
    whole transaction is undone then.
    """

    def __init__(self, connection: Connection, lock: SenderLock, campaign: int) -> None:
        self.lock = lock
        self.campaign = campaign
        """Its number in the tables."""
        self.numbers: dict[str, int] = {}
        """Of the deliveries in hand, by `Mailbox.key`: the caller adds and takes out,
        once a transaction has succeeded."""
        self._connection = connection
        self._writer = writer_of(connection)

    def claim(self, parcels: Sequence[Parcel], now: int) -> Mapping[str, int]:
        """Claim deliveries, and give their numbers."""
        fresh = [parcel for parcel in parcels if not parcel.attempt]
        numbers = self._claim_fresh(fresh, now)
        if len(fresh) < len(parcels):
            tried = [parcel for parcel in parcels if parcel.attempt]
            numbers.update(self._claim_again(tried, now))
        return numbers

    def latest(self, parcels: Sequence[Parcel]) -> int:
        """Give the highest number among these; 0 if none of them is in hand."""
        return max(self.numbers.get(parcel.key, 0) for parcel in parcels)

    def start(self, parcels: Sequence[Parcel], now: int) -> None:
        """Record that these may leave from now on."""
        try:
            numbers = sorted([self.numbers[parcel.key] for parcel in parcels])
        except KeyError as error:
            raise _not_in_hand(error) from None
        if self._writer.start(numbers, now) != len(numbers):
            self._complain(parcels, (State.CLAIMED,))

    def end(self, entries: Sequence[Entry], now: int) -> Sequence[Entry]:
        """Record how these ended; gives those that took another course than most."""
        numbers, accepted, at_end = self.numbers, Outcome.ACCEPTED, Stage.END
        try:
            rows = [
                (code, enhanced, text, now, numbers[parcel.key])
                for parcel, (outcome, code, enhanced, text, stage), _ in entries
                if outcome is accepted and stage is at_end
            ]
            others = (
                self._end_otherwise(entries, now) if len(rows) < len(entries) else ()
            )
        except KeyError as error:
            raise _not_in_hand(error) from None
        if rows and self._writer.accept(rows) != len(rows):
            self._complain([entry.parcel for entry in entries], _OPEN)
        return others

    def _end_otherwise(self, entries: Sequence[Entry], now: int) -> Sequence[Entry]:
        others = [entry for entry in entries if not _is_usual(entry.receipt)]
        rows = [_row(entry, now, self.numbers[entry.parcel.key]) for entry in others]
        if self._writer.end(rows) != len(rows):
            self._complain([entry.parcel for entry in entries], _OPEN)
        return others

    @property
    def knows_short_way(self) -> bool:
        """Whether the engine may record a turn by `record_at_once`."""
        return self._writer.knows_short_way

    def record_at_once(
        self, started: Sequence[Parcel], ended: Sequence[Entry], now: int
    ) -> bool:
        """Record a turn, outside of any transaction, and tell whether it was.

        It was not, and nothing was, where there is anything unusual about it.
        """
        held, numbers = self.lock.held, self.numbers
        if held is None or self.lock.is_quiet(now):
            return False
        try:
            may_leave = [numbers[parcel.key] for parcel in started]
            rows = [_row(entry, now, numbers[entry.parcel.key]) for entry in ended]
        except KeyError as error:
            raise _not_in_hand(error) from None
        return self._writer.record(held, may_leave, rows, now)

    def _claim_fresh(self, parcels: Sequence[Parcel], now: int) -> dict[str, int]:
        last, campaign = last_number(self._connection), self.campaign
        rows = [
            (number, campaign, p.key, now, p.choice, now, p.id, p.address)
            for number, p in enumerate(parcels, last + 1)
        ]
        if self._writer.claim(rows) != len(rows):
            self._complain(parcels, (_UNKNOWN,))
        return {row[2]: row[0] for row in rows}

    def _claim_again(self, parcels: Sequence[Parcel], now: int) -> dict[str, int]:
        known = [(self.campaign, p.key, p.attempt) for p in parcels]
        if self._writer.put_aside(known) != len(parcels):
            self._complain(parcels, _TROUBLED)
        return self._writer.claim_again(
            [(now, p.choice, p.id, p.address, self.campaign, p.key) for p in parcels]
        )

    def _complain(self, parcels: Sequence[Parcel], expected: Sequence[str]) -> NoReturn:
        """Find out, as it was before the transaction, which delivery is the culprit."""
        self._connection.rollback()
        for parcel in parcels:
            name = (self.campaign, parcel.key)
            row = self._connection.execute(_STATE, name).fetchone() or (_UNKNOWN, 0)
            if row[0] not in expected or parcel.attempt > row[1]:
                raise PlanError(
                    f"delivery {parcel.id} to {parcel.address} is"
                    f" {row[0] or 'not'} in the ledger",
                    hint="Plan again: the ledger has changed.",
                )
        raise PlanError(
            "a delivery was to be recorded twice, or has been tried meanwhile",
            hint="Plan again: the ledger has changed.",
        )


def writer_of(connection: Connection) -> Writer:
    """Choose by the engine."""
    if engine_of(connection) == "sqlite":
        return RowWriter(connection)
    from distribute.campaign.ledger.recordsets import writer_on

    return writer_on(connection)


def _is_usual(receipt: Receipt) -> bool:
    return receipt.outcome is Outcome.ACCEPTED and receipt.stage is Stage.END


def _row(entry: Entry, now: int, number: int) -> Ended:
    """Write how a delivery of this number ended as the table has it."""
    outcome, code, enhanced, text, stage = entry.receipt
    due = _due(outcome, entry.due, now)
    return outcome.value, code, enhanced, text, stage.value, due, now, number


def _due(outcome: Outcome, due: int, now: int) -> int | None:
    """Say when somebody is tried again by itself, as the table has it."""
    if outcome is Outcome.DEFERRED:
        return due or now
    return None if outcome is Outcome.ACCEPTED else 0


def _not_in_hand(key: KeyError) -> PlanError:
    return PlanError(
        f"the delivery to {key.args[0]} was not claimed, or is over",
        hint="Plan again: the ledger has changed.",
    )
