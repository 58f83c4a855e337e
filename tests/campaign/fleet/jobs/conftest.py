"""A database that workers share, with the tables of its queue."""

from collections.abc import Iterator

import pytest

from tests.campaign.fleet.queued import Connection, emptied, prepared
from tests.postgres import Server


@pytest.fixture(scope="module")
def database(postgres: Server) -> str:
    """Give a database with all tables, also those of the queue."""
    return prepared(postgres)


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    """Give it with a campaign that is going, and no batches yet."""
    with emptied(database) as connection:
        yield connection
