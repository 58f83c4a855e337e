"""Write down what becomes of claimed deliveries, many at a time.

All of it happens within the sender's transaction. Each statement runs once per delivery,
several ten thousand times a second: so it finds its row by number, that it did is told
from how many rows have changed, and what is usual has a statement of its own.
"""

from collections.abc import Mapping, Sequence
from typing import NoReturn

from distribute.audience.database.connection import Connection
from distribute.campaign.campaign import Entry, Outcome, Parcel, Receipt, Stage, State
from distribute.campaign.custody.handed import last_number
from distribute.campaign.custody.lock import SenderLock
from distribute.errors import PlanError

_CLAIM = """
    INSERT INTO delivery (number, campaign, key, state, attempt, opened, choice,
                          since, id, address, code, enhanced, text, stage)
    VALUES (?, ?, ?, 'claimed', 1, ?, ?, ?, ?, ?, 0, '', '', '')
    ON CONFLICT DO NOTHING
"""
_PUT_ASIDE = """
    INSERT INTO earlier_attempt (delivery, attempt, outcome, opened, closed, due, choice,
                                 id, code, enhanced, text, stage)
    SELECT number, attempt, state, opened, closed, due, choice,
           id, code, enhanced, text, stage
    FROM delivery WHERE campaign = ? AND key = ? AND attempt = ?
    AND state IN ('deferred', 'rejected', 'uncertain')
    ON CONFLICT DO NOTHING
"""
_CLAIM_AGAIN = """
    UPDATE delivery SET state = 'claimed', attempt = attempt + 1, opened = ?,
        closed = NULL, due = NULL, choice = ?, id = ?, address = ?,
        code = 0, enhanced = '', text = '', stage = ''
    WHERE campaign = ? AND key = ? RETURNING number
"""
_START = """
    UPDATE delivery SET state = 'started', opened = ?
    WHERE number = ? AND state = 'claimed'
"""
_START_RUN = """
    UPDATE delivery SET state = 'started', opened = ?
    WHERE number BETWEEN ? AND ? AND state = 'claimed'
"""
_ACCEPT = """
    UPDATE delivery SET state = 'accepted', code = ?, enhanced = ?, text = ?,
        stage = 'end', closed = ?
    WHERE number = ? AND state IN ('started', 'claimed')
"""
_END = """
    UPDATE delivery SET state = ?, code = ?, enhanced = ?, text = ?, stage = ?,
        due = ?, closed = ?
    WHERE number = ? AND state IN ('started', 'claimed')
"""
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
        self._cursor = connection.cursor()

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
        if self._start_all(numbers, now) != len(numbers):
            self._complain(parcels, (State.CLAIMED,))

    def _start_all(self, numbers: Sequence[int], now: int) -> int:
        """Start these, in one stroke where they are in a row; gives how many did."""
        first, last = numbers[0], numbers[-1]
        if numbers == list(range(first, last + 1)):
            return self._cursor.execute(_START_RUN, (now, first, last)).rowcount
        rows = [(now, number) for number in numbers]
        return self._cursor.executemany(_START, rows).rowcount

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
        if self._cursor.executemany(_ACCEPT, rows).rowcount != len(rows):
            self._complain([entry.parcel for entry in entries], _OPEN)
        return others

    def _end_otherwise(self, entries: Sequence[Entry], now: int) -> Sequence[Entry]:
        others = [entry for entry in entries if not _is_usual(entry.receipt)]
        rows = [
            (
                *(str(outcome), code, enhanced, text, str(stage)),
                *(_due(outcome, due, now), now, self.numbers[parcel.key]),
            )
            for parcel, (outcome, code, enhanced, text, stage), due in others
        ]
        if self._cursor.executemany(_END, rows).rowcount != len(rows):
            self._complain([entry.parcel for entry in entries], _OPEN)
        return others

    def _claim_fresh(self, parcels: Sequence[Parcel], now: int) -> dict[str, int]:
        last, campaign = last_number(self._connection), self.campaign
        rows = [
            (number, campaign, p.key, now, p.choice, now, p.id, p.address)
            for number, p in enumerate(parcels, last + 1)
        ]
        if self._cursor.executemany(_CLAIM, rows).rowcount != len(rows):
            self._complain(parcels, (_UNKNOWN,))
        return {row[2]: row[0] for row in rows}

    def _claim_again(self, parcels: Sequence[Parcel], now: int) -> dict[str, int]:
        known = [(self.campaign, p.key, p.attempt) for p in parcels]
        if self._cursor.executemany(_PUT_ASIDE, known).rowcount != len(parcels):
            self._complain(parcels, _TROUBLED)
        numbers = {}
        for p in parcels:
            row = (now, p.choice, p.id, p.address, self.campaign, p.key)
            ((numbers[p.key],),) = self._cursor.execute(_CLAIM_AGAIN, row).fetchall()
        return numbers

    def _complain(self, parcels: Sequence[Parcel], expected: Sequence[str]) -> NoReturn:
        """Find out, as it was before the transaction, which delivery is the culprit."""
        self._connection.rollback()
        for parcel in parcels:
            name = (self.campaign, parcel.key)
            row = self._cursor.execute(_STATE, name).fetchone() or (_UNKNOWN, 0)
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


def _is_usual(receipt: Receipt) -> bool:
    return receipt.outcome is Outcome.ACCEPTED and receipt.stage is Stage.END


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
