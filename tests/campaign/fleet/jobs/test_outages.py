"""A database that is away for long makes no worker a dead one."""

import time

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from tests.campaign.fleet.member import STEADY, Handler
from tests.campaign.fleet.queued import (
    Connection,
    begin,
    connected,
    fetch,
    freeze,
    jobs,
    notes,
    rows,
    set_up,
)
from tests.campaign.fleet.shifts import at_work
from tests.postgres import Server
from tests.processes import wait_until


@pytest.fixture
def own_url(own_postgres: Server) -> str:
    """Give a database in a server that nobody else uses, with a campaign and two batches."""
    url = own_postgres.new_database()
    open_database(PostgresUrl(url)).close()
    with connected(url) as connection:
        set_up(connection)
        begin(connection)
        freeze(connection, 2)
    return url


class Elsewhere:
    """A worker on another machine: it has batch 1 in hand, and a heartbeat if told so."""

    def __init__(self, url: str) -> None:
        with connected(url) as connection:
            self._job = fetch(connection)
            self._worker = rows(connection, "SELECT id FROM procrastinate_workers")[0][
                0
            ]

    def beat(self, connection: Connection) -> None:
        """Write a heartbeat."""
        connection.execute(
            "SELECT procrastinate_update_heartbeat_v1(%s)", (self._worker,)
        )

    def has_its_job(self, connection: Connection) -> bool:
        """Whether nobody has taken its batch from it."""
        return rows(connection, "SELECT id FROM procrastinate_jobs ORDER BY id")[0] == (
            self._job,
        )


@pytest.mark.slow
class TestLongOutages:
    """Nobody is taken for dead who could not say that they live."""

    @pytest.mark.parametrize("paused", [False, True], ids=["away", "paused"])
    def test_nobody_died_while_the_database_was_not_there(
        self, own_url: str, own_postgres: Server, *, paused: bool
    ) -> None:
        """Those whose first heartbeat comes late keep their batches; the dead do not.

        Neither a worker that was there nor one that starts just then takes them.
        """
        elsewhere = Elsewhere(own_url)
        limit = STEADY.stalled_after
        with at_work(own_url, Handler(own_url, 1000, 7), STEADY):
            wait_until(lambda: has_taken(own_url, 7))
            if paused:
                own_postgres.pause()
                time.sleep(1.4 * limit)
                own_postgres.resume()
            else:
                with own_postgres.away("immediate"):
                    time.sleep(1.4 * limit)
            with (
                at_work(own_url, Handler(own_url, 0, 8), STEADY),
                connected(own_url) as connection,
            ):
                time.sleep(limit / 2)
                end = time.monotonic() + 1.5 * limit
                while time.monotonic() < end:
                    elsewhere.beat(connection)
                    assert elsewhere.has_its_job(connection)
                    time.sleep(STEADY.heartbeat)
                wait_until(lambda: (8, "done") in notes(connection, 1))
                assert notes(connection, 2) == [(7, "took")]

    def test_restarted(self, own_url: str, own_postgres: Server) -> None:
        """A crash from which the database comes back at once disturbs nobody."""
        with (
            at_work(own_url, Handler(own_url, 3, 7), STEADY),
            at_work(own_url, Handler(own_url, 3, 8), STEADY),
        ):
            wait_until(lambda: has_taken(own_url, 7) and has_taken(own_url, 8))
            own_postgres.restart("immediate")
            with connected(own_url) as connection:
                wait_until(lambda: not jobs(connection))
                counted = "SELECT what, count(*) FROM note GROUP BY what ORDER BY what"
                assert rows(connection, counted) == [("done", 2), ("took", 2)]


def has_taken(url: str, worker: int) -> bool:
    """Whether a worker has a batch in hand."""
    with connected(url) as connection:
        sql = "SELECT count(*) FROM note WHERE worker = %s"
        return connection.execute(sql, (worker,)).fetchone() == (1,)
