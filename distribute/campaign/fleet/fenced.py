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
from distribute.campaign.campaign import Entry, Parcel
from distribute.campaign.fleet import columns
from distribute.campaign.fleet.batch import Hold
from distribute.campaign.fleet.fence import begun, fenced, prove
from distribute.campaign.ledger import passed_over
from distribute.campaign.ledger.recovery import undo
from distribute.errors import PlanError

_NOTE_TURN = "SELECT note_turn(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
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
        self._cursor = connection.cursor()
        self._hold = hold
        self._numbers = numbers
        self._by = by
        self._outlast = outlast
        self._whose = (*hold.batch, hold.fence)
        self._range = hold.stretch
        self._under_way: dict[int, int] = {}
        """When they began who have started and not ended, by their numbers."""
        self._turn = 0
        self._has_unbelieved = False
        """Whether any was recorded since the batch was taken; none is left of before."""

    def name_choices(self, choices: Mapping[int, tuple[str, str]]) -> None:
        """Record why somebody gets nothing; the others were named when it was cut."""
        named = ((number, why) for number, (tag, why) in choices.items() if not tag)
        reasons = sorted(named)  # as everybody does, so that nobody waits in a ring

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
        self._turn += 1
        starting = [self._number(parcel) for parcel in started]
        ending = [self._number(entry.parcel) for entry in ended]
        under_way = self._under_way | dict.fromkeys(starting, now)
        openings = [under_way.pop(number, None) for number in ending]
        arrays = (starting, under_way, under_way.values(), ending, openings)
        said = (*map(columns.numbers, arrays), *columns.ends(ended))
        self._has_unbelieved |= columns.tell_of_gone(ended)
        self._write(_NOTE_TURN, (*self._whose, self._turn, now, *said))
        self._under_way = under_way

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

        if self._has_unbelieved:
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

    def _write(self, statement: str, parameters: Parameters) -> None:
        def write() -> None:
            with fenced():
                self._cursor.execute(statement, parameters).fetchone()

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
