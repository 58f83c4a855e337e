"""Read in the ledger: who got what, when, and what the server said."""

import heapq
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import from_milliseconds, stream, tally
from distribute.campaign.campaign import Outcome, Receipt, Stage, State
from distribute.language import Language

_TROUBLED = frozenset({State.DEFERRED, State.REJECTED, State.UNCERTAIN})
_BY_INDEX = " AND d.due IS NOT NULL"
"""What the three have in common; see the index ``delivery_troubled``."""

_DELIVERIES = """
    SELECT campaign.sink, campaign.id, d.key, d.state, d.id, d.address,
           coalesce(choice.reason, ''), d.number, d.attempt, d.due,
           d.opened, d.closed, coalesce(choice.language, ''),
           d.code, d.enhanced, d.text, d.stage
    FROM campaign CROSS JOIN delivery AS d ON d.campaign = campaign.number
    LEFT JOIN choice ON choice.number = d.choice
"""
_OF_CAMPAIGN = f"""{_DELIVERIES}
    WHERE campaign.sink = :sink AND campaign.id = :campaign AND instr(:states, d.state) > 0
"""
_OF_MAILBOX = f"{_DELIVERIES} WHERE d.key = ? ORDER BY d.since, campaign.sink"
_ATTEMPTS = """
    SELECT outcome, opened, closed, coalesce(language, ''), code, enhanced, text, stage
    FROM earlier_attempt LEFT JOIN choice ON number = choice
    WHERE delivery = ? ORDER BY attempt
"""
_OF_PASSED_OVER = """
    FROM passed_over AS p LEFT JOIN choice ON choice.number = p.choice
    WHERE p.campaign = (SELECT number FROM campaign WHERE sink = ? AND id = ?)
      AND NOT EXISTS (
          SELECT 1 FROM delivery AS d WHERE d.campaign = p.campaign AND d.key = p.key
          /* PostgreSQL: OFFSET 0 */
      )
"""
_WHY_PASSED_OVER = f"SELECT coalesce(choice.reason, '') {_OF_PASSED_OVER}"
_PASSED_OVER = f"""
    SELECT p.key, p.address, coalesce(choice.reason, '') {_OF_PASSED_OVER}
    ORDER BY p.key
"""
UNTRIED = """NOT EXISTS (
    SELECT 1 FROM delivery AS d WHERE d.campaign = :campaign AND d.key = s.key
    /* PostgreSQL: OFFSET 0 */
)"""
"""Of ``subscriber AS s``: nobody tried to reach them.

The last line keeps PostgreSQL from turning this into a join. Of a campaign that has just
begun it has no statistics, takes it for empty, and would go through all of its deliveries
for each subscriber.
"""
STATE = """
    CASE
        WHEN :is_forsaken = 0 THEN d.state
        WHEN d.state = 'started' THEN 'uncertain'
        WHEN d.state = 'claimed' AND :is_lost = 1 THEN 'uncertain'
        WHEN d.state = 'claimed' THEN coalesce((
            SELECT outcome FROM earlier_attempt
            WHERE delivery = d.number AND attempt = d.attempt - 1
        ), 'claimed')
        WHEN d.state = 'rejected' AND EXISTS (
            SELECT 1 FROM recent_bounce AS b
            WHERE b.campaign = d.campaign AND b.key = d.key
        ) THEN 'deferred'
        ELSE d.state
    END
"""
"""Of ``delivery AS d``, as the next sender will find it; its values are an `Aftermath`.

See ``recovery`` for who does it.
"""
STATUS = """
    CASE WHEN :is_forsaken = 1 AND s.status = 'bounced' THEN coalesce((
        SELECT nullif(b.status, '') FROM recent_bounce AS b
        WHERE b.campaign = :campaign AND b.key = s.key ORDER BY b.number DESC LIMIT 1
    ), s.status) ELSE s.status END
"""
"""Of ``subscriber AS s``, in the same way: who bounced just before is put back."""
_OF_DELIVERIES = """
    FROM delivery AS d
    WHERE d.campaign = (SELECT number FROM campaign WHERE sink = :sink AND id = :campaign)
"""
_COUNT = f"SELECT d.choice, {STATE} {_OF_DELIVERIES}"
_STATES = f"SELECT d.key, {STATE} {_OF_DELIVERIES} ORDER BY d.key"

_Said = tuple[int, int | None, str, int, str, str, str]
"""Opened, closed, language, code, enhanced code, text, stage."""


