"""``distribute plan``: who gets which edition, and who gets none and why."""

import click

from distribute.campaign.campaign import Plan
from distribute.campaign.ledger import SqliteLedger
from distribute.campaign.plan import counts
from distribute.cli.invocation import Invocation, json_option
from distribute.cli.mailing import Mailing, open_store, tried_again
from distribute.cli.newsletter import Newsletter
from distribute.cli.outlets import SINKS
from distribute.cli.report import mention, table
from distribute.cli.words import many


@click.command("plan")
@click.argument("issue")
@click.option(
    "--sink",
    type=click.Choice(SINKS),
    default=SINKS[0],
    show_default=True,
    help="Whose account of what was sent before counts.",
)
@click.option(
    "--all", "everybody", is_flag=True, help="Name everybody, not just counts."
)
@json_option
@click.pass_obj
def command(invocation: Invocation, issue: str, sink: str, everybody: bool) -> None:
    """Show who gets which edition of ISSUE, and everyone passed over and why.

    ISSUE is a number, `latest`, or a post's path. The digest stands for this very plan:
    `send --plan DIGEST` refuses to send another one.
    """
    newsletter = Newsletter(invocation.folder)
    mention(newsletter.obstacles)
    settings = newsletter.settings
    with open_store(settings) as store:
        mailing = Mailing(newsletter, newsletter.issue(issue), store)
        with SqliteLedger(settings.database, sink) as ledger:
            again = tried_again(settings.retrying.on_uncertain)
            plan = mailing.plan(ledger, invocation.now, again)
    invocation.answer(plan_document(plan, sink))
    for line in plan_lines(plan, sink):
        invocation.say(line)
    if everybody:
        invocation.say()
        for line in _everybody(plan):
            invocation.say(line)


def plan_lines(plan: Plan, sink: str) -> list[str]:
    """Say who gets what by a sink, in counts with reasons."""
    summary = counts(plan)
    lines = [f"{many(summary.planned)} to deliver by {sink}:"]
    rows = [
        [f"  {language.tag}", many(count), reason]
        for language, reasons in summary.reasons.items()
        for reason, count in reasons.items()
    ]
    if rows:
        lines += table(rows, head=["  edition", "people", "why"])
    lines += ["", f"{many(len(plan.skipped))} passed over:"]
    rows = [["", many(count), reason] for reason, count in summary.skipped.items()]
    if rows:
        lines += table(rows, head=["  ", "people", "why"])
    return [*lines, "", f"digest {plan.digest}"]


def plan_document(plan: Plan, sink: str) -> dict[str, object]:
    """Give the whole plan for a sink, person by person, for programs."""
    summary = counts(plan)
    return {
        "campaign": plan.campaign,
        "sink": sink,
        "digest": plan.digest,
        "planned": summary.planned,
        "by_language": {tag.tag: n for tag, n in summary.by_language.items()},
        "skipped": summary.skipped,
        "uncertain": summary.uncertain,
        "deliveries": [
            {
                "id": delivery.id,
                "address": delivery.subscriber.mailbox.address,
                "language": delivery.language.tag,
                "reason": delivery.reason,
            }
            for delivery in plan.deliveries
        ],
        "passed_over": [
            {"address": skip.subscriber.mailbox.address, "reason": skip.reason}
            for skip in plan.skipped
        ],
    }


def _everybody(plan: Plan) -> list[str]:
    rows = [
        [d.subscriber.mailbox.address, d.language.tag, d.reason]
        for d in plan.deliveries
    ]
    rows += [[s.subscriber.mailbox.address, "-", s.reason] for s in plan.skipped]
    return list(table(rows, head=["address", "edition", "why"])) if rows else []
