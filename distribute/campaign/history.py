"""Read in the ledger: who got what, when, and what the server said."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from distribute.audience.database import from_text
from distribute.campaign.campaign import Outcome, Receipt
from distribute.language import Language

_DELIVERIES = """
    SELECT sink, campaign, id, key, address, language, reason,
           attempt, opened, closed, outcome, code, enhanced, text
    FROM delivery
"""
_ATTEMPTS = """
    SELECT opened, closed, outcome, code, enhanced, text FROM earlier_attempt
    WHERE sink = ? AND delivery = ? ORDER BY attempt
"""

_Row = tuple[str, str | None, str, int, str, str]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a delivery; `closed` is `None` while nobody knows how it ended."""

    opened: datetime
    closed: datetime | None
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything about one delivery."""

    sink: str
    campaign: str
    id: str
    """`Delivery.id`."""
    key: str
    """`Mailbox.key`."""
    address: str
    language: Language
    reason: str
    """Why this language."""
    attempts: tuple[Attempt, ...]
    """Oldest first, at least one."""

    @property
    def receipt(self) -> Receipt:
        """How it stands now."""
        return self.attempts[-1].receipt


def records_of_campaign(
    connection: sqlite3.Connection,
    *,
    sink: str,
    campaign: str,
    outcomes: Collection[Outcome] = (),
) -> Iterator[Record]:
    """Stream a campaign's deliveries by mailbox; all, or those that ended so."""
    rows = connection.execute(
        _DELIVERIES + "WHERE sink = ? AND campaign = ? ORDER BY key, opened, id",
        (sink, campaign),
    )
    for row in rows:
        record = _record(connection, row)
        if not outcomes or record.receipt.outcome in outcomes:
            yield record


def records_of_mailbox(connection: sqlite3.Connection, key: str) -> tuple[Record, ...]:
    """List what was ever tried for one mailbox, at every sink, oldest first."""
    rows = connection.execute(
        _DELIVERIES + "WHERE key = ? ORDER BY opened, sink, id", (key,)
    ).fetchall()
    return tuple(_record(connection, row) for row in rows)


def count_by_language(
    connection: sqlite3.Connection, *, sink: str, campaign: str
) -> Mapping[Language, Mapping[Outcome, int]]:
    """Count a campaign's deliveries by language and outcome."""
    counts: dict[Language, dict[Outcome, int]] = {}
    for language, outcome, count in connection.execute(
        "SELECT language, outcome, count(*) FROM delivery"
        " WHERE sink = ? AND campaign = ? GROUP BY language, outcome ORDER BY language",
        (sink, campaign),
    ):
        counts.setdefault(Language(language), {})[Outcome(outcome)] = count
    return counts


def _record(
    connection: sqlite3.Connection,
    row: tuple[str, str, str, str, str, str, str, int, *_Row],
) -> Record:
    sink, campaign, id_, key, address, language, reason, number, *latest = row
    earlier = connection.execute(_ATTEMPTS, (sink, id_)) if number > 1 else ()
    return Record(
        sink=sink,
        campaign=campaign,
        id=id_,
        key=key,
        address=address,
        language=Language(language),
        reason=reason,
        attempts=tuple(_attempt(*attempt) for attempt in (*earlier, latest)),
    )


def _attempt(
    opened: str, closed: str | None, outcome: str, code: int, enhanced: str, text: str
) -> Attempt:
    return Attempt(
        opened=from_text(opened),
        closed=from_text(closed) if closed else None,
        receipt=Receipt(
            outcome=Outcome(outcome), code=code, enhanced=enhanced, text=text
        ),
    )
