"""A PostgreSQL of one's own to measure with, set up as one would for work, and its costs."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Self

from benchmarks import tools
from benchmarks.processes import Command, MeasurementError
from benchmarks.usage import cpu_of_tree
from distribute.audience.database.database import open_database, transaction
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.fleet.jobs.tables import bring_up_to_date
from tests import keeper
from tests.postgres import Options, Server
from tests.postgres_setup import run

_SETTINGS = MappingProxyType(
    {
        "shared_buffers": "1GB",
        "max_wal_size": "4GB",
        "wal_level": "replica",
        "autovacuum": "on",
        "maintenance_work_mem": "256MB",
    }
)
_COUNTING = MappingProxyType({"shared_preload_libraries": "pg_stat_statements"})
_SEGMENT = "16"
"""Megabytes in a file of the log, as PostgreSQL itself has it."""
_STATEMENTS = """
SELECT coalesce(sum(calls), 0)
FROM pg_stat_statements AS s JOIN pg_database AS d ON d.oid = s.dbid
WHERE d.datname = '{database}'
"""
_SUBSCRIBERS = """
DROP INDEX subscriber_standing;
ALTER TABLE subscriber DROP CONSTRAINT subscriber_key_key;
INSERT INTO subscriber
    (key, address, name, languages, only_these, status, joined, source)
SELECT address, address, 'Reader ' || n, wish, 0, 'confirmed',
       '2026-01-01T00:00:00+00:00', ''
FROM (
    SELECT n, (ARRAY['en', 'fr', 'pt-PT en', 'zh'])[1 + n % 4] AS wish,
           format('reader.%s@mail%s.example.net', lpad(n::text, 9, '0'), n % 97) AS address
    FROM (SELECT i * 611953::bigint % {count} AS n FROM generate_series(1, {count}) AS i) AS shuffled
) AS made;
ALTER TABLE subscriber ADD CONSTRAINT subscriber_key_key UNIQUE (key);
CREATE INDEX subscriber_standing
    ON subscriber (key, status, languages, only_these, paused)
"""
"""In no order of addresses, as a list is that grew over years; the factor is prime.

The indexes are made afterwards, which is faster by far, and as they are elsewhere.
"""


class Fsync(StrEnum):
    """Whether a commit waits for the disk."""

    ON = "fsync on"
    OFF = "fsync off"


@dataclass(frozen=True, slots=True)
class Counts:
    """What a server has counted so far."""

    cpu: float
    """Seconds of processor time of all its processes."""
    wal: int
    """Octets of its log."""
    statements: int | None
    """Which clients have sent to one database; `None` where it cannot count them."""

    def __sub__(self, earlier: "Counts") -> "Counts":
        known = self.statements is not None and earlier.statements is not None
        return Counts(
            self.cpu - earlier.cpu,
            self.wal - earlier.wal,
            (self.statements or 0) - (earlier.statements or 0) if known else None,
        )


class Postgres:
    """A running server on the disk, whose databases come and go."""

    def __init__(self, server: Server, *, counts_statements: bool) -> None:
        self._server = server
        self._counts_statements = counts_statements

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """Run one as long as the `with` lasts; `MeasurementError` where there is none."""
        server, counts = _made()
        try:
            server.start()
            postgres = cls(server, counts_statements=counts)
            if counts:
                server.ask("CREATE EXTENSION pg_stat_statements")
            yield postgres
        finally:
            server.end()

    @property
    def version(self) -> str:
        """Say which PostgreSQL it is."""
        ((said,),) = self._server.ask("SHOW server_version")
        return f"PostgreSQL {str(said).split()[0]}"

    @property
    def setup(self) -> str:
        """Say how it differs from what it is like when it is installed."""
        return ", ".join(f"{key} = {value}" for key, value in _SETTINGS.items())

    def sync(self, fsync: Fsync) -> None:
        """Have commits wait for the disk from now on, or not."""
        value = "on" if fsync is Fsync.ON else "off"
        self._server.ask(
            f"ALTER SYSTEM SET fsync = {value}",
            f"ALTER SYSTEM SET full_page_writes = {value}",
            "SELECT pg_reload_conf()",
            "CHECKPOINT",
        )

    def url(self, database: str) -> str:
        """Say where a database is."""
        return self._server.url(database)

    def subscribed(self, subscribers: int) -> str:
        """Have a database with our tables and so many subscribers; gives its name."""
        name = f"list_{subscribers}"
        return self._server.prepared(name, lambda url: _furnish(url, subscribers))

    @contextmanager
    def copied(self, template: str) -> Iterator[str]:
        """Give the URL of a copy of a database, removed at the end."""
        name = f"run_{os.urandom(4).hex()}"
        self._server.new_database(name, like=template)
        self._server.ask("CHECKPOINT")
        try:
            yield self.url(name)
        finally:
            self._server.drop(name)

    def octets(self, database: str) -> int:
        """Say how much room a database takes on the disk."""
        ((size,),) = self._server.ask(f"SELECT pg_database_size('{database}')")
        return int(str(size))

    def ask(
        self, statement: str, *, database: str = "postgres"
    ) -> list[tuple[object, ...]]:
        """Ask one thing, on a connection of its own."""
        return self._server.ask(statement, database=database)

    def counts(self, database: str) -> Counts:
        """Read what it has counted; statements are those of one database."""
        ((wal,),) = self.ask("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        statements = None
        if self._counts_statements:
            ((said,),) = self.ask(_STATEMENTS.format(database=database))
            statements = int(str(said))
        return Counts(self._cpu(), int(str(wal)), statements)

    def _cpu(self) -> float:
        postmaster = keeper.postmaster_of(self._server.data)
        if postmaster is None:
            raise MeasurementError("PostgreSQL has ended")
        return cpu_of_tree(postmaster)


def name_of(url: str) -> str:
    """Give the name of the database in a URL."""
    return url.partition("?")[0].rpartition("/")[2]


def connected(url: str) -> "closing[PostgresConnection]":
    """Connect as `distribute` itself does."""
    connection = open_database(PostgresUrl(url))
    if not isinstance(connection, PostgresConnection):
        raise TypeError(f"{url} is no PostgreSQL")
    return closing(connection)


def _made() -> tuple[Server, bool]:
    """Make a server on the disk that is not started; say if it can count statements."""
    import pytest

    counts = _can_count()
    settings = {**_SETTINGS, **(_COUNTING if counts else {})}
    try:
        server = Server.make(Options(fsync=True, settings=settings))
    except pytest.skip.Exception as missing:
        raise MeasurementError(str(missing)) from None
    run(
        "pg_resetwal", f"--wal-segsize={_SEGMENT}", "-D", server.data, cwd=server.folder
    )
    return server, counts


def _can_count() -> bool:
    """Tell whether pg_stat_statements is installed, which Debian has in the same package."""
    try:
        folder = Command((tools.program("pg_config"), "--pkglibdir")).run()
    except MeasurementError:
        return False
    return (Path(folder) / "pg_stat_statements.so").exists()


def _furnish(url: str, subscribers: int) -> None:
    """Make our tables, the queue's, and so many subscribers."""
    with connected(url) as connection:
        with transaction(connection):
            bring_up_to_date(connection.raw)
            connection.run(_SUBSCRIBERS.format(count=subscribers))
        connection.run("VACUUM ANALYZE")
