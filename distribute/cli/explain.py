"""``distribute explain``: everything about one person and one issue."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

import click

from distribute.audience.subscriber import Subscriber
from distribute.campaign.ledger.history import Attempt, Record
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.message.delivery_ids import DeliveryIds
from distribute.campaign.person.dossier import read_dossier
from distribute.campaign.plan.choices import Choices
from distribute.campaign.plan.plan import campaign_id
from distribute.campaign.plan.survey import Surveyor, standing_of
from distribute.cli.audience.dossier import dossier_document, dossier_lines
from distribute.cli.invocation import Invocation, json_option
from distribute.cli.mailing.deliveries import moment, record_document
from distribute.cli.mailing.mailing import not_on_the_list, open_store
from distribute.cli.mailing.texts import Text, Texts
from distribute.cli.newsletter.credentials import delivery_ids, link_signer
from distribute.cli.newsletter.heeding import suppressions_of
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.outlets import SINKS
from distribute.cli.terminal.report import server_words
from distribute.editions.edition import Issue
from distribute.mailbox import Mailbox

LATEST = "latest"


class Verdict(TypedDict):
    """What somebody gets of an issue, and why."""

    edition: str | None
    """The tag of its language; `None` for nothing."""
    reason: str
    delivery: str | None
    """`Delivery.id`."""


@click.command("explain")
@click.argument("address")
@click.argument("issue", default=LATEST)
@json_option
@click.pass_obj
def command(invocation: Invocation, address: str, issue: str) -> None:
    """Tell what ADDRESS gets of ISSUE and why, and all that was ever sent to them.

    ISSUE is a number, `latest` (the default), or a post's path. With `--json` it is all
    that somebody is given who asks what is known of them; before the first issue, too.
    """
    newsletter = Newsletter(invocation.folder)
    is_awaited = issue == LATEST and not newsletter.issues
    chosen = None if is_awaited else newsletter.issue(issue)
    settings, mailbox = newsletter.settings, Mailbox.parse(address)
    with open_store(settings, heed_at=invocation.now) as store:
        dossier = read_dossier(store, suppressions_of(settings, store), mailbox.key)
        ids = delivery_ids(link_signer(settings, store))
    with SqliteLedger(settings.database, SINKS[0]) as ledger:
        records, texts = ledger.history(mailbox.key), Texts(newsletter, ledger)
        deliveries = [(record, texts.of(record)) for record in records]
    if dossier.is_empty and not records:
        raise not_on_the_list(mailbox.address)
    today = newsletter.day_of(invocation.now)
    verdict = _verdict(newsletter, chosen, dossier.subscriber, ids=ids, today=today)
    invocation.answer(
        dossier_document(dossier)
        | {
            "issue": chosen.id if chosen else None,
            "verdict": verdict,
            "deliveries": [
                record_document(record) | text.document() for record, text in deliveries
            ],
        }
    )
    for line in dossier_lines(mailbox, dossier):
        invocation.say(line)
    invocation.say()
    invocation.say(_verdict_line(chosen, verdict))
    for line in _record_lines(deliveries):
        invocation.say(line)


def _verdict(
    newsletter: Newsletter,
    issue: Issue | None,
    person: Subscriber | None,
    *,
    ids: DeliveryIds,
    today: date,
) -> Verdict | None:
    """Plan the issue for this one person, whatever they have had already."""
    if issue is None:
        return None
    if person is None:
        return {"edition": None, "reason": "not on the list", "delivery": None}
    choices = Choices.for_issue(issue, newsletter.publication)
    (fate,) = Surveyor(choices).fates([standing_of(person, today)])
    if fate.language is None:
        return {"edition": None, "reason": fate.reason, "delivery": None}
    tag = fate.language.tag
    id_ = ids.of(campaign_id(issue), fate.key, tag)
    return {"edition": tag, "reason": fate.reason, "delivery": id_}


def _verdict_line(issue: Issue | None, verdict: Verdict | None) -> str:
    if issue is None or verdict is None:
        return "There is no issue yet."
    edition = verdict["edition"] or "nothing"
    return f"Issue {issue.id}: {edition} – {verdict['reason']}"


def _record_lines(deliveries: Iterable[tuple[Record, Text]]) -> Iterable[str]:
    for record, text in deliveries:
        edition = record.language or "nothing"
        due = f", next attempt {moment(record.due)}" if record.due else ""
        yield (
            f"{record.campaign} by {record.sink}: {edition}, {record.state}{due}"
            f" ({record.reason})"
        )
        for attempt in record.attempts:
            yield f"  {_attempt_line(attempt)}"
        if text.words:
            yield f"  {text.words}"


def _attempt_line(attempt: Attempt) -> str:
    """Say when an attempt began and how it ended, and at which step of the transaction."""
    receipt = attempt.receipt
    took = ""
    if attempt.closed is not None:
        seconds = (attempt.closed - attempt.opened).total_seconds()
        took = f" after {seconds:.1f} s"
    stage = f" at {receipt.stage.upper()}" if receipt.stage else ""
    words = server_words(receipt)
    said = f": {words}" if words else ""
    return f"{moment(attempt.opened)} {receipt.outcome}{took}{stage}{said}"
