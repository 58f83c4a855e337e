"""Keep the subscribers in ``distribute.db``, with the history of each."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Self

from distribute.audience.admission import Admission, Verdict, admit, readmit
from distribute.audience.database import (
    PATIENCE,
    Handle,
    explained,
    from_text,
    to_text,
    transaction,
)
from distribute.audience.subscriber import Status, Subscriber
from distribute.language import Language
from distribute.mailbox import Mailbox

_SELECT = """
    SELECT address, name, languages, only_these, status, joined, source FROM subscriber
"""
_FILTER = """
    WHERE (:status IS NULL OR status = :status)
      AND (:tag IS NULL
           OR instr(' ' || languages || ' ', ' ' || :tag || ' ')
           OR instr(' ' || languages || ' ', ' ' || :tag || '-'))
    ORDER BY key
"""
_NOTE_STATUS = """
    INSERT INTO change (subscriber, at, by, field, old, new)
    SELECT id, :at, :by, 'status', status, :to FROM subscriber
    WHERE key = :key AND instr(:from, status)
"""
_SET_STATUS = """
    UPDATE subscriber SET status = :to WHERE key = :key AND instr(:from, status)
"""
_SIGNING_KEY = "signing key"

_Row = tuple[str, str, str, int, str, str | None, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed about a subscriber after they joined."""

    at: datetime
    by: str
    """Who or what did it: ``import people.csv``."""
    field: str
    """``name``, ``languages``, ``only_these``, ``status`` or ``address``."""
    old: str
    new: str


