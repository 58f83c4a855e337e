"""A database to be, and a list without anybody on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from distribute.audience.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a database that does not exist yet."""
    return tmp_path / "distribute.db"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a store without anybody in it."""
    with Store.open(tmp_path / "distribute.db") as opened:
        yield opened
