"""Keep the subscribers in ``distribute.db``, with the history of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Self

from distribute.audience.admission import Admission, Verdict, admit, readmit
from distribute.audience.consent import Consent
from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    PATIENCE,
    Handle,
    explained,
    stream,
    transaction,
)
from distribute.audience.database.place import Place
from distribute.audience.evidence import Evidence
from distribute.audience.history import Change, changes_of, note_changes
from distribute.audience.rows import COLUMNS, from_row, to_row, tracked
from distribute.audience.segment.criteria import (
    Both,
    Criterion,
    HasStatus,
    Values,
    Wishes,
)
from distribute.audience.segment.segment import Segment
from distribute.audience.standing import Move, move, nearer_than, status_before
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.suppression import Hasher, Reason, Suppressions
from distribute.errors import AudienceError
from distribute.language import Language

_SELECT = f"SELECT {COLUMNS} FROM subscriber "  # noqa: S608 - names alone
_FILTER = " AS s WHERE {condition} ORDER BY key"
_INSERT = f"""
    INSERT INTO subscriber (key, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""  # noqa: S608 - names alone
_UPDATE = """
    UPDATE subscriber
    SET (address, name, languages, only_these, status, tags, paused) = (?, ?, ?, ?, ?, ?, ?)
    WHERE key = ?
"""
_SIGNING_KEY = "signing key"


class Store(Handle):
    """The subscribers of one newsletter, known by `Mailbox.key`.

    Every method raises `AudienceError` when the file cannot be used. Changes are on the
    disk when a method returns, or when the `transaction` around it ends.
    """

    _suppressions: Suppressions | None = None

    @classmethod
    def open(cls, place: Place, *, patience: float = PATIENCE) -> Self:
        """Open the database, made on first use; waits `patience` seconds for others."""
        return cls(place, patience=patience)

    @classmethod
    def sharing(cls, place: Place, connection: Connection) -> Self:
        """Work on a connection that is open already; whoever opened it closes it."""
        store = cls.__new__(cls)
        store.place, store._connection = place, connection
        return store

    def suppressions(self, hasher: Hasher) -> Suppressions:
        """Take up the list of suppressions; from now on it keeps people out of here."""
        self._suppressions = Suppressions(self.place, self._connection, hasher)
        return self._suppressions

    def suppressed(self, key: str) -> Reason | None:
        """Tell why this mailbox must not be added; `None` without `suppressions`."""
        return self._suppressions.reason(key) if self._suppressions else None

    def suppressed_among(self, keys: Sequence[str]) -> Mapping[str, Reason]:
        """Tell which of these mailboxes must not be added, and why; see `suppressed`."""
        return self._suppressions.reasons(keys) if self._suppressions else {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what happens inside all or nothing; others may read meanwhile."""
        with explained(self.place), transaction(self._connection):
            yield

    def subscribers(
        self,
        *,
        status: Status | None = None,
        language: Language | None = None,
        segment: Segment | None = None,
    ) -> Iterator[Subscriber]:
        """Stream the subscribers in the order of their keys, as they stand now.

        All that is given has to be true of them. `language` keeps those who wish for it
        at any place of their list, or for a more special one; see `criteria.Wishes`.
        """
        wanted: list[Criterion] = [segment.criterion] if segment else []
        wanted += [HasStatus(status)] if status else []
        wanted += [Wishes(language.tag)] if language else []
        values = Values("wanted")
        condition = Both(tuple(wanted)).sql(values) if wanted else "true"
        query = _SELECT + _FILTER.format(condition=condition)
        with explained(self.place):
            for row in stream(self._connection, query, values.by_name):
                yield from_row(row)

    def get(self, key: str) -> Subscriber | None:
        """Find one subscriber by `Mailbox.key`, or by an address in any case."""
        with explained(self.place):
            row = self._connection.execute(
                _SELECT + "WHERE key = ?", (key.casefold(),)
            ).fetchone()
        return from_row(row) if row else None

    def count(self) -> Mapping[Status, int]:
        """Count the subscribers by status; those that nobody has are left out."""
        with explained(self.place):
            rows = self._connection.execute(
                "SELECT status, count(*) FROM subscriber GROUP BY status"
            ).fetchall()
        counts = dict(rows)
        return {status: counts[status] for status in Status if status in counts}

    def add(self, applicant: Subscriber, *, by: str, now: datetime) -> Admission:
        """Add somebody by hand, or bring them up to date, as `admission` decides."""
        key = applicant.mailbox.key
        with self.transaction():
            known = self.get(key)
            if known is not None and known.status is Status.BOUNCED:
                admission = readmit(applicant, known, self._before_bounce(known))
            else:
                admission = admit(applicant, known, self.suppressed(key))
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
        in bulk goes through `add`. Raises `AudienceError` for the suppressed, unless it
        leaves them so.
        """
        with self.transaction():
            known = self.get(subscriber.mailbox.key)
            if known is None:
                self._insert(subscriber, now)
            elif known.status is Status.SUPPRESSED is not subscriber.status:
                raise _is_suppressed(subscriber)
            else:
                self._update(known, subscriber, by, now)

    def set_status(self, key: str, status: Status, *, by: str, now: datetime) -> bool:
        """Set the status of one subscriber; false if there is none with this key.

        Whoever is suppressed stays so: only `Suppressions.remove` lifts that.
        """
        leaving = [each for each in Status if each is not status]
        return bool(self._move([Move(key, leaving, status)], by, now)) or (
            self.get(key) is not None
        )

    def let_go(
        self, keys: Iterable[str], status: Status, *, by: str, now: datetime
    ) -> None:
        """Give a status to those of them who are nearer to receiving than it is.

        So whose mailbox is gone becomes bounced, but who complained has complained.
        """
        nearer = nearer_than(status)
        self._move([Move(key, nearer, status) for key in keys], by, now)

    def take_back(
        self, status: Status, before: Mapping[str, Status], *, by: str, now: datetime
    ) -> None:
        """Give those of them who have this status the one of before, each their own."""
        self._move(
            [Move(key, [status], old) for key, old in before.items() if old != status],
            by,
            now,
        )

    def erase(self, key: str) -> bool:
        """Erase somebody and their history; false if there is nobody with this key."""
        with explained(self.place):
            cursor = self._connection.execute(
                "DELETE FROM subscriber WHERE key = ?", (key,)
            )
        return cursor.rowcount > 0

    def history(self, key: str) -> tuple[Change, ...]:
        """List what changed about somebody since they joined, oldest first."""
        with explained(self.place):
            return changes_of(self._connection, key)

    def note_consent(self, key: str, consent: Consent) -> bool:
        """Record what a subscriber agreed to or took back; false if there is none."""
        return self._evidence.note(key, consent)

    def consents(self, key: str) -> tuple[Consent, ...]:
        """List what a subscriber agreed to or took back, oldest first."""
        return self._evidence.of(key)

    def keep_wording(self, language: str, words: str) -> str:
        """Keep the words that people agree to; gives the version that names them."""
        return self._evidence.keep_wording(language, words)

    def wording(self, version: str) -> str | None:
        """Find the words of a version; `None` if they were never kept."""
        return self._evidence.wording(version)

    def meta(self, name: str) -> bytes | None:
        """Read one of the facts kept about the newsletter itself."""
        with explained(self.place):
            row = self._connection.execute(
                "SELECT value FROM meta WHERE key = ?", (name,)
            ).fetchone()
        return row[0] if row else None

    def keep(self, name: str, value: bytes) -> bytes:
        """Keep a fact unless it is kept already, and give back the one that is kept."""
        kept = self.meta(name)
        if kept is not None:
            return kept
        with self.transaction():
            self._connection.execute(
                "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (name, value),
            )
            return self.meta(name) or value

    def note(self, name: str, value: bytes) -> None:
        """Keep a fact in place of what was kept before under its name."""
        with explained(self.place):
            self._connection.execute(
                "INSERT INTO meta (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def signing_key(self, fresh: bytes) -> bytes:
        """Give the key that signs links: `fresh` on first use, the same ever after."""
        return self.keep(_SIGNING_KEY, fresh)

    def own_signing_key(self) -> bytes | None:
        """Give that key if there is one: it signed until another was named."""
        return self.meta(_SIGNING_KEY)

    @property
    def _evidence(self) -> Evidence:
        return Evidence(self.place, self._connection)

    def _before_bounce(self, somebody: Subscriber) -> Status:
        """Find the status before the latest bounce; whoever came as bounced had none."""
        key = somebody.mailbox.key
        before = status_before(self._connection, key, Status.BOUNCED)
        return before or Status.CONFIRMED

    def _move(self, people: Sequence[Move], by: str, now: datetime) -> int:
        """Change the status of people, but of nobody who is suppressed."""
        moves = [
            Move(key, [each for each in leaving if each is not Status.SUPPRESSED], to)
            for key, leaving, to in people
        ]
        with self.transaction():
            return move(self._connection, moves, by=by, now=now)

    def _insert(self, subscriber: Subscriber, now: datetime) -> None:
        key = subscriber.mailbox.key
        if subscriber.status is not Status.SUPPRESSED and self.suppressed(key):
            raise _is_suppressed(subscriber)
        with explained(self.place):
            self._connection.execute(_INSERT, (key, *to_row(subscriber, now)))

    def _update(
        self, known: Subscriber, subscriber: Subscriber, by: str, now: datetime
    ) -> None:
        key, row = known.mailbox.key, to_row(subscriber, now)
        self._connection.execute(_UPDATE, (*row[:5], *row[7:], key))
        old, new = tracked(known), tracked(subscriber)
        note_changes(self._connection, key, old=old, new=new, by=by, now=now)


def _is_suppressed(subscriber: Subscriber) -> AudienceError:
    address = subscriber.mailbox.address
    return AudienceError(
        f"{address} must not be written to",
        hint=f"`distribute explain {address}` says why; "
        f"`distribute audience suppress --remove {address}` lifts it.",
    )
