"""Decide what becomes of somebody who is to be added to the list.

One rule stands above the others: whoever left stays away. Nothing that comes in from a
file or by an operator's hand makes a status better than it is, but for one: an operator
can say that a mailbox exists which a server did not know.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from distribute.audience.consent import Act, Consent
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.suppression import Reason
from distribute.mailbox import Mailbox

CHOICES = (Act.CHOSE, Act.CONFIRMED)
"""Acts by which somebody says themselves what they wish for."""
_BY_FILE = "import "
"""How the source of a consent begins that no more is known of than a file says."""


class Verdict(StrEnum):
    """What became of an applicant."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT_OUT = "kept out"


@dataclass(frozen=True, slots=True)
class Admission:
    """What to do about one applicant, and why."""

    verdict: Verdict
    subscriber: Subscriber
    """As they are to stand on the list."""
    reason: str = ""
    """Why they were kept out, or let in all the same, or keep what they wished for."""


def admit(
    applicant: Subscriber,
    known: Subscriber | None,
    suppressed: Reason | None = None,
    *,
    chose: datetime | None = None,
) -> Admission:
    """Decide about an applicant, given who is on the list under the same mailbox.

    Whoever is `suppressed` is kept out, whatever else is known of them. A newcomer is
    added with the status asked for. Of somebody known the name and the languages are
    brought up to date where the applicant gives any, and the status where it is graver;
    tags are added; when and how they joined stays. An applicant whose status would be
    lighter than the known one is kept out, and nothing about them is changed.

    Who `chose` for themselves since whatever the applicant knows of them keeps name and
    languages: no file undoes what a person has wished for.
    """
    applicant = _consistent(applicant)
    if suppressed:
        somebody = known or replace(applicant, status=Status.SUPPRESSED)
        return Admission(Verdict.KEPT_OUT, somebody, suppressed.words)
    if known is None:
        return Admission(Verdict.ADDED, applicant)
    if applicant.status.gravity < known.status.gravity:
        return Admission(Verdict.KEPT_OUT, known, _why_kept_out(known.status))
    subscriber, reason = _merged(known, applicant), ""
    if chose:
        kept = _as_they_chose(subscriber, known)
        if kept != subscriber:
            reason = f"stays as they chose themselves on {chose:%Y-%m-%d}"
        subscriber = kept
    verdict = Verdict.UNCHANGED if subscriber == known else Verdict.UPDATED
    return Admission(verdict, subscriber, reason)


def chosen_since(
    consents: Iterable[Consent], heard: Iterable[datetime]
) -> datetime | None:
    """Tell when somebody last chose for themselves; `None` if a file knows of later.

    `heard` is when what the file knows of them happened; a file without any such time
    knows nothing of it. What came in by a file itself is no choice that was made here.
    """
    made = (
        consent.at
        for consent in consents
        if consent.act in CHOICES and not consent.source.startswith(_BY_FILE)
    )
    latest = max(made, default=None)
    return latest if latest and all(at < latest for at in heard) else None


def readmit(applicant: Subscriber, known: Subscriber, before: Status) -> Admission:
    """Decide about somebody known who has bounced, and whom an operator adds by hand.

    A bounce is what a server said, and no wish of theirs: as far as it goes they are let
    in, and stand as they did `before` it. So whoever had left stays away.
    """
    admission = admit(applicant, replace(known, status=before))
    if admission.verdict is Verdict.KEPT_OUT:
        return replace(admission, subscriber=known)
    reason = "had bounced, and is on the list again"
    return replace(admission, verdict=Verdict.UPDATED, reason=reason)


def fold(repeated: Subscriber, known: Subscriber) -> Admission:
    """Decide about a second applicant of the same mailbox in the same file.

    The first one counted; of this one only a graver status does, so that somebody who
    unsubscribed in one place of a joined list is not written to on behalf of another.
    """
    if repeated.status.gravity <= known.status.gravity:
        return Admission(Verdict.UNCHANGED, known)
    return Admission(Verdict.UPDATED, replace(known, status=repeated.status))


def _merged(known: Subscriber, applicant: Subscriber) -> Subscriber:
    name = applicant.mailbox.name or known.mailbox.name
    wishes = applicant if applicant.languages else known
    return replace(
        known,
        mailbox=Mailbox(known.mailbox.address, name),
        languages=wishes.languages,
        only_these=wishes.only_these,
        status=applicant.status,
        tags=tuple(sorted({*known.tags, *applicant.tags})),
    )


def _as_they_chose(subscriber: Subscriber, known: Subscriber) -> Subscriber:
    return replace(
        subscriber,
        mailbox=known.mailbox,
        languages=known.languages,
        only_these=known.only_these,
        paused_until=known.paused_until,
    )


def _consistent(subscriber: Subscriber) -> Subscriber:
    """Drop an "only these" that names no languages: it would mean nothing at all."""
    if subscriber.only_these and not subscriber.languages:
        return replace(subscriber, only_these=False)
    return subscriber


def _why_kept_out(status: Status) -> str:
    if status is Status.PENDING:
        return "pending: only they can confirm"
    if status is Status.BOUNCED:
        return "bounced: `distribute audience add` puts them back if that was a mistake"
    return f"{status}: only they can come back"
