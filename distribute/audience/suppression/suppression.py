"""Who must never be written to, known by a keyed hash alone.

The hash is HMAC-SHA-256 of `Mailbox.key`: whoever has the list and not the key learns of
nobody whether they are on it. Whoever is on it and a subscriber as well has the status
SUPPRESSED, in one transaction with it, so that a plan needs no more than the status.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import explained, stream, transaction
from distribute.audience.database.place import Place
from distribute.audience.standing import Move, move, nearer_than, status_before
from distribute.audience.subscriber import Status
from distribute.errors import AudienceError

_EVERYBODY = "SELECT hash, key_id, reason, since FROM suppression ORDER BY hash"
_SOME = "SELECT hash, key_id, reason, since FROM suppression WHERE hash IN ({marks})"
_PUT = """
    INSERT INTO suppression (hash, key_id, reason, since) VALUES (?, ?, ?, ?)
    ON CONFLICT (hash) DO UPDATE SET reason = excluded.reason, since = excluded.since
"""


class Reason(StrEnum):
    """Why somebody must not be written to, the lightest first."""

    LEFT = "left"
    """Unsubscribed; known so from elsewhere, as our own have a status for that."""
    FORGOTTEN = "forgotten"
    BOUNCED = "bounced"
    IMPORTED = "imported"
    """Stood on a list of addresses not to be written to."""
    COMPLAINED = "complained"
    ASKED = "asked"
    """Asked never to be written to, or the house decided so."""

    @property
    def may_return(self) -> bool:
        """Whether the person can join again, by form and confirmation; nobody else can."""
        return self in {Reason.LEFT, Reason.FORGOTTEN}

    @property
    def firmness(self) -> int:
        """Which of two reasons stands: the one with more of it."""
        return tuple(Reason).index(self)

    @property
    def words(self) -> str:
        """Why somebody is kept out, and who can change that."""
        if self.may_return:
            return f"{self}: only they can come back"
        return f"suppressed ({self}): `distribute audience suppress --remove` lifts it"


class Entry(NamedTuple):
    """One mailbox on the list."""

    hash: bytes
    key_id: str
    reason: Reason
    since: date


class Hasher:
    """Hashes mailboxes with our key; those of retired keys are found as well."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take the current key and, behind it, the retired ones."""
        self._keys = tuple(keys)
        self.key_ids = tuple(map(_key_id, keys))
        """What each key is called in public, in the same order."""

    def __repr__(self) -> str:
        return f"Hasher({', '.join(self.key_ids)})"

    @property
    def key_id(self) -> str:
        """What the current key is called: eight hexadecimal digits that tell nothing."""
        return self.key_ids[0]

    def of(self, mailbox_key: str) -> bytes:
        """Hash a `Mailbox.key` with the current key; 32 bytes."""
        return hmac.digest(self._keys[0], mailbox_key.casefold().encode(), "sha256")

    def all_of(self, mailbox_key: str) -> tuple[bytes, ...]:
        """Hash it with every key, the current one first."""
        text = mailbox_key.casefold().encode()
        return tuple(hmac.digest(key, text, "sha256") for key in self._keys)

    def refuse_others(self, key_ids: Iterable[str], place: str) -> None:
        """Raise `AudienceError` if something was written with a key that is not ours."""
        others = sorted(set(key_ids).difference(self.key_ids))
        if others:
            raise AudienceError(
                f"{place} was written with the key {', '.join(others)}, "
                f"and ours is {', '.join(self.key_ids)}",
                hint="Nobody can be told from it without its key. Name the variable "
                "that holds that key in [public] key_env, or in [public] "
                "retired_key_envs if the key has been changed. Without key_env, the key "
                "lies in distribute.db: a new database has another one.",
            )


def anybody_suppressed(connection: Connection) -> bool:
    """Tell whether anybody is on the list; that takes no key."""
    found = connection.execute("SELECT 1 FROM suppression LIMIT 1")
    return found.fetchone() is not None


