"""Erase a person: from the list, from what they asked for, and from the ledger.

What remains is a keyed hash. It keeps an import from bringing them back, and in the ledger
it stands for somebody, so that the counts of a campaign stay what they were. SQLite leaves
what is deleted in the file until it needs the room, so the file is written anew.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    engine_of,
    explained,
    stream,
    transaction,
)
from distribute.audience.database.place import Place
from distribute.audience.subscriber import Status
from distribute.audience.suppression.suppression import Reason, Suppressions
from distribute.campaign.custody.handed import refuse_holders
from distribute.campaign.custody.lock import SenderLock
from distribute.errors import BusyError
from distribute.mailbox import Mailbox

_COUNTED = {
    "subscriber": "SELECT count(*) FROM subscriber WHERE key = :key",
    "application": "SELECT count(*) FROM application WHERE key = :key",
    "letter": "SELECT count(*) FROM letter WHERE key = :key",
    "delivery": "SELECT count(*) FROM delivery WHERE key = :key",
    "judgement": "SELECT count(*) FROM judgement WHERE key = :key",
}
_ERASE = (
    "DELETE FROM subscriber WHERE key = :key",  # with history and consents
    "DELETE FROM application WHERE key = :key",
    "DELETE FROM letter WHERE key = :key",
    "DELETE FROM strike WHERE key = :key",
    "DELETE FROM recent_bounce WHERE key = :key",
    "DELETE FROM told_gone WHERE key = :key",
    "DELETE FROM passed_over WHERE key = :key",
    "UPDATE judgement SET key = '', text = '', reason = '' WHERE key = :key",
    # who came back and is forgotten again has stood here before
    """
    DELETE FROM invited WHERE key = :somebody
    AND campaign IN (SELECT campaign FROM invited WHERE key = :key)
    """,
    "UPDATE invited SET key = :somebody WHERE key = :key",
    """
    DELETE FROM delivery WHERE key = :somebody
    AND campaign IN (SELECT campaign FROM delivery WHERE key = :key)
    """,
    """
    UPDATE earlier_attempt SET text = ''
    WHERE delivery IN (SELECT number FROM delivery WHERE key = :key)
    """,
    # there is nobody to try again
    """
    UPDATE delivery SET key = :somebody, address = :somebody, text = '',
           due = CASE WHEN due > 0 THEN NULL ELSE due END
    WHERE key = :key
    """,
)
_SAID = "SELECT message, part, text FROM judgement WHERE text <> ''"
_UNSAY = "UPDATE judgement SET text = '' WHERE message = ? AND part = ?"
_LIVE = "SELECT sink, campaign FROM sender WHERE held = 1"
_FIRM = {Status.COMPLAINED: Reason.COMPLAINED, Status.SUPPRESSED: Reason.ASKED}
"""Who must not even be written to if they ask to come back."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was known about a person, and is erased."""

    counts: Mapping[str, int]
    """By table: what there was; empty if nothing was known."""
    reason: Reason
    """Why they are kept away from now on."""


class Forgetting:
    """Erases people from an open database."""

    def __init__(self, suppressions: Suppressions) -> None:
        self._list = suppressions
        self._place: Place = suppressions.place
        self._connection: Connection = suppressions.connection

    def forget(self, mailbox: Mailbox, now: datetime) -> Forgotten | None:
        """Erase a person, and keep imports and operators from bringing them back.

        `None` if nothing is known about them. Raises `LockedError` while anything is being
        sent: the sender has them in hand; or while a worker has them in hand. Call `wipe`
        when all is erased.
        """
        key = mailbox.key
        with explained(self._place):
            if self._is_file:
                self._connection.execute("PRAGMA secure_delete = ON").fetchall()
            with transaction(self._connection):
                self._refuse_senders(now)
                refuse_holders(self._connection, key)
                counts = self._counts(key)
                if not counts:
                    return None
                reason = self._reason(key)
                self._erase(mailbox)
                self._list.add(key, reason, now.date(), by="forget", now=now)
        return Forgotten(counts, reason)

    def wipe(self) -> bool:
        """Write the file anew, so that nothing of what was deleted is left in it.

        False if another process has it open in a way that prevents this. On a server it
        is that server's to overwrite (autovacuum), and nothing is done.
        """
        if not self._is_file:
            return True
        with suppress(BusyError), explained(self._place):
            self._connection.execute("VACUUM")
            checkpoint = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return not checkpoint.fetchone()[0]
        return False

    @property
    def _is_file(self) -> bool:
        return engine_of(self._connection) == "sqlite"

    def _refuse_senders(self, now: datetime) -> None:
        for sink, campaign in self._connection.execute(_LIVE).fetchall():
            lock = SenderLock(self._connection, sink=sink, campaign=campaign)
            lock.refuse_others(now)

    def _counts(self, key: str) -> dict[str, int]:
        counted = {
            table: self._connection.execute(query, {"key": key}).fetchone()[0]
            for table, query in _COUNTED.items()
        }
        return {table: count for table, count in counted.items() if count}

    def _reason(self, key: str) -> Reason:
        """Find the firmest reason not to write to them: a complaint stays one."""
        query = "SELECT status FROM subscriber WHERE key = ?"
        row = self._connection.execute(query, (key,)).fetchone()
        standing = _FIRM.get(Status(row[0])) if row else None
        reasons = (Reason.FORGOTTEN, standing, self._list.reason(key))
        return max(filter(None, reasons), key=lambda reason: reason.firmness)

    def _erase(self, mailbox: Mailbox) -> None:
        hash_ = self._list.hasher.of(mailbox.key)
        names = {"key": mailbox.key, "somebody": f"forgotten:{hash_.hex()[:32]}"}
        for statement in _ERASE:
            self._connection.execute(statement, names)
        self._unsay(mailbox)

    def _unsay(self, mailbox: Mailbox) -> None:
        """Blank what servers said of them in reports that nobody could place."""
        names = {mailbox.key, mailbox.wire_address.casefold()}
        said = [
            (message, part)
            for message, part, text in stream(self._connection, _SAID)
            if any(name in text.casefold() for name in names)
        ]
        self._connection.executemany(_UNSAY, said)
