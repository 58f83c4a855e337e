"""``distribute send``: carry out the plan."""

from collections.abc import Sequence
from typing import Unpack

import click

from distribute.audience.store import Store
from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.checks.formats.documents import document_of
from distribute.cli.checking.gate import force_option, warn_of
from distribute.cli.fleet.server import server_of
from distribute.cli.invocation import DONE, INTERRUPTED, Invocation, json_option
from distribute.cli.mailing.belated import Belated, late_option
from distribute.cli.mailing.correcting import correction
from distribute.cli.mailing.mailing import Mailing, open_store, tried_again
from distribute.cli.mailing.outlook import outlooks
from distribute.cli.mailing.segments import among_named, segment_option
from distribute.cli.mailing.wording import correction_option
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.outlets import SINKS, mail_folder, servers_of
from distribute.cli.sending.appointing import NEVER, Appointing, call_off, time_named
from distribute.cli.sending.demands import NEW, Options, refuse_contradictions
from distribute.cli.sending.dispatch import Dispatch
from distribute.cli.sending.handed import HandedOver, tell_handed_over
from distribute.cli.sending.options import duration
from distribute.cli.sending.orders import PATIENCE, Orders
from distribute.cli.sending.plans import Plans, answer_with
from distribute.cli.sending.rehearsal import send_test, write_previews
from distribute.cli.sending.rounds import send_new
from distribute.cli.sending.sending import Sending
from distribute.cli.terminal.report import mention
from distribute.editions.edition import Issue
from distribute.errors import PlanDriftError


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
@segment_option
@click.option(
    "--at",
    metavar="TIME",
    help="Wait until '2026-12-01 09:00', or '… 09:00 Europe/Berlin'; `never` calls it off.",
)
@click.option(
    "--no-wait", is_flag=True, help="Only write the time down, for `send new`."
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
@click.option(
    "--workers", is_flag=True, help="Hand it over to `distribute worker` (PostgreSQL)."
)
@late_option
@correction_option
@force_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, issue: str, **options: Unpack[Options]) -> None:
    """Send ISSUE to everybody who is due, each in the language that suits them.

    Messages go to files in out/mail, or with `--sink smtp` to the server. Run again, it
    goes on where it stopped and sends nothing twice. Those whom the server has put off
    are tried again. An issue in which `check` finds errors is not sent.

    ISSUE may be `new`, for a timer: what is due by `send:` in a post's front matter or by
    --at, what was interrupted, and whose time has come again.
    """
    invocation: Invocation = ctx.obj
    refuse_contradictions(issue, options)
    if issue == NEW:
        newsletter = Newsletter(invocation.folder)
        if options["workers"]:
            server_of(newsletter.settings)  # else nobody could take it
        orders = _orders(newsletter, options)
        ctx.exit(send_new(invocation, newsletter, options, orders, _hand_over))
    if options["at"] is not None:
        status = _appoint(invocation, issue, options)
        if status is not None:
            ctx.exit(status)
        options["yes"] = True
    ctx.exit(_send(invocation, issue, options))


def _send(invocation: Invocation, issue: str, options: Options) -> int:
    """Send one issue now, or a test, or rehearse it; gives the exit status."""
    newsletter = Newsletter(invocation.folder)
    mention(newsletter.obstacles)
    with open_store(newsletter.settings, heed_at=invocation.now) as store:
        chosen = newsletter.issue(issue)
        mailings = _mailings(invocation, newsletter, chosen, store, options)
        if options["only"] is not None:  # also "": a test must never go to everybody
            return _test(invocation, mailings[0], options)
        orders = _orders(newsletter, options)
        if options["dry_run"]:
            _show(invocation, mailings, options["sink"], orders)
            return DONE
        with SqliteLedger(newsletter.settings.database, options["sink"]) as ledger:
            dispatch = Dispatch(invocation, mailings, ledger, orders)
            _insist_on(options["digest"], dispatch)
            if options["sink"] == "smtp" and not options["yes"]:
                _ask(newsletter, dispatch)
            if options["workers"]:
                done = _hand_over(invocation, mailings, ledger, orders)
                status = tell_handed_over(
                    invocation, chosen.id, done, orders, sink=ledger.sink
                )
                _keep(
                    invocation,
                    newsletter,
                    chosen,
                    options,
                    is_kept=status != INTERRUPTED,
                )
                return status
            accounts = dispatch.carry_out()
    _keep(invocation, newsletter, chosen, options, is_kept=accounts.is_through)
    accounts.report(invocation)
    if options["sink"] == "file" and accounts.accepted:
        folder = mail_folder(newsletter).folder_of(chosen.id)
        invocation.say(f"The messages lie in {folder}.")
    return accounts.exit_status