class Aftermath(NamedTuple):
    """What a sender leaves to the next one that ended in the middle of its work."""

    is_forsaken: bool = False
    """Whether there was one; its claims fall back to what was before them."""
    is_lost: bool = False
    """Whether what it wrote last may be lost, so that its claims are uncertain."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a delivery; `closed` is `None` while nobody knows how it ended."""

    opened: datetime
    closed: datetime | None
    receipt: Receipt
    language: Language
    """Of the edition that was tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything about one delivery, or about somebody passed over."""

    sink: str
    campaign: str
    id: str
    """`Delivery.id`; empty for somebody passed over."""
    key: str
    """`Mailbox.key`."""
    address: str
    language: Language | None
    """Of the edition they get; `None` for somebody passed over."""
    reason: str
    """Why this language, or why none."""
    state: State
    due: datetime | None = None
    """When it is tried again at the earliest, if it is deferred; `None`: at once."""
    attempts: tuple[Attempt, ...] = ()
    """Those that have begun, oldest first; none if it was only claimed or passed over."""

    @property
    def receipt(self) -> Receipt | None:
        """What the latest attempt brought; `None` if there has been none."""
        return self.attempts[-1].receipt if self.attempts else None


def records_of_campaign(
    connection: Connection,
    *,
    sink: str,
    campaign: str,
    states: Collection[State] = (),
) -> Iterator[Record]:
    """Stream a campaign's records by mailbox: all, or those in one of these states."""
    wanted = {"sink": sink, "campaign": campaign, "states": " ".join(states or State)}
    index = _BY_INDEX if states and _TROUBLED.issuperset(states) else ""
    rows = stream(connection, f"{_OF_CAMPAIGN}{index} ORDER BY d.key", wanted)
    deliveries = (_record(connection, row) for row in rows)
    if states and State.SKIPPED not in states:
        return deliveries
    skipped = stream(connection, _PASSED_OVER, (sink, campaign))
    passed_over = (_passed_over(sink, campaign, *row) for row in skipped)
    return heapq.merge(deliveries, passed_over, key=lambda record: record.key)


def records_of_mailbox(connection: Connection, key: str) -> tuple[Record, ...]:
    """List what was ever tried for one mailbox, at every sink, oldest first."""
    rows = connection.execute(_OF_MAILBOX, (key,)).fetchall()
    return tuple(_record(connection, row) for row in rows)


def count_by_language(
    connection: Connection, aftermath: Aftermath, *, sink: str, campaign: str
) -> Mapping[Language, Mapping[State, int]]:
    """Count a campaign's deliveries by language and state."""
    wanted = aftermath._asdict() | {"sink": sink, "campaign": campaign}
    counted = tally(connection, 2, _COUNT, wanted)
    languages = dict(connection.execute("SELECT number, language FROM choice"))
    counts: dict[Language, Counter[State]] = {}
    for (choice, state), count in counted.items():
        language = Language(languages.get(choice, ""))
        counts.setdefault(language, Counter())[State(state)] += count
    return {
        language: {state: counts[language][state] for state in State if state in ends}
        for language, ends in sorted(counts.items())
    }


def count_passed_over(
    connection: Connection, *, sink: str, campaign: str
) -> Mapping[str, int]:
    """Count by reason who was passed over at the last look, the commonest first."""
    counted = tally(connection, 1, _WHY_PASSED_OVER, (sink, campaign))
    by_count = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return {reason: count for (reason,), count in by_count}


def outcomes(
    connection: Connection, aftermath: Aftermath, *, sink: str, campaign: str
) -> Mapping[str, Outcome]:
    """Give by `Mailbox.key` how it stands with those whose delivery has begun."""
    wanted = aftermath._asdict() | {"sink": sink, "campaign": campaign}
    return {
        key: _outcome(state)
        for key, state in stream(connection, _STATES, wanted)
        if state != State.CLAIMED
    }


def _record(
    connection: Connection,
    row: tuple[str, str, str, str, str, str, str, int, int, int, *_Said],
) -> Record:
    sink, campaign, key, state, id_, address, reason, number, count, due = row[:10]
    said = row[10:]
    earlier = connection.execute(_ATTEMPTS, (number,)) if count > 1 else ()
    latest = [] if state == State.CLAIMED else [(state, *said)]
    return Record(
        sink=sink,
        campaign=campaign,
        id=id_,
        key=key,
        address=address,
        language=Language(said[2]),
        reason=reason,
        state=State(state),
        due=from_milliseconds(due) if due else None,
        attempts=tuple(_attempt(*attempt) for attempt in (*earlier, *latest)),
    )


def _attempt(outcome: str, *said: *_Said) -> Attempt:
    opened, closed, language, code, enhanced, text, stage = said
    return Attempt(
        opened=from_milliseconds(opened),
        closed=None if closed is None else from_milliseconds(closed),
        receipt=Receipt(_outcome(outcome), code, enhanced, text, Stage(stage)),
        language=Language(language),
    )


def _outcome(state: str) -> Outcome:
    return Outcome.UNCERTAIN if state == State.STARTED else Outcome(state)


def _passed_over(
    sink: str, campaign: str, key: str, address: str, reason: str
) -> Record:
    return Record(
        sink=sink,
        campaign=campaign,
        id="",
        key=key,
        address=address,
        language=None,
        reason=reason,
        state=State.SKIPPED,
    )
