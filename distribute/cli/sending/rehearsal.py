"""Messages outside the ledger: the previews of a dry run, and a test to one address."""

from collections.abc import Callable, Collection
from pathlib import Path

from distribute.audience.subscriber import Subscriber
from distribute.campaign.campaign import (
    Campaign,
    Delivery,
    Outcome,
    Parcel,
    Receipt,
    Sink,
)
from distribute.campaign.message.message import envelope_of
from distribute.cli.invocation import (
    DONE,
    FAILED,
    INTERRUPTED,
    UNCERTAIN,
    Invocation,
)
from distribute.cli.mailing.mailing import Mailing
from distribute.cli.mailing.outlook import Outlook
from distribute.cli.newsletter.outlets import open_sink
from distribute.cli.sending.live import live
from distribute.cli.sending.tally import Tally
from distribute.cli.terminal.report import receipt_document, receipt_line
from distribute.language import Language, best_match
from distribute.mailbox import Mailbox
from distribute.sinks.folder import FolderSink

_STATUS = {
    Outcome.ACCEPTED: DONE,
    Outcome.DEFERRED: INTERRUPTED,
    Outcome.REJECTED: FAILED,
    Outcome.UNCERTAIN: UNCERTAIN,
}
_LOOK = 1.0
"""Seconds that one look at a sink waits."""


def write_previews(invocation: Invocation, seen: Outlook) -> list[Path]:
    """Write the first message of each language to ``out/preview/mail``."""
    mailing = seen.mailing
    campaign = mailing.campaign(invocation.now)
    sink = FolderSink(mailing.newsletter.folder / "out" / "preview" / "mail")
    deliveries = [
        _delivery(campaign, mailing, subscriber, language, fate.reason)
        for language, fate in seen.first_of_each().items()
        if (subscriber := mailing.store.get(fate.key))
    ]
    parcels = _parcels(mailing, campaign, deliveries)
    return [sink.write(parcel.envelope, parcel.message) for parcel in parcels]


def send_test(
    invocation: Invocation,
    mailing: Mailing,
    *,
    sink: str,
    to: str,
    tag: str | None,
) -> int:
    """Send one message to an address that need not be on the list.

    Gives the exit status that stands for how it ended.
    """
    mailbox = Mailbox.parse(to)
    campaign = mailing.campaign(invocation.now)
    delivery = _test_delivery(campaign, mailing, mailbox, tag)
    (parcel,) = _parcels(mailing, campaign, [delivery])
    tally = Tally(began=0)
    with open_sink(mailing.newsletter, sink) as outlet, live(1) as show:
        receipt = hand_over(outlet, parcel, lambda: show(tally))
    invocation.answer(
        {"address": mailbox.address, "language": delivery.language.tag}
        | receipt_document(receipt)
    )
    invocation.say(
        f"A test in {delivery.language} to {mailbox}: {receipt_line(receipt)}"
    )
    return _STATUS[receipt.outcome]


def hand_over(sink: Sink, parcel: Parcel, meanwhile: Callable[[], None]) -> Receipt:
    """Send one message and wait for its receipt; raises `DeliveryError`.

    Calls `meanwhile` again and again, at least every second.
    """
    sink.take([parcel])
    while True:
        meanwhile()
        turn = sink.turn(_LOOK)
        for _, receipt in turn.receipts:
            return receipt
        sink.release(turn.ready)


def _parcels(
    mailing: Mailing, campaign: Campaign, deliveries: Collection[Delivery]
) -> list[Parcel]:
    """Write the messages of some deliveries."""
    languages = {delivery.language for delivery in deliveries}
    messages = mailing.messages(campaign, languages)
    parcels = []
    for delivery in deliveries:
        mailbox, language = delivery.subscriber.mailbox, delivery.language
        parcels.append(
            Parcel(
                key=mailbox.key,
                id=delivery.id,
                address=mailbox.address,
                choice=0,
                attempt=0,
                since=0,
                envelope=envelope_of(campaign, delivery),
                message=messages[language].write(
                    mailbox, delivery.id, mailing.links(mailbox)
                ),
            )
        )
    return parcels


def _test_delivery(
    campaign: Campaign, mailing: Mailing, mailbox: Mailbox, tag: str | None
) -> Delivery:
    """Choose the edition asked for, else the one this person would get."""
    known = mailing.store.get(mailbox.key)
    subscriber = known or Subscriber(mailbox=mailbox)
    if tag is not None:
        language = mailing.edition_language(tag)
    else:
        publication = mailing.newsletter.publication
        wishes = (
            *subscriber.languages,
            *publication.fallbacks,
            publication.default_language,
            *mailing.issue.editions,
        )
        match = best_match(wishes, list(mailing.issue.editions))
        language = match[1] if match else next(iter(mailing.issue.editions))
    return _delivery(campaign, mailing, subscriber, language, "a test")


def _delivery(
    campaign: Campaign,
    mailing: Mailing,
    subscriber: Subscriber,
    language: Language,
    reason: str,
) -> Delivery:
    key = subscriber.mailbox.key
    return Delivery(
        id=mailing.ids.of(campaign.id, key, language.tag),
        subscriber=subscriber,
        language=language,
        reason=reason,
    )