def _hand_over(
    invocation: Invocation,
    mailings: Sequence[Mailing],
    ledger: SqliteLedger,
    orders: Orders,
) -> Sequence[HandedOver]:
    from distribute.cli.fleet.handing import hand_over  # with psycopg

    return hand_over(invocation, mailings, ledger, orders)


def _keep(
    invocation: Invocation,
    newsletter: Newsletter,
    issue: Issue,
    options: Options,
    *,
    is_kept: bool,
) -> None:
    """Take an appointment off the agenda that has been kept."""
    if options["at"] is not None and is_kept:
        Appointing(invocation, newsletter.settings, issue.id, options["sink"]).keep()


def _mailings(
    invocation: Invocation,
    newsletter: Newsletter,
    issue: Issue,
    store: Store,
    options: Options,
) -> Sequence[Mailing]:
    """Say what is to be sent of an issue: itself and what is late, or a correction."""
    now = invocation.now
    with Account(newsletter.settings.database, options["sink"]) as account:
        belated = Belated(
            newsletter,
            issue,
            store,
            account=account,
            policy=options["late"],
            check_at=now,
        )
        if not options["corrections"]:
            return belated.mailings
        return [correction(invocation, belated.main, account, options["corrections"])]


def _appoint(invocation: Invocation, issue: str, options: Options) -> int | None:
    """Write down when to send an issue that could be sent now, and wait for it.

    Gives the exit status, or `None` if the time has come.
    """
    newsletter, said = Newsletter(invocation.folder), (options["at"] or "").strip()
    if said.casefold() == NEVER:
        return call_off(invocation, newsletter, issue, options["sink"])
    chosen, settings = newsletter.issue(issue), newsletter.settings
    sink, for_workers = options["sink"], options["workers"]
    if for_workers:
        server_of(settings)  # else nobody could keep it
    appointing = Appointing(
        invocation, settings, chosen.id, sink, for_workers=for_workers
    )
    time = time_named(invocation, settings, said)
    with open_store(settings, heed_at=invocation.now) as store:
        mailing = Mailing(newsletter, chosen, store, check_at=invocation.now)
        orders = _orders(newsletter, options)
        with SqliteLedger(settings.database, sink) as ledger:
            Sending(invocation, mailing, ledger, orders).make_ready()
            if sink == "smtp" and not options["yes"]:
                _ask(newsletter, Dispatch(invocation, [mailing], ledger, orders))
        appointing.make(time, orders)
    if options["no_wait"]:
        return appointing.leave_it(time)
    return appointing.wait(time)


def _test(invocation: Invocation, mailing: Mailing, options: Options) -> int:
    """Send a test to one address, also of an issue that may not be sent to everybody."""
    warn_of(mailing.issue, mailing.obstacles, options["forced"])
    return send_test(
        invocation,
        mailing,
        sink=options["sink"],
        to=options["only"] or "",
        tag=options["lang"],
    )


def _orders(newsletter: Newsletter, options: Options) -> Orders:
    on_uncertain = options["on_uncertain"] or newsletter.settings.retrying.on_uncertain
    return Orders(
        again=tried_again(on_uncertain),
        among=among_named(newsletter.settings, options["segment"]),
        segment=options["segment"] or "",
        due_only=options["due"],
        limit=options["limit"],
        stay=options["wait"].total_seconds(),
        on_uncertain=on_uncertain,
        forced=options["forced"],
        for_workers=options["workers"],
    )


def _show(
    invocation: Invocation, mailings: Sequence[Mailing], sink: str, orders: Orders
) -> None:
    """Carry out a dry run: the plan, and one message per language; nothing is recorded."""
    main, now = mailings[0], invocation.now
    with outlooks(mailings, sink, now, orders.among, orders.again) as seen:
        paths = [path for each in seen for path in write_previews(invocation, each)]
        plans = Plans(seen)
        if invocation.as_json:
            obstacles = [document_of(finding) for finding in main.obstacles]
            head = plans.document()
            head |= {"previews": [str(p) for p in paths], "obstacles": obstacles}
            answer_with(invocation, seen[0], head)
    warn_of(main.issue, main.obstacles, orders.forced)
    for line in plans.lines():
        invocation.say(line)
    invocation.say()
    for path in paths:
        invocation.say(f"{path}")
    invocation.say("Nothing was sent.")


def _insist_on(digest: str | None, dispatch: Dispatch) -> None:
    """Refuse to go on if the plan is not the one that was approved."""
    if digest is None:
        return
    now = dispatch.digest()
    if digest != now:
        raise PlanDriftError(
            f"the plan is now {now}, not {digest or 'nothing'}",
            hint="Nothing was sent. Look at `distribute plan` and approve it again.",
        )


def _ask(newsletter: Newsletter, dispatch: Dispatch) -> None:
    dispatch.ask(servers_of(newsletter.settings))
