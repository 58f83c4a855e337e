"""When a campaign began, and that each has its own account at each sink."""

from datetime import timedelta, timezone
from pathlib import Path

import pytest

from distribute.campaign.campaign import (
    Entry,
    Outcome,
    State,
)
from distribute.campaign.ledger.beginning import REHEARSAL
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import PlanError
from tests.campaign.senders import (
    ACCEPTED,
    ADA,
    AT,
    CAMPAIGN,
    NOW,
    REJECTED,
    Sender,
    states_in,
)

BRASILIA = timezone(timedelta(hours=-3))


def test_the_beginning_is_that_of_the_first_run(ledger: SqliteLedger) -> None:
    """The date of the messages is the same on every run, and in the same zone."""
    first = ledger.started("issue-6", NOW.astimezone(BRASILIA))
    assert first.isoformat() == "2026-11-20T06:00:00-03:00"
    again = ledger.started("issue-6", NOW + timedelta(days=1))
    assert again.isoformat() == first.isoformat()
    assert ledger.started("issue-7", NOW) == NOW


def test_each_sink_has_its_own_account(sender: Sender, path: Path) -> None:
    """A rehearsal into files does not count as sent by SMTP."""
    with SqliteLedger(path, "file") as rehearsal, rehearsal.lock(CAMPAIGN, NOW):
        rehearsal.started(CAMPAIGN, NOW)
        rehearsal.use(CAMPAIGN)
        rehearsal.claim([ADA], AT)
        rehearsal.record([ADA], [Entry(ADA, ACCEPTED)], AT)
        assert rehearsal.recipients(CAMPAIGN) == {"ada@example.org": Outcome.ACCEPTED}
    assert sender.ledger.recipients(CAMPAIGN) == {}
    sender.bring_to(State.REJECTED, [ADA])
    history = sender.ledger.history("ada@example.org")
    assert {r.sink: r.receipt for r in history} == {"file": ACCEPTED, "smtp": REJECTED}


@pytest.mark.parametrize(
    ("later", "same"),
    [
        (timedelta(0), True),
        (timedelta(minutes=5), True),
        (REHEARSAL, True),
        (REHEARSAL + timedelta.resolution, False),
        (timedelta(days=3), False),
        (-timedelta.resolution, False),
    ],
)
def test_what_follows_its_rehearsal_has_the_same_date(
    path: Path, later: timedelta, *, same: bool
) -> None:
    """Files written just before hold the bytes that travel; old or future ones do not."""
    with SqliteLedger(path, "file") as rehearsal, SqliteLedger(path, "smtp") as ledger:
        rehearsal.started(CAMPAIGN, NOW)
        began = ledger.started(CAMPAIGN, NOW + later)
        assert began == (NOW if same else NOW + later)
        assert ledger.started(CAMPAIGN, NOW + timedelta(days=9)) == began
        assert rehearsal.started(CAMPAIGN, NOW + timedelta(days=9)) == NOW


def test_the_date_of_a_rehearsal_keeps_its_zone(path: Path) -> None:
    """It is the instant that counts as recent; what is recorded is copied as it is."""
    with SqliteLedger(path, "file") as rehearsal:
        rehearsal.started(CAMPAIGN, NOW.astimezone(BRASILIA))
    with SqliteLedger(path, "smtp") as ledger:
        began = ledger.started(CAMPAIGN, NOW + REHEARSAL)
    assert began.isoformat() == "2026-11-20T06:00:00-03:00"


def test_of_several_rehearsals_the_latest_counts(path: Path) -> None:
    """It is the one whose files somebody has just looked at."""
    for sink, minutes in (("elsewhere", 20), ("file", 10), ("old", -90)):
        with SqliteLedger(path, sink) as rehearsal:
            began = NOW + timedelta(minutes=minutes)
            assert rehearsal.started(CAMPAIGN, began) == began
    with SqliteLedger(path, "smtp") as ledger:
        at = NOW + timedelta(minutes=30)
        assert ledger.started(CAMPAIGN, at) == NOW + timedelta(minutes=20)


def test_the_rehearsal_of_another_issue_does_not_count(path: Path) -> None:
    """What was just tried out of one issue dates no message of the next."""
    with SqliteLedger(path, "file") as rehearsal:
        rehearsal.started("issue-4", NOW)
    with SqliteLedger(path, "smtp") as ledger:
        later = NOW + timedelta(minutes=5)
        assert ledger.started(CAMPAIGN, later) == later


def test_each_campaign_has_its_own_deliveries(sender: Sender) -> None:
    """What was sent of one issue says nothing about another."""
    sender.bring_to(State.ACCEPTED, [ADA])
    ledger = sender.ledger
    ledger.started("issue-6", NOW)
    ledger.use("issue-6")
    ledger.claim([ADA], AT)
    assert ledger.recipients("issue-6") == {}
    assert [record.state for record in ledger.records("issue-6")] == [State.CLAIMED]
    assert states_in(ledger) == {"ada": State.ACCEPTED}


def test_a_campaign_has_to_begin_before_it_is_used(path: Path) -> None:
    """Nothing is claimed for a campaign that nobody has begun, or that nobody named."""
    with SqliteLedger(path, "smtp") as ledger:
        with pytest.raises(PlanError, match="issue-5 has not begun at smtp"):
            ledger.use(CAMPAIGN)
        with pytest.raises(PlanError, match="no campaign is in use"):
            ledger.claim([ADA], AT)
