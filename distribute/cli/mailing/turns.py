"""What there is to do about each issue at one sink, for people and for programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from shlex import quote

from distribute.audience.database.database import to_milliseconds
from distribute.audience.store import Store
from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.agenda import Agenda
from distribute.campaign.plan.extra import Begun
from distribute.campaign.plan.plan import campaign_id
from distribute.campaign.plan.turn import (
    Appointment,
    Deed,
    Turn,
    decide_turn,
    turn_of_workers,
)
from distribute.cli.invocation import Invocation
from distribute.cli.mailing.begun import BegunMailings
from distribute.cli.mailing.belated import Belated
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.terminal.words import duration
from distribute.editions.edition import Issue

_DUE = frozenset({Deed.BEGIN, Deed.GO_ON, Deed.TRY_AGAIN, Deed.HAND_OVER})

_WORDS = {
    Deed.BEGIN: "is due since {said}",
    Deed.GO_ON: "was interrupted, and goes on",
    Deed.TRY_AGAIN: "has some who were put off and whose time has come again",
    Deed.WAIT: "is due at {said}",
    Deed.OVERDUE: "was due at {said}, too long ago to begin it unseen",
    Deed.HAND_OVER: "was being handed over to workers, and that goes on",
    Deed.LEAVE: "is in the hands of workers",
    Deed.NOTHING: "has nothing to do",
}


@dataclass(frozen=True, slots=True)
class Called:
    """An issue and what there is to do about it."""

    issue: Issue
    turn: Turn
    beside: str = ""
    """The campaign, if it is one beside the issue's own: ``issue-5.late-es``."""

    @property
    def is_due(self) -> bool:
        """Whether there is anything to send."""
        return self.turn.deed in _DUE


def turns_at(
    newsletter: Newsletter, sink: str, invocation: Invocation
) -> Sequence[Called]:
    """Decide about every issue, that with the earliest time first."""
    now, settings = invocation.now, newsletter.settings
    called, overdue = [], settings.retrying.overdue
    with Agenda(settings.database, sink) as agenda:
        appointments = agenda.appointments()
        for issue in reversed(newsletter.issues):
            said = Appointment(time=issue.send) if issue.send else None
            appointment = appointments.get(issue.id, said)
            turn = _turn(agenda, campaign_id(issue), appointment, now, overdue)
            called.append(Called(issue, turn))
    return sorted(called, key=_when)


def besides_at(
    newsletter: Newsletter, store: Store, sink: str, invocation: Invocation
) -> Iterator[Called]:
    """Find the late editions and corrections that were interrupted, or put off.

    Nobody makes an appointment for these; what has begun goes on, but not while another
    one of the issue is sent: two corrections of one text may be for the same people.
    """
    now, settings = invocation.now, newsletter.settings
    overdue = settings.retrying.overdue
    with (
        Agenda(settings.database, sink) as agenda,
        Account(settings.database, sink) as account,
    ):
        for issue in reversed(newsletter.issues):
            all_begun = account.begun(campaign_id(issue))
            sent = [b.id for b in all_begun if _is_sent(account, b, now)]
            if len(all_begun) < 2 or any(map(agenda.is_handed_over, sent)):
                continue
            belated = Belated(newsletter, issue, store, account=account)
            for begun, mailing in BegunMailings(belated, account):
                turn = _turn(agenda, begun.id, None, now, overdue)
                called = Called(issue, turn, begun.id)
                is_alone = set(sent) <= {begun.id}
                is_beside = mailing and mailing is not belated.main
                if is_beside and is_alone and called.is_due:
                    yield called


