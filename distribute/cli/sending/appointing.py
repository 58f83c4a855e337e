"""``distribute send ISSUE --at TIME``: write down when an issue shall be sent, and wait."""

from collections.abc import Callable
from datetime import UTC
from time import sleep

import click

from distribute.audience.database.database import to_milliseconds
from distribute.campaign.ledger.agenda import Agenda
from distribute.campaign.plan.turn import Appointment, Course
from distribute.campaign.run.run import Haste
from distribute.cli.invocation import (
    DONE,
    INTERRUPTED,
    Invocation,
    current_time,
    say_aside,
)
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.process.clock import running_clock
from distribute.cli.process.patience import Answer
from distribute.cli.process.signals import heard
from distribute.cli.sending.endurance import endurance
from distribute.cli.sending.orders import Orders
from distribute.cli.terminal.words import duration
from distribute.config.settings import Settings
from distribute.editions.wall_time import WallTime, parse_wall_time
from distribute.errors import PlanError

NEVER = "never"
"""Instead of a time: takes an appointment back."""

_LOOK = 0.5
"""Seconds between two looks at the clock; the machine may have slept meanwhile."""


def time_named(invocation: Invocation, settings: Settings, text: str) -> WallTime:
    """Read the time that somebody typed, which is yet to come."""
    rules = settings.rules
    try:
        time = parse_wall_time(text, zone=rules.zone, hour=rules.hour)
    except ValueError as error:
        raise click.UsageError(
            f"--at: {error}. Write 2026-12-01 09:00, with a zone behind it if it is "
            f"not {rules.zone}; or `{NEVER}`."
        ) from error
    if time.at <= invocation.now:
        raise PlanError(
            f"{time.said} is over", hint="Without --at the issue is sent at once."
        )
    if time.remark:
        invocation.say(f"{time.remark}.")
    return time


class Appointing:
    """Makes an appointment for one issue at one sink, and waits for it."""

    def __init__(
        self,
        invocation: Invocation,
        settings: Settings,
        issue: str,
        sink: str,
        *,
        for_workers: bool = False,
    ) -> None:
        """Take its id; `for_workers` says that workers are to send it then."""
        self._invocation = invocation
        self._database = settings.database
        self._issue = issue
        self._sink = sink
        self._for_workers = for_workers

    def make(self, time: WallTime, orders: Orders) -> None:
        """Write it down, in the place of the one that the issue has.

        Raises `PlanError` for an issue that is finished: nobody would be sent it then.
        """
        appointment = Appointment(
            time=time,
            segment=orders.segment,
            forced=orders.forced,
            for_workers=self._for_workers,
        )
        self._invocation.catch_up()  # after a question
        with Agenda(self._database, self._sink) as agenda:
            self._refuse_finished(agenda.course(f"issue-{self._issue}"))
            agenda.make(self._issue, appointment)
        self._invocation.say(
            f"Issue {self._issue} is to be sent by {self._sink} at {time.said}, "
            f"in {self._span(time)}."
        )

    def _refuse_finished(self, course: Course | None) -> None:
        if course is not None and course.finished is not None:
            raise PlanError(
                f"issue {self._issue} was finished at {course.finished:%Y-%m-%d %H:%M} UTC",
                hint="Without --at it is sent to those who have joined since.",
            )

    def leave_it(self, time: WallTime) -> int:
        """Say who sends it then, if this process does not wait; gives the exit status."""
        self._invocation.answer(
            {
                "issue": self._issue,
                "sink": self._sink,
                "at": time.at.isoformat(),
                "said": time.said,
                "remark": time.remark,
                "workers": self._for_workers,
            }
        )
        self._invocation.say(self._others_send_it())
        return DONE

    def wait(self, time: WallTime) -> int | None:
        """Wait until its time has come; gives an exit status if it is not to be sent.

        Somebody may put it off meanwhile, or call it off, or send it: that is heeded.
        """
        clock = running_clock(self._invocation.now)
        while True:
            if not _is_reached(time, clock):
                self._invocation.say(f"Not sent yet. {self._others_send_it()}")
                return INTERRUPTED
            standing = self._patiently(
                lambda agenda: agenda.appointments().get(self._issue)
            )
            if standing is None:
                self._invocation.answer({"issue": self._issue, "sent": False})
                self._invocation.say(
                    f"Issue {self._issue} was called off, or sent, meanwhile."
                )
                return DONE
            if standing.time.at <= time.at:
                now = max(current_time(), time.at.astimezone(UTC))
                self._invocation.now = now  # what is sent is of then, not of before
                return None
            time = standing.time
            self._invocation.say(f"It was put off to {time.said}.")

    def keep(self) -> None:
        """Take the appointment off the agenda, once it has been kept."""
        self._patiently(lambda agenda: agenda.call_off(self._issue))

    def _patiently(self, act: Callable[[Agenda], Answer]) -> Answer:
        """Look into the agenda, or change it, however long the database is away."""

        def go() -> Answer:
            with Agenda(self._database, self._sink) as agenda:
                return act(agenda)

        with heard(stopping="\n", halting="") as haste:
            return endurance(self._database, haste)(go)

    def _others_send_it(self) -> str:
        by = " --sink smtp --yes" if self._sink == "smtp" else f" --sink {self._sink}"
        new = self._invocation.command(f"send new{by}")
        never = f"send {self._issue} --sink {self._sink} --at {NEVER}"
        does = "hands it over to workers" if self._for_workers else "sends it"
        return (
            f"{new} {does} once its time has come; "
            f"{self._invocation.command(never)} calls it off."
        )

    def _span(self, time: WallTime) -> str:
        return duration((time.at - self._invocation.now).total_seconds())


def call_off(
    invocation: Invocation, newsletter: Newsletter, named: str, sink: str
) -> int:
    """Take back an appointment, also of an issue that is gone; gives the exit status.

    What the issue's own posts say stays, and that is told: it would be sent all the same.
    """
    with Agenda(newsletter.settings.database, sink) as agenda:
        issue = None if _is_lost(newsletter, named, agenda) else newsletter.issue(named)
        id_ = issue.id if issue else named
        was_made = agenda.call_off(id_)
        course = agenda.course(f"issue-{id_}")
    is_over = course is not None and course.finished is not None
    written = issue.send.said if issue and issue.send and not is_over else None
    said = "is called off" if was_made else "had no appointment"
    invocation.answer({"issue": id_, "called_off": was_made, "written": written})
    invocation.say(f"Issue {id_} {said}.")
    if written:
        say_aside(
            f"distribute: its posts say `send:` {written}, and `send new` goes by that: "
            "take it out there"
        )
    return DONE


def _is_lost(newsletter: Newsletter, named: str, agenda: Agenda) -> bool:
    """Tell whether this is an appointment of an issue that is not there any more."""
    there = {issue.id for issue in newsletter.issues}
    return named not in there and named in agenda.appointments()


def _is_reached(time: WallTime, clock: Callable[[], int]) -> bool:
    """Wait for a time; false if somebody wants it to end before."""
    at = to_milliseconds(time.at)
    with heard(stopping="\n", halting="") as haste:
        while (left := at - clock()) > 0:
            if haste() is not Haste.NONE:
                return False
            sleep(min(left / 1000, _LOOK))
    return True
