"""Find what workers have of an issue, to steer it: `pause`, `resume` and `cancel`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, TypeVar

import click

from distribute.audience.database.database import explained
from distribute.audience.store import Store
from distribute.cli.audience.choosing import settings_of
from distribute.cli.fleet.server import open_fleet
from distribute.cli.invocation import Invocation
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.outlets import SINKS
from distribute.cli.newsletter.ownership import refuse_strangers
from distribute.config.settings import Settings
from distribute.errors import PlanError

if TYPE_CHECKING:
    from distribute.audience.database.postgres.connection import PostgresConnection
    from distribute.campaign.fleet.progress import Handed

Function = TypeVar("Function", bound=Callable[..., object])


def sink_option(function: Function) -> Function:
    """Let ``--sink`` say which of the campaigns of an issue are meant."""
    return click.option(
        "--sink",
        type=click.Choice(SINKS),
        help="Only what goes by this.  [default: all that workers have]",
    )(function)


@dataclass(frozen=True, slots=True, kw_only=True)
class Helm:
    """What workers have of one issue."""

    invocation: Invocation
    settings: Settings
    connection: "PostgresConnection"
    issue: str
    """`Issue.id`."""
    campaigns: Sequence["Handed"]
    """At least one: the issue itself, and what goes out besides."""

    def command(self, words: str) -> str:
        """Write a command about this issue; ``{issue}`` stands for it."""
        return self.invocation.command(words.format(issue=quote(self.issue)))

    def answer(self, done: Sequence["Deed"]) -> None:
        """Tell what came of it."""
        self.invocation.answer(
            {"issue": self.issue, "campaigns": [deed.document() for deed in done]}
        )
        for deed in done:
            self.invocation.say(f"{deed.handed.id} by {deed.handed.sink} {deed.words}.")


@dataclass(frozen=True, slots=True)
class Deed:
    """What became of one campaign."""

    handed: "Handed"
    """As it was."""
    state: str
    """As it is now."""
    words: str
    """Follow the campaign's name."""

    def document(self) -> dict[str, object]:
        """Give it to programs."""
        handed = self.handed
        return {
            "campaign": handed.id,
            "sink": handed.sink,
            "was": str(handed.state),
            "state": self.state,
            "said": self.words,
        }


@contextmanager
def at_the_helm(invocation: Invocation, issue: str, sink: str | None) -> Iterator[Helm]:
    """Find the campaigns of an issue that were handed over to workers.

    Its posts are read only if it is not named by its number: whoever has to stop it
    should not have to mend them first. Raises `PlanError` if nothing was handed over.
    """
    settings = settings_of(invocation)
    with open_fleet(settings) as connection, explained(settings.database):
        with Store.open(settings.database) as store:
            refuse_strangers(store, settings)
        id_, campaigns = _found(invocation, connection, issue, sink)
        yield Helm(
            invocation=invocation,
            settings=settings,
            connection=connection,
            issue=id_,
            campaigns=campaigns,
        )


def _found(
    invocation: Invocation,
    connection: "PostgresConnection",
    issue: str,
    sink: str | None,
) -> tuple[str, Sequence["Handed"]]:
    from distribute.campaign.fleet.overview import handed_over

    id_, found = issue, handed_over(connection, f"issue-{issue}", sink=sink)
    if not found:
        id_ = Newsletter(invocation.folder).issue(issue).id
        found = handed_over(connection, f"issue-{id_}", sink=sink)
    if not found:
        raise never_handed_over(invocation, id_, sink)
    return id_, found


def never_handed_over(
    invocation: Invocation, issue: str, sink: str | None = None
) -> PlanError:
    """Word that workers have nothing of an issue."""
    by = f" by {sink}" if sink else ""
    send = invocation.command(f"send {quote(issue)} --workers")
    return PlanError(
        f"issue {issue} was never handed over to workers{by}", hint=f"{send} does that."
    )


def nothing_to(verb: str, helm: Helm, *, hint: str) -> PlanError:
    """Word that all of an issue has come to its end."""
    ends = ", ".join(f"{h.id} by {h.sink} is {h.state}" for h in helm.campaigns)
    return PlanError(f"there is nothing to {verb}: {ends}", hint=hint)
