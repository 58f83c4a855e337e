"""All workers together keep to the rate of a relay and of a domain."""

import threading
import time
from collections.abc import Iterator

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.fleet.shared_pace import SharedBucket, shared_buckets
from distribute.campaign.run.pace import Pace

RATE = 100.0
WORKERS = 4
PORTION = 5
"""What fits into the twentieth part of a second."""


@pytest.fixture
def connection(postgres_url: str) -> Iterator[PostgresConnection]:
    """Connect to a database of one's own."""
    connection = open_database(PostgresUrl(postgres_url))
    assert isinstance(connection, PostgresConnection)
    yield connection
    connection.close()


def _work(url: str, until: float, let_go: list[float]) -> None:
    """Send as much as is allowed."""
    connection = open_database(PostgresUrl(url))
    assert isinstance(connection, PostgresConnection)
    bucket = shared_buckets(connection, print)("relay a", RATE)
    while (now := time.monotonic()) < until:
        if count := bucket.allowance(now):
            bucket.spend(count, now)
            let_go.extend([now] * count)
        time.sleep(min(bucket.wait(time.monotonic()), 0.01))
    connection.close()


def test_many_workers_keep_one_rate(postgres_url: str) -> None:
    """In any time no more than rate and time allow, and one portion each."""
    let_go: list[float] = []
    until = time.monotonic() + 2.5
    threads = [
        threading.Thread(target=_work, args=(postgres_url, until, let_go))
        for _ in range(WORKERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(let_go)
    for first, at in enumerate(times):
        within = [other for other in times[first:] if other <= at + 1.0]
        assert len(within) <= RATE + (WORKERS + 1) * PORTION
    assert len(times) > PORTION * WORKERS


def test_another_name_is_another_rate(connection: PostgresConnection) -> None:
    """One relay does not hold up another."""
    make = shared_buckets(connection, print)
    one, other = make("relay a", 1.0), make("relay b", 1.0)
    one.spend(5, 0.0)
    assert one.wait(0.0) > 4
    assert other.wait(0.0) == 0
    assert (other.allowance(0.0), one.allowance(0.0)) == (1, 0)


def test_what_others_let_go_counts(connection: PostgresConnection) -> None:
    """Whoever comes after them waits for theirs too."""
    make = shared_buckets(connection, print)
    one, other = make("domain example.org", 10.0), make("domain example.org", 10.0)
    one.spend(10, 0.0)
    other.spend(1, 0.0)
    assert 1.0 < other.wait(0.0) <= 1.1


def test_a_pause_is_not_made_up_for(connection: PostgresConnection) -> None:
    """Who has sent nothing for long sends no faster afterwards."""
    bucket = SharedBucket("relay a", 10.0, lambda _name, seconds: seconds, free_at=0.0)
    assert bucket.allowance(1_000_000.0) == 1


def test_a_pace_takes_them(connection: PostgresConnection) -> None:
    """Over all and by domain, by the names that all workers know them by."""
    made: list[str] = []
    make = shared_buckets(connection, print)

    def bucket(name: str, rate: float) -> object:
        made.append(name)
        return make(name, rate)

    Pace(5.0, {"Example.ORG": 1.0}, bucket=bucket, name="relay a")  # type: ignore[arg-type] # as object
    assert made == ["relay a", "domain example.org"]


def test_an_outage_lets_little_through() -> None:
    """It says so, and tries again after a second."""
    told: list[str] = []

    class Away:
        def execute(self, sql: str, values: object) -> object:
            raise OSError("gone")

    bucket = shared_buckets(Away(), told.append)("relay a", 1000.0)  # type: ignore[arg-type] # fails
    bucket.spend(1, 0.0)
    assert (bucket.allowance(0.5), bucket.wait(0.5)) == (0, 0.5)
    assert told == ["the pace is not known: gone"]
