"""Decide what becomes of whoever a report is about. Pure: what is known comes with it.

Nobody is taken off the list who is not proved to be meant: a report is believed if it
shows the id of a delivery, which cannot be guessed, or if a provider has signed it. What a
server says about us, our message or our sender is an alarm and nobody's fault.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from distribute.audience.reception.letters import Kind as Letter
from distribute.audience.subscriber import Status
from distribute.campaign.returned.policy import BouncePolicy
from distribute.campaign.returned.report import Kind, Report
from distribute.campaign.returned.wave import Wave
from distribute.campaign.verdict import NOT_THE_MAILBOX, UNCLEAR


class Decision(StrEnum):
    """What is done about a report."""

    BOUNCED = "bounced"
    """The mailbox is gone: nothing is sent there any more."""
    STRIKE = "strike"
    """It failed for now; some more within some time, and it counts as gone."""
    BOUNCED_BY_STRIKES = "bounced by strikes"
    COMPLAINED = "complained"
    """Never written to again."""
    ALARM = "alarm"
    """It is about us, and nobody is taken off the list; somebody ought to act."""
    WITHDRAWN = "withdrawn"
    """Their letter to confirm cannot reach them, so nothing waits for it any more."""
    LEFT = "left"
    ASKED = "asked"
    """A letter is on its way to them, with a link."""
    CONFIRMED = "confirmed"
    CHOSE = "chose"
    """Their languages are as they asked for."""
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    """Nothing is changed; somebody ought to read it."""
    BEFORE = "before"
    """This very message was judged before."""

    @property
    def changes(self) -> bool:
        """Whether anything is written about somebody."""
        return self not in _WITHOUT_EFFECT


_WITHOUT_EFFECT = {
    Decision.ALARM,
    Decision.IGNORED,
    Decision.UNKNOWN,
    Decision.BEFORE,
}


class Failure(StrEnum):
    """What a failure says about the mailbox."""

    HARD = "hard"
    """There is none."""
    SOFT = "soft"
    """It does not take mail at the moment, or nobody knows why."""
    OURS = "ours"
    """Nothing: who sends, or what it says, was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What we know of whom a report is about."""

    key: str = ""
    """`Mailbox.key`, if it is proved that the report is about them; empty if not."""
    status: Status | None = None
    """Of the subscriber with this key; `None` if there is none."""
    campaign: str = ""
    """`Campaign.id` of what came back, if it shows that."""
    has_counted: bool = False
    """Whether they have a strike already for this campaign."""
    strikes: tuple[date, ...] = ()
    """Days of their strikes that have not decayed yet."""
    named: str = ""
    """`Mailbox.key` of a subscriber whom it names without any proof; may be empty."""
    is_passed_on: bool = False
    """Whether it is about another mailbox, and the same message about theirs as well."""
    wave: Wave | None = None
    """Of failures, if this is one of so many that it is the server who errs."""
    letter: Letter | None = None
    """Which letter came back, if it was none of our issues."""
    by_mail: bool = False
    """Whether the sender of a letter to leave is believed, for there is no other way."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision, and why."""

    decision: Decision
    reason: str


def judge(
    report: Report, known: Known, policy: BouncePolicy, now: datetime
) -> Judgement:
    """Decide about one report."""
    return _JUDGES[report.kind](report, known, policy, now)


def failure_of(report: Report) -> Failure:
    """Say what a failure is about, by its enhanced status code (RFC 3463).

    Without a code it is soft, for nobody has said that the mailbox is gone; so is 5.1.0,
    which says no more than "something about an address": often it is ours that is blocked.
    """
    status = report.status
    subject = status.partition(".")[2]
    if subject.startswith(("7.", "6.")) or subject in _ABOUT_US:
        return Failure.OURS
    is_address = status.startswith("5.1.") and status not in _NOT_GONE
    return Failure.HARD if is_address or status == _DISABLED else Failure.SOFT


def is_hard(report: Report) -> bool:
    """Tell whether a report says that a mailbox is gone."""
    return report.kind is Kind.FAILED and failure_of(report) is Failure.HARD


_ABOUT_US = {"1.7", "1.8", "2.3", "3.4"}
"""About the sender's address, and about messages that are too large."""
_NOT_GONE = {UNCLEAR, *NOT_THE_MAILBOX}
_DISABLED = "5.2.1"
_RECEIVING = {Status.CONFIRMED, Status.PENDING}


def _failed(
    report: Report, known: Known, policy: BouncePolicy, now: datetime
) -> Judgement:
    if not known.key:
        return _unproved(report, known)
    failure = failure_of(report)
    if failure is Failure.OURS:
        words = f"{report.status} is about us, not about the mailbox"
        return Judgement(Decision.ALARM, words)
    if known.letter is Letter.CONFIRM:
        return _newcomer(report, failure)
    return _of_reader(report, known, policy, now)


def _of_reader(
    report: Report, known: Known, policy: BouncePolicy, now: datetime
) -> Judgement:
    """Judge what may be about a reader's mailbox."""
    if obstacle := _why_not(known):
        return Judgement(Decision.IGNORED, obstacle)
    if is_hard(report) and known.wave is None:
        gone = "it is closed" if report.status == _DISABLED else "there is none"
        return Judgement(Decision.BOUNCED, f"{report.status}: {gone}")
    return _strike(report, known, policy, now)


