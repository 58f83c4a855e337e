"""Keep the ledger in ``distribute.db``: what has been tried, and how it ended.

One account per sink: a rehearsal into files leaves the account of SMTP untouched. Claims
are on the disk before anything that was claimed may start. What is started and what has
ended outlives the process at once, and a power cut when the next batch is claimed or the
sending ends; what a power cut may have eaten is uncertain afterwards, for the claims tell
of it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    PATIENCE,
    explained,
    to_milliseconds,
    transaction,
)
from distribute.audience.database.place import Place
from distribute.audience.store import Store
from distribute.campaign.campaign import Entry, Parcel
from distribute.campaign.custody.handed import is_with_workers, with_workers
from distribute.campaign.custody.lock import SenderLock
from distribute.campaign.custody.process import Process
from distribute.campaign.ledger import passed_over
from distribute.campaign.ledger.beginning import begin
from distribute.campaign.ledger.bounces import Bounces
from distribute.campaign.ledger.claims import Claims
from distribute.campaign.ledger.durability import durability_of, has_kept_all
from distribute.campaign.ledger.recovery import claimed_among, settle, undo
from distribute.campaign.ledger.register import Register
from distribute.campaign.verdict import is_gone
from distribute.errors import AudienceError, AwayError

Invite = Callable[[Connection, int], None]
"""Writes down, within a transaction, whom the campaign of this number is for."""


class SqliteLedger(Register):
    """Implements `distribute.campaign.campaign.Ledger` on SQLite.

    To send: `lock` a campaign, give it a beginning (`started`), `use` it, `recover`, and
    then claim and record. Not for two threads at once; other processes may read
    meanwhile. Every method raises `AudienceError` when the file cannot be used, and has
    then changed nothing.
    """

    def __init__(self, place: Place, sink: str, *, patience: float = PATIENCE) -> None:
        super().__init__(place, sink, patience=patience)
        self._disk = durability_of(place, self._connection, patience)
        self._store = Store.sharing(place, self._connection)
        self._has_recent_bounces = False
        self.taken_back: Collection[str] = ()
        """`Mailbox.key` of those who had bounced, until `take_back` put them back."""
        self._doubtful = 0

    def close(self) -> None:
        """Let go of the file."""
        self._disk.close()
        super().close()

    @contextmanager
    def lock(
        self, campaign: str, now: datetime, *, for_workers: bool = False
    ) -> Iterator[str]:
        """Be the only sender of a campaign; gives the dead sender it took over from.

        Empty if there was none. Raises `LockedError` while a living one holds it. What a
        sender left open before is settled; see `recover`. All that was recorded survives
        a power cut once the lock is let go. What workers have in hand is left alone, and
        refused to whoever does not hand over to them.
        """
        lock = self._lock_of(campaign)
        dead = self._take(campaign, lock, now, for_workers=for_workers)
        if self._claims and self._claims.lock is lock:
            self._claims.numbers.clear()
        try:
            with explained(self.place):
                self._disk.ease()
            yield str(dead or "")
        except BaseException as error:
            with suppress(AudienceError):  # a claim may stand that nobody answered for
                self._release(lock, in_doubt=isinstance(error, AwayError))
            raise
        else:
            self._release(lock)

    def started(
        self, campaign: str, now: datetime, invite: Invite | None = None
    ) -> datetime:
        """When the campaign began: `now` on its first run, the recorded instant later.

        Or when it began at another sink, if that was just before: see `begin`. What a
        first run has to say of it, `invite` writes in the transaction in which it begins.
        """
        with explained(self.place), transaction(self._connection):
            begins = self._number(campaign) is None
            began = begin(self._connection, now, sink=self.sink, campaign=campaign)
            if begins and invite is not None:
                number = self._number(campaign)
                invite(self._connection, number or 0)
        return began

    def recover(self, now: int) -> int:
        """Begin a run: tell how many deliveries became uncertain by taking the lock.

        What a dead sender started and has no answer is uncertain. What it only claimed is
        free again, unless it died with its machine or on another: a power cut may have
        eaten that it was started, so that is uncertain too. Whoever was passed over is to
        be looked at again.
        """
        claims = self._in_use()
        with self._commit:
            claims.lock.prove(now)
            passed_over.look_again(self._connection, claims.campaign)
        return self._doubtful

    def claim(self, parcels: Sequence[Parcel], now: int) -> None:
        """Claim deliveries, all or none, as the `Ledger` says.

        Raises `PlanError` if one was accepted before, is in somebody's hands, or has been
        tried more often than its parcel knows.
        """
        claims = self._in_use()
        with self._commit:
            claims.lock.prove(now)
            numbers = claims.claim(parcels, now)
        claims.numbers.update(numbers)
        self._disk.claimed(max(numbers.values(), default=0))
        if any(parcel.attempt for parcel in parcels):
            self._disk.claimed_out_of_order()

    def record(
        self, started: Sequence[Parcel], ended: Sequence[Entry], now: int
    ) -> None:
        """Record what a turn brought, all or nothing, as the `Ledger` says.

        Also gives a sign of life from time to time, even when it brought nothing. Raises
        `LockedError` if another sender took over, and `PlanError` for a parcel that was
        not claimed, or is over.
        """
        claims = self._in_use()
        if not (started or ended or claims.lock.is_quiet(now)):
            return
        if started and self._disk.is_pending:
            self._disk.wait_for(claims.latest(started))
        if not (
            claims.knows_short_way and self._record_at_once(claims, started, ended, now)
        ):
            with self._commit:
                claims.lock.prove(now)
                if started:
                    claims.start(started, now)
                if ended:
                    self._let_go(claims, claims.end(ended, now), now)
        numbers = claims.numbers
        for parcel, _, _ in ended:
            del numbers[parcel.key]

    def _record_at_once(
        self,
        claims: Claims,
        started: Sequence[Parcel],
        ended: Sequence[Entry],
        now: int,
    ) -> bool:
        """Record a turn that nobody bounced in, if possible; tells whether it is."""
        if any(is_gone(receipt) for _, receipt, _ in ended):
            return False
        with explained(self.place):
            return claims.record_at_once(started, ended, now)

    def believe(self, now: int) -> None:
        """Let the bounces of this run stand, as the `Ledger` says."""
        if not self._has_recent_bounces:
            return
        claims = self._in_use()
        with self._commit:
            claims.lock.prove(now)
            self._bounces(claims.campaign, claims.lock).believe()
        self._has_recent_bounces = False

    def take_back(self, now: int) -> None:
        """Undo the recent bounces of this run, as the `Ledger` says."""
        claims = self._in_use()
        with self._commit:
            claims.lock.prove(now)
            undone = self._bounces(claims.campaign, claims.lock).undo(now)
            self.taken_back = undone or self.taken_back  # what nobody heard the end of
        self._has_recent_bounces = False

    def give_back(self, now: int) -> None:
        """Undo the claims that never began, as the `Ledger` says."""
        claims = self._in_use()
        with self._disk.at_once(), self._commit:
            claims.lock.prove(now)
            unbegun = claimed_among(self._connection, claims.numbers.values())
            undo(self._connection, unbegun)
        claims.numbers = {k: n for k, n in claims.numbers.items() if n not in unbegun}

    def _take(
        self, campaign: str, lock: SenderLock, now: datetime, *, for_workers: bool
    ) -> Process | None:
        """Take the lock and settle what is open, or neither; gives a dead sender."""
        try:
            with explained(self.place), transaction(self._connection):
                return self._take_over(campaign, lock, now, for_workers=for_workers)
        except BaseException:
            lock.forget()
            raise

    def _take_over(
        self, campaign: str, lock: SenderLock, now: datetime, *, for_workers: bool
    ) -> Process | None:
        dead = lock.take(now)
        if not is_with_workers(self._connection, sink=self.sink, campaign=campaign):
            self._doubtful = self._settle(campaign, lock, dead, now)
        elif not for_workers:
            raise with_workers(campaign)
        return dead

    def _settle(
        self, campaign: str, lock: SenderLock, dead: Process | None, now: datetime
    ) -> int:
        """Settle what is open, and give how many deliveries became uncertain by that."""
        number = self._number(campaign)
        if number is None:
            return 0
        self._bounces(number, lock).undo(to_milliseconds(now))
        if not lock.finds_open:
            return 0
        is_certain = dead is None or has_kept_all(self._connection, dead)
        return settle(self._connection, number, claims_are_free=is_certain)

    def _release(self, lock: SenderLock, *, in_doubt: bool = False) -> None:
        claims = self._claims
        in_hand = claims is not None and claims.lock is lock and claims.numbers
        with explained(self.place):
            self._disk.settle()
            lock.release(leaves_open=in_doubt or bool(in_hand))
            self._disk.rest()

    def _let_go(self, claims: Claims, ended: Sequence[Entry], now: int) -> None:
        """Stop writing to mailboxes that the server says are gone."""
        gone = [parcel.key for parcel, receipt, _ in ended if is_gone(receipt)]
        if gone:
            self._bounces(claims.campaign, claims.lock).add(gone, now)
            self._has_recent_bounces = True

    def _bounces(self, campaign: int, lock: SenderLock) -> Bounces:
        by = f"{lock.campaign} by {self.sink}"
        store = self._store
        return Bounces(self._connection, store, campaign=campaign, by=by)
