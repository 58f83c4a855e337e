"""Read one sink's account in the ledger, without being able to send."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from distribute.audience.database.database import (
    PATIENCE,
    Handle,
    explained,
    to_milliseconds,
)
from distribute.audience.database.place import Place
from distribute.campaign.campaign import Outcome, State
from distribute.campaign.custody.handed import WORKERS, is_with_workers
from distribute.campaign.custody.lock import SenderLock
from distribute.campaign.custody.process import Process
from distribute.campaign.ledger import printing
from distribute.campaign.ledger.durability import has_kept_all
from distribute.campaign.ledger.history import (
    Aftermath,
    Attempt,
    Record,
    count_by_language,
    count_passed_over,
    outcomes,
    records_of_campaign,
    records_of_mailbox,
)
from distribute.campaign.plan.extra import Begun, begun_campaigns, said
from distribute.errors import LockedError
from distribute.language import Language

_FINISHED = "SELECT finished FROM campaign WHERE sink = ? AND id = ?"
_LATEST = "SELECT since FROM delivery ORDER BY number DESC LIMIT 1"


class Account(Handle):
    """What one sink's account tells of each campaign.

    Whoever reads neither waits for a sender nor holds one up. Every method raises
    `AudienceError` when the file cannot be used.
    """

    def __init__(self, place: Place, sink: str, *, patience: float = PATIENCE) -> None:
        super().__init__(place, patience=patience)
        self.sink = sink
        self._locks: dict[str, SenderLock] = {}

    def holder(self, campaign: str) -> str:
        """Tell who sends a campaign at the moment; empty if nobody does."""
        with explained(self.place):
            if self._is_with_workers(campaign):
                return WORKERS
            return str(self._lock_of(campaign).holder() or "")

    def forsaken_by(self, campaign: str, now: datetime) -> Process | None:
        """Tell who ended without letting go of a campaign; `None` if nobody did.

        What it left open is settled when the next sender takes the lock. What workers have
        in hand is not forsaken, should whoever handed it over have ended so.
        """
        with explained(self.place):
            if self._is_with_workers(campaign):
                return None
            try:
                return self._lock_of(campaign).refuse_others(now)
            except LockedError:
                return None

    def aftermath(self, campaign: str, now: datetime | None) -> Aftermath:
        """Tell what a sender has left that ended in the middle, given the time."""
        dead = self.forsaken_by(campaign, now) if now else None
        is_lost = dead is not None and not has_kept_all(self._connection, dead)
        return Aftermath(dead is not None, is_lost)

    def recipients(
        self, campaign: str, now: datetime | None = None
    ) -> Mapping[str, Outcome]:
        """Give by `Mailbox.key` how it stands with all whom a message may have reached.

        Those merely claimed are left out, as nothing of theirs has left; those started
        are uncertain. Given the time, it is told as the next sender will find it.
        """
        aftermath = self.aftermath(campaign, now)
        with explained(self.place):
            return outcomes(
                self._connection, aftermath, sink=self.sink, campaign=campaign
            )

    def records(
        self, campaign: str, *, states: Collection[State] = ()
    ) -> Iterator[Record]:
        """Stream a campaign's records by mailbox: all, or those in one of these states."""
        with explained(self.place):
            yield from records_of_campaign(
                self._connection, sink=self.sink, campaign=campaign, states=states
            )

    def counts(
        self, campaign: str, now: datetime | None = None
    ) -> Mapping[Language, Mapping[State, int]]:
        """Count a campaign's deliveries by language and state, without those skipped.

        Given the time, it is told as the next sender will find it.
        """
        aftermath = self.aftermath(campaign, now)
        with explained(self.place):
            return count_by_language(
                self._connection, aftermath, sink=self.sink, campaign=campaign
            )

    def skipped(self, campaign: str) -> Mapping[str, int]:
        """Count by reason who was passed over at the last look, the commonest first."""
        with explained(self.place):
            return count_passed_over(
                self._connection, sink=self.sink, campaign=campaign
            )

    def finished(self, campaign: str) -> int | None:
        """Tell when nobody was owed a campaign any more, for the first time.

        In milliseconds since 1970; `None` if that has not been yet.
        """
        with explained(self.place):
            row = self._connection.execute(_FINISHED, (self.sink, campaign)).fetchone()
        return row[0] if row else None

    def begun(self, issue_campaign: str) -> Sequence[Begun]:
        """List all campaigns of an issue that have begun, in that order."""
        with explained(self.place):
            found = begun_campaigns(
                self._connection, sink=self.sink, issue_campaign=issue_campaign
            )
            return list(found)

    def printed(self, begun: Begun) -> Mapping[str, int]:
        """Tell by language tag since when each edition was there to be sent."""
        with explained(self.place):
            return printing.first_printed(self._connection, begun.number)

    def texts(self, begun: Begun, language: Language) -> frozenset[str]:
        """Give all texts of an edition that were there to be sent; see `text_digest`."""
        with explained(self.place):
            return printing.texts_printed(self._connection, begun.number, language.tag)

    def words(self, begun: Begun) -> Mapping[str, str]:
        """Give the words of a correction by language tag; none if it is not one."""
        with explained(self.place):
            return said(self._connection, begun.number)

    def text_of(self, record: Record, attempt: Attempt) -> str:
        """Tell which text an attempt carried; see `printing.text_at`."""
        with explained(self.place):
            return printing.text_at(
                self._connection,
                attempt.language.tag,
                to_milliseconds(attempt.opened),
                sink=record.sink,
                campaign=record.campaign,
            )

    def latest(self) -> int:
        """Tell when the newest delivery of all was first claimed; 0 if there is none.

        A clock that begins behind it tells a run what is its own, though somebody may
        have set the time back since the run before.
        """
        with explained(self.place):
            row = self._connection.execute(_LATEST).fetchone()
        return int(row[0]) if row else 0

    def history(self, key: str) -> tuple[Record, ...]:
        """List what was ever tried for a `Mailbox.key`, at every sink, oldest first."""
        with explained(self.place):
            return records_of_mailbox(self._connection, key)

    def _is_with_workers(self, campaign: str) -> bool:
        return is_with_workers(self._connection, sink=self.sink, campaign=campaign)

    def _lock_of(self, campaign: str) -> SenderLock:
        if campaign not in self._locks:
            self._locks[campaign] = SenderLock(
                self._connection, sink=self.sink, campaign=campaign
            )
        return self._locks[campaign]
