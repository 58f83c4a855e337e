"""A worker on a machine that is cut off: others go on with what it has, and it notices."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.fault import Manners
from tests.faults.neighbour import next_door
from tests.fleet.crew import Crew, Worker
from tests.fleet.house import open_house
from tests.fleet.lookout import Lookout, Sight
from tests.fleet.namespaces import Network
from tests.fleet.scenario import Scenario
from tests.postgres import Options, Server
from tests.processes import wait_until

CONNECTIONS = 2
PATIENCE = 180.0
"""Seconds; it takes the kernel half a minute to give a connection up, or longer."""
LEASE = 3
"""Seconds of silence after which a worker is taken for dead."""


@pytest.mark.slow
def test_others_go_on_for_a_machine_that_is_cut_off(
    network: Network, make_postgres: Callable[[Options], Server], tmp_path: Path
) -> None:
    """They finish it all while it is away; it notices by itself, and is back in its place.

    It gives up its connections to the database as nothing that it says is acknowledged, nor
    a probe: without settings of ours it would wait a quarter of an hour for the first, and
    two hours for the other.
    """
    server = make_postgres(Options(listen=("127.0.0.1", network.hub)))
    manners = replace(Manners(), latency=0.02)
    with (
        next_door(tmp_path / "record", manners, host=network.hub) as mail,
        closing(Lookout(server.new_database("cut"))) as lookout,
    ):
        house = open_house(
            tmp_path / "letter", 1500, server.url("cut", host=network.hub)
        )
        house.configure(
            mail.port, host=network.hub, smtp={"connections": str(CONNECTIONS)}
        )
        house.hand_over()
        words = (*house.worker, "--stalled-after", f"{LEASE}s")
        with Crew(words, tmp_path) as crew:
            workers = [crew.start(network.add()) for _ in range(3)]
            _pull_the_cable(workers[0], lookout, server.port)
            _see_it_is_back(workers[0])
            others = "".join(worker.words for worker in workers[1:])
            assert others.count("goes on elsewhere") == 1
            local = server.url("cut")
            found = Scenario(server, local, mail, crew, house.wires).play(
                (), seconds=60
            )
        found.check(unclear=CONNECTIONS)
        assert not mail.record.problems
        assert [worker.process.returncode for worker in workers] == [0, 0, 0]


def _pull_the_cable(worker: Worker, lookout: Lookout, port: int) -> None:
    """Cut it off in the middle of a batch, till all is done and it has noticed."""
    assert worker.machine
    wait_until(lambda: worker.process.pid in _look(lookout).senders, PATIENCE)
    with worker.machine.alone():
        lines = _lines(worker, port)
        assert len(lines) > 1
        wait_until(lambda: _look(lookout).is_over, PATIENCE)
        wait_until(lambda: "the database is away" in worker.words, PATIENCE)
        wait_until(lambda: not (_lines(worker, port) & lines), PATIENCE)


def _lines(worker: Worker, port: int) -> set[str]:
    """Give our ends of its connections to a port; they are as the kernel writes them."""
    table = Path(f"/proc/{worker.process.pid}/net/tcp").read_text().splitlines()[1:]
    rows = [row.split() for row in table]
    return {
        ours
        for _, ours, theirs, state, *_ in rows
        if state == "01" and int(theirs.rpartition(":")[2], 16) == port
    }


def _see_it_is_back(worker: Worker) -> None:
    wait_until(lambda: "in other hands" in worker.words, PATIENCE)
    wait_until(lambda: "the database is back" in worker.words, PATIENCE)
    assert worker.is_running


def _look(lookout: Lookout) -> Sight:
    sight = lookout.look()
    assert sight is not None
    return sight
