"""What the tests of the fleet share: networks, and mail servers next door."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.neighbour import Neighbour, next_door
from tests.fleet.namespaces import Network


@pytest.fixture
def network() -> Iterator[Network]:
    """Give a network without machines; skips where that cannot be."""
    with Network() as network:
        yield network


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Neighbour]:
    """Give a mail server in a process of its own."""
    with next_door(tmp_path / "record") as mail:
        yield mail
