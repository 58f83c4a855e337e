"""The letters to single people that are yet to leave, and those that have left.

What somebody asked for is written down at once, in the same words whoever they are. Which
letter comes of it, if any, is decided when it is about to leave. A letter that may have
left is never sent again: whoever misses it asks once more.
"""

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    explained,
    to_milliseconds,
    transaction,
)
from distribute.audience.database.place import Place
from distribute.language import Language
from distribute.mailbox import Mailbox

ID_LENGTH = 24
"""Hexadecimal digits of a letter's id."""
LEASE = timedelta(minutes=10)
"""So long a letter is left to whoever took it up; after that they are believed dead."""

_REPLACE = """
    DELETE FROM letter WHERE key = ? AND kind = ? AND outcome = '' AND attempt = 0
"""
_ASK = """
    INSERT INTO letter (kind, key, address, name, language, asked, due, attempt, outcome,
                        text)
    VALUES (?, ?, ?, '', ?, ?, ?, 0, '', '')
"""
_DUE = """
    SELECT number, kind, address, language, asked, attempt FROM letter
    WHERE due <= ? AND outcome = '' ORDER BY due, number LIMIT ?
"""
_DEAD = """
    UPDATE letter SET outcome = 'uncertain', due = NULL,
           text = 'nobody knows whether it has left'
    WHERE due <= ? AND outcome = 'started'
"""
_PUT_OFF = """
    UPDATE letter SET due = ?, text = ?, outcome = '', attempt = attempt + ?
    WHERE number = ?
"""
_SETTLE = """
    UPDATE letter SET kind = ?, due = NULL, outcome = ?, text = ? WHERE number = ?
"""


class Kind(StrEnum):
    """What a letter is for."""

    JOIN = "join"
    """Somebody asked to join: becomes CONFIRM, KNOWN, or nothing at all."""
    LINK = "link"
    """Somebody asked for their own link: becomes PREFERENCES, or nothing at all."""
    CONFIRM = "confirm"
    KNOWN = "known"
    PREFERENCES = "preferences"


class Fate(StrEnum):
    """How a letter ended."""

    WAITING = ""
    STARTED = "started"
    """Let go of, and not answered for yet."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    """Refused for good, or given up."""
    UNCERTAIN = "uncertain"
    """It may have left; it is not sent again."""
    NONE = "none"
    """There was nothing to write to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLetter:
    """One letter that is about to leave. Instants are milliseconds since 1970."""

    number: int
    kind: Kind
    mailbox: Mailbox
    """Without a name: anybody could have written any into the form."""
    language: Language
    asked: int
    attempt: int
    """How many attempts there were before this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLetter:
    """One letter on record. Instants are milliseconds since 1970."""

    kind: Kind
    asked: int
    fate: Fate
    text: str
    """The server's words, or why there was none."""