def _newcomer(report: Report, failure: Failure) -> Judgement:
    """Judge a letter that asks to confirm: whoever it went to is no subscriber by it."""
    if failure is Failure.HARD:
        reason = f"{report.status}: nobody there can confirm that they want to join"
        return Judgement(Decision.WITHDRAWN, reason)
    return Judgement(Decision.IGNORED, "only a letter that asks somebody to confirm")


def _why_not(known: Known) -> str:
    """Say why a failure makes no difference to somebody; empty if it may."""
    if known.is_passed_on:
        return "only where they pass their mail on to"
    if known.status in _RECEIVING:
        return ""
    return f"{known.status} already" if known.status else "not on the list"


def _strike(
    report: Report, known: Known, policy: BouncePolicy, now: datetime
) -> Judgement:
    if known.has_counted:
        reason = f"{known.campaign} has counted as a strike already"
        return Judgement(Decision.IGNORED, reason)
    days = {day for day in known.strikes if day > (now - policy.within).date()}
    if now.date() in days:
        return Judgement(Decision.IGNORED, "today has counted as a strike already")
    count, span = len(days) + 1, f"within {policy.within.days} days"
    why = report.status or "no code"
    if known.wave and is_hard(report):
        why = f"{why}, but {known.wave.words}"
    if count < policy.strikes:
        reason = f"{why}: strike {count} of {policy.strikes} {span}"
        return Judgement(Decision.STRIKE, reason)
    return Judgement(Decision.BOUNCED_BY_STRIKES, f"{why}: {count} strikes {span}")


def _delayed(
    _report: Report, _known: Known, _policy: BouncePolicy, _now: datetime
) -> Judgement:
    return Judgement(Decision.IGNORED, "its server goes on trying")


def _delivered(
    _report: Report, _known: Known, _policy: BouncePolicy, _now: datetime
) -> Judgement:
    return Judgement(Decision.IGNORED, "it arrived, or went on to others")


def _complained(
    report: Report, known: Known, _policy: BouncePolicy, _now: datetime
) -> Judgement:
    if not known.key:
        return _unproved(report, known)
    if known.status in {Status.COMPLAINED, Status.SUPPRESSED}:
        return Judgement(Decision.IGNORED, f"{known.status} already")
    return Judgement(Decision.COMPLAINED, "reported our mail as abuse")


def _automatic(
    report: Report, _known: Known, _policy: BouncePolicy, _now: datetime
) -> Judgement:
    return Judgement(Decision.IGNORED, report.text or "a machine's answer")


def _leave(
    report: Report, known: Known, _policy: BouncePolicy, _now: datetime
) -> Judgement:
    """Let go whoever proves it; where there are pages, the others get their link."""
    if known.key:
        return Judgement(Decision.LEFT, "wrote to leave")
    if report.delivery or report.token:
        return _unproved(report, known)
    if not known.named:
        return Judgement(Decision.UNKNOWN, "wants to leave, but is not on the list")
    if known.by_mail:
        return Judgement(Decision.LEFT, "wrote to leave, from their own address")
    reason = "wants to leave without a proof: their own link goes to them"
    return Judgement(Decision.ASKED, reason)


def _join(
    report: Report, known: Known, _policy: BouncePolicy, _now: datetime
) -> Judgement:
    if report.delivery or report.token:
        if not known.key:
            return _unproved(report, known)
        if known.status is Status.CONFIRMED and report.wishes:
            return Judgement(Decision.CHOSE, f"asked for {report.wishes}")
    if not report.recipient:
        return Judgement(
            Decision.UNKNOWN, "wants to join, but the letter has no sender"
        )
    return Judgement(Decision.ASKED, "wants to join: a letter goes to them")


def _confirm(
    _report: Report, known: Known, _policy: BouncePolicy, _now: datetime
) -> Judgement:
    if known.key:
        return Judgement(Decision.CONFIRMED, "answered the letter that asks for it")
    return Judgement(Decision.UNKNOWN, "its link has expired, or is not ours")


def _unknown(
    report: Report, _known: Known, _policy: BouncePolicy, _now: datetime
) -> Judgement:
    said = f": {report.text}" if report.text else ""
    return Judgement(Decision.UNKNOWN, f"not understood{said}")


def _unproved(report: Report, known: Known) -> Judgement:
    """Say why a report does not count."""
    if report.delivery:
        reason = f"{report.delivery} is no delivery of ours"
    elif report.token:
        reason = "its link is not ours"
    elif known.named:
        reason = "names a subscriber, but shows no mail of ours"
    else:
        reason = "about nobody on our list"
    return Judgement(Decision.UNKNOWN, f"{reason}: nothing is changed")


_Judge = Callable[[Report, Known, BouncePolicy, datetime], Judgement]
_JUDGES: Mapping[Kind, _Judge] = {
    Kind.FAILED: _failed,
    Kind.DELAYED: _delayed,
    Kind.DELIVERED: _delivered,
    Kind.COMPLAINT: _complained,
    Kind.AUTOMATIC: _automatic,
    Kind.LEAVE: _leave,
    Kind.JOIN: _join,
    Kind.CONFIRM: _confirm,
    Kind.UNKNOWN: _unknown,
}
