"""A worker's clock may be late; what it did is not told as done too early."""

from distribute.campaign.fleet import hold
from distribute.campaign.fleet.fenced import FencedLedger
from tests.campaign.actors import parcel
from tests.campaign.fleet.handed import HandedOver, hand_over


def test_what_a_dead_worker_began_was_not_begun_before_it_was_handed_over(
    postgres_url: str,
) -> None:
    """By that it is known which text somebody may have."""
    with hand_over(postgres_url, ("ada", "bo")) as handed:
        begin_and_die(handed)
        found = handed.ask("""
            SELECT d.key, d.opened >= f.at FROM delivery AS d
            JOIN frozen AS f ON f.campaign = d.campaign WHERE d.state = 'uncertain'
        """)
    assert found == [("bo@example.org", True)]


def begin_and_die(handed: HandedOver) -> None:
    """Have a worker begin something a minute before it was handed over, and another take over."""
    batch, job = handed.errand()
    held = hold.take(handed.connection, batch, job, by="a:1", now=handed.now)
    assert held is not None
    numbers = dict(handed.ask("SELECT key, number FROM delivery"))
    ledger = FencedLedger(
        handed.place,
        handed.connection,
        held,
        numbers,
        by="worker a:1",
        outlast=handed.outlast,
    )
    ledger.record([parcel("bo")], (), handed.now - 60_000)
    assert hold.take(handed.connection, batch, job, by="b:2", now=handed.now)
