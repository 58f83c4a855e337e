"""``distribute send``: carry out the plan."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click

from distribute.campaign.campaign import Outcome, Plan
from distribute.campaign.ledger import SqliteLedger
from distribute.campaign.message import envelope_of
from distribute.campaign.run import TRIED_AGAIN, Steering, run
from distribute.cli.invocation import Invocation, current_time, json_option
from distribute.cli.mailing import Mailing, open_store
from distribute.cli.newsletter import Newsletter
from distribute.cli.outlets import SINKS, mail_folder, open_sink
from distribute.cli.plan import plan_document, plan_lines
from distribute.cli.progress import progress
from distribute.cli.rehearsal import send_test, write_previews
from distribute.cli.report import mention
from distribute.cli.tally import Tally
from distribute.errors import DeliveryError, PlanDriftError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@click.command("send")
@click.argument("issue")
@click.option(
    "--sink",
    type=click.Choice(SINKS),
    default=SINKS[0],
    show_default=True,
    help="Where messages go: files in out/mail, or the SMTP server.",
)
@click.option("--yes", is_flag=True, help="Send by SMTP without asking.")
@click.option(
    "--plan", "digest", metavar="DIGEST", help="Send only if this is the plan."
)
@click.option(
    "--only", metavar="ADDRESS", help="Send a test to ADDRESS, off the record."
)
@click.option("--lang", metavar="TAG", help="The edition of the test.")
@click.option(
    "--dry-run", is_flag=True, help="Show the plan, and one message a language."
)
@json_option
@click.pass_context
def command(ctx: click.Context, /, issue: str, **options: str | bool | None) -> None:
    """Send ISSUE to everybody who is due, each in the language that suits them.

    Messages go to files in out/mail, or with `--sink smtp` to the server. Run again, it
    goes on where it stopped and sends nothing twice.
    """
    invocation: Invocation = ctx.obj
    sink_name = str(options["sink"])
    if options["lang"] is not None and options["only"] is None:
        raise click.UsageError("--lang goes with --only")
    newsletter = Newsletter(invocation.folder)
    mention(newsletter.obstacles)
    with open_store(newsletter.settings) as store:
        mailing = Mailing(newsletter, newsletter.issue(issue), store)
        if options["only"] is not None:  # also "": a test must never go to everybody
            tag = None if options["lang"] is None else str(options["lang"])
            to = str(options["only"])
            ctx.exit(
                send_test(invocation, mailing, sink_name=sink_name, to=to, tag=tag)
            )
        with SqliteLedger(newsletter.settings.database, sink_name) as ledger:
            plan = _approved_plan(mailing, ledger, options["digest"])
            if options["dry_run"]:
                _show(invocation, mailing, plan)
                return
            if sink_name == "smtp" and plan.deliveries and not options["yes"]:
                _ask(mailing, plan)
            tally = _carry_out(invocation, mailing, plan, ledger)
    tally.report(invocation)
    if sink_name == "file" and tally.outcomes[Outcome.ACCEPTED]:
        folder = mail_folder(newsletter).folder_of(mailing.issue.id)
        invocation.say(f"The messages lie in {folder}.")
    ctx.exit(tally.exit_status)


def deliver(invocation: Invocation, mailing: Mailing, *, sink_name: str) -> Tally:
    """Send to everybody who is due, without further questions."""
    with SqliteLedger(mailing.newsletter.settings.database, sink_name) as ledger:
        plan = _approved_plan(mailing, ledger, None)
        return _carry_out(invocation, mailing, plan, ledger)


def _approved_plan(mailing: Mailing, ledger: SqliteLedger, digest: object) -> Plan:
    plan = mailing.plan(ledger)
    if digest is not None and digest != plan.digest:
        raise PlanDriftError(
            f"the plan is now {plan.digest}, not {digest or 'nothing'}",
            hint="Nothing was sent. Look at `distribute plan` and approve it again.",
        )
    return plan


def _show(invocation: Invocation, mailing: Mailing, plan: Plan) -> None:
    """Carry out a dry run: the plan, and one message per language; no ledger."""
    paths = write_previews(invocation, mailing, plan)
    invocation.answer(plan_document(plan) | {"previews": [str(p) for p in paths]})
    for line in plan_lines(plan):
        invocation.say(line)
    invocation.say()
    for path in paths:
        invocation.say(f"{path}")
    invocation.say("Nothing was sent.")


def _ask(mailing: Mailing, plan: Plan) -> None:
    server = mailing.newsletter.settings.smtp
    question = f"Send {len(plan.deliveries)} messages by {server.host}:{server.port}?"
    if not sys.stdin.isatty():
        raise click.UsageError(f"{question} Say --yes, for there is nobody to ask.")
    click.confirm(question, abort=True, err=True)


def _carry_out(
    invocation: Invocation, mailing: Mailing, plan: Plan, ledger: SqliteLedger
) -> Tally:
    """Hand over every delivery that is due, and count how they ended."""
    tally = Tally(plan, policy=mailing.newsletter.settings.on_uncertain)
    with ledger.lock(mailing.campaign_id, invocation.now) as dead:
        if dead:
            invocation.say(f"Going on from {dead}, which ended without a word.")
        started = ledger.started(mailing.campaign_id, invocation.now)
        campaign = mailing.campaign(started)
        with (
            _stopping() as should_stop,
            open_sink(mailing.newsletter, ledger.sink) as sink,
            progress("sending", len(plan.deliveries)) as advance,
        ):
            deliveries = run(
                plan,
                mailing.writer(campaign),
                sink,
                ledger,
                envelope=lambda delivery: envelope_of(campaign, delivery),
                steering=Steering(
                    clock=current_time,
                    should_stop=should_stop,
                    again=TRIED_AGAIN | mailing.tried_again,
                ),
            )
            try:
                for delivery, receipt in deliveries:
                    tally.add(delivery, receipt)
                    advance()
            except DeliveryError as error:
                tally.broken = error
    return tally


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Turn Ctrl-C and SIGTERM into a wish to stop, heard after the message at hand."""
    wishes: list[int] = []

    def wish(number: int, _frame: FrameType | None) -> None:
        wishes.append(number)

    before = {number: signal.signal(number, wish) for number in _SIGNALS}
    try:
        yield lambda: bool(wishes)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
