"""Judge what comes back, and carry out what is decided, in one transaction.

A message is judged once, wherever it lies and whoever reads it: the decision is written
down with what it changes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from distribute.audience.database.connection import Connection
from distribute.audience.database.place import Place
from distribute.audience.reception.application import Applications
from distribute.audience.reception.letters import Letters
from distribute.audience.reception.reception import Reception
from distribute.audience.reception.token import Purpose, Signer
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.audience.suppression.suppression import Hasher, Reason
from distribute.campaign.returned.judge import (
    Decision,
    Judgement,
    Known,
    is_hard,
    judge,
)
from distribute.campaign.returned.policy import BouncePolicy
from distribute.campaign.returned.provider import Provider
from distribute.campaign.returned.record import Record, Subject
from distribute.campaign.returned.report import Kind, Report, Returned
from distribute.campaign.returned.requests import Requests
from distribute.campaign.returned.trail import Trail, key_of
from distribute.campaign.returned.wave import Wave
from distribute.campaign.returned.waves import Waves
from distribute.language import Language

_SIGNED = frozenset(Provider)
"""Formats of providers: what they tell is about our mail, for it is our account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customs:
    """How a newsletter deals with what comes back."""

    languages: tuple[Language, ...]
    """That it is written in; letters to newcomers are in the first if nothing is known."""
    policy: BouncePolicy = field(default_factory=BouncePolicy)
    by_mail: bool = False
    """Whether people can leave by mail alone."""
    wording: Callable[[Language], str] = lambda _language: ""
    """The words on the page from which people join by mail; empty if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One report, and what came of it."""

    report: Report
    message_id: str
    """Of the message it stood in; may be empty."""
    key: str
    """`Mailbox.key` of whom it is about; empty if that is nobody of ours."""
    campaign: str
    """`Campaign.id` of what came back; may be empty."""
    decision: Decision
    reason: str
    earlier: Decision | None = None
    """What was decided when it was judged before."""


