"""Limits: how often somebody may ask, kept without saying who did."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.reception.visits import Limit, Visits
from tests.audience.receiving import NOW, SIGNER, House, house

FEW = (
    Limit("shortly", 2, timedelta(minutes=10)),
    Limit("a day", 3, timedelta(days=1)),
)


@pytest.fixture
def here(path: Path) -> Iterator[House]:
    """Open a database in which nobody has asked yet."""
    with house(path) as opened:
        yield opened


def test_so_many_may_come_and_then_they_wait(here: House) -> None:
    """The wait ends with the span of time, and everybody has their own count."""
    waits = [here.visits.count("a", FEW, NOW) for _ in range(3)]
    assert waits == [None, None, timedelta(minutes=10)]
    assert here.visits.count("b", FEW, NOW) is None


def test_the_longest_wait_counts(here: House) -> None:
    """Who has used up the day waits for the next one."""
    for minutes in (0, 10, 20):
        here.visits.count("a", FEW, NOW + timedelta(minutes=minutes))
    wait = here.visits.count("a", FEW, NOW + timedelta(minutes=30))
    assert wait == timedelta(hours=15) - timedelta(minutes=30)


def test_limits_hold_across_processes(here: House, path: Path) -> None:
    """Another process, or the same one started anew, goes on counting."""
    for _ in range(2):
        here.visits.count("a", FEW, NOW)
    connection = open_database(path)
    other = Visits(path, connection, SIGNER.subkey("visit"))
    assert other.count("a", FEW, NOW) == timedelta(minutes=10)
    connection.close()


def test_the_table_names_nobody(here: House, path: Path) -> None:
    """Neither network nor address can be read in the file."""
    here.visits.count("grace.hopper@example.org", FEW, NOW)
    here.visits.count("198.51.100.0/24", FEW, NOW)
    data = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert b"grace.hopper" not in data
    assert b"198.51.100" not in data


def test_what_no_longer_counts_is_forgotten(here: House) -> None:
    """The table does not grow for ever."""
    here.visits.count("a", FEW, NOW)
    assert here.visits.purge(NOW + timedelta(minutes=11)) == 1
    assert here.visits.purge(NOW + timedelta(days=1)) == 1
