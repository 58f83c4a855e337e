"""Everything that the database knows about one mailbox, but for what was sent to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from distribute.audience.consent import Consent
from distribute.audience.database.connection import Connection
from distribute.audience.database.database import explained, from_milliseconds
from distribute.audience.history import Change
from distribute.audience.reception.application import Application, Applications
from distribute.audience.reception.letters import Letters, PastLetter
from distribute.audience.store import Store
from distribute.audience.subscriber import Subscriber
from distribute.audience.suppression.suppression import Reason, Suppressions

_JUDGED = """
    SELECT at, source, kind, campaign, enhanced, text, decision, reason
    FROM judgement WHERE key = ? ORDER BY at, message, part
"""
_STRIKES = "SELECT at, reason FROM strike WHERE key = ? ORDER BY at"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReport:
    """A report that came back by mail, and what was decided about it."""

    at: datetime
    source: str
    kind: str
    campaign: str
    enhanced: str
    text: str
    """The server's words."""
    decision: str
    reason: str


@dataclass(frozen=True, slots=True)
class Strike:
    """A soft bounce that still counts."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What is known about one mailbox, each list oldest first."""

    subscriber: Subscriber | None
    suppression: Reason | None
    suppressed_since: date | None
    application: Application | None
    """What they asked for and have yet to confirm."""
    consents: tuple[Consent, ...]
    words: Mapping[str, str]
    """What they agreed to, by the versions that the consents name."""
    changes: tuple[Change, ...]
    letters: tuple[PastLetter, ...]
    reports: tuple[PastReport, ...]
    strikes: tuple[Strike, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known at all."""
        known = (self.subscriber, self.suppression, self.application)
        return not any((*known, self.letters, self.reports, self.strikes))


def read_dossier(store: Store, suppressions: Suppressions, key: str) -> Dossier:
    """Gather what is known about the mailbox with this key."""
    path, connection = store.place, store.connection
    consents = store.consents(key)
    application = Applications(path, connection).get(key)
    versions = [act.wording for act in consents]
    if application:
        versions.append(application.wording)
    words = {version: store.wording(version) for version in versions if version}
    with explained(path):
        reports, strikes = _reports(connection, key), _strikes(connection, key)
    return Dossier(
        subscriber=store.get(key),
        suppression=suppressions.reason(key),
        suppressed_since=suppressions.since(key),
        application=application,
        consents=consents,
        words={version: said for version, said in words.items() if said},
        changes=store.history(key),
        letters=Letters(path, connection).of(key),
        reports=reports,
        strikes=strikes,
    )


def _reports(connection: Connection, key: str) -> tuple[PastReport, ...]:
    return tuple(
        PastReport(
            at=from_milliseconds(at),
            source=source,
            kind=kind,
            campaign=campaign,
            enhanced=enhanced,
            text=text,
            decision=decision,
            reason=reason,
        )
        for at, source, kind, campaign, enhanced, text, decision, reason in (
            connection.execute(_JUDGED, (key,))
        )
    )


def _strikes(connection: Connection, key: str) -> tuple[Strike, ...]:
    rows = connection.execute(_STRIKES, (key,))
    return tuple(Strike(from_milliseconds(at), reason) for at, reason in rows)
