"""A sender whose database goes away: it stops, and nothing is lost or sent twice."""

from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import explained, open_database, transaction
from distribute.audience.database.place import PostgresUrl
from distribute.campaign.campaign import Entry, State
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import AwayError
from tests.campaign.senders import (
    ACCEPTED,
    ADA,
    AT,
    BO,
    CAMPAIGN,
    CY,
    LATER,
    NOW,
    states_in,
)

_INSERT = "INSERT INTO choice (number, language, reason) VALUES (?, 'en', '')"
_CUT = """
    SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def place(postgres_url: str) -> PostgresUrl:
    """Name a database of PostgreSQL."""
    return PostgresUrl(postgres_url)


@pytest.fixture
def operator(place: PostgresUrl) -> Iterator[Connection]:
    """Give a connection that can end all others."""
    with closing(open_database(place)) as connection:
        yield connection


def _cut(operator: Connection) -> None:
    """End the connections of everybody else, as a server does that is restarted."""
    assert operator.execute(_CUT).fetchone() != (0,)


def test_between_two_transactions_nobody_notices(
    place: PostgresUrl, operator: Connection
) -> None:
    """The next transaction begins on a new connection."""
    with SqliteLedger(place, "smtp") as ledger, ledger.lock(CAMPAIGN, NOW):
        ledger.started(CAMPAIGN, NOW)
        ledger.use(CAMPAIGN)
        _cut(operator)
        ledger.claim([ADA, BO], AT)
        _cut(operator)
        ledger.record([ADA], (), AT)
        _cut(operator)
        ledger.record((), [Entry(ADA, ACCEPTED)], AT)
        assert states_in(ledger) == {"ada": State.ACCEPTED, "bo": State.CLAIMED}


def test_a_reader_hears_of_it_once(place: PostgresUrl, operator: Connection) -> None:
    """Whatever it asks next is answered on a new connection."""
    with closing(open_database(place)) as reader:
        _cut(operator)
        with pytest.raises(AwayError, match="Nothing is lost"), explained(place):
            reader.execute("SELECT 1")
        assert reader.execute("SELECT 1").fetchone() == (1,)


def test_in_the_middle_of_a_transaction_nothing_of_it_happens(
    place: PostgresUrl, operator: Connection
) -> None:
    """What follows in it fails too, rather than being done by itself."""
    with closing(open_database(place)) as writer:
        with pytest.raises(AwayError), explained(place):
            _write_while_it_is_cut(writer, operator)
        assert not writer.in_transaction
        assert writer.execute("SELECT number FROM choice").fetchall() == []
        with transaction(writer):
            writer.execute(_INSERT, (4,))
        assert writer.execute("SELECT number FROM choice").fetchall() == [(4,)]


def _write_while_it_is_cut(writer: Connection, operator: Connection) -> None:
    with transaction(writer):
        writer.execute(_INSERT, (1,))
        _cut(operator)
        with suppress(Exception):
            writer.execute(_INSERT, (2,))
        writer.execute(_INSERT, (3,))


def test_a_claim_of_which_nobody_heard_is_not_lost(
    place: PostgresUrl, operator: Connection
) -> None:
    """It may have come to be; then it is settled before somebody goes on."""
    with SqliteLedger(place, "smtp") as ledger:
        with pytest.raises(AwayError):
            _claim_without_an_answer(ledger)
        assert ledger.holder(CAMPAIGN) == ""
        with ledger.lock(CAMPAIGN, NOW):
            ledger.use(CAMPAIGN)
            assert ledger.recover(LATER) == 1
            assert states_in(ledger) == {"ada": State.UNCERTAIN}
            ledger.claim([BO, CY], LATER)


def _claim_without_an_answer(ledger: SqliteLedger) -> None:
    with ledger.lock(CAMPAIGN, NOW):
        ledger.started(CAMPAIGN, NOW)
        ledger.use(CAMPAIGN)
        ledger.claim([ADA, BO, CY], AT)
        ledger.record([ADA], (), AT)
        ledger._in_use().numbers.clear()  # as if the answer had never come
        raise AwayError("the answer to COMMIT was lost")


def test_who_closed_it_does_not_come_back(place: PostgresUrl) -> None:
    """A connection that was let go of is not made again by whatever follows."""
    connection = open_database(place)
    connection.close()
    with pytest.raises(AwayError), explained(place):
        connection.execute("SELECT 1")
    with pytest.raises(AwayError), explained(place):
        connection.execute("BEGIN IMMEDIATE")


def test_a_machine_that_dies_leaves_its_claims_to_others(place: PostgresUrl) -> None:
    """Each start was on the server's disk before anything left, so no other is in doubt."""
    with SqliteLedger(place, "smtp") as ledger:
        lock = ledger.lock(CAMPAIGN, NOW)
        lock.__enter__()
        ledger.started(CAMPAIGN, NOW)
        ledger.use(CAMPAIGN)
        ledger.claim([ADA, BO, CY], AT)
        ledger.record([ADA], (), AT)
    with closing(open_database(place)) as connection:
        connection.execute("UPDATE sender SET boot = 'another', born = '1'")
    with SqliteLedger(place, "smtp") as after, after.lock(CAMPAIGN, NOW) as dead:
        assert dead
        after.use(CAMPAIGN)
        assert after.recover(LATER) == 1
        assert states_in(after) == {"ada": State.UNCERTAIN}
    del lock
