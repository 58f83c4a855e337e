"""The letters to single people that are yet to leave, and those that have left.

What somebody asked for is written down at once, in the same words whoever they are. Which
letter comes of it, if any, is decided when it is about to leave. A letter that may have
left is never sent again: whoever misses it asks once more.

Whoever takes a letter up has it for a while. The end of that while is the number that says
whose it is: it grows each time the letter is taken up, and whatever is written about the
letter asks for it. So a process that stood still for longer, and comes back, lets nothing
leave that another one has taken up, and takes nothing back that has left.
"""

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

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
TAKEN_UP = "taken up"
"""What is said of a letter in hand, and stays where nobody says how that ended."""
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
    SELECT number, kind, address, language, asked, attempt, text FROM letter
    WHERE due <= ? AND outcome = '' ORDER BY due, number LIMIT ?
"""
_DEAD = """
    UPDATE letter SET outcome = 'uncertain', due = NULL,
           text = 'nobody knows whether it has left'
    WHERE due <= ? AND outcome = 'started'
"""
_TAKE_UP = """
    UPDATE letter SET due = ?, text = CASE text WHEN '' THEN ? ELSE text END
    WHERE number = ?
"""
_HOLD = "UPDATE letter SET due = ? WHERE number = ? AND due = ?"
_START = """
    UPDATE letter SET outcome = 'started' WHERE number = ? AND due = ? AND outcome = ''
"""
_PUT_OFF = """
    UPDATE letter SET due = ?, text = ?, outcome = '', attempt = attempt + ?
    WHERE number = ? AND due = ?
"""
_SETTLE = """
    UPDATE letter SET kind = :kind, due = NULL, outcome = :fate, text = :text
    WHERE number = :number
      AND (due = :until OR outcome = 'uncertain' AND :fate = 'accepted')
"""
"""That a server has taken it nobody can know but who let it go, however late they say so."""


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
    until: int
    """When it is left to others, which says whose it is: it grows from one to the next."""
    is_orphan: bool
    """Whether somebody had taken it up before, and never said how that ended."""


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
            numbers = [(until, TAKEN_UP, row[0]) for row in rows]
            self._connection.executemany(_TAKE_UP, numbers)
        return tuple(_pending(row, until) for row in rows)

    def hold(
        self, letters: Iterable[PendingLetter], now: datetime
    ) -> tuple[PendingLetter, ...]:
        """Keep what was taken up for another `LEASE`, where sending takes that long.

        Gives them as they are held now; any that is in other hands as it was.
        """
        until = to_milliseconds(now + LEASE)
        with explained(self._place), transaction(self._connection):
            return tuple(
                replace(each, until=until) if self._is_held(each, until) else each
                for each in letters
            )

    def _is_held(self, letter: PendingLetter, until: int) -> bool:
        row = (until, letter.number, letter.until)
        return self._connection.execute(_HOLD, row).rowcount > 0

    def start(self, letters: Iterable[PendingLetter]) -> frozenset[int]:
        """Note that these leave now; it is on the disk when this returns.

        Gives the numbers of those that may. The others are in other hands, or somebody
        has asked anew in their place: nothing of them must leave.
        """
        with explained(self._place), transaction(self._connection):
            return frozenset(each.number for each in letters if self._is_started(each))

    def _is_started(self, letter: PendingLetter) -> bool:
        row = (letter.number, letter.until)
        return self._connection.execute(_START, row).rowcount > 0

    def settle(
        self, letter: PendingLetter, kind: Kind, fate: Fate, text: str = ""
    ) -> None:
        """Note how a letter ended, and as what kind of letter, if it is still ours."""
        ours = {"number": letter.number, "until": letter.until}
        ended = {"kind": kind, "fate": fate, "text": text}
        with explained(self._place):
            self._connection.execute(_SETTLE, {**ours, **ended})

    def put_off(
        self, letter: PendingLetter, due: int, text: str, *, tried: bool = True
    ) -> None:
        """Note when to try again, if it is still ours; `due` is in milliseconds since 1970."""
        row = (due, text, int(tried), letter.number, letter.until)
        with explained(self._place):
            self._connection.execute(_PUT_OFF, row)

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


def _pending(row: Sequence[Any], until: int) -> PendingLetter:
    number, kind, address, tag, asked, attempt, text = row
    return PendingLetter(
        number=number,
        kind=Kind(kind),
        mailbox=Mailbox(address),
        language=Language(tag),
        asked=asked,
        attempt=attempt,
        until=until,
        is_orphan=text == TAKEN_UP,
    )
