"""``distribute send``: carry out the plan."""

from datetime import timedelta
from typing import TypedDict, Unpack

import click

from distribute.campaign.ledger import SqliteLedger
from distribute.checks.documents import document_of
from distribute.cli.asking import insist_on_yes
from distribute.cli.gate import force_option, warn_of
from distribute.cli.invocation import Invocation, json_option
from distribute.cli.mailing import Mailing, open_store, tried_again
from distribute.cli.newsletter import Newsletter
from distribute.cli.options import duration
from distribute.cli.orders import PATIENCE, Orders
from distribute.cli.outlets import SINKS, mail_folder
from distribute.cli.plan import plan_document, plan_lines
from distribute.cli.rehearsal import send_test, write_previews
from distribute.cli.report import mention, table
from distribute.cli.sending import Sending
from distribute.cli.words import many
from distribute.errors import PlanDriftError


class _Options(TypedDict):
    sink: str
    yes: bool
    digest: str | None
    limit: int | None
    due: bool
    wait: timedelta
    on_uncertain: str | None
    only: str | None
    lang: str | None
    dry_run: bool
    forced: frozenset[str]


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
    "--limit", type=click.IntRange(1), metavar="N", help="Send to N people at most."
)
@click.option(
    "--due", is_flag=True, help="Of those put off only whose time has come; for cron."
)
@click.option(
    "--wait",
    metavar="DURATION",
    callback=duration,
    default=f"{PATIENCE:.0f}s",
    show_default=True,
    help="Stay for those put off whose time comes so soon.",
)
@click.option(
    "--on-uncertain",
    type=click.Choice(["ask", "resend", "skip"]),
    help="What to do about those that may have arrived.  [default: the settings']",
)
@click.option(
    "--only", metavar="ADDRESS", help="Send a test to ADDRESS, off the record."
)
@click.option("--lang", metavar="TAG", help="The edition of the test.")
@click.option(
    "--dry-run", is_flag=True, help="Show the plan, and one message a language."
)
@force_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, issue: str, **options: Unpack[_Options]) -> None:
    """Send ISSUE to everybody who is due, each in the language that suits them.

    Messages go to files in out/mail, or with `--sink smtp` to the server. Run again, it
    goes on where it stopped and sends nothing twice. Those whom the server has put off
    are tried again. An issue in which `check` finds errors is not sent.
    """
    invocation: Invocation = ctx.obj
    if options["lang"] is not None and options["only"] is None:
        raise click.UsageError("--lang goes with --only")
    newsletter = Newsletter(invocation.folder)
    mention(newsletter.obstacles)
    with open_store(newsletter.settings) as store:
        mailing = Mailing(
            newsletter, newsletter.issue(issue), store, check_at=invocation.now
        )
        if options["only"] is not None:  # also "": a test must never go to everybody
            ctx.exit(_test(invocation, mailing, options))
        with SqliteLedger(newsletter.settings.database, options["sink"]) as ledger:
            orders = _orders(newsletter, options)
            if options["dry_run"]:
                _show(invocation, mailing, ledger, orders)
                return
            sending = Sending(invocation, mailing, ledger, orders)
            _insist_on(options["digest"], sending)
            if options["sink"] == "smtp" and not options["yes"]:
                _ask(newsletter, sending)
            account = sending.carry_out()
    account.report(invocation)
    if options["sink"] == "file" and account.accepted:
        folder = mail_folder(newsletter).folder_of(mailing.issue.id)
        invocation.say(f"The messages lie in {folder}.")
    ctx.exit(account.exit_status)


def _test(invocation: Invocation, mailing: Mailing, options: _Options) -> int:
    """Send a test to one address, also of an issue that may not be sent to everybody."""
    warn_of(mailing.issue, mailing.obstacles, options["forced"])
    return send_test(
        invocation,
        mailing,
        sink=options["sink"],
        to=options["only"] or "",
        tag=options["lang"],
    )


def _orders(newsletter: Newsletter, options: _Options) -> Orders:
    on_uncertain = options["on_uncertain"] or newsletter.settings.retrying.on_uncertain
    return Orders(
        again=tried_again(on_uncertain),
        due_only=options["due"],
        limit=options["limit"],
        stay=options["wait"].total_seconds(),
        on_uncertain=on_uncertain,
        forced=options["forced"],
    )


def _show(
    invocation: Invocation, mailing: Mailing, ledger: SqliteLedger, orders: Orders
) -> None:
    """Carry out a dry run: the plan, and one message per language; nothing is recorded."""
    plan = mailing.plan(ledger, invocation.now, orders.again)
    paths = write_previews(invocation, mailing, plan)
    document = plan_document(plan, ledger.sink)
    obstacles = [document_of(finding) for finding in mailing.obstacles]
    invocation.answer(
        document | {"previews": [str(p) for p in paths], "obstacles": obstacles}
    )
    warn_of(mailing.issue, mailing.obstacles, orders.forced)
    for line in plan_lines(plan, ledger.sink):
        invocation.say(line)
    invocation.say()
    for path in paths:
        invocation.say(f"{path}")
    invocation.say("Nothing was sent.")


def _insist_on(digest: str | None, sending: Sending) -> None:
    """Refuse to go on if the plan is not the one that was approved."""
    if digest is None:
        return
    now = sending.digest()
    if digest != now:
        raise PlanDriftError(
            f"the plan is now {now}, not {digest or 'nothing'}",
            hint="Nothing was sent. Look at `distribute plan` and approve it again.",
        )


def _ask(newsletter: Newsletter, sending: Sending) -> None:
    """Show how many get which edition, and ask whether they shall."""
    owed = sending.owed()
    if not owed.total:
        return
    sending.make_ready()
    server = newsletter.settings.smtp
    question = f"Send {many(owed.total)} messages by {server.host}:{server.port}?"
    rows = [[tag.autonym, many(count)] for tag, count in owed.by_language.items()]
    insist_on_yes(question, table(rows, head=["edition", "messages"]))
