"""Keep the ledger in ``distribute.db``: what has been tried, and how it ended.

One account per sink: a rehearsal into files leaves the account of SMTP untouched. Every
entry is on the disk before the method returns, so that neither a killed process nor a
power cut loses more than the outcome of what was in flight, and that is known as such.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from distribute.audience.database import (
    PATIENCE,
    explained,
    from_text,
    open_database,
    to_text,
    transaction,
)
from distribute.campaign.campaign import Delivery, Outcome, Receipt
from distribute.campaign.history import (
    Record,
    count_by_language,
    records_of_campaign,
    records_of_mailbox,
)
from distribute.campaign.lock import SenderLock
from distribute.errors import PlanError
from distribute.language import Language

REHEARSAL = timedelta(hours=1)
"""How long after it began at one sink a campaign begins with the same Date at another.

At most so old, the end included; measured from when it began there, not from when its
last file was written.
"""

_STRENGTH = (
    Outcome.DEFERRED,
    Outcome.REJECTED,
    Outcome.UNCERTAIN,
    Outcome.ACCEPTED,
)
"""Of several deliveries to one mailbox, the one that says most about having had it."""


class SqliteLedger:
    """Implements `distribute.campaign.campaign.Ledger` on SQLite.

    Not for two threads at once. Every method raises `AudienceError` when the file cannot
    be used.
    """

    def __init__(self, path: Path, sink: str, *, patience: float = PATIENCE) -> None:
        self.path = path
        self.sink = sink
        self._connection = open_database(path, patience=patience)
        self._locks: dict[str, SenderLock] = {}

    def shut(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shut()

    @contextmanager
    def lock(self, campaign: str, now: datetime) -> Iterator[str]:
        """Be the only sender of a campaign; gives the dead sender it took over from.

        Empty if there was none. Raises `LockedError` while a living one holds it.
        """
        lock = self._lock(campaign)
        with explained(self.path):
            dead = lock.take(now)
        try:
            yield str(dead or "")
        finally:
            with explained(self.path):
                lock.release()

    def holder(self, campaign: str) -> str:
        """Tell who sends a campaign at the moment; empty if nobody does."""
        with explained(self.path):
            return str(self._lock(campaign).holder() or "")

    def started(self, campaign: str, now: datetime) -> datetime:
        """When the campaign began: `now` on its first run, the recorded instant later.

        A campaign that began at another sink within the last `REHEARSAL` begins with it,
        so that files written just before hold the very bytes that travel then. An older
        beginning does not count, for a Date in the past looks like spam.
        """
        with explained(self.path), transaction(self._connection):
            rows = self._connection.execute(
                "SELECT sink, started FROM campaign WHERE id = ?", (campaign,)
            )
            begun = {sink: from_text(text) for sink, text in rows}
            if self.sink in begun:
                return begun[self.sink]
            recent = (at for at in begun.values() if now - REHEARSAL <= at <= now)
            started = max(recent, default=now)
            self._connection.execute(
                "INSERT INTO campaign (sink, id, started) VALUES (?, ?, ?)",
                (self.sink, campaign, started.isoformat()),
            )
        return started

    def open(self, campaign: str, delivery: Delivery, now: datetime) -> None:
        """Record that a delivery is about to be handed to the sink; durable on return.

        Raises `PlanError` if it was accepted before, and `LockedError` if another sender
        works on the campaign.
        """
        with explained(self.path), transaction(self._connection):
            self._lock(campaign).prove(now)
            if self._outcome(delivery.id) is Outcome.ACCEPTED:
                raise PlanError(
                    f"delivery {delivery.id} to {delivery.subscriber.mailbox.address}"
                    " was accepted before",
                    hint="Plan again: the ledger has changed.",
                )
            self._put_aside_attempt(delivery.id)
            self._enter_attempt(campaign, delivery, now)

    def close(self, delivery_id: str, receipt: Receipt, now: datetime) -> None:
        """Record how it ended; durable on return. Raises `PlanError` if it is not open."""
        with explained(self.path):
            cursor = self._connection.execute(
                "UPDATE delivery SET (closed, outcome, code, enhanced, text)"
                " = (?, ?, ?, ?, ?) WHERE sink = ? AND id = ? AND closed IS NULL",
                (
                    to_text(now),
                    receipt.outcome,
                    receipt.code,
                    receipt.enhanced,
                    receipt.text,
                    self.sink,
                    delivery_id,
                ),
            )
        if not cursor.rowcount:
            raise PlanError(f"delivery {delivery_id} is not open")

    def states(self, campaign: str) -> Mapping[str, Outcome]:
        """Outcome of every delivery ever opened, by id; open ones are uncertain."""
        with explained(self.path):
            rows = self._connection.execute(
                "SELECT id, outcome FROM delivery WHERE sink = ? AND campaign = ?",
                (self.sink, campaign),
            ).fetchall()
        return {id_: Outcome(outcome) for id_, outcome in rows}

    def recipients(self, campaign: str) -> Mapping[str, Outcome]:
        """Give the same by `Mailbox.key`: whoever is here has had their message.

        Of several deliveries to somebody who changed language in between, the one counts
        that came nearest to them.
        """
        found: dict[str, Outcome] = {}
        with explained(self.path):
            for key, text in self._connection.execute(
                "SELECT key, outcome FROM delivery WHERE sink = ? AND campaign = ?",
                (self.sink, campaign),
            ):
                outcome = Outcome(text)
                found[key] = max(outcome, found.get(key, outcome), key=_STRENGTH.index)
        return found

    def records(
        self, campaign: str, *, outcomes: Collection[Outcome] = ()
    ) -> Iterator[Record]:
        """Stream a campaign's deliveries by mailbox; all, or those that ended so."""
        with explained(self.path):
            yield from records_of_campaign(
                self._connection, sink=self.sink, campaign=campaign, outcomes=outcomes
            )

    def counts(self, campaign: str) -> Mapping[Language, Mapping[Outcome, int]]:
        """Count a campaign's deliveries by language and outcome."""
        with explained(self.path):
            return count_by_language(
                self._connection, sink=self.sink, campaign=campaign
            )

    def history(self, key: str) -> tuple[Record, ...]:
        """List what was ever tried for a `Mailbox.key`, at every sink, oldest first."""
        with explained(self.path):
            return records_of_mailbox(self._connection, key)

    def _lock(self, campaign: str) -> SenderLock:
        if campaign not in self._locks:
            self._locks[campaign] = SenderLock(
                self._connection, sink=self.sink, campaign=campaign
            )
        return self._locks[campaign]

    def _outcome(self, delivery_id: str) -> Outcome | None:
        row = self._connection.execute(
            "SELECT outcome FROM delivery WHERE sink = ? AND id = ?",
            (self.sink, delivery_id),
        ).fetchone()
        return Outcome(row[0]) if row else None

    def _put_aside_attempt(self, delivery_id: str) -> None:
        self._connection.execute(
            "INSERT INTO earlier_attempt (sink, delivery, attempt, opened, closed,"
            " outcome, code, enhanced, text)"
            " SELECT sink, id, attempt, opened, closed, outcome, code, enhanced, text"
            " FROM delivery WHERE sink = ? AND id = ?",
            (self.sink, delivery_id),
        )

    def _enter_attempt(self, campaign: str, delivery: Delivery, now: datetime) -> None:
        mailbox = delivery.subscriber.mailbox
        self._connection.execute(
            "INSERT INTO delivery (sink, id, campaign, key, address, language, reason,"
            " attempt, opened, closed, outcome, code, enhanced, text)"
            " VALUES (:sink, :id, :campaign, :key, :address, :language, :reason,"
            " 1, :now, NULL, :outcome, 0, '', '')"
            " ON CONFLICT DO UPDATE SET attempt = attempt + 1, opened = :now,"
            " closed = NULL, outcome = :outcome, code = 0, enhanced = '', text = ''",
            {
                "sink": self.sink,
                "id": delivery.id,
                "campaign": campaign,
                "key": mailbox.key,
                "address": mailbox.address,
                "language": delivery.language.tag,
                "reason": delivery.reason,
                "now": to_text(now),
                "outcome": Outcome.UNCERTAIN,
            },
        )
