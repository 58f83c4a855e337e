"""Write down what a run does beside its deliveries: texts, reasons, and how far it is.

All of it within the sender's transaction, so that nobody writes who has lost the lock.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from distribute.audience.database.database import (
    PATIENCE,
    Commit,
    explained,
    transaction,
)
from distribute.audience.database.place import Place
from distribute.campaign.ledger import agenda, passed_over, printing
from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.claims import Claims
from distribute.campaign.plan.among import Among
from distribute.errors import PlanError

_NAMES_REMEMBERED = 4096
"""So many choices are remembered as written down; beyond, it starts anew."""

_FINISH = """
    UPDATE campaign SET finished = ? WHERE sink = ? AND id = ? AND finished IS NULL
"""
_NUMBER = "SELECT number FROM campaign WHERE sink = ? AND id = ?"
_NAME_CHOICE = """
    INSERT INTO choice (number, language, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
"""


class Register(Account):
    """Keeps what `SqliteLedger` notes of a campaign as a whole; see there."""

    def __init__(self, place: Place, sink: str, *, patience: float = PATIENCE) -> None:
        super().__init__(place, sink, patience=patience)
        self._commit = Commit(place, self._connection)
        self._claims: Claims | None = None
        self._named: set[int] = set()

    def use(self, campaign: str) -> None:
        """Choose the campaign that is claimed for, recorded and recovered from now on.

        Raises `PlanError` if it has not `started`.
        """
        with explained(self.place):
            number = self._number(campaign)
        if number is None:
            raise PlanError(
                f"{campaign} has not begun at {self.sink}", hint="Send it first."
            )
        if self._claims is None or self._claims.campaign != number:
            lock = self._lock_of(campaign)
            self._claims = Claims(self._connection, lock, number)

    @property
    def number(self) -> int:
        """Number of the campaign in use in the tables."""
        return self._in_use().campaign

    def prove(self, now: int = 0) -> None:
        """Make sure, within a transaction, that nobody else may send it.

        `now`, in milliseconds since 1970, is for a sign of life.
        """
        self._in_use().lock.prove(now)

    def print_texts(self, texts: Mapping[str, str], now: int) -> int:
        """Note which texts this run sends, by language tag; see `printing.note`.

        Gives since when they count: nothing of this run must be opened before.
        """
        claims = self._in_use()
        with self._commit:
            claims.lock.prove(now)
            return printing.note(self._connection, claims.campaign, texts, now)

    def finish(self, campaign: str, now: int) -> None:
        """Note that nobody is owed the campaign any more, once; nothing if it never began."""
        with explained(self.place), transaction(self._connection):
            self._connection.execute(_FINISH, (now, self.sink, campaign))

    def name_choices(self, choices: Mapping[int, tuple[str, str]]) -> None:
        """Record what numbers of choices stand for, as the `Ledger` says."""
        if choices.keys() <= self._named:
            return
        if len(self._named) > _NAMES_REMEMBERED:
            self._named.clear()
        with self._commit:
            self._connection.executemany(
                _NAME_CHOICE,
                sorted((number, tag, why) for number, (tag, why) in choices.items()),
            )
        self._named.update(choices)

    def skip(self, people: Sequence[tuple[str, str, int]]) -> None:
        """Record who was passed over, as the `Ledger` says; for this run only."""
        claims = self._in_use()
        with self._commit:
            claims.lock.prove()
            passed_over.note(self._connection, claims.campaign, people)

    def skip_unconfirmed(self, names: Mapping[str, int]) -> None:
        """Pass over all who have not confirmed and whom nobody tried to reach.

        `names` has the number of the choice that gives their status as the reason, for
        each status; see `name_choices`.
        """
        claims = self._in_use()
        with self._commit:
            claims.lock.prove()
            passed_over.note_unconfirmed(self._connection, claims.campaign, names)

    def skip_others(self, today: date, among: Sequence[Among]) -> None:
        """Pass over the confirmed who pause, or for whom the campaign is not.

        Of those whom nobody tried to reach; each with the reason that `plan` gives, which
        is a pause before all else, and then the first condition that is not met.
        """
        claims = self._in_use()
        with self._commit:
            claims.lock.prove()
            number = claims.campaign
            passed_over.note_others(self._connection, number, today, among)

    def pursue(self, campaign: str, segment: str | None) -> None:
        """Note for whom to go on with a campaign; see `agenda.pursue`."""
        with explained(self.place), transaction(self._connection):
            agenda.pursue(self._connection, segment, sink=self.sink, campaign=campaign)

    def served(self, campaign: str, segment: str) -> None:
        """Note that there is nobody left in a segment; see `agenda.served`."""
        with explained(self.place), transaction(self._connection):
            agenda.served(self._connection, segment, sink=self.sink, campaign=campaign)

    def _in_use(self) -> Claims:
        if self._claims is None:
            raise PlanError("no campaign is in use", hint="Choose one to send.")
        return self._claims

    def _number(self, campaign: str) -> int | None:
        row = self._connection.execute(_NUMBER, (self.sink, campaign)).fetchone()
        return row[0] if row else None
