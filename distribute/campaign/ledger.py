"""Keep the ledger in ``distribute.db``: what has been tried, and how it ended.

One account per sink: a rehearsal into files leaves the account of SMTP untouched. Claims
are on the disk before anything that was claimed may start. What is started and what has
ended outlives the process at once, and a power cut when the next batch is claimed or the
sending ends; what a power cut may have eaten is uncertain afterwards, for the claims tell
of it.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from distribute.audience.database import (
    PATIENCE,
    explained,
    to_milliseconds,
    transaction,
)
from distribute.audience.store import Store
from distribute.campaign import passed_over
from distribute.campaign.beginning import begin
from distribute.campaign.bounces import Bounces
from distribute.campaign.campaign import Entry, Parcel
from distribute.campaign.claims import Claims
from distribute.campaign.flush import Flush
from distribute.campaign.lock import SenderLock
from distribute.campaign.process import Process, shares_our_memory
from distribute.campaign.recovery import claimed_among, settle, undo
from distribute.campaign.register import Register
from distribute.campaign.verdict import is_gone
from distribute.errors import AudienceError

Invite = Callable[[sqlite3.Connection, int], None]
"""Writes down, within a transaction, whom the campaign of this number is for."""

_ENDURANCE = 12
"""While sending, wait so many times as long for others: giving up would stop it all."""

_ON_DISK = "PRAGMA synchronous = FULL"
_IN_SYSTEM = "PRAGMA synchronous = NORMAL"
_LONG_LOG = "PRAGMA wal_autocheckpoint = 4000"


class SqliteLedger(Register):
    """Implements `distribute.campaign.campaign.Ledger` on SQLite.

    To send: `lock` a campaign, give it a beginning (`started`), `use` it, `recover`, and
    then claim and record. Not for two threads at once; other processes may read
    meanwhile. Every method raises `AudienceError` when the file cannot be used, and has
    then changed nothing.
    """

    def __init__(self, path: Path, sink: str, *, patience: float = PATIENCE) -> None:
        super().__init__(path, sink, patience=patience)
        self._patience = patience
        self._flush = Flush(path)
        self._store = Store.sharing(path, self._connection)
        self._has_recent_bounces = False
        self.taken_back: Collection[str] = ()
        """`Mailbox.key` of those who had bounced, until `take_back` put them back."""
        self._doubtful = 0

    def close(self) -> None:
        """Let go of the file."""
        self._flush.close()
        super().close()

    @contextmanager
    def lock(self, campaign: str, now: datetime) -> Iterator[str]:
        """Be the only sender of a campaign; gives the dead sender it took over from.

        Empty if there was none. Raises `LockedError` while a living one holds it. What a
        sender left open before is settled; see `recover`. All that was recorded survives
        a power cut once the lock is let go.
        """
        lock = self._lock_of(campaign)
        with explained(self.path), transaction(self._connection):
            dead = lock.take(now)
            self._doubtful = self._settle(campaign, lock, dead, now)
        if self._claims and self._claims.lock is lock:
            self._claims.numbers.clear()
        with explained(self.path):
            self._connection.execute(_IN_SYSTEM)
            self._connection.execute(_LONG_LOG)
            self._wait(self._patience * _ENDURANCE)
        try:
            yield str(dead or "")
        except BaseException:
            with suppress(AudienceError):
                self._release(lock)
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
        with explained(self.path), transaction(self._connection):
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
        self._flush.begin(max(numbers.values(), default=0))
        if any(parcel.attempt for parcel in parcels):
            self._flush.finish()  # their numbers are from earlier, and tell nothing

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
        if started and self._flush.is_pending:
            self._flush.wait_for(claims.latest(started))
        with self._commit:
            claims.lock.prove(now)
            if started:
                claims.start(started, now)
            if ended:
                self._let_go(claims, claims.end(ended, now), now)
        numbers = claims.numbers
        for parcel, _, _ in ended:
            del numbers[parcel.key]

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
            taken_back = self._bounces(claims.campaign, claims.lock).undo(now)
        self.taken_back, self._has_recent_bounces = taken_back, False

    def give_back(self, now: int) -> None:
        """Undo the claims that never began, as the `Ledger` says."""
        claims = self._in_use()
        with self._on_disk(), self._commit:
            claims.lock.prove(now)
            unbegun = claimed_among(self._connection, claims.numbers.values())
            undo(self._connection, unbegun)
        claims.numbers = {k: n for k, n in claims.numbers.items() if n not in unbegun}

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
        is_certain = dead is None or shares_our_memory(dead)
        return settle(self._connection, number, claims_are_free=is_certain)

    def _release(self, lock: SenderLock) -> None:
        claims = self._claims
        in_hand = claims is not None and claims.lock is lock and claims.numbers
        with explained(self.path):
            self._connection.execute(_ON_DISK)
            lock.release(leaves_open=bool(in_hand))
            self._connection.execute("PRAGMA wal_checkpoint").fetchall()
            self._wait(self._patience)

    @contextmanager
    def _on_disk(self) -> Iterator[None]:
        """Have what is committed in between on the disk, with all before it."""
        (usual,) = self._connection.execute("PRAGMA synchronous").fetchone()
        self._connection.execute(_ON_DISK)
        try:
            yield
        finally:
            self._connection.execute(f"PRAGMA synchronous = {usual}")

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

    def _wait(self, seconds: float) -> None:
        """Wait so long for other writers."""
        self._connection.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")
