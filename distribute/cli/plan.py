"""``distribute plan``: who gets which edition, and who gets none and why."""

from typing import TypedDict, Unpack

import click

from distribute.campaign.ledger.account import Account
from distribute.cli.invocation import Invocation, json_option
from distribute.cli.mailing.belated import Belated, late_option
from distribute.cli.mailing.calendar import show_calendar, since_named
from distribute.cli.mailing.mailing import open_store, tried_again
from distribute.cli.mailing.outlook import outlooks
from distribute.cli.mailing.segments import among_named, segment_option
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.outlets import SINKS
from distribute.cli.sending.plans import Plans, answer_with, name_everybody
from distribute.cli.terminal.report import mention


class _Options(TypedDict):
    since: str | None
    sink: str
    segment: str | None
    late: str | None
    everybody: bool


@click.command("plan")
@click.argument("issue", required=False)
@click.option(
    "--since",
    metavar="DATE",
    help="Instead of one issue all since then: when due, how far, how many are owed what.",
)
@click.option(
    "--sink",
    type=click.Choice(SINKS),
    default=SINKS[0],
    show_default=True,
    help="Whose account of what was sent before counts.",
)
@segment_option
@late_option
@click.option(
    "--all", "everybody", is_flag=True, help="Name everybody, not just counts."
)
@json_option
@click.pass_obj
def command(
    invocation: Invocation, /, issue: str | None, **options: Unpack[_Options]
) -> None:
    """Show who gets which edition of ISSUE, and everyone passed over and why.

    ISSUE is a number, `latest`, or a post's path. The digest stands for this very plan:
    `send --plan DIGEST` refuses to send another one.
    """
    if (issue is None) == (options["since"] is None):
        raise click.UsageError("Say which ISSUE, or --since a day.")
    newsletter = Newsletter(invocation.folder)
    mention(newsletter.obstacles)
    if issue is None:
        since = since_named(newsletter, options["since"] or "")
        show_calendar(invocation, newsletter, options["sink"], since)
    else:
        _show(invocation, newsletter, issue, options)


def _show(
    invocation: Invocation, newsletter: Newsletter, issue: str, options: _Options
) -> None:
    """Show the plan of one issue, with its late editions."""
    settings, sink, now = newsletter.settings, options["sink"], invocation.now
    among = among_named(settings, options["segment"])
    again = tried_again(settings.retrying.on_uncertain)
    chosen, policy = newsletter.issue(issue), options["late"]
    with (
        open_store(settings, heed_at=now) as store,
        Account(settings.database, sink) as account,
    ):
        belated = Belated(newsletter, chosen, store, account=account, policy=policy)
        with outlooks(belated.mailings, sink, now, among, again) as seen:
            plans = Plans(seen, list(belated.latecomers(now)), belated.policy)
            if invocation.as_json:
                answer_with(invocation, seen[0], plans.document())
            for line in plans.lines():
                invocation.say(line)
            if options["everybody"]:
                invocation.say()
                for each in seen:
                    name_everybody(invocation, each, also_others=each is seen[0])
