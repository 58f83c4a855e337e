"""Bring subscribers in from a file, all or nothing, and hand them out again."""

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO, TextIO

from distribute.audience.admission import Verdict, admit, fold
from distribute.audience.columns import (
    COLUMNS,
    Header,
    read_header,
    read_subscriber,
    write_subscriber,
)
from distribute.audience.store import Store
from distribute.audience.subscriber import Subscriber
from distribute.audience.table import BadLine, Row, read_table
from distribute.errors import AudienceError, LanguageError, MailboxError

MOST_REMARKS = 10_000
"""Remarks that a report holds; beyond that, lines are only counted."""

_LONGEST_REASON = 300


class Kind(StrEnum):
    """What a remark is about."""

    BAD = "bad"
    FOLDED = "folded"
    KEPT_OUT = "kept out"


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody should know about one line of the file."""

    line: int
    kind: Kind
    address: str
    """Empty where the line could not be read."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did; every row of the file is in exactly one of the counts."""

    added: int
    updated: int
    unchanged: int
    kept_out: int
    """Those who left before, or have yet to confirm: nothing about them was changed."""
    folded: int
    """Rows whose mailbox stood on an earlier line."""
    bad: int
    remarks: tuple[Remark, ...]
    """About the bad, the folded and the kept out, by line; the first `MOST_REMARKS`."""
    unknown_columns: tuple[str, ...]


def import_csv(
    store: Store, lines: IO[bytes], *, source: str, now: datetime
) -> ImportReport:
    """Add everybody in a table whose columns `columns.read_header` recognises.

    Bad lines are reported and do not stop the others. Where a mailbox occurs more than
    once, its first line counts, and the gravest status of all. What is already known is
    judged by `admission.admit`: nobody who left comes back. Raises `AudienceError`, and
    imports nothing at all, where the file is not such a table.

    `lines` is a file opened in binary mode; `source` is recorded with everybody who is
    added or changed: ``import people.csv``.
    """
    table = read_table(lines)
    header = read_header(table.header)
    with closing(_LineOfMailbox()) as seen, store.transaction():
        session = _Import(store, header, seen, source=source, now=now)
        for row in table.rows:
            session.take(row)
    return session.report()


def export_csv(subscribers: Iterable[Subscriber], out: TextIO) -> int:
    """Write a table that `import_csv` reads back the same; gives the number of rows."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for subscriber in subscribers:
        writer.writerow(write_subscriber(subscriber))
        count += 1
    return count


def export_jsonl(subscribers: Iterable[Subscriber], out: TextIO) -> int:
    """Write one JSON object per line (JSON Lines); gives the number of lines."""
    count = 0
    for subscriber in subscribers:
        out.write(json.dumps(as_json(subscriber), ensure_ascii=False) + "\n")
        count += 1
    return count


def as_json(subscriber: Subscriber) -> dict[str, object]:
    """Give what is known about somebody, as values that JSON has."""
    return {
        "email": subscriber.mailbox.address,
        "name": subscriber.mailbox.name,
        "languages": [language.tag for language in subscriber.languages],
        "only_these": subscriber.only_these,
        "status": subscriber.status.value,
        "joined": subscriber.joined.isoformat() if subscriber.joined else None,
        "source": subscriber.source,
    }


class _Import:
    """One import under way: reads row after row, and counts what became of them."""

    def __init__(
        self,
        store: Store,
        header: Header,
        seen: "_LineOfMailbox",
        *,
        source: str,
        now: datetime,
    ) -> None:
        self._store = store
        self._header = header
        self._source = source
        self._now = now
        self._seen = seen
        self._counts: Counter[str] = Counter()
        self._remarks: list[Remark] = []

    def take(self, row: Row | BadLine) -> None:
        """Read a row, decide about it and carry that out; a blank one is passed over."""
        if isinstance(row, BadLine):
            self._remark(row.line, Kind.BAD, "", row.reason)
        elif any(cell.strip() for cell in row.cells):
            try:
                applicant = read_subscriber(
                    row.cells, self._header, source=self._source
                )
            except (AudienceError, MailboxError, LanguageError) as error:
                self._remark(row.line, Kind.BAD, "", error.reason)
            else:
                self._admit(row.line, applicant)

    def report(self) -> ImportReport:
        """Sum up."""
        return ImportReport(
            added=self._counts[Verdict.ADDED],
            updated=self._counts[Verdict.UPDATED],
            unchanged=self._counts[Verdict.UNCHANGED],
            kept_out=self._counts[Kind.KEPT_OUT],
            folded=self._counts[Kind.FOLDED],
            bad=self._counts[Kind.BAD],
            remarks=tuple(self._remarks),
            unknown_columns=self._header.unknown,
        )

    def _admit(self, line: int, applicant: Subscriber) -> None:
        address = applicant.mailbox.address
        known = self._store.get(applicant.mailbox.key)
        first = self._seen.first(applicant.mailbox.key, line)
        if known is not None and first != line:
            admission = fold(applicant, known)
            self._remark(line, Kind.FOLDED, address, f"stands on line {first} already")
        else:
            admission = admit(applicant, known)
            if admission.verdict is Verdict.KEPT_OUT:
                self._remark(line, Kind.KEPT_OUT, address, admission.reason)
            else:
                self._counts[admission.verdict] += 1
        self._store.carry_out(admission, by=self._source, now=self._now)

    def _remark(self, line: int, kind: Kind, address: str, reason: str) -> None:
        self._counts[kind] += 1
        if len(self._remarks) < MOST_REMARKS:
            self._remarks.append(Remark(line, kind, address, reason[:_LONGEST_REASON]))


class _LineOfMailbox:
    """Remembers on which line a mailbox stood first; goes to disk when it grows."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF").fetchall()
        self._connection.execute(
            "CREATE TABLE seen (key TEXT NOT NULL PRIMARY KEY, line INTEGER NOT NULL)"
            " STRICT, WITHOUT ROWID"
        )
        self._connection.execute("BEGIN")

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()

    def first(self, key: str, line: int) -> int:
        """Give the line of its first occurrence, which this one may be."""
        cursor = self._connection.execute(
            "INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", (key, line)
        )
        if cursor.rowcount:
            return line
        query = "SELECT line FROM seen WHERE key = ?"
        (found,) = self._connection.execute(query, (key,)).fetchone()
        return int(found)
