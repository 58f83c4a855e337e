"""A list of people who have had an issue, about which something comes back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from distribute.audience.store import Store
from distribute.campaign.campaign import Outcome
from distribute.campaign.ledger.ledger import SqliteLedger
from tests.campaign.mailings import BEGAN, feed_of, put_on_list, try_to_send


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep a list of two people who have had an issue, to be copied."""
    path = tmp_path_factory.mktemp("returns") / "distribute.db"
    put_on_list(path, ["ada", "bo"])
    with SqliteLedger(path, "smtp") as ledger, ledger.lock("issue-5", BEGAN):
        ledger.started("issue-5", BEGAN)
        ledger.use("issue-5")
        batches = feed_of(path).batches()
        try_to_send(ledger, batches, at=1_795_000_000_000, outcome=Outcome.ACCEPTED)
    return path


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Path:
    """Give a copy of one's own."""
    return Path(shutil.copy(template, tmp_path))


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    """Open the list."""
    with Store.open(database) as store:
        yield store
