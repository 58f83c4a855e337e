"""Hold what was read of a file until all of it has been: in a file of its own.

It is private, has no name, and is gone with the process. So the list of subscribers is
locked only while it is written, however long a file takes to be read, and memory does
not grow with the file. It comes back in the order of the mailboxes, all that is said of
one together, which is also the order that the list is written in soonest.
"""

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import NamedTuple, Self

from distribute.audience.consent import Wording
from distribute.audience.evidence import ActRow, act_row
from distribute.audience.intake.applicant import Applicant
from distribute.audience.rows import Row, to_row

_BATCH = 1000
_TABLE = """
    CREATE TABLE staged (
        key TEXT NOT NULL, file INTEGER NOT NULL, line INTEGER NOT NULL,
        address, name, languages, only_these, status, joined, source, tags, paused,
        evidence TEXT NOT NULL
    )
"""
_WORDINGS = "CREATE TABLE wording (version PRIMARY KEY, language, words) WITHOUT ROWID"
_KEEP = "INSERT INTO wording VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_REMEMBERED = 1000
"""Wordings that are known to be kept; beyond, it starts anew."""
_INSERT = "INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_IN_ORDER = "SELECT * FROM staged ORDER BY key, file, line"


class Place(NamedTuple):
    """Where something stands: in which of the files, counted from 0, on which line."""

    file: int
    line: int


class Staged(NamedTuple):
    """What one line says of somebody."""

    key: str
    """`Mailbox.key`."""
    place: Place
    row: Row
    evidence: str
    """What the file knows of their consent; see `acts`."""

    def acts(self) -> list[ActRow]:
        """Read the evidence."""
        if not self.evidence:
            return []
        rows: list[list[str]] = json.loads(self.evidence)
        return [(at, act, how, words, net) for at, act, how, words, net in rows]


class Staging:
    """Takes applicants in one by one, and gives them back by mailbox."""

    def __init__(self, now: datetime) -> None:
        """Begin; who has not said when they joined joins now."""
        self._now = now
        self._waiting: list[tuple[object, ...]] = []
        self._kept: set[Wording] = set()
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF").fetchall()
        self._connection.execute(_TABLE)
        self._connection.execute(_WORDINGS)
        self._connection.execute("BEGIN")
        self._sorted: Iterator[tuple[object, ...]] = iter(())
        self._first: tuple[object, ...] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Forget everything."""
        self._connection.close()

    def add(self, place: Place, applicant: Applicant) -> None:
        """Keep somebody for later."""
        row = to_row(applicant.subscriber, self._now)
        acts = [act_row(consent) for consent in applicant.evidence]
        evidence = json.dumps(acts, ensure_ascii=False) if acts else ""
        key = applicant.subscriber.mailbox.key
        self._waiting.append((key, *place, *row, evidence))
        if len(self._waiting) >= _BATCH:
            self._flush()
        for wording in applicant.wordings:
            self._keep(wording)

    def sort(self) -> None:
        """Make ready to give everybody back; that takes its time."""
        self._flush()
        self._sorted = self._connection.execute(_IN_ORDER)
        self._first = next(self._sorted, None)  # for which all of them are sorted

    def batches(self, size: int) -> Iterator[list[list[Staged]]]:
        """Give everybody, so many mailboxes at a time, each with the first line first.

        They must have been sorted, and can be had once.
        """
        begin = [] if self._first is None else [self._first]
        rows = map(_staged, chain(begin, self._sorted))
        people = (list(group) for _, group in groupby(rows, key=itemgetter(0)))
        while batch := list(islice(people, size)):
            yield batch

    def wordings(self) -> Iterator[Wording]:
        """Give the words that people agreed to, once each."""
        rows = self._connection.execute("SELECT language, words FROM wording")
        return (Wording(language, words) for language, words in rows)

    def _keep(self, wording: Wording) -> None:
        if wording in self._kept:
            return
        if len(self._kept) >= _REMEMBERED:
            self._kept.clear()
        self._kept.add(wording)
        row = (wording.version, wording.language, wording.words)
        self._connection.execute(_KEEP, row)

    def _flush(self) -> None:
        self._connection.executemany(_INSERT, self._waiting)
        self._waiting.clear()


def _staged(row: tuple[object, ...]) -> Staged:
    key, file, line, *rest, evidence = row
    return Staged(key, Place(file, line), tuple(rest), evidence)  # type: ignore[arg-type]  # as `add` wrote them
