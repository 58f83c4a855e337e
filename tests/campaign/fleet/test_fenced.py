"""Who had a batch in hand writes nothing of it any more, whatever became of it since."""

from collections.abc import Iterator

import pytest

from distribute.audience.database.postgres.connection import BESIDE_OTHERS
from distribute.campaign.campaign import Entry, Receipt
from distribute.campaign.fleet import control, hold
from distribute.campaign.fleet.batch import Hold
from distribute.campaign.fleet.fenced import FencedLedger
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import LockedError
from tests.campaign.actors import UNKNOWN, parcel
from tests.campaign.fleet.handed import START, HandedOver, hand_over
from tests.campaign.mailings import BEGAN
from tests.campaign.senders import ACCEPTED
from tests.readers import CAMPAIGN

ADA, BO, CY = (parcel(name) for name in ("ada", "bo", "cy"))


@pytest.fixture
def handed(postgres_url: str) -> Iterator[HandedOver]:
    """Hand three people over, in one batch."""
    with hand_over(postgres_url, ("ada", "bo", "cy")) as handed:
        yield handed


def take(handed: HandedOver, by: str = "host:1") -> Hold:
    """Take the batch in hand."""
    batch, job = handed.errand()
    held = hold.take(handed.connection, batch, job, by=by, now=START)
    assert held is not None
    return held


def ledger_of(handed: HandedOver, held: Hold) -> FencedLedger:
    """Keep the account of whoever has the batch in hand."""
    numbers = dict(handed.ask("SELECT key, number FROM delivery"))
    return FencedLedger(
        handed.place,
        handed.connection,
        held,
        numbers,
        by="worker host:1",
        outlast=lambda act: act(),
    )


def test_whoever_comes_back_after_a_cancel_can_not_write(handed: HandedOver) -> None:
    """Also when one machine has served everybody since, under other numbers."""
    held = take(handed)
    zombie = ledger_of(handed, held)
    zombie.record([ADA], (), START)
    control.cancel(handed.connection, handed.campaign)
    control.sweep(handed.connection, handed.campaign, at_once=True)
    with SqliteLedger(handed.place, "smtp") as ledger, ledger.lock(CAMPAIGN.id, BEGAN):
        ledger.use(CAMPAIGN.id)
        ledger.claim([BO, CY], START)
        ledger.record([BO, CY], [Entry(BO, ACCEPTED), Entry(CY, ACCEPTED)], START)
    lost: tuple[Receipt, ...] = (ACCEPTED, UNKNOWN)
    for receipt in lost:
        with pytest.raises(LockedError):
            zombie.record([BO], [Entry(ADA, receipt)], START)
    for act in (zombie.take_back, zombie.believe):
        handed.ask("UPDATE delivery SET due = -1 WHERE key LIKE 'ada@%' RETURNING 1")
        with pytest.raises(LockedError):
            act(START)
    with pytest.raises(LockedError):
        zombie.skip([("cy@example.org", "cy@example.org", 1)])
    assert handed.states() == {"ada": "uncertain", "bo": "accepted", "cy": "accepted"}


def test_nobody_else_is_told_to_have_bounced(handed: HandedOver) -> None:
    """What another campaign's server said of them is that campaign's to believe."""
    ledger = ledger_of(handed, take(handed))
    handed.ask("""
        UPDATE delivery SET campaign = 77, state = 'rejected', due = -1
        WHERE key LIKE 'bo@%' RETURNING 1
    """)
    ledger.believe(START)
    ledger.take_back(START)
    assert handed.states()["bo"] == "rejected"
    assert handed.ask("SELECT due FROM delivery WHERE campaign = 77") == [(-1,)]
    assert handed.ask("SELECT DISTINCT status FROM subscriber") == [("confirmed",)]


def test_who_freezes_in_a_transaction_holds_nobody_up(handed: HandedOver) -> None:
    """The server ends it, whoever it is: it may have locked what all workers wait for."""
    show = "SHOW idle_in_transaction_session_timeout"
    handed.connection.execute(BESIDE_OTHERS)
    assert handed.ask(show) == [("10s",)]
    handed.connection.execute("COMMIT")
    assert handed.ask(show) == [("0",)]
