"""``distribute retry``: send once more to those who were refused, or may have it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict, Unpack

import click

from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.campaign import State
from distribute.campaign.ledger.history import Record
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.plan.plan import campaign_id
from distribute.cli.checking.gate import force_option
from distribute.cli.invocation import Invocation, json_option, say_aside
from distribute.cli.mailing.begun import BegunMailings
from distribute.cli.mailing.belated import Belated
from distribute.cli.mailing.deliveries import show_deliveries
from distribute.cli.mailing.mailing import Mailing, open_store
from distribute.cli.mailing.standing import Standings
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.outlets import SINKS
from distribute.cli.sending.dispatch import Dispatch
from distribute.cli.sending.orders import Orders
from distribute.cli.terminal.asking import insist_on_yes
from distribute.cli.terminal.report import mention
from distribute.cli.terminal.words import people

_QUESTIONS = {
    State.REJECTED: "Send once more to {people} who were refused, by {sink}?",
    State.UNCERTAIN: "Send once more to {people} who may have it already, by {sink}?",
}


class _Options(TypedDict):
    sink: str | None
    yes: bool
    dry_run: bool
    forced: frozenset[str]


@click.command("retry")
@click.argument("issue")
@click.option("--failed", is_flag=True, help="Those whom the server refused.")
@click.option(
    "--uncertain", is_flag=True, help="Those who may or may not have got the message."
)
@click.option(
    "--sink",
    type=click.Choice(SINKS),
    help="Whose account.  [default: the one that has such people]",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="List who it would be; send nothing.")
@force_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    issue: str,
    *,
    failed: bool,
    uncertain: bool,
    **options: Unpack[_Options],
) -> None:
    """Send ISSUE once more to those who were refused, or who may have it already.

    They get the very message they should have had: a mail program that has it recognises
    it by its Message-ID. Whoever has left or bounced is left out; `distribute audience
    add ADDRESS` puts somebody back on the list who bounced by mistake.
    """
    invocation: Invocation = ctx.obj
    if failed == uncertain:
        raise click.UsageError("Say --failed or --uncertain.")
    state = State.REJECTED if failed else State.UNCERTAIN
    newsletter = Newsletter(invocation.folder)
    mention(newsletter.obstacles)
    chosen = newsletter.issue(issue)
    with open_store(newsletter.settings, heed_at=invocation.now) as store:
        standings = Standings(newsletter, chosen, invocation.now)
        sink = options["sink"] or _only_sink(standings, state)
        if options["dry_run"]:
            records = standings.records(frozenset({state}))
            ours = (r for r in records if r.sink == sink and _is_confirmed(store, r))
            _show(invocation, {"campaign": campaign_id(chosen), "sink": sink}, ours)
            return
        with SqliteLedger(newsletter.settings.database, sink) as ledger:
            belated = Belated(
                newsletter, chosen, store, account=ledger, check_at=invocation.now
            )
            mailings = _mailings(invocation, belated, ledger, state)
            orders = _orders(newsletter, state, options["forced"])
            dispatch = Dispatch(invocation, mailings, ledger, orders)
            if not options["yes"]:
                _ask(dispatch, state, sink)
            accounts = dispatch.carry_out()
    accounts.report(invocation)
    ctx.exit(accounts.exit_status)


def _orders(newsletter: Newsletter, state: State, forced: frozenset[str]) -> Orders:
    return Orders(
        fresh=False,
        again=frozenset({state}),
        stay=0,
        on_uncertain=newsletter.settings.retrying.on_uncertain,
        forced=forced,
    )


def _mailings(
    invocation: Invocation, belated: Belated, ledger: SqliteLedger, state: State
) -> Sequence[Mailing]:
    """List what has been sent of the issue to anybody in this state; else the issue."""
    found = []
    for begun, mailing in BegunMailings(belated, ledger):
        counts = ledger.counts(begun.id, invocation.now).values()
        if any(states.get(state) for states in counts):
            if mailing is None:
                say_aside(
                    f"distribute: nobody is sent {begun.id} again: its text has changed "
                    "since. A new correction reaches them."
                )
            else:
                found.append(mailing)
    return found or [belated.main]


def _show(
    invocation: Invocation, head: Mapping[str, object], records: Iterable[Record]
) -> None:
    """Carry out a dry run: list who it would be."""
    show_deliveries(invocation, head, records)
    invocation.say("Nothing was sent.")


def _is_confirmed(store: Store, record: Record) -> bool:
    """Tell whether somebody may still be sent anything."""
    person = store.get(record.key)
    return person is not None and person.status is Status.CONFIRMED


def _only_sink(standings: Standings, state: State) -> str:
    """Find the one account that has deliveries in this state; files if none has."""
    found = standings.sinks_with(state)
    if len(found) > 1:
        raise click.UsageError(
            f"There are such people in more than one account: {', '.join(found)}. "
            "Say --sink."
        )
    return found[0] if found else SINKS[0]


def _ask(dispatch: Dispatch, state: State, sink: str) -> None:
    count = sum(owed.total for owed in dispatch.owed())
    if not count:
        return
    dispatch.make_ready()
    question = _QUESTIONS[state].format(people=people(count), sink=sink)
    insist_on_yes(question)