class Suppressions:
    """The list, in an open database; what is changed is part of any open transaction.

    Every method raises `AudienceError` when the file cannot be used.
    """

    def __init__(self, place: Place, connection: Connection, hasher: Hasher) -> None:
        """Take the list up; raises `AudienceError` if part of it has a key we lack."""
        self.place = place
        self.hasher = hasher
        self.connection = connection
        with explained(place):
            known = connection.execute("SELECT DISTINCT key_id FROM suppression")
            hasher.refuse_others((key_id for (key_id,) in known), f"a part of {place}")

    def is_empty(self) -> bool:
        """Tell whether nobody is on the list."""
        with explained(self.place):
            return not anybody_suppressed(self.connection)

    def reason(self, mailbox_key: str) -> Reason | None:
        """Tell why a mailbox must not be written to; `None` if it may be."""
        if self.is_empty():
            return None
        entries = self._entries(mailbox_key)
        reasons = [entry.reason for entry in entries]
        return max(reasons, key=lambda reason: reason.firmness, default=None)

    def reasons(self, mailbox_keys: Sequence[str]) -> Mapping[str, Reason]:
        """Tell why these mailboxes must not be written to; those that may be are left out.

        For some hundreds at once, which takes a fraction of asking about each.
        """
        if self.is_empty():
            return {}
        keys = {hash_: key for key in mailbox_keys for hash_ in self.hasher.all_of(key)}
        found: dict[str, Reason] = {}
        for entry in self._named(tuple(keys)):
            key = keys[entry.hash]
            known = found.get(key, entry.reason)
            found[key] = max(known, entry.reason, key=lambda reason: reason.firmness)
        return found

    def since(self, mailbox_key: str) -> date | None:
        """Tell since when a mailbox is on the list; `None` if it is not."""
        days = [entry.since for entry in self._entries(mailbox_key)]
        return min(days, default=None)

    def add(
        self,
        mailbox_key: str,
        reason: Reason,
        day: date,
        *,
        by: str = "suppression list",
        now: datetime | None = None,
    ) -> bool:
        """Put a mailbox on the list; false if it stands there with as firm a reason.

        If it is a subscriber's, they have the status SUPPRESSED from now on, and their
        history says `by` whom; `now` is the beginning of the day unless given.
        """
        instant = now or datetime.combine(day, time(), UTC)
        with explained(self.place), transaction(self.connection):
            known = self.reason(mailbox_key)
            is_news = known is None or known.firmness < reason.firmness
            if is_news:
                self._delete(self.hasher.all_of(mailbox_key))
                entry = Entry(
                    self.hasher.of(mailbox_key), self.hasher.key_id, reason, day
                )
                self.put([entry])
            self._suppress(mailbox_key, by, instant)
        return is_news

    def remove(
        self, mailbox_key: str, *, by: str = "suppression list", now: datetime
    ) -> bool:
        """Take a mailbox off the list; false if it was not on it.

        A subscriber stands again as they did before; whoever has come as suppressed
        counts as having left, so that only they can come back.
        """
        with explained(self.place), transaction(self.connection):
            removed = self._delete(self.hasher.all_of(mailbox_key))
            before = status_before(self.connection, mailbox_key, Status.SUPPRESSED)
            to = before or Status.UNSUBSCRIBED
            lifted = Move(mailbox_key, [Status.SUPPRESSED], to)
            moved = move(self.connection, [lifted], by=by, now=now)
            return bool(removed or moved)

    def entries(self) -> Iterator[Entry]:
        """Stream the whole list in the order of the hashes."""
        with explained(self.place):
            for row in stream(self.connection, _EVERYBODY):
                yield _entry(*row)

    def count(self) -> Mapping[Reason, int]:
        """Count by reason; those that nobody has are left out."""
        with explained(self.place):
            rows = dict(
                self.connection.execute(
                    "SELECT reason, count(*) FROM suppression GROUP BY reason"
                )
            )
        return {reason: rows[reason] for reason in Reason if reason in rows}

    def put(self, entries: Iterable[Entry]) -> None:
        """Write entries as they are; the one who does answers for the subscribers."""
        with explained(self.place):
            self.connection.executemany(
                _PUT, ((*entry[:3], entry.since.isoformat()) for entry in entries)
            )

    def _entries(self, mailbox_key: str) -> list[Entry]:
        return self._named(self.hasher.all_of(mailbox_key))

    def _named(self, hashes: Sequence[bytes]) -> list[Entry]:
        marks = ", ".join("?" * len(hashes)) or "NULL"
        query = _SOME.format(marks=marks)
        with explained(self.place):
            return [_entry(*row) for row in self.connection.execute(query, hashes)]

    def _delete(self, hashes: Sequence[bytes]) -> int:
        return self.connection.executemany(
            "DELETE FROM suppression WHERE hash = ?", [(each,) for each in hashes]
        ).rowcount

    def _suppress(self, key: str, by: str, now: datetime) -> None:
        nearer = nearer_than(Status.SUPPRESSED)
        suppressed = Move(key, nearer, Status.SUPPRESSED)
        move(self.connection, [suppressed], by=by, now=now)


def _entry(hash_: bytes, key_id: str, reason: str, since: str) -> Entry:
    return Entry(hash_, key_id, Reason(reason), date.fromisoformat(since))


def _key_id(key: bytes) -> str:
    """Name a key in public; no mailbox has the same hash, for it contains an ``@``."""
    return hmac.digest(key, b"key id", "sha256")[:4].hex()
