"""The account of one run: how everybody who was due fared; it adds up to the last one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from distribute.audience.database.database import from_milliseconds
from distribute.campaign.campaign import Entry
from distribute.cli.invocation import (
    DONE,
    FAILED,
    INTERRUPTED,
    UNCERTAIN,
    Invocation,
    complain_aside,
    error_document,
    exit_status,
)
from distribute.cli.terminal.report import receipt_document, receipt_line
from distribute.cli.terminal.words import duration, many, people
from distribute.errors import DistributeError

LEFT_SINCE = "left or bounced since"
"""Why somebody is passed over who was to be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one run did. All counts are of people."""

    campaign: str
    issue: str
    """The issue, as commands name it."""
    command: str
    """The words that go on with it: ``send 5``."""
    sink: str
    accepted: int
    deferred: int
    """Who waits for another attempt, of this run or put off by one before."""
    rejected: int
    uncertain: int
    not_reached: int
    """Who is due and was not tried."""
    put_off: int
    """The deferred of this very run."""
    undecided: int
    """The uncertain of this run and all before, if somebody is to decide about them."""
    passed_over: Mapping[str, int]
    """How many get nothing, by reason."""
    next_attempt: int
    """When the first of the deferred is due again, in milliseconds since 1970, or 0."""
    ended: int
    """When the run was over, in milliseconds since 1970."""
    seconds: float
    cpu_seconds: float
    troubled: tuple[Entry, ...]
    """Some of those whose delivery did not end well."""
    is_limited: bool = False
    """Whether the run ended because it was to serve so many and no more."""
    broken: DistributeError | None = None
    """What ended the run early, if the sink failed or the database."""

    @property
    def planned(self) -> int:
        """How many were due: everybody is in exactly one of the counts."""
        ended = self.accepted + self.deferred + self.rejected + self.uncertain
        return ended + self.not_reached

    @property
    def per_second(self) -> float:
        """How many messages were answered in a second."""
        return self.attempted / self.seconds if self.seconds else 0.0

    @property
    def is_through(self) -> bool:
        """Whether everybody who was due has been tried."""
        return not self.not_reached and self.broken is None

    @property
    def exit_status(self) -> int:
        """What the process should end with; see the table in DESIGN and README."""
        if self.broken is not None:
            return exit_status(self.broken)
        waiting = self.put_off if self.is_limited else self.deferred + self.not_reached
        return INTERRUPTED if waiting else self.lasting_status

    @property
    def lasting_status(self) -> int:
        """The same, but for those whose time comes again by itself."""
        if self.undecided:
            return UNCERTAIN
        return FAILED if self.rejected else DONE

    @property
    def attempted(self) -> int:
        """How many attempts were made."""
        return self.accepted + self.put_off + self.rejected + self.uncertain

    def report(self, invocation: Invocation) -> None:
        """Say how it went, and how to go on; in one document, if that is asked for."""
        invocation.answer(self.document())
        self.tell(invocation)

    def tell(self, invocation: Invocation) -> None:
        """Say it to people."""
        for entry in self.troubled:
            line = receipt_line(entry.receipt)
            invocation.say(f"{entry.parcel.address}: {line}")
        trouble = self.put_off + self.rejected + self.uncertain
        if trouble > len(self.troubled):
            invocation.say(
                f"… and {many(trouble - len(self.troubled))} more; "
                f"{invocation.command(f'status {self.issue} --failed')} lists who was "
                "refused, --deferred who waits, --uncertain who may have it"
            )
        invocation.say(self.summary())
        if self.broken is not None:
            complain_aside(self.broken)
        for line in self.next_steps(invocation.command):
            invocation.say(line)

    def summary(self) -> str:
        """Say in one line how it went; the numbers add up."""
        if not self.planned:
            passed = ", ".join(
                f"{many(n)} {why}" for why, n in self.passed_over.items()
            )
            return f"Nobody is due: nothing to send{passed and f' ({passed})'}."
        counts = (
            f"{many(self.planned)} planned: {many(self.accepted)} accepted, "
            f"{many(self.deferred)} deferred, {many(self.rejected)} rejected, "
            f"{many(self.uncertain)} uncertain, {many(self.not_reached)} not reached"
        )
        if not self.per_second:
            return counts
        return f"{counts}; {duration(self.seconds)}, {self.per_second:,.1f}/s"

    def next_steps(self, command: Callable[[str], str]) -> list[str]:
        """Say how to go on, if there is anything left; `command` writes a command."""
        status, retry = f"status {self.issue}", f"retry {self.issue}"
        lines = []
        if self.broken is not None and self.not_reached:
            lines.append(
                "Nobody is lost: once that is put right, run it again to go on."
            )
        elif self.is_limited:
            lines.append(f"{people(self.not_reached)} left: run it again to go on.")
        elif self.not_reached:
            lines.append("Run it again to go on.")
        if self.deferred:
            again = command(f"{self.command} --sink {self.sink}")
            line = f"{many(self.deferred)} to be tried again, by {again}"
            lines.append(f"{line}; the next is due {self._next_moment()}.")
        if self.undecided:
            lines.append(
                f"{many(self.undecided)} may or may not have arrived, and were not sent "
                f"again: {command(f'{status} --uncertain')} lists them, "
                f"{command(f'{retry} --uncertain')} sends them once more."
            )
        if self.rejected:
            lines.append(
                f"{many(self.rejected)} refused: {command(f'{status} --failed')} says why, "
                f"{command(f'{retry} --failed')} sends once more to those still on the "
                "list."
            )
        if left := self.passed_over.get(LEFT_SINCE):
            lines.append(
                f"{people(left)} left out, for they have left or bounced since: "
                f"{command('audience add ADDRESS')} puts back who bounced by mistake."
            )
        return lines

    def _next_moment(self) -> str:
        if self.next_attempt <= self.ended:
            return "now"
        return f"at {from_milliseconds(self.next_attempt):%Y-%m-%d %H:%M:%S} UTC"

    def document(self) -> dict[str, object]:
        """Give the same to programs."""
        at = from_milliseconds(self.next_attempt) if self.next_attempt else None
        return {
            "campaign": self.campaign,
            "sink": self.sink,
            "planned": self.planned,
            "outcomes": {
                "accepted": self.accepted,
                "deferred": self.deferred,
                "rejected": self.rejected,
                "uncertain": self.uncertain,
            },
            "not_reached": self.not_reached,
            "uncertain_in_all": self.undecided,
            "passed_over": sum(self.passed_over.values()),
            "skipped": dict(self.passed_over),
            "next_attempt": at.isoformat() if at else None,
            "seconds": round(self.seconds, 3),
            "cpu_seconds": round(self.cpu_seconds, 3),
            "per_second": round(self.per_second, 1),
            "error": error_document(self.broken) if self.broken else None,
            "troubled": [
                {"address": entry.parcel.address} | receipt_document(entry.receipt)
                for entry in self.troubled
            ],
        }
