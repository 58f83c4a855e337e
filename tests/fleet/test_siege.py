"""Workers that are killed and frozen, a database and a mail server that go away.

Everybody is served or listed as uncertain, and nobody twice, by what the mail server wrote
down. Who may be uncertain is at most whom somebody had just begun with on a connection
when it was interrupted: a worker's own connections if it is killed or frozen for longer
than it may be silent, those of all workers if the mail server goes away, and none if the
database does.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.faults.fault import Manners
from tests.faults.neighbour import Neighbour
from tests.fleet.crew import Crew
from tests.fleet.house import House, open_house
from tests.fleet.reckoning import Reckoning
from tests.fleet.scenario import Scenario
from tests.fleet.script import Act, Deed, script_of, siege_of
from tests.postgres import Options, Server

_LOG = logging.getLogger(__name__)
CONNECTIONS = 4
"""Of each worker to the mail server."""
LEASE = 3.0
"""Seconds of silence after which a worker is taken for dead."""
WHILES: Mapping[Deed, tuple[float, float]] = {
    "freeze": (LEASE + 0.75, LEASE + 1.75),
    "silence": (2.0, 3.0),
}
"""Whoever is frozen is so for longer than it may be silent; seconds."""
LONGEST = 400.0
"""Seconds after which it hangs, however busy the machine is."""


@dataclass
class Siege:
    """One run."""

    scenario: Scenario
    found: Reckoning

    def check(self, script: tuple[Act, ...]) -> None:
        """See that all of the script was played, and what came of it."""
        scenario = self.scenario
        self.found.check(unclear=CONNECTIONS * scenario.interrupted)
        assert Counter(scenario.played) == Counter(act.deed for act in script)
        assert not scenario.sink.record.problems
        assert scenario.lookout.looks > 5
        begun = [worker.words for worker in scenario.gone if worker.is_ready]
        assert not begun, "who has begun stays, whatever becomes of the database"

    @property
    def unseen_uncertain(self) -> set[str]:
        """Who is uncertain, and the mail server never had a whole message for."""
        return set(self.found.uncertain) - self.scenario.sink.record.arrived.keys()

    @property
    def relieved(self) -> int:
        """How many batches went on elsewhere."""
        return self._count("goes on elsewhere")

    @property
    def ousted(self) -> int:
        """How many batches were found to be in other hands."""
        return self._count("is in other hands")

    def _count(self, words: str) -> int:
        return sum(worker.words.count(words) for worker in self.scenario.crew.workers)

    def __str__(self) -> str:
        bound = CONNECTIONS * self.scenario.interrupted
        line = (
            f"{len(self.found.uncertain)} uncertain of {bound} allowed,"
            f" {len(self.unseen_uncertain)} of them unseen;"
            f" {self.relieved} batches went on elsewhere, {self.ousted} holders found it;"
            f" {self.scenario.lookout.looks} looks"
        )
        return "\n".join((*self.scenario.told, line))


class Camp:
    """A newsletter that was handed over to workers once, to be besieged again and again."""

    def __init__(self, server: Server, folder: Path, people: int) -> None:
        self._server = server
        self._house = open_house(folder, people, server.new_database("handed"))
        self._house.hand_over()

    def besiege(
        self,
        script: tuple[Act, ...],
        mail: Neighbour,
        folder: Path,
        *,
        workers: int,
        lease: float = LEASE,
    ) -> Siege:
        """Play a script, till nothing is left to do."""
        url = self._server.new_database(like="handed")
        house = House(self._house.office, url)
        house.configure(mail.port, smtp={"connections": str(CONNECTIONS)})
        words = (*house.worker, "--stalled-after", f"{lease:.0f}s")
        with Crew(words, folder) as crew:
            for _ in range(workers):
                crew.start()
            scenario = Scenario(self._server, url, mail, crew, house.wires)
            return Siege(scenario, scenario.play(script, seconds=LONGEST))


def test_a_few_workers_survive_a_little(
    own_postgres: Server, mail: Neighbour, tmp_path: Path
) -> None:
    """One is frozen and one killed in the midst of a batch, and the database crashes."""
    mail.behave(replace(Manners(), latency=0.01))
    camp = Camp(own_postgres, tmp_path / "letter", 900)
    script = (
        Act(at=0.05, deed="freeze", whom=0, seconds=3.5),
        Act(at=0.15, deed="crash", whom=0, seconds=0),
        Act(at=0.25, deed="kill", whom=0, seconds=0),
    )
    siege = camp.besiege(script, mail, tmp_path, workers=3, lease=2.0)
    _LOG.warning("%s", siege)  # shown where it fails
    siege.check(script)


@pytest.fixture(scope="module")
def camp(
    make_postgres: Callable[[Options], Server],
    tmp_path_factory: pytest.TempPathFactory,
) -> Camp:
    """Give a newsletter with many readers."""
    folder = tmp_path_factory.mktemp("camp") / "letter"
    return Camp(make_postgres(Options(fsync=True)), folder, 20_000)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["one", "two", "three", "four", "five"])
def test_a_fleet_survives_a_siege(
    camp: Camp, mail: Neighbour, tmp_path: Path, seed: str
) -> None:
    """Ten are killed and ten frozen, the database restarts, and the mail server is away."""
    mail.behave(replace(Manners(), latency=0.004))
    end: Deed = "restart" if seed in {"two", "four"} else "crash"
    counts: Mapping[Deed, int] = {"kill": 10, "freeze": 10, "silence": 1, end: 1}
    script = siege_of(seed, counts, WHILES)
    siege = camp.besiege(script, mail, tmp_path, workers=4)
    _LOG.warning("%s", siege)  # shown where it fails
    siege.check(script)
    assert siege.relieved


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["one", "two"])
def test_a_fleet_survives_whatever_happens(
    own_postgres: Server, mail: Neighbour, tmp_path: Path, seed: str
) -> None:
    """Real workers, and whatever happens: everybody has one message, few are unclear."""
    house = open_house(tmp_path / "letter", 2600, own_postgres.new_database())
    mail.behave(replace(Manners(), latency=0.004))
    house.configure(mail.port, smtp={"connections": "2"})
    house.hand_over()
    script = script_of(seed, acts=10, longest=6.0)
    words = (*house.worker, "--stalled-after", "4s")
    with Crew(words, tmp_path) as crew:
        for _ in range(3):
            crew.start()
        scenario = Scenario(own_postgres, house.url, mail, crew, house.wires)
        found = scenario.play(script, seconds=240)
    assert not mail.record.problems
    found.check(unclear=2 * scenario.interrupted)
