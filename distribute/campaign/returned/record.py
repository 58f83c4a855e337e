"""What was decided about messages that came back, and the strikes that still count."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import from_milliseconds, to_milliseconds
from distribute.audience.reception.letters import Kind as Letter
from distribute.campaign.returned.judge import Decision, Judgement
from distribute.campaign.returned.report import Report

_BEFORE = "SELECT part, decision, reason FROM judgement WHERE message = ? ORDER BY part"
_NOTE = """
    INSERT INTO judgement (message, part, at, source, kind, key, campaign, delivery,
                           enhanced, text, decision, reason)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_HAS_COUNTED = """
    SELECT 1 FROM judgement
    WHERE key = ? AND campaign = ? AND campaign <> '' AND decision IN ({decisions})
"""
_STRIKES = "SELECT at FROM strike WHERE key = ? AND at >= ? ORDER BY at"
_DECAYED = "DELETE FROM strike WHERE key = ? AND at < ?"
_STRIKE = """
    INSERT INTO strike (key, at, reason) VALUES (?, ?, ?)
    ON CONFLICT (key, at) DO NOTHING
"""
_COUNTS = (Decision.STRIKE, Decision.BOUNCED_BY_STRIKES)


class Subject(NamedTuple):
    """Whom and what a report is about, as far as that is proved; else empty."""

    key: str = ""
    """`Mailbox.key`."""
    campaign: str = ""
    """`Campaign.id`."""
    letter: Letter | None = None
    """Which letter it is about, if it is about one."""


class Record:
    """Keeps judgements and strikes; all happens within a transaction of the caller's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def before(self, identity: bytes) -> Sequence[Judgement]:
        """Give what was decided about a message; nothing if it was never judged."""
        rows = self._connection.execute(_BEFORE, (identity,))
        return [Judgement(Decision(decision), why) for _, decision, why in rows]

    def note(
        self,
        place: tuple[bytes, int],
        report: Report,
        subject: Subject,
        judgement: Judgement,
        *,
        source: str,
        now: datetime,
    ) -> None:
        """Note a decision; `place` is the message's identity and the report's number.

        Of people who are none of ours nothing is kept, not even what was said about them.
        """
        row = (
            *place,
            to_milliseconds(now),
            source,
            report.kind,
            subject.key,
            subject.campaign,
            report.delivery if subject.key else "",
            report.status,
            report.text if subject.key else "",
            judgement.decision,
            judgement.reason if subject.key else "",
        )
        self._connection.execute(_NOTE, row)

    def has_counted(self, subject: Subject) -> bool:
        """Tell whether somebody has a strike already for this campaign."""
        marks = ", ".join("?" * len(_COUNTS))
        query = _HAS_COUNTED.format(decisions=marks)
        found = self._connection.execute(
            query, (subject.key, subject.campaign, *_COUNTS)
        )
        return found.fetchone() is not None

    def strikes(self, key: str, since: datetime) -> tuple[date, ...]:
        """List the days of somebody's strikes that have not decayed."""
        rows = self._connection.execute(_STRIKES, (key, to_milliseconds(since)))
        return tuple(from_milliseconds(at).date() for (at,) in rows)

    def add_strike(
        self, key: str, reason: str, *, since: datetime, now: datetime
    ) -> None:
        """Note a strike, and forget those from before `since`."""
        self._connection.execute(_DECAYED, (key, to_milliseconds(since)))
        self._connection.execute(_STRIKE, (key, to_milliseconds(now), reason))

    def clear_strikes(self, key: str) -> None:
        """Forget somebody's strikes: they have led to what they could."""
        self._connection.execute("DELETE FROM strike WHERE key = ?", (key,))
