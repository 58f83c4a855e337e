"""Keep the account of one batch for a run, as long as it is in this worker's hands."""

from collections.abc import Callable, Mapping, Sequence

from distribute.audience.database.connection import Parameters
from distribute.audience.database.database import (
    explained,
    from_milliseconds,
    transaction,
)
from distribute.audience.database.place import Place
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Entry, Outcome, Parcel
from distribute.campaign.fleet.batch import Hold
from distribute.campaign.fleet.fence import begun, fenced, prove
from distribute.campaign.ledger import passed_over
from distribute.campaign.ledger.recovery import undo
from distribute.campaign.verdict import is_gone
from distribute.errors import PlanError

_RECORD = """
    SELECT record_turn(?, ?, ?, ?, CAST(? AS BIGINT[]),
        CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS INTEGER[]),
        CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS BIGINT[]))
"""
_CLAIM_AGAIN = """
    SELECT claim_again(?, ?, ?, ?, CAST(? AS BIGINT[]), CAST(? AS INTEGER[]))
"""
_UNBELIEVED = """
    SELECT key FROM delivery WHERE campaign + 0 = ? AND number BETWEEN ? AND ? AND due = -1
"""
_BELIEVE = """
    UPDATE delivery SET due = 0
    WHERE campaign + 0 = ? AND number BETWEEN ? AND ? AND due = -1
"""
_TAKE_BACK = """
    UPDATE delivery SET state = 'deferred', due = ?
    WHERE campaign + 0 = ? AND number BETWEEN ? AND ? AND due = -1
"""
_UNBELIEVED_DUE = -1
"""Stands for a mailbox of which one server says that it is gone; see `believe`."""
_NAME = "INSERT INTO choice (number, language, reason) VALUES (?, '', ?) ON CONFLICT DO NOTHING"


class FencedLedger:
    """Implements `distribute.campaign.campaign.Ledger` for one batch.

    Everybody in it was claimed when it was cut, so a claim is only written for those who
    are tried again. Raises `LockedError` once the batch is in other hands; nothing was
    written then. `outlast` is asked to go through with whatever is written: it may try
    again as long as the database is away, for doing it twice is doing it once.
    """

    def __init__(
        self,
        place: Place,
        connection: PostgresConnection,
        hold: Hold,
        numbers: Mapping[str, int],
        *,
        by: str,
        outlast: Callable[[Callable[[], None]], None],
    ) -> None:
        """Take the numbers of the deliveries by `Mailbox.key`, and who it is that works."""
        self._place = place
        self._connection = connection
        self._hold = hold
        self._numbers = numbers
        self._by = by
        self._outlast = outlast
        self._whose = (*hold.batch, hold.fence)
        self._range = hold.stretch

    def name_choices(self, choices: Mapping[int, tuple[str, str]]) -> None:
        """Record why somebody gets nothing; the others were named when it was cut."""
        reasons = [(number, why) for number, (tag, why) in choices.items() if not tag]

        def name() -> None:
            self._connection.executemany(_NAME, reasons)

        if reasons:
            self._go_through_with(name)

    def claim(self, parcels: Sequence[Parcel], now: int) -> None:
        """Claim those again who were tried before."""
        tried = [parcel for parcel in parcels if parcel.attempt]
        if tried:
            numbers = [self._number(parcel) for parcel in tried]
            attempts = [parcel.attempt for parcel in tried]
            self._write(_CLAIM_AGAIN, (*self._whose, now, numbers, attempts))

    def record(
        self, started: Sequence[Parcel], ended: Sequence[Entry], now: int
    ) -> None:
        """Record what a turn brought, in one statement."""
        if not (started or ended):
            return
        numbers = [self._number(parcel) for parcel in started]
        columns = _columns(ended, [self._number(entry.parcel) for entry in ended])
        self._write(_RECORD, (*self._whose, now, numbers, *columns))

    def believe(self, now: int) -> None:
        """Take those off the list whose mailbox is gone."""

        def let_go() -> None:
            with transaction(self._connection), fenced():
                prove(self._connection, self._hold)
                rows = self._connection.execute(_UNBELIEVED, self._range).fetchall()
                store = Store.sharing(self._place, self._connection)
                at = from_milliseconds(now)
                store.let_go([k for (k,) in rows], Status.BOUNCED, by=self._by, now=at)
                self._connection.execute(_BELIEVE, self._range)

        if self._has_unbelieved():
            self._go_through_with(let_go)

    def take_back(self, now: int) -> None:
        """Put those off whose mailbox is said to be gone: it may be the wrong server."""

        def put_off() -> None:
            with begun(self._connection):
                prove(self._connection, self._hold)
                self._connection.execute(_TAKE_BACK, (now, *self._range))

        self._go_through_with(put_off)

    def skip(self, people: Sequence[tuple[str, str, int]]) -> None:
        """Record who gets nothing any more, and that they were never tried."""

        def note() -> None:
            with begun(self._connection):
                prove(self._connection, self._hold)
                passed_over.note(self._connection, self._hold.batch.campaign, people)
                numbers = [self._numbers[key] for key, _, _ in people]
                undo(self._connection, numbers)

        self._go_through_with(note)

    def give_back(self, now: int) -> None:
        """Do nothing: who was claimed stays so, for whoever has the batch next."""

    def _has_unbelieved(self) -> bool:
        found: list[bool] = []

        def look() -> None:
            row = self._connection.execute(_UNBELIEVED, self._range).fetchone()
            found.append(row is not None)

        self._go_through_with(look)
        return found[-1]

    def _write(self, statement: str, parameters: Parameters) -> None:
        def write() -> None:
            with fenced():
                self._connection.execute(statement, parameters).fetchone()

        self._go_through_with(write)

    def _go_through_with(self, act: Callable[[], None]) -> None:
        def explain() -> None:
            with explained(self._place):
                act()

        self._outlast(explain)

    def _number(self, parcel: Parcel) -> int:
        try:
            return self._numbers[parcel.key]
        except KeyError:
            raise PlanError(
                f"the delivery to {parcel.key} is not in {self._hold.batch}",
                hint="Somebody else goes on with it.",
            ) from None


def _columns(
    ended: Sequence[Entry], numbers: Sequence[int]
) -> Sequence[Sequence[object]]:
    """Write how some ended as the columns of `record_turn`."""
    receipts = [entry.receipt for entry in ended]
    return (
        numbers,
        [receipt.outcome.value for receipt in receipts],
        [receipt.code for receipt in receipts],
        [receipt.enhanced for receipt in receipts],
        [receipt.text for receipt in receipts],
        [receipt.stage.value for receipt in receipts],
        [_due(entry) for entry in ended],
    )


def _due(entry: Entry) -> int | None:
    """Say when somebody is tried again by itself, as the table has it."""
    outcome = entry.receipt.outcome
    if outcome is Outcome.ACCEPTED:
        return None
    if outcome is Outcome.DEFERRED:
        return entry.due or 1
    return _UNBELIEVED_DUE if is_gone(entry.receipt) else 0
