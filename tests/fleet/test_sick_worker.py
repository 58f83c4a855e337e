"""A worker that reaches no mail server leaves the work to those that do."""

import shutil
import socket
import time
from contextlib import closing
from math import log2
from pathlib import Path

import pytest

from tests.faults.neighbour import Neighbour
from tests.fleet.crew import Crew, Worker
from tests.fleet.house import House, open_house
from tests.fleet.lookout import looking
from tests.postgres import Server
from tests.processes import wait_until
from tests.scenarios.office import Office

BATCH = 500
PEOPLE = 5 * BATCH


@pytest.mark.slow
def test_a_sick_worker_does_not_hold_the_others_up(
    own_postgres: Server, mail: Neighbour, tmp_path: Path
) -> None:
    """It rests after each batch that it has put off, longer and longer."""
    house = open_house(tmp_path / "letter", PEOPLE, own_postgres.new_database())
    house.configure(mail.port)
    house.hand_over()
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        sick_house = _copy(house, tmp_path / "sick", taken.getsockname()[1])
        with (
            Crew(sick_house.worker, _made(tmp_path / "a")) as ill,
            Crew(house.worker, _made(tmp_path / "b")) as well,
            looking(house.url) as lookout,
        ):
            sick = ill.start()
            wait_until(lambda: _failures(sick) > 0)
            began = time.monotonic()
            well.start()

            def is_served() -> bool:
                sight = lookout.look()
                return sight is not None and sight.left <= BATCH * _failures(sick)

            wait_until(is_served)
            failures = _failures(sick)
            rested = time.monotonic() - began
    assert failures <= 2 + log2(1 + rested)
    assert mail.record.count >= PEOPLE - BATCH * failures > 0


def _copy(house: House, folder: Path, port: int) -> House:
    """Have the same newsletter on a machine with another mail server."""
    shutil.copytree(house.office.folder, folder)
    copied = House(Office(folder, house.office.readers), house.url)
    copied.configure(port)
    return copied


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _failures(worker: Worker) -> int:
    return worker.words.count("cannot connect")
