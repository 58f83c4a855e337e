"""What a run says of people besides: who was passed over and why, whose mailbox is gone."""

from datetime import timedelta
from pathlib import Path

import pytest

from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.campaign import (
    Entry,
    Receipt,
    State,
)
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import AudienceError
from tests.campaign.actors import parcel
from tests.campaign.mailings import put_on_list
from tests.campaign.senders import (
    ACCEPTED,
    ADA,
    AT,
    BO,
    CAMPAIGN,
    CHOICE,
    DEFERRED,
    GONE,
    LATER,
    NOW,
    REJECTED,
    Sender,
    states_in,
)
from tests.databases import reach_into


def test_those_passed_over_have_their_reason(ledger: SqliteLedger) -> None:
    """Who gets nothing is on record with the reason, until the next run looks again."""
    ledger.name_choices({8: ("", "wants only de"), 9: ("", "wants only fr")})
    ledger.skip(
        [("ada@example.org", "Ada@example.org", 8), ("bo@x.org", "bo@x.org", 8)]
    )
    ledger.skip([("bo@x.org", "bo@x.org", 9)])
    first, _ = ledger.records(CAMPAIGN)
    assert (first.state, first.address) == (State.SKIPPED, "Ada@example.org")
    assert (first.reason, first.language) == ("wants only de", None)
    assert (first.receipt, first.attempts) == (None, ())
    assert ledger.skipped(CAMPAIGN) == {"wants only de": 1, "wants only fr": 1}
    assert ledger.recipients(CAMPAIGN) == {}
    ledger.recover(LATER)
    assert list(ledger.records(CAMPAIGN)) == []


def test_who_is_passed_over_and_was_tried_before_keeps_what_was_tried(
    sender: Sender,
) -> None:
    """Leaving the list after a first attempt does not hide the attempt."""
    sender.bring_to(State.DEFERRED, [ADA], due=LATER)
    sender.ledger.skip([(ADA.key, ADA.address, CHOICE)])
    assert states_in(sender.ledger) == {"ada": State.DEFERRED}
    assert sender.ledger.skipped(CAMPAIGN) == {}


def test_the_unconfirmed_are_passed_over_with_their_status(
    sender: Sender, path: Path
) -> None:
    """Everybody on the list who has not confirmed is accounted for, but nobody else."""
    put_on_list(path, ["ada", "bo"])
    put_on_list(path, ["cy", "di"], status=Status.UNSUBSCRIBED)
    put_on_list(path, ["eve"], status=Status.BOUNCED)
    sender.bring_to(State.ACCEPTED, [parcel("di")])
    ledger = sender.ledger
    ledger.name_choices({8: ("", "unsubscribed"), 9: ("", "bounced")})
    names = {"unsubscribed": 8, "bounced": 9, "confirmed": 9}
    ledger.skip_unconfirmed(names)
    ledger.skip_unconfirmed(names)
    assert ledger.skipped(CAMPAIGN) == {"unsubscribed": 1, "bounced": 1}
    assert states_in(ledger) == {
        "cy": State.SKIPPED,
        "di": State.ACCEPTED,
        "eve": State.SKIPPED,
    }


@pytest.mark.parametrize(
    ("receipt", "status", "expected"),
    [
        (GONE, Status.CONFIRMED, Status.BOUNCED),
        (GONE, Status.UNSUBSCRIBED, Status.BOUNCED),
        (GONE, Status.COMPLAINED, Status.COMPLAINED),
        (REJECTED, Status.CONFIRMED, Status.CONFIRMED),
        (DEFERRED, Status.CONFIRMED, Status.CONFIRMED),
        (ACCEPTED, Status.CONFIRMED, Status.CONFIRMED),
    ],
)
def test_whose_mailbox_is_gone_has_bounced(
    sender: Sender, path: Path, receipt: Receipt, status: Status, expected: Status
) -> None:
    """A mailbox that does not exist is not written to again; a graver status stays."""
    put_on_list(path, ["ada"], status=status)
    sender.ledger.claim([ADA, BO], AT)
    sender.ledger.record([BO], [Entry(ADA, receipt, LATER)], LATER)
    with Store.open(path) as store:
        person = store.get("ada@example.org")
        changes = store.history("ada@example.org")
    assert person is not None
    assert person.status is expected
    assert [(c.by, c.old, c.new, c.at) for c in changes] == (
        [("issue-5 by smtp", status, expected, NOW + timedelta(minutes=5))]
        if status is not expected
        else []
    )


def test_a_bounce_and_its_receipt_are_one(sender: Sender, path: Path) -> None:
    """Where the receipt cannot be recorded, the subscriber stays as they were."""
    put_on_list(path, ["ada"])
    sender.ledger.claim([ADA], AT)
    with reach_into(path) as connection:
        connection.execute("DROP TABLE change")
    with pytest.raises(AudienceError, match=r"no such table|does not exist"):
        sender.ledger.record((), [Entry(ADA, GONE)], AT)
    assert states_in(sender.ledger) == {"ada": State.CLAIMED}