class Returns:
    """Takes what came back, in an open database.

    Raises `AudienceError` when the file cannot be used.
    """

    def __init__(
        self,
        place: Place,
        connection: Connection,
        signer: Signer,
        customs: Customs,
    ) -> None:
        self._store = Store.sharing(place, connection)
        hasher = Hasher(signer.subkeys("suppression"))
        self._suppressions = self._store.suppressions(hasher)
        reception = Reception.sharing(place, connection, signer)
        self._requests = Requests(
            self._store, reception, customs.languages, customs.wording
        )
        self._signer = signer
        self._customs = customs
        self._letters = Letters(place, connection)
        self._applications = Applications(place, connection)
        self._record = Record(connection)
        self._waves = Waves(self._store, connection)
        self._trail = Trail(connection)

    @property
    def waves(self) -> Sequence[Wave]:
        """The waves of failures that were noticed so far: somebody ought to know."""
        return tuple(self._waves.told)

    def take(
        self, returned: Sequence[Returned], *, source: str, now: datetime
    ) -> tuple[Judged, ...]:
        """Judge some messages, all or none, and do what is decided.

        `source` says to people where they came from: ``bounces read``, ``ses``.
        """
        with self._store.transaction():
            subjects = self._subjects([r for each in returned for r in each.reports])
            judged = (self._judged(each, subjects, source, now) for each in returned)
            return tuple(chain.from_iterable(judged))

    def _subjects(self, reports: Sequence[Report]) -> Mapping[str, Subject]:
        """Say whom each id is about, be it that of a delivery or of a letter."""
        found = self._trail.subjects(reports)
        rest = {report.delivery for report in reports} - found.keys() - {""}
        letters = self._letters.named(rest, self._signer.subkeys("letter"))
        subjects = {id_: Subject(key, "", kind) for id_, (key, kind) in letters.items()}
        return {**found, **subjects}

    def _judged(
        self,
        returned: Returned,
        subjects: Mapping[str, Subject],
        source: str,
        now: datetime,
    ) -> Sequence[Judged]:
        before = self._record.before(returned.identity)
        if before:
            return _judged_before(returned, before)
        found = []
        for part, report in enumerate(returned.reports):
            subject = self._subject(report, subjects, now)
            known = self._known(report, subject, now)
            if _is_passed_on(report, subject, returned):
                known = replace(known, is_passed_on=True)
            elif known.key and not known.letter and is_hard(report):
                wave = self._waves.hear(report, subject, source, now)
                known = replace(known, wave=wave)
            judgement = judge(report, known, self._customs.policy, now)
            if judgement.decision is Decision.LEFT and not subject.key:
                subject = Subject(known.named)
            judgement = self._carry_out(report, subject, judgement, source, now)
            self._record.note(
                (returned.identity, part),
                report,
                Subject() if subject.letter and not known.status else subject,
                judgement,
                source=source,
                now=now,
            )
            found.append(_result(returned, report, subject, judgement))
        return found

    def _subject(
        self, report: Report, subjects: Mapping[str, Subject], now: datetime
    ) -> Subject:
        """Say whom a report is about if that is proved: by an id, a token, a provider."""
        if report.delivery in subjects:
            return subjects[report.delivery]
        if report.token:
            return Subject(self._bearer(report, now))
        if report.source in _SIGNED:
            key = key_of(report.recipient)
            return Subject(key if key and self._store.get(key) else "")
        return Subject()

    def _bearer(self, report: Report, now: datetime) -> str:
        """Read the token of a letter; whoever may choose may leave as well."""
        read = self._signer.read
        if report.kind is Kind.CONFIRM:
            return read(report.token, Purpose.CONFIRM, now) or ""
        chooses = read(report.token, Purpose.PREFERENCES) or ""
        if chooses or report.kind is not Kind.LEAVE:
            return chooses
        return read(report.token, Purpose.UNSUBSCRIBE) or ""

    def _known(self, report: Report, subject: Subject, now: datetime) -> Known:
        person = self._store.get(subject.key) if subject.key else None
        named = "" if subject.key else key_of(report.recipient)
        since = now - self._customs.policy.within
        return Known(
            key=subject.key,
            status=person.status if person else None,
            campaign=subject.campaign,
            has_counted=self._record.has_counted(subject),
            strikes=self._record.strikes(subject.key, since),
            letter=subject.letter,
            named=named if named and self._store.get(named) else "",
            by_mail=self._customs.by_mail,
        )

    def _carry_out(
        self,
        report: Report,
        subject: Subject,
        judgement: Judgement,
        source: str,
        now: datetime,
    ) -> Judgement:
        """Do what is decided; the reason may change with what comes of it."""
        match judgement.decision:
            case Decision.BOUNCED | Decision.BOUNCED_BY_STRIKES:
                self._bounce(subject, source, now)
            case Decision.WITHDRAWN:
                if not self._applications.remove(subject.key):
                    reason = f"{report.status}: nothing waits to be confirmed any more"
                    return Judgement(Decision.IGNORED, reason)
            case Decision.STRIKE:
                since = now - self._customs.policy.within
                reason = judgement.reason
                self._record.add_strike(subject.key, reason, since=since, now=now)
            case Decision.COMPLAINED:
                self._suppress(subject.key, source, now)
            case _:
                carry_out = self._requests.carry_out
                return carry_out(report, subject.key, judgement, now)
        return judgement

    def _bounce(self, subject: Subject, source: str, now: datetime) -> None:
        person = self._store.get(subject.key)
        self._store.let_go([subject.key], Status.BOUNCED, by=source, now=now)
        self._record.clear_strikes(subject.key)
        if person:
            self._waves.bounced(subject, person.status)

    def _suppress(self, key: str, source: str, now: datetime) -> None:
        """Take somebody off the list who complained; suppressed they are at the end."""
        self._store.let_go([key], Status.COMPLAINED, by=source, now=now)
        day = now.date()
        self._suppressions.add(key, Reason.COMPLAINED, day, by=source, now=now)


def _is_passed_on(report: Report, subject: Subject, returned: Returned) -> bool:
    """Tell a report about a further mailbox from the one about the reader's own.

    Somebody's address may stand for several; of these their own counts.
    """
    own = subject.key
    same = (each for each in returned.reports if each.delivery == report.delivery)
    return key_of(report.recipient) != own and any(
        key_of(each.recipient) == own for each in same
    )


def _judged_before(returned: Returned, before: Sequence[Judgement]) -> Sequence[Judged]:
    """Say what was decided before; a newer version may read more reports in it."""
    earlier = [*before, *[before[-1]] * len(returned.reports)]
    return [
        Judged(
            report=report,
            message_id=returned.message_id,
            key="",
            campaign="",
            decision=Decision.BEFORE,
            reason=f"judged before: {judgement.decision}",
            earlier=judgement.decision,
        )
        for report, judgement in zip(returned.reports, earlier, strict=False)
    ]


def _result(
    returned: Returned, report: Report, subject: Subject, judgement: Judgement
) -> Judged:
    return Judged(
        report=report,
        message_id=returned.message_id,
        key=subject.key,
        campaign=subject.campaign,
        decision=judgement.decision,
        reason=judgement.reason,
    )
