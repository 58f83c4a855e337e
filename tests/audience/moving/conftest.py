"""A store to be copied, and places to copy it to."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.place import Place, PostgresUrl
from tests.audience.moving.filled import fill


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Give a file with rows in every table."""
    path = tmp_path / "old.db"
    with closing(open_database(path)) as connection:
        fill(connection)
    return path


@pytest.fixture
def server(postgres_url: str) -> PostgresUrl:
    """Give a database of PostgreSQL that is empty."""
    return PostgresUrl(postgres_url)


@pytest.fixture(params=["file", "server"])
def target(
    request: pytest.FixtureRequest, tmp_path: Path, empty_postgres_url: str
) -> Iterator[Place]:
    """Give a place of either kind with nothing in it."""
    if request.param == "file":
        yield tmp_path / "new.db"
    else:
        yield PostgresUrl(empty_postgres_url)
