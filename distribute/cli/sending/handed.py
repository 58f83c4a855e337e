"""What came of handing an issue over to workers, for people, programs and exit statuses."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from shlex import quote

from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.cli.invocation import DONE, INTERRUPTED, UNCERTAIN, Invocation
from distribute.cli.mailing.mailing import Mailing
from distribute.cli.sending.orders import Orders
from distribute.cli.terminal.words import many, people

_ARE = {True: "is", False: "are"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What came of it."""

    campaign: str
    people: int
    """How many deliveries were handed over now."""
    is_complete: bool
    """Whether nobody is left to be handed over."""
    again: int
    """How many besides who may have it from before."""
    uncertain: int
    """How many may have it from before, and are left out."""


HandOver = Callable[
    [Invocation, Sequence[Mailing], SqliteLedger, Orders], Sequence[HandedOver]
]
"""Hands mailings over, as far as nobody says stop; see `distribute.cli.fleet.handing`."""


def tell_handed_over(
    invocation: Invocation,
    issue: str,
    done: Sequence[HandedOver],
    orders: Orders,
    *,
    sink: str,
) -> int:
    """Answer whoever handed over one issue; gives the exit status."""
    documents = [asdict(each) for each in done]
    invocation.answer({"handed_over": documents, "sink": sink})
    report_handed_over(invocation, issue, done, orders)
    return status_of_handed(done, orders)


def report_handed_over(
    invocation: Invocation, issue: str, done: Sequence[HandedOver], orders: Orders
) -> None:
    """Tell people what came of it, and what there is to do."""
    for each in done:
        also = f", and {many(each.again)} who may have it" if each.again else ""
        said = f"{many(each.people)} handed over to workers{also}"
        invocation.say(f"{each.campaign}: {said}.")
        if each.uncertain and orders.on_uncertain != "skip":
            shown = invocation.command(f"status {quote(issue)} --uncertain")
            invocation.say(
                f"{people(each.uncertain)} may have it from before, and"
                f" {_ARE[each.uncertain == 1]} left out: {shown} lists them."
            )
    watch = invocation.command(f"status {quote(issue)} --watch")
    work = invocation.command("worker")
    invocation.say(f"{work} sends them; {watch} shows how far it is.")


def status_of_handed(done: Sequence[HandedOver], orders: Orders) -> int:
    """Give the exit status for what was handed over."""
    if not all(each.is_complete for each in done):
        return INTERRUPTED
    is_asked = orders.on_uncertain == "ask" and any(each.uncertain for each in done)
    return UNCERTAIN if is_asked else DONE
