"""What a server of PostgreSQL tells of itself, to whoever asks how it is set up."""

import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest

from distribute.audience.database.inspection import Inspection
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.inspecting import inspect
from tests.postgres import Options, Server

ROLE = "nobody_special"


def clock() -> int:
    """Tell the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def inspected(url: str) -> Inspection:
    """Ask a server, by a clock that is right."""
    return inspect(PostgresUrl(url), clock)


@pytest.fixture
def poor_url(postgres: Server, empty_postgres_url: str) -> Iterator[str]:
    """Give a database of a role that may do nothing else, with room for three of it."""
    parts = urlsplit(empty_postgres_url)
    name = parts.path.removeprefix("/")
    role = f"{ROLE}_{name}"
    host = parts.netloc.rpartition("@")[2]
    postgres.ask(
        f"CREATE ROLE {role} LOGIN PASSWORD 'x' CONNECTION LIMIT 3",
        f"ALTER DATABASE {name} OWNER TO {role}",
    )
    yield urlunsplit(parts._replace(netloc=f"{role}:x@{host}"))
    postgres.ask(f"ALTER DATABASE {name} OWNER TO CURRENT_USER", f"DROP ROLE {role}")


def test_a_server_made_for_tests_is_what_it_is(postgres_url: str) -> None:
    """Its user may do everything, and it takes no care of the disk."""
    found = inspected(postgres_url)
    assert (found.host, found.is_encrypted) == ("127.0.0.1", False)
    assert (found.encoding, found.powers) == ("UTF8", ("SUPERUSER",))
    assert not found.is_standby
    assert (found.copies, found.waits_for_copies) == (0, False)
    assert "fsync" in found.unsafe
    assert found.version >= 150_000
    assert abs(found.clock_ahead) < 1000


def test_a_role_that_may_do_little_has_no_powers(poor_url: str) -> None:
    """And as much room as its own limit leaves."""
    found = inspected(poor_url)
    assert (found.powers, found.free) == ((), 3)


def test_what_is_set_for_a_database_counts(
    postgres: Server, empty_postgres_url: str
) -> None:
    """Though we turn some of it on for ourselves."""
    name = urlsplit(empty_postgres_url).path.removeprefix("/")
    postgres.ask(
        f"ALTER DATABASE {name} SET synchronous_commit = off",
        f"ALTER DATABASE {name} CONNECTION LIMIT 7",
    )
    found = inspected(empty_postgres_url)
    assert found.free == 7
    assert "synchronous_commit" in found.unsafe


def test_clocks_are_compared(postgres_url: str) -> None:
    """What passes while the server is asked is no difference."""
    place = PostgresUrl(postgres_url)
    hour = 3_600_000
    behind = inspect(place, lambda: clock() + hour).clock_ahead
    ahead = inspect(place, lambda: clock() - hour).clock_ahead
    assert abs(behind + hour) < 60_000
    assert abs(ahead - hour) < 60_000
    ticks = iter([clock() - hour, clock() + hour])
    assert inspect(place, lambda: next(ticks)).clock_ahead == 0


@pytest.mark.slow
def test_a_standby_says_so(make_postgres: Callable[[Options], Server]) -> None:
    """It can only be read."""
    server = make_postgres(Options(settings={"wal_level": "replica"}))
    server.stop()
    (server.data / "standby.signal").touch()
    server.start()
    assert inspected(server.url("postgres")).is_standby


@pytest.mark.slow
def test_tls_is_seen(make_postgres: Callable[[Options], Server]) -> None:
    """With how much of the server's identity was asked for."""
    server = make_postgres(Options(tls=True))
    found = inspected(server.url("postgres"))
    assert (found.is_encrypted, found.sslmode) == (True, "verify-full")
    assert found.host == "localhost"
