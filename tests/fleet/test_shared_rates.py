"""Many workers keep one pace together, by what the mail server wrote down."""

import logging
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

import pytest

from distribute.campaign.fleet.shared_pace import SharedBucket
from tests.faults.neighbour import Neighbour
from tests.faults.record import Record
from tests.fleet.crew import Crew
from tests.fleet.house import open_house
from tests.fleet.scenario import Scenario
from tests.postgres import Server

_LOG = logging.getLogger(__name__)
RATE, SLOW = 60, 10
"""Messages a second over all, and to one domain."""
DOMAIN = "example.org"
"""One in six readers has it, so it takes as long to serve as the others."""
WORKERS = 3
IN_HAND = 3
"""Messages of a worker that may be on their way on its only connection."""


@pytest.mark.slow
def test_workers_keep_a_pace_together(
    own_postgres: Server, mail: Neighbour, tmp_path: Path
) -> None:
    """They never come too fast together, and hardly slower than they may."""
    house = open_house(tmp_path / "letter", 1500, own_postgres.new_database())
    rates = {"rate": f'"{RATE}/s"', "connections": "1"}
    domains = {"domains": f'{{ "{DOMAIN}" = "{SLOW}/s" }}'}
    house.configure(mail.port, smtp=rates | domains)
    house.hand_over()
    with Crew(house.worker, tmp_path) as crew:
        for _ in range(WORKERS):
            crew.start()
        scenario = Scenario(own_postgres, house.url, mail, crew, house.wires)
        scenario.play((), seconds=240).check(unclear=0)
    _check_pace(_instants(mail.record), RATE, most=0.8)
    _check_pace(_instants(mail.record, f"@{DOMAIN}"), SLOW, most=0.9)


def _instants(record: Record, whose: str = "") -> Sequence[float]:
    """Say when messages arrived, in order."""
    kept = [heard for heard in record.lines() if heard.kind == "kept"]
    return sorted(heard.at for heard in kept if heard.address.endswith(whose))


def _check_pace(instants: Sequence[float], rate: float, *, most: float) -> None:
    """See that none come faster than they may leave, but for those that were held up.

    A pace is kept where messages are handed to a connection, which has three in hand.
    """
    portion = SharedBucket("", rate, lambda _name, _seconds: 0.0).allowance(0.0)
    promised = rate + WORKERS * portion
    counts = counts_within_a_second(instants)
    seen = max(counts), usual(instants, most)
    _LOG.warning("%s/s: %s within a second at most, %.2f/s usually", rate, *seen)
    assert max(counts) <= promised + WORKERS * IN_HAND
    assert sum(count > promised for count in counts) <= 0.02 * len(counts)
    assert usual(instants, most) >= 0.85 * rate


def counts_within_a_second(instants: Sequence[float]) -> Sequence[int]:
    """Count how many there are within a second from each on."""
    ends = [bisect_left(instants, at + 1.0) for at in instants]
    return [end - begin for begin, end in enumerate(ends)]


def usual(instants: Sequence[float], share: float) -> float:
    """Say how many a second there are in this first share of them, while work is left."""
    some = instants[: int(share * len(instants))]
    return (len(some) - 1) / (some[-1] - some[0])
