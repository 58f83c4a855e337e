"""A sender on a server: what it has agreed with that stands on each new connection too."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from distribute.audience.database.database import Handle, open_database
from distribute.audience.database.place import PostgresUrl
from distribute.campaign.ledger import due as asking
from distribute.campaign.ledger.due import Due
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import AwayError
from tests.campaign.senders import CAMPAIGN, NOW


@pytest.fixture
def place(postgres_url: str) -> PostgresUrl:
    """Name a database with nobody in it."""
    return PostgresUrl(postgres_url)


@pytest.fixture
def cut_off(place: PostgresUrl) -> Iterator[Callable[[Handle], None]]:
    """Give what has the server end somebody's connection."""
    with closing(open_database(place)) as other:

        def cut_off(handle: Handle) -> None:
            (which,) = handle.connection.execute("SELECT pg_backend_pid()").fetchone()
            other.execute("SELECT pg_terminate_backend(?, 10000)", (which,))

        yield cut_off


def test_whoever_only_reads_can_never_write(
    place: PostgresUrl, cut_off: Callable[[Handle], None]
) -> None:
    """Not even after the server was away."""
    with Due(place, sink="smtp", campaign=CAMPAIGN) as due:
        cut_off(due)
        with pytest.raises(AwayError):
            due.fresh("", 1)
        assert due.fresh("", 1) == []
        with pytest.raises(Exception, match="read-only"):
            due.connection.execute("UPDATE subscriber SET name = ''")


def test_a_sender_waits_long_for_others(
    place: PostgresUrl, cut_off: Callable[[Handle], None]
) -> None:
    """As long as it sends, on each connection; afterwards as long as anybody."""
    with SqliteLedger(place, "smtp", patience=2) as ledger:
        with ledger.lock(CAMPAIGN, NOW):
            assert _waits(ledger) == "24s"
            cut_off(ledger)
            ledger.started(CAMPAIGN, NOW)
            assert _waits(ledger) == "24s"
        assert _waits(ledger) == "2s"


def test_without_patience_there_is_an_end_to_waiting(place: PostgresUrl) -> None:
    """Nothing would be for ever, as the server has it."""
    with SqliteLedger(place, "smtp", patience=0) as ledger, ledger.lock(CAMPAIGN, NOW):
        assert _waits(ledger) == "1ms"


_LIST = """
    INSERT INTO subscriber (key, address, name, languages, only_these, status, source)
    SELECT k, k, '', 'en', 0, 'confirmed', ''
    FROM (SELECT format('u%s@example.org', lpad(i::text, 4, '0')) AS k
          FROM generate_series(1, 3000) AS i) AS made
"""
_SENT = """
    INSERT INTO delivery
    SELECT id + ?, ?, key, 'accepted', 1, 1, 2, NULL, 1, 1, key, key, 250, '', '', 'end'
    FROM subscriber WHERE id <= ?
"""


@pytest.mark.parametrize("query", ["_FRESH", "_BEFORE_FRESH", "_COUNT_FRESH"])
def test_a_campaign_of_which_the_server_knows_nothing_yet_is_no_slower(
    place: PostgresUrl, query: str
) -> None:
    """It would compare each subscriber with each delivery, for it takes it for empty."""
    with closing(open_database(place)) as connection:
        connection.execute(_LIST)
        for name in ("issue-4", CAMPAIGN):
            connection.execute(
                "INSERT INTO campaign (sink, id, started) VALUES ('smtp', ?, '')",
                (name,),
            )
        connection.execute(_SENT, (0, 1, 3000))
        connection.execute("ANALYZE")
        connection.execute(_SENT, (3000, 2, 1500))
    with Due(place, sink="smtp", campaign=CAMPAIGN) as due:
        wanted = {"after": "", "limit": 500}
        said, values = due._asked(getattr(asking, query), wanted)
        plan = due.connection.execute(f"EXPLAIN {said}", values).fetchall()
        assert "Join Filter" not in str(plan)
        assert "SubPlan" in str(plan)
        assert due.before_fresh("") == "u1500@example.org"


def _waits(ledger: SqliteLedger) -> str:
    (said,) = ledger.connection.execute("SHOW lock_timeout").fetchone()
    return str(said)
