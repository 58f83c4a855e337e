"""A database that is away for long: sending stops, and goes on by itself when it is back.

Nothing leaves without a record, nobody is taken for dead, and nobody is uncertain of it.
"""

import time
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.fault import Manners
from tests.faults.neighbour import Neighbour
from tests.fleet.crew import Crew
from tests.fleet.house import open_house
from tests.fleet.lookout import Arrivals
from tests.fleet.scenario import Scenario
from tests.postgres import Server
from tests.processes import wait_until

CONNECTIONS = 4
WORKERS = 2
LEASE = 6.0
"""Seconds of silence after which a worker is taken for dead."""
LONG = 2.5 * LEASE
PEOPLE = 2000


@pytest.mark.slow
def test_a_long_outage_stops_sending_and_nothing_else(
    own_postgres: Server, mail: Neighbour, tmp_path: Path
) -> None:
    """Once the database is stopped, and once it just says nothing, far beyond the lease."""
    house = open_house(tmp_path / "letter", PEOPLE, own_postgres.new_database())
    mail.behave(replace(Manners(), latency=0.02))
    house.configure(mail.port, smtp={"connections": str(CONNECTIONS)})
    house.hand_over()
    arrivals = Arrivals(mail.record.path)
    with Crew((*house.worker, "--stalled-after", f"{LEASE:.0f}s"), tmp_path) as crew:
        workers = [crew.start() for _ in range(WORKERS)]
        scenario = Scenario(own_postgres, house.url, mail, crew, house.wires)
        for share, outage in ((0.2, own_postgres.away), (0.6, own_postgres.paused)):
            _wait_for(arrivals, int(share * PEOPLE))
            _check_stillness(outage(), mail)
            assert crew.running == workers
        found = scenario.play((), seconds=240)
        assert [worker.process.returncode for worker in workers] == [0] * WORKERS
    words = "\n".join(worker.words for worker in workers)
    assert "elsewhere" not in words
    assert "in other hands" not in words
    assert "anew" not in words
    assert words.count("sending goes on") >= WORKERS
    found.check(unclear=0)


def _wait_for(arrivals: Arrivals, count: int) -> None:
    wait_until(lambda: arrivals.count >= count)


def _check_stillness(outage: AbstractContextManager[None], mail: Neighbour) -> None:
    """See that only those arrive in the meantime who had left: one by each connection."""
    with outage:
        began = time.monotonic()
        time.sleep(LONG)
        ended = time.monotonic()
    late = [
        heard
        for heard in mail.record.lines()
        if heard.kind in {"kept", "swallowed"} and began < heard.at < ended
    ]
    assert len(late) <= CONNECTIONS * WORKERS
