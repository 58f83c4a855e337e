"""``kill -9`` at any moment, again and again: nobody is lost, and nobody has two copies."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.commands import call
from tests.faults.fault import Manners, part_of
from tests.faults.neighbour import Neighbour, next_door
from tests.scenarios.office import ISSUE, Office, check_sum, open_office

CONNECTIONS = 4
MOODS = (
    Manners(),
    Manners(latency=0.001),
    Manners(latency=0.01),
    Manners(pipelining=False, latency=0.002),
)
MARK = "DISTRIBUTE_CRASH_TEST"
"""Set for every sender, so that what one leaves behind can be found."""


@dataclass
class Siege:
    """One campaign whose sender is killed again and again."""

    office: Office
    server: Neighbour
    seed: str
    latency: float = 0.0
    """Seconds that the server takes at least, so that a sender does not end too soon."""
    blind: float = 0.15
    """How many of the kills come at any time, even before the first message."""
    kills: int = 0
    attempts: int = 0
    doubts: list[int] = field(default_factory=list)
    """How many deliveries each kill has left in doubt."""

    def hold(self, kills: int) -> None:
        """Kill so many senders, and let the last one finish."""
        for number in range(kills):
            self.kill(part=1 / (kills - number + 1))
        answer = self.office.finish()
        document = check_sum(answer)
        uncertain = self.office.in_state("uncertain")
        assert answer.status == (5 if uncertain else 0), answer.out + answer.err
        assert document["uncertain_in_all"] == len(uncertain)
        assert len(uncertain) <= sum(self.doubts)
        self.office.check(self.server.record, unclear=CONNECTIONS * self.kills)
        ended = kills - self.kills
        assert ended <= max(1, 0.2 * kills), "too many ended before they were killed"

    def kill(self, *, part: float) -> None:
        """Start a sender, and kill it at some moment before it has done its part."""
        self.attempts += 1
        mood = MOODS[int(self.chance("mood") * len(MOODS))]
        self.server.behave(replace(mood, latency=max(mood.latency, self.latency)))
        with self.office.start(env={MARK: self.seed}) as process:
            self.wait(part, process)
            process.kill()
        if process.returncode == -9:
            self.kills += 1
        else:
            assert process.returncode in {0, 5}
        self.look()

    def wait(self, part: float, process: subprocess.Popen[str]) -> None:
        """Let time go by: blindly, or until some messages have gone or it has ended."""
        if self.chance("blind") < self.blind:
            time.sleep(1.2 * self.chance("moment"))
            return
        left = len(self.office.readers) - self.server.record.count
        size = self.server.record.path.stat().st_size
        target = size + 110 * left * part * 2 * self.chance("count")
        deadline = time.monotonic() + 20
        while self.server.record.path.stat().st_size <= target:
            if process.poll() is not None or time.monotonic() > deadline:
                break
            time.sleep(0.001)
        time.sleep(0.01 * self.chance("moment"))

    def look(self) -> None:
        """See that what is said to be accepted was seen, and how much is in doubt."""
        states = self.office.states()
        of = {s: {w for w in states if states[w] == s} for s in set(states.values())}
        arrived = self.server.record.arrived
        known = of.get("accepted", set())
        doubtful = of.get("started", set())
        assert known <= arrived.keys(), "accepted, and never seen"
        assert arrived.keys() <= known | doubtful | of.get("uncertain", set())
        assert len(doubtful) <= CONNECTIONS, "more in doubt than connections"
        self.doubts.append(len(doubtful))

    def chance(self, what: str) -> float:
        """Draw between 0 and 1, the same whenever the seed is."""
        return part_of(f"{self.seed} {self.attempts}", what)


@contextmanager
def siege(folder: Path, people: int, seed: str, *, large: bool) -> Iterator[Siege]:
    """Prepare a campaign with a server next door."""
    office = open_office(folder / "letter", people)
    if large:
        make_large(office)
    with next_door(folder / "record") as server:
        office.configure(server.port, smtp={"connections": str(CONNECTIONS)})
        yield Siege(office, server, seed)


def make_large(office: Office) -> None:
    """Let the issue be so long that its messages have about 116 KB.

    In few paragraphs: each sender renders and checks the issue anew.
    """
    told = [f"And star number {n} shone on, {n * n} years old." for n in range(900)]
    paragraphs = [" ".join(told[start::45]) for start in range(45)]
    for post in (office.folder / "posts").glob("2026-10-09-*"):
        with post.open("a", encoding="utf-8") as file:
            file.write("\n" + "\n\n".join(paragraphs) + "\n")


def besiege(
    folder: Path, kills: tuple[int, int], people: tuple[int, int], seed: str
) -> None:
    """Hold two sieges at once: small messages and large ones."""
    small, large = folder / "small", folder / "large"
    with (
        siege(small, people[0], f"{seed} small", large=False) as one,
        siege(large, people[1], f"{seed} large", large=True) as two,
        ThreadPoolExecutor() as pool,
    ):
        list(pool.map(Siege.hold, (one, two), kills))
    sizes = [h.size for h in two.server.record.lines() if h.kind == "kept"]
    assert min(sizes) > 100_000
    check_after(one, two)


def draw_seed() -> str:
    """Give what decides when to kill, and say it, so that it can be done again."""
    seed = os.environ.get("CRASH_SEED") or str(time.time_ns())
    sys.stdout.write(f"CRASH_SEED={seed}\n")
    return seed


def check_after(*sieges: Siege) -> None:
    """See that what was in flight is known, and that no sender lives on."""
    for each in sieges:
        sys.stdout.write(f"{each.kills} kills left in doubt: {each.doubts}\n")
        check_listed(each.office)
        check_nothing_left(each.seed)
    assert any(any(each.doubts) for each in sieges), "no kill met anybody in flight"


def check_listed(office: Office) -> None:
    """See that whoever is uncertain can be listed."""
    status = call("-C", office.folder, "--json", "status", ISSUE, "--uncertain")
    listed = str(status.document)
    addresses = {
        r.address for r in office.readers if r.wire in office.in_state("uncertain")
    }
    assert all(address in listed for address in addresses)


def check_nothing_left(seed: str) -> None:
    """See that no process of a killed sender lives on."""
    deadline = time.monotonic() + 60
    while left := [p for p in Path("/proc").glob("[0-9]*") if is_marked(p, seed)]:
        assert time.monotonic() < deadline, f"left behind: {left}"
        time.sleep(0.1)


def is_marked(process: Path, seed: str) -> bool:
    """Say whether a process is one of these senders, or their child."""
    try:
        return f"{MARK}={seed}\0".encode() in (process / "environ").read_bytes()
    except OSError:
        return False


def test_a_few_kills(tmp_path: Path) -> None:
    """What was in flight is listed, and is all that is unclear."""
    with siege(tmp_path, 600, draw_seed(), large=False) as one:
        one.latency, one.blind = 0.008, 0.0
        one.hold(3)
    check_after(one)


@pytest.mark.slow
def test_two_hundred_kills(tmp_path: Path) -> None:
    """The same, sixty times as long, and with large messages as well."""
    besiege(tmp_path, kills=(120, 80), people=(8000, 1600), seed=draw_seed())
