"""``distribute plan --since DATE``: all issues since then, and how many are owed what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

import click

from distribute.campaign.campaign import State
from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.agenda import Agenda
from distribute.campaign.ledger.due import Due
from distribute.campaign.plan.choices import Choices
from distribute.campaign.plan.plan import campaign_id
from distribute.campaign.plan.turn import Course, Deed
from distribute.cli.invocation import Invocation
from distribute.cli.mailing.mailing import open_store
from distribute.cli.mailing.owed import count_owed
from distribute.cli.mailing.turns import Called, turns_at
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.terminal.report import table
from distribute.cli.terminal.words import many
from distribute.editions.edition import Issue
from distribute.editions.wall_time import parse_wall_time
from distribute.language import Language

_DEFERRED = frozenset({State.DEFERRED})
_NOT_BEGUN = {
    Deed.WAIT: "waits",
    Deed.BEGIN: "is due",
    Deed.OVERDUE: "overdue",
    Deed.NOTHING: "no time set",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One issue."""

    called: Called
    published: datetime
    """When the latest of its editions was."""
    course: Course | None
    holder: str
    """Which process has it in hand; empty if none has."""
    owed: Mapping[Language, int]
    """How many are to get it, by edition: the untried unless it is finished."""
    without: int
    """How many could get it though it is finished: they joined later, or paused."""

    @property
    def state(self) -> str:
        """Say how far it is."""
        if self.holder:
            return f"in the hands of {self.holder}"
        if self.course is None:
            return _NOT_BEGUN.get(self.called.turn.deed, "")
        if self.course.finished:
            return f"finished {self.course.finished:%Y-%m-%d}"
        return "interrupted" if self.course.pursued is not None else "begun"


def since_named(newsletter: Newsletter, text: str) -> datetime:
    """Read the day, or the instant, from which on somebody wants to know."""
    try:
        zone = newsletter.settings.rules.zone
        return parse_wall_time(text, zone=zone, hour=time()).at
    except ValueError as error:
        next_step = "Write the day itself: --since 2026-11-01"
        raise click.UsageError(f"--since: {error}. {next_step}") from error


def show_calendar(
    invocation: Invocation, newsletter: Newsletter, sink: str, since: datetime
) -> None:
    """Print a line about each issue, the earliest first."""
    with open_store(newsletter.settings, heed_at=invocation.now):
        lines = list(_lines(invocation, newsletter, sink, since))
    invocation.answer(
        {
            "since": since.isoformat(),
            "sink": sink,
            "issues": [line_document(line) for line in lines],
        }
    )
    head = ["issue", "published", "to be sent", f"by {sink}", "owed", "editions"]
    rows = [_row(line) for line in lines]
    for row in table(rows, head=head) if rows else ["no issue since then"]:
        invocation.say(row)


def line_document(line: Line) -> dict[str, object]:
    """Give the same to programs."""
    turn, course = line.called.turn, line.course
    finished = course.finished if course else None
    return {
        "issue": line.called.issue.id,
        "published": line.published.isoformat(),
        "at": turn.time.at.isoformat() if turn.time else None,
        "said": turn.time.said if turn.time else None,
        "segment": turn.segment,
        "deed": str(turn.deed),
        "state": line.state,
        "started": course.started.isoformat() if course else None,
        "finished": finished.isoformat() if finished else None,
        "owed": sum(line.owed.values()),
        "by_language": {language.tag: count for language, count in line.owed.items()},
        "without": line.without,
    }


def _lines(
    invocation: Invocation, newsletter: Newsletter, sink: str, since: datetime
) -> Iterator[Line]:
    settings, now = newsletter.settings, invocation.now
    with (
        Agenda(settings.database, sink) as agenda,
        Account(settings.database, sink) as account,
    ):
        for called in turns_at(newsletter, sink, invocation):
            published = _published(called.issue)
            at = called.turn.time.at if called.turn.time else published
            if max(published, at) < since:
                continue
            campaign = campaign_id(called.issue)
            course = agenda.course(campaign)
            is_over = course is not None and course.finished is not None
            fresh, owed = _owed(newsletter, called.issue, sink, now, is_over=is_over)
            dead = account.forsaken_by(campaign, now)
            yield Line(
                called=called,
                published=published,
                course=course,
                holder="" if dead else account.holder(campaign),
                owed=owed,
                without=fresh if is_over else 0,
            )


def _owed(
    newsletter: Newsletter, issue: Issue, sink: str, now: datetime, *, is_over: bool
) -> tuple[int, Mapping[Language, int]]:
    """Count the untried, and all to whom it is owed; these no more once it is over."""
    choices = Choices.for_issue(issue, newsletter.publication)
    with Due(
        newsletter.settings.database,
        sink=sink,
        campaign=campaign_id(issue),
        today=newsletter.day_of(now),
    ) as due:
        all_in_all = count_owed(due, choices, fresh=True, again=_DEFERRED)
        if not is_over:
            return all_in_all.never_tried, all_in_all.by_language
        deferred = count_owed(due, choices, fresh=False, again=_DEFERRED)
    return all_in_all.never_tried, deferred.by_language


def _published(issue: Issue) -> datetime:
    return max(edition.published for edition in issue.editions.values())


def _row(line: Line) -> Sequence[str]:
    turn = line.called.turn
    without = f", {many(line.without)} without it" if line.without else ""
    only = f", only {turn.segment}" if turn.segment else ""
    return [
        line.called.issue.id,
        f"{line.published:%Y-%m-%d}",
        f"{turn.time.said}{only}" if turn.time else "-",
        f"{line.state}{without}",
        many(sum(line.owed.values())),
        ", ".join(f"{tag} {many(n)}" for tag, n in sorted(line.owed.items()) if n)
        or "-",
    ]
