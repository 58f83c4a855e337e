"""``distribute explain``: everything about one person and one issue."""

from collections.abc import Iterable

import click

from distribute.audience.columns import format_languages
from distribute.audience.exchange import as_json
from distribute.audience.store import Store
from distribute.audience.subscriber import Subscriber
from distribute.campaign.history import Attempt, Record
from distribute.campaign.ledger import SqliteLedger
from distribute.campaign.plan import plan_campaign
from distribute.cli.deliveries import moment, record_document
from distribute.cli.invocation import Invocation, json_option
from distribute.cli.mailing import not_on_the_list, open_store
from distribute.cli.newsletter import Newsletter
from distribute.cli.outlets import SINKS
from distribute.cli.report import server_words
from distribute.editions.edition import Issue
from distribute.mailbox import Mailbox


@click.command("explain")
@click.argument("address")
@click.argument("issue", default="latest")
@json_option
@click.pass_obj
def command(invocation: Invocation, address: str, issue: str) -> None:
    """Tell what ADDRESS gets of ISSUE and why, and all that was ever sent to them.

    ISSUE is a number, `latest` (the default), or a post's path.
    """
    newsletter = Newsletter(invocation.folder)
    chosen = newsletter.issue(issue)
    key = Mailbox.parse(address).key
    with open_store(newsletter.settings) as store:
        person, history = _person(store, key), store.history(key)
    with SqliteLedger(newsletter.settings.database, SINKS[0]) as ledger:
        records = ledger.history(key)
    verdict = _verdict(newsletter, chosen, person)
    invocation.answer(
        {
            "subscriber": as_json(person),
            "changes": [
                {
                    "at": change.at.isoformat(),
                    "by": change.by,
                    "field": change.field,
                    "old": change.old,
                    "new": change.new,
                }
                for change in history
            ],
            "issue": chosen.id,
            "verdict": verdict,
            "deliveries": [record_document(record) for record in records],
        }
    )
    for line in _person_lines(person):
        invocation.say(line)
    for change in history:
        invocation.say(
            f"  {change.at:%Y-%m-%d %H:%M} {change.field}: "
            f"{change.old or '-'} became {change.new or '-'} ({change.by})"
        )
    invocation.say()
    edition = verdict["edition"] or "nothing"
    invocation.say(f"Issue {chosen.id}: {edition} – {verdict['reason']}")
    for line in _record_lines(records):
        invocation.say(line)


def _person(store: Store, key: str) -> Subscriber:
    person = store.get(key)
    if person is None:
        raise not_on_the_list(key)
    return person


def _verdict(
    newsletter: Newsletter, issue: Issue, person: Subscriber
) -> dict[str, str | None]:
    """Plan the issue for this one person, whatever they have had already."""
    plan = plan_campaign(issue, [person], publication=newsletter.publication)
    if plan.deliveries:
        (delivery,) = plan.deliveries
        edition = delivery.language.tag
        return {"edition": edition, "reason": delivery.reason, "delivery": delivery.id}
    return {"edition": None, "reason": plan.skipped[0].reason, "delivery": None}


def _person_lines(person: Subscriber) -> Iterable[str]:
    wishes = format_languages(person.languages, only_these=person.only_these)
    yield f"{person.mailbox}"
    yield f"  languages  {wishes or 'none given: the default'}"
    yield f"  status     {person.status}"
    if person.joined:
        yield f"  joined     {person.joined:%Y-%m-%d}"
    if person.source:
        yield f"  came by    {person.source}"


def _record_lines(records: Iterable[Record]) -> Iterable[str]:
    for record in records:
        edition = record.language or "nothing"
        due = f", next attempt {moment(record.due)}" if record.due else ""
        yield (
            f"{record.campaign} by {record.sink}: {edition}, {record.state}{due}"
            f" ({record.reason})"
        )
        for attempt in record.attempts:
            yield f"  {_attempt_line(attempt)}"


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