def _turn(
    agenda: Agenda,
    campaign: str,
    appointment: Appointment | None,
    now: datetime,
    overdue: timedelta,
) -> Turn:
    """Decide what there is to do about a campaign, as far as it is."""
    course, instant = agenda.course(campaign), to_milliseconds(now)
    has_deferred = course is not None and agenda.has_deferred(campaign, instant)
    turn = decide_turn(
        now, appointment, course, has_deferred=has_deferred, overdue=overdue
    )
    if course is None or not agenda.is_with_workers(campaign):
        return turn
    is_complete = agenda.is_handed_over(campaign)
    return turn_of_workers(turn, course, is_complete=is_complete)


def _is_sent(account: Account, begun: Begun, now: datetime) -> bool:
    """Tell whether somebody living has a campaign in hand."""
    return bool(account.holder(begun.id)) and not account.forsaken_by(begun.id, now)


def lost_appointments(newsletter: Newsletter, sink: str) -> Mapping[str, Appointment]:
    """Find the appointments of issues that are not there, by the id that each had.

    Its posts may have got another number, date or name since, or lie elsewhere.
    """
    there = {issue.id for issue in newsletter.issues}
    with Agenda(newsletter.settings.database, sink) as agenda:
        return {
            issue: appointment
            for issue, appointment in agenda.appointments().items()
            if issue not in there and agenda.course(f"issue-{issue}") is None
        }


def turn_line(called: Called) -> str:
    """Say what is done about an issue."""
    turn = called.turn
    only = f", only {turn.segment}" if turn.segment else ""
    by_others = turn.for_workers and turn.deed in {Deed.BEGIN, Deed.WAIT}
    to = ", to be handed over to workers" if by_others else ""
    what = called.beside or f"Issue {called.issue.id}"
    return f"{what} {_WORDS[turn.deed].format(said=_said(turn))}{only}{to}."


def nothing_due(called: Sequence[Called]) -> str:
    """Say that nothing is due, and what comes next."""
    waiting = [each for each in called if each.turn.deed is Deed.WAIT]
    handed = [each.issue.id for each in called if each.turn.deed is Deed.LEAVE]
    said = ["Nothing is due"]
    said += [f"workers have issue {' and '.join(handed)}"] * bool(handed)
    if waiting:
        first = waiting[0]
        said.append(f"issue {first.issue.id} is next, at {_said(first.turn)}")
    return f"{'; '.join(said)}."


def overdue_line(invocation: Invocation, called: Called, sink: str) -> str:
    """Say of an issue that it is too late to begin it unseen, and what to do."""
    time, issue = called.turn.time, called.issue.id
    late = (invocation.now - time.at).total_seconds() if time else 0.0
    send = invocation.command(f"send {issue} --sink {sink}")
    never = invocation.command(f"send {issue} --sink {sink} --at never")
    return (
        f"issue {issue} was to be sent at {_said(called.turn)}, {duration(late)} ago: too "
        f"long to begin it unseen ([delivery] overdue)\n  {send} sends it all the same; "
        f"else take `send:` out of its posts, or, if it was said by --at, {never}."
    )


def lost_line(
    invocation: Invocation, issue: str, appointment: Appointment, sink: str
) -> str:
    """Say of an appointment that there is no such issue, and what to do."""
    never = invocation.command(f"send {quote(issue)} --sink {sink} --at never")
    return (
        f"issue {issue} is to be sent at {appointment.time.said}, but there is no such "
        f"issue\n  If its posts have another number or name now, say --at of that one; "
        f"{never} takes this appointment back."
    )


def turn_document(called: Called) -> dict[str, object]:
    """Give a turn to programs."""
    time = called.turn.time
    return {
        "issue": called.issue.id,
        "campaign": called.beside or campaign_id(called.issue),
        "deed": str(called.turn.deed),
        "at": time.at.isoformat() if time else None,
        "said": time.said if time else None,
        "segment": called.turn.segment,
        "workers": called.turn.for_workers,
    }


def _when(called: Called) -> float:
    """Put what has no time of its own first: it was begun before."""
    time = called.turn.time
    return time.at.timestamp() if time else 0.0


def _said(turn: Turn) -> str:
    return turn.time.said if turn.time else "once"