class Letters:
    """The outbox, in an open database; what is changed is part of any open transaction.

    Every method raises `AudienceError` when the file cannot be used.
    """

    def __init__(self, place: Place, connection: Connection) -> None:
        self._place = place
        self._connection = connection

    def ask(
        self, kind: Kind, mailbox: Mailbox, language: Language, *, now: datetime
    ) -> None:
        """Note that a letter is asked for; it takes the place of one that waits."""
        key, at = mailbox.key, to_milliseconds(now)
        with explained(self._place), transaction(self._connection):
            self._connection.execute(_REPLACE, (key, kind))
            row = (kind, key, mailbox.address, language.tag, at, at)
            self._connection.execute(_ASK, row)

    def claim(self, now: datetime, most: int = 50) -> tuple[PendingLetter, ...]:
        """Take up letters that are due; for `LEASE` nobody else does."""
        at, until = to_milliseconds(now), to_milliseconds(now + LEASE)
        with explained(self._place), transaction(self._connection):
            self._connection.execute(_DEAD, (at,))
            rows = self._connection.execute(_DUE, (at, most)).fetchall()
            query = "UPDATE letter SET due = ? WHERE number = ?"
            self._connection.executemany(query, [(until, row[0]) for row in rows])
        return tuple(_pending(*row) for row in rows)

    def hold(self, numbers: Iterable[int], now: datetime) -> None:
        """Keep what was taken up for another `LEASE`, where sending takes that long."""
        until = to_milliseconds(now + LEASE)
        with explained(self._place), transaction(self._connection):
            query = "UPDATE letter SET due = ? WHERE number = ? AND due IS NOT NULL"
            rows = [(until, number) for number in numbers]
            self._connection.executemany(query, rows)

    def start(self, numbers: list[int]) -> None:
        """Note that these leave now; it is on the disk when this returns."""
        with explained(self._place), transaction(self._connection):
            query = "UPDATE letter SET outcome = ? WHERE number = ?"
            rows = [(Fate.STARTED, number) for number in numbers]
            self._connection.executemany(query, rows)

    def settle(self, number: int, kind: Kind, fate: Fate, text: str = "") -> None:
        """Note how a letter ended, and as what kind of letter."""
        with explained(self._place):
            self._connection.execute(_SETTLE, (kind, fate, text, number))

    def put_off(self, number: int, due: int, text: str, *, tried: bool = True) -> None:
        """Note when to try again; `due` is in milliseconds since 1970."""
        with explained(self._place):
            self._connection.execute(_PUT_OFF, (due, text, int(tried), number))

    def next_due(self) -> int | None:
        """Tell when the next one is due, in milliseconds since 1970; `None` if none is."""
        query = "SELECT min(due) FROM letter WHERE due IS NOT NULL"
        with explained(self._place):
            (due,) = self._connection.execute(query).fetchone()
        return int(due) if due is not None else None

    def of(self, key: str) -> tuple[PastLetter, ...]:
        """List the letters of a mailbox, oldest first."""
        query = "SELECT kind, asked, outcome, text FROM letter WHERE key = ? ORDER BY asked, number"
        with explained(self._place):
            rows = self._connection.execute(query, (key,)).fetchall()
        return tuple(
            PastLetter(kind=Kind(kind), asked=asked, fate=Fate(fate), text=text)
            for kind, asked, fate, text in rows
        )

    def named(
        self, ids: Collection[str], keys: Sequence[bytes]
    ) -> Mapping[str, tuple[str, Kind]]:
        """Find the letters with these ids, made with any of the keys: to whom, and what.

        All on record are gone through once, which are those of the last weeks.
        """
        if not ids:
            return {}
        query = "SELECT number, asked, key, kind FROM letter"
        with explained(self._place):
            rows = self._connection.execute(query).fetchall()
        made = (
            (letter_id(secret, number, asked, key), (key, Kind(kind)))
            for number, asked, key, kind in rows
            for secret in keys
        )
        return {id_: letter for id_, letter in made if id_ in ids}

    def purge(self, before: datetime) -> int:
        """Forget those that were asked for before and have ended; gives how many."""
        query = "DELETE FROM letter WHERE due IS NULL AND asked < ?"
        with explained(self._place):
            at = to_milliseconds(before)
            return self._connection.execute(query, (at,)).rowcount


def letter_id(secret: bytes, number: int, asked: int, key: str) -> str:
    """Name a letter so that nobody can guess it; the same at every attempt.

    `key` is `Mailbox.key`; whoever shows the id has seen the letter, or what it was
    returned in.
    """
    text = f"{number} {asked} {key}".encode()
    return hmac.digest(secret, text, "sha256").hex()[:ID_LENGTH]


def _pending(
    number: int, kind: str, address: str, tag: str, asked: int, attempt: int
) -> PendingLetter:
    return PendingLetter(
        number=number,
        kind=Kind(kind),
        mailbox=Mailbox(address),
        language=Language(tag),
        asked=asked,
        attempt=attempt,
    )
