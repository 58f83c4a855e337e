"""Who had a batch in hand writes nothing of it any more, whatever became of it since."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distribute.audience.database.database import open_database
from distribute.audience.database.postgres.connection import BESIDE_OTHERS
from distribute.campaign.campaign import Entry, Receipt, State
from distribute.campaign.fleet import columns, control, hold
from distribute.campaign.fleet.batch import Hold
from distribute.campaign.fleet.fenced import FencedLedger
from distribute.campaign.fleet.overview import count_deliveries
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import LockedError, PlanError
from tests.campaign.actors import UNKNOWN, parcel
from tests.campaign.fleet.handed import START, HandedOver, hand_over
from tests.campaign.mailings import BEGAN
from tests.campaign.senders import ACCEPTED
from tests.readers import CAMPAIGN

_WAITING = """
    SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.datname = current_database()
    WHERE NOT l.granted AND l.pid IN (
        SELECT pid FROM pg_stat_activity WHERE datid = d.oid
    )
"""
"""Counts who waits for a lock in this database."""

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


def ledger_of(
    handed: HandedOver,
    held: Hold,
    *,
    outlast: Callable[[Callable[[], None]], None] = lambda act: act(),
) -> FencedLedger:
    """Keep the account of whoever has the batch in hand."""
    numbers = dict(handed.ask("SELECT key, number FROM delivery"))
    return FencedLedger(
        handed.place,
        handed.connection,
        held,
        numbers,
        by="worker host:1",
        outlast=outlast,
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


def test_who_takes_a_batch_finds_what_was_under_way(handed: HandedOver) -> None:
    """Started and not ended is uncertain, since when it began; the others are to come."""
    ledger = ledger_of(handed, take(handed))
    ledger.record([ADA, BO], (), START + 1)
    ledger.record([CY], [Entry(ADA, ACCEPTED)], START + 2)
    assert count_deliveries(handed.connection, handed.campaign) == {
        State.ACCEPTED: 1,
        State.STARTED: 2,
    }
    take(handed, by="host:2")
    assert handed.states() == {"ada": "accepted", "bo": "uncertain", "cy": "uncertain"}
    opened = "SELECT opened FROM delivery ORDER BY key"
    assert handed.ask(opened) == [(START + 1,), (START + 1,), (START + 2,)]
    assert handed.ask("SELECT started FROM under_way") == [([],)]


def test_nothing_is_under_way_in_a_batch_that_was_put_down(handed: HandedOver) -> None:
    """With its end the row goes that said so; what had no end was started."""
    held = take(handed)
    ledger = ledger_of(handed, held)
    ledger.record([ADA], (), START)
    hold.hand_back(handed.connection, held)
    assert handed.ask("SELECT * FROM under_way") == []
    assert handed.states() == {"ada": "started", "bo": "claimed", "cy": "claimed"}
    take(handed)
    assert handed.states()["ada"] == "uncertain"


def test_a_turn_that_is_recorded_twice_is_recorded_once(handed: HandedOver) -> None:
    """Whose connection was lost meanwhile does not know whether it was written."""

    def twice(act: Callable[[], None]) -> None:
        act()
        act()

    ledger = ledger_of(handed, take(handed), outlast=twice)
    ledger.record([ADA], (), START)
    ledger.record([BO], [Entry(ADA, ACCEPTED)], START)
    assert handed.states() == {"ada": "accepted", "bo": "claimed", "cy": "claimed"}
    (row,) = handed.ask("SELECT u.started, d.number FROM under_way AS u, delivery AS d"
                        " WHERE d.key LIKE 'bo@%'")  # fmt: skip
    assert row[0] == [row[1]]


def test_a_turn_that_comes_late_is_not_recorded(handed: HandedOver) -> None:
    """It may come over a connection that was given up, when others were recorded since."""
    held = take(handed)
    ledger, late = ledger_of(handed, held), ledger_of(handed, held)
    ledger.record([ADA], (), START)
    ledger.record([BO], [Entry(ADA, ACCEPTED)], START)
    with pytest.raises(LockedError):
        late.record([ADA], (), START)
    take(handed, by="host:2")
    assert handed.states() == {"ada": "accepted", "bo": "uncertain", "cy": "claimed"}


def test_nobody_is_started_who_is_not_claimed(handed: HandedOver) -> None:
    """Then nothing of the turn is written."""
    ledger = ledger_of(handed, take(handed))
    ledger.record([ADA], (), START)
    ledger.record((), [Entry(ADA, ACCEPTED)], START)
    with pytest.raises(PlanError, match="not claimed"):
        ledger.record([ADA, BO], (), START)
    handed.ask("DELETE FROM delivery WHERE key LIKE 'cy@%' RETURNING 1")
    with pytest.raises(PlanError, match="not there"):
        ledger.record([BO], [Entry(CY, ACCEPTED)], START)
    assert handed.states() == {"ada": "accepted", "bo": "claimed"}
    assert handed.ask("SELECT started FROM under_way") == [([],)]


def test_who_records_while_a_batch_is_taken_waits_and_then_fails(
    handed: HandedOver,
) -> None:
    """The fence is proved by the row that is written, so one of the two comes first."""
    ledger = ledger_of(handed, take(handed))
    with (
        ThreadPoolExecutor() as threads,
        closing(open_database(handed.place)) as other,
        closing(open_database(handed.place)) as onlooker,
    ):
        other.execute(BESIDE_OTHERS)
        other.execute("UPDATE batch SET fence = fence + 1")
        recording = threads.submit(ledger.record, [ADA], (), START)
        while onlooker.execute(_WAITING).fetchone() == (0,):
            assert not recording.done()
        other.execute("COMMIT")
        with pytest.raises(LockedError):
            recording.result()
    assert handed.states()["ada"] == "claimed"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5),
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=5),
)
def test_the_server_reads_the_very_texts_and_numbers(
    handed: HandedOver, texts: Sequence[str], numbers: Sequence[int | None]
) -> None:
    """Whatever a mail server says; but U+0000, for which it has no room."""
    arrays = (columns.texts(texts), columns.numbers(numbers))
    (row,) = handed.ask("SELECT CAST(? AS TEXT[]), CAST(? AS BIGINT[])", *arrays)
    assert row == ([text.replace("\0", "\ufffd") for text in texts], numbers)


def test_nobody_else_is_told_to_have_bounced(handed: HandedOver) -> None:
    """What another campaign's server said of them is that campaign's to believe."""
    ledger = ledger_of(handed, take(handed))
    ledger.record([ADA], (), START)
    ledger.record((), [Entry(ADA, UNKNOWN)], START)
    handed.ask("""
        UPDATE delivery SET campaign = 77, state = 'rejected', due = -1
        WHERE key LIKE 'bo@%' RETURNING 1
    """)
    ledger.believe(START)
    ledger.take_back(START)
    assert handed.states()["bo"] == "rejected"
    assert handed.ask("SELECT due FROM delivery WHERE campaign = 77") == [(-1,)]
    bounced = "SELECT address FROM subscriber WHERE status = 'bounced'"
    assert handed.ask(bounced) == [("ada@example.org",)]


def test_who_freezes_in_a_transaction_holds_nobody_up(handed: HandedOver) -> None:
    """The server ends it, whoever it is: it may have locked what all workers wait for."""
    show = "SHOW idle_in_transaction_session_timeout"
    handed.connection.execute(BESIDE_OTHERS)
    assert handed.ask(show) == [("10s",)]
    handed.connection.execute("COMMIT")
    assert handed.ask(show) == [("0",)]
