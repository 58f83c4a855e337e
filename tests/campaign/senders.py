"""Senders on a real database that work, die, and have died with their machine."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from distribute.campaign.campaign import Entry, Outcome, Parcel, Receipt, Stage, State
from distribute.campaign.ledger.ledger import SqliteLedger
from tests.campaign.actors import parcel
from tests.databases import reach_into

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
AT = int(NOW.timestamp() * 1000)
"""The same in milliseconds since 1970."""
LATER = AT + 300_000
CAMPAIGN = "issue-5"
CHOICE = 7
"""What `tests.campaign.actors.parcel` chooses: English, without a wish."""

ACCEPTED = Receipt(Outcome.ACCEPTED, 250, "2.0.0", "queued as 7", Stage.END)
DEFERRED = Receipt(Outcome.DEFERRED, 451, "4.7.1", "later", Stage.RCPT)
REJECTED = Receipt(Outcome.REJECTED, 550, "5.7.1", "no", Stage.DATA)
GONE = Receipt(Outcome.REJECTED, 550, "5.1.1", "who?", Stage.RCPT)
LOST = Receipt(Outcome.UNCERTAIN, text="the connection was lost")

ADA, BO, CY = parcel("ada"), parcel("bo"), parcel("cy")


class Sender:
    """A ledger with its lock, which is let go of only if somebody says so."""

    def __init__(self, path: Path, *, at: int = AT) -> None:
        self.path = path
        self.ledger = SqliteLedger(path, "smtp", patience=0.2)
        moment = datetime.fromtimestamp(at / 1000, UTC)
        self._lock: AbstractContextManager[str] = self.ledger.lock(CAMPAIGN, moment)
        self.found_dead = self._lock.__enter__()
        self.ledger.started(CAMPAIGN, moment)
        self.ledger.use(CAMPAIGN)
        self.became_uncertain = self.ledger.recover(at)
        self.ledger.name_choices({CHOICE: ("en", "no wish")})

    def end(self) -> None:
        """Let go of the lock and the file, as one should."""
        self._lock.__exit__(None, None, None)
        self.ledger.close()

    def die(self, **forged: str) -> None:
        """Vanish without a word; what is forged makes it another process than this."""
        self.ledger.close()
        with reach_into(self.path) as connection:
            for name, value in ({"born": "1"} | forged).items():
                connection.execute(f"UPDATE sender SET {name} = ?", (value,))  # noqa: S608 - ours

    def bring_to(
        self, state: State, parcels: Iterable[Parcel], *, at: int = AT, due: int = 0
    ) -> None:
        """Claim parcels and bring them to a state."""
        parcels = list(parcels)
        self.ledger.claim(parcels, at)
        if state is State.CLAIMED:
            return
        self.ledger.record(parcels, (), at)
        if state is State.STARTED:
            return
        receipts = {
            State.ACCEPTED: ACCEPTED,
            State.DEFERRED: DEFERRED,
            State.REJECTED: REJECTED,
            State.UNCERTAIN: LOST,
        }
        ended = [Entry(parcel, receipts[state], due) for parcel in parcels]
        self.ledger.record((), ended, at)


def states_in(ledger: SqliteLedger) -> dict[str, State]:
    """Give everybody's state, by local part."""
    records = ledger.records(CAMPAIGN)
    return {record.key.partition("@")[0]: record.state for record in records}


def record_all(
    ledger: SqliteLedger, people: Iterator[Parcel], receipt: Receipt
) -> None:
    """Record one after the other that it ended so for each."""
    for each in people:
        ledger.record([each], [Entry(each, receipt)], AT)