class Store(Handle):
    """The subscribers of one newsletter, known by `Mailbox.key`.

    Every method raises `AudienceError` when the file cannot be used. Changes are on the
    disk when a method returns, or when the `transaction` around it ends.
    """

    @classmethod
    def open(cls, path: Path, *, patience: float = PATIENCE) -> Self:
        """Open the database, made on first use; waits `patience` seconds for others."""
        return cls(path, patience=patience)

    @classmethod
    def sharing(cls, path: Path, connection: sqlite3.Connection) -> Self:
        """Work on a connection that is open already; whoever opened it closes it."""
        store = cls.__new__(cls)
        store.path, store._connection = path, connection
        return store

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what happens inside all or nothing; others may read meanwhile."""
        with explained(self.path), transaction(self._connection):
            yield

    def subscribers(
        self, *, status: Status | None = None, language: Language | None = None
    ) -> Iterator[Subscriber]:
        """Stream the subscribers in the order of their keys, as they stand now.

        `language` keeps those who wish for it at any place of their list, or for a more
        special one: ``pt`` finds ``pt-BR`` too (RFC 4647 section 3.3.1).
        """
        wanted = {"status": status, "tag": language and language.tag}
        with explained(self.path):
            for row in self._connection.execute(_SELECT + _FILTER, wanted):
                yield _subscriber(row)

    def get(self, key: str) -> Subscriber | None:
        """Find one subscriber by `Mailbox.key`, or by an address in any case."""
        with explained(self.path):
            row = self._connection.execute(
                _SELECT + "WHERE key = ?", (key.casefold(),)
            ).fetchone()
        return _subscriber(row) if row else None

    def count(self) -> Mapping[Status, int]:
        """Count the subscribers by status; those that nobody has are left out."""
        with explained(self.path):
            rows = self._connection.execute(
                "SELECT status, count(*) FROM subscriber GROUP BY status"
            ).fetchall()
        return {status: dict(rows)[status] for status in Status if status in dict(rows)}

    def add(self, applicant: Subscriber, *, by: str, now: datetime) -> Admission:
        """Add somebody by hand, or bring them up to date, as `admission` decides."""
        with self.transaction():
            known = self.get(applicant.mailbox.key)
            if known is not None and known.status is Status.BOUNCED:
                admission = readmit(applicant, known, self._before_bounce(known))
            else:
                admission = admit(applicant, known)
            self.carry_out(admission, by=by, now=now)
        return admission

    def carry_out(self, admission: Admission, *, by: str, now: datetime) -> None:
        """Write what was decided about an applicant."""
        if admission.verdict is Verdict.ADDED:
            self._insert(admission.subscriber, now)
        elif admission.verdict is Verdict.UPDATED:
            self.put(admission.subscriber, by=by, now=now)

    def put(self, subscriber: Subscriber, *, by: str, now: datetime) -> None:
        """Set somebody to exactly this, for better or worse, and record what changed.

        For what the person decides, or an operator in so many words; anything that comes
        in bulk goes through `add`.
        """
        with self.transaction():
            known = self.get(subscriber.mailbox.key)
            if known is None:
                self._insert(subscriber, now)
            else:
                self._update(known, subscriber, by, now)

    def set_status(self, key: str, status: Status, *, by: str, now: datetime) -> bool:
        """Set the status of one subscriber; false if there is none with this key."""
        with self.transaction():
            cursor = self._connection.execute(
                "INSERT INTO change (subscriber, at, by, field, old, new)"
                " SELECT id, ?, ?, 'status', status, ? FROM subscriber"
                " WHERE key = ? AND status <> ?",
                (to_text(now), by, status, key, status),
            )
            if not cursor.rowcount:
                return self.get(key) is not None
            self._connection.execute(
                "UPDATE subscriber SET status = ? WHERE key = ?", (status, key)
            )
        return True

    def let_go(
        self, keys: Iterable[str], status: Status, *, by: str, now: datetime
    ) -> None:
        """Give a status to those of them who are nearer to receiving than it is.

        So whose mailbox is gone becomes bounced, but who complained has complained.
        """
        nearer = " ".join(s for s in Status if s.gravity < status.gravity)
        what = {"from": nearer, "to": status, "by": by, "at": to_text(now)}
        self._move([what | {"key": key} for key in keys])

    def take_back(
        self, status: Status, before: Mapping[str, Status], *, by: str, now: datetime
    ) -> None:
        """Give those of them who have this status the one of before, each their own."""
        what = {"from": status, "by": by, "at": to_text(now)}
        changed = {key: old for key, old in before.items() if old is not status}
        self._move([what | {"key": key, "to": old} for key, old in changed.items()])

    def erase(self, key: str) -> bool:
        """Erase somebody and their history; false if there is nobody with this key."""
        with explained(self.path):
            cursor = self._connection.execute(
                "DELETE FROM subscriber WHERE key = ?", (key,)
            )
        return cursor.rowcount > 0

    def history(self, key: str) -> tuple[Change, ...]:
        """List what changed about somebody since they joined, oldest first."""
        with explained(self.path):
            rows = self._connection.execute(
                "SELECT at, by, field, old, new FROM change"
                " WHERE subscriber = (SELECT id FROM subscriber WHERE key = ?)"
                " ORDER BY id",
                (key,),
            ).fetchall()
        return tuple(Change(from_text(at), *rest) for at, *rest in rows)

    def meta(self, name: str) -> bytes | None:
        """Read one of the facts kept about the newsletter itself."""
        with explained(self.path):
            row = self._connection.execute(
                "SELECT value FROM meta WHERE key = ?", (name,)
            ).fetchone()
        return row[0] if row else None

    def keep(self, name: str, value: bytes) -> bytes:
        """Keep a fact unless it is kept already, and give back the one that is kept."""
        with self.transaction():
            self._connection.execute(
                "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (name, value),
            )
            return self.meta(name) or value

    def signing_key(self, fresh: bytes) -> bytes:
        """Give the key that signs links: `fresh` on first use, the same ever after."""
        return self.keep(_SIGNING_KEY, fresh)

    def _before_bounce(self, somebody: Subscriber) -> Status:
        """Find the status before the latest bounce; whoever came as bounced had none."""
        history = self.history(somebody.mailbox.key)
        bounces = [c.old for c in history if (c.field, c.new) == ("status", "bounced")]
        return Status(bounces[-1]) if bounces else Status.CONFIRMED

    def _move(self, people: Sequence[Mapping[str, str]]) -> None:
        """Change the status of people, each from one of some to another."""
        with self.transaction():
            self._connection.executemany(_NOTE_STATUS, people)
            self._connection.executemany(_SET_STATUS, people)

    def _insert(self, subscriber: Subscriber, now: datetime) -> None:
        with explained(self.path):
            self._connection.execute(
                "INSERT INTO subscriber (key, address, name, languages, only_these,"
                " status, joined, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (subscriber.mailbox.key, *_row(subscriber, now)),
            )

    def _update(
        self, known: Subscriber, subscriber: Subscriber, by: str, now: datetime
    ) -> None:
        key, old, new = known.mailbox.key, _fields(known), _fields(subscriber)
        self._connection.execute(
            "UPDATE subscriber SET (address, name, languages, only_these, status)"
            " = (?, ?, ?, ?, ?) WHERE key = ?",
            (*_row(subscriber, now)[:5], key),
        )
        self._connection.executemany(
            "INSERT INTO change (subscriber, at, by, field, old, new)"
            " SELECT id, ?, ?, ?, ?, ? FROM subscriber WHERE key = ?",
            [
                (to_text(now), by, field, old[field], new[field], key)
                for field in old
                if old[field] != new[field]
            ],
        )


def _row(subscriber: Subscriber, now: datetime) -> _Row:
    return (
        subscriber.mailbox.address,
        subscriber.mailbox.name,
        " ".join(language.tag for language in subscriber.languages),
        int(bool(subscriber.only_these and subscriber.languages)),
        subscriber.status,
        to_text(subscriber.joined or now),
        subscriber.source,
    )


def _subscriber(row: _Row) -> Subscriber:
    address, name, languages, only_these, status, joined, source = row
    return Subscriber(
        mailbox=Mailbox(address, name),
        languages=_languages(languages),
        only_these=bool(only_these),
        status=Status(status),
        joined=from_text(joined) if joined else None,
        source=source,
    )


@lru_cache(maxsize=1024)
def _languages(text: str) -> tuple[Language, ...]:
    """Read what `_row` wrote; a large list holds few different wishes."""
    return tuple(Language(tag) for tag in text.split())


def _fields(subscriber: Subscriber) -> dict[str, str]:
    """Write out what the history keeps track of."""
    return {
        "address": subscriber.mailbox.address,
        "name": subscriber.mailbox.name,
        "languages": " ".join(language.tag for language in subscriber.languages),
        "only_these": "yes" if subscriber.only_these else "no",
        "status": subscriber.status,
    }
