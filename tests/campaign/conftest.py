"""A sender at work in a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from distribute.campaign.ledger.ledger import SqliteLedger
from tests.campaign.house import House, quick_house
from tests.campaign.senders import (
    Sender,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a database that does not exist yet."""
    return tmp_path / "distribute.db"


@pytest.fixture
def empty_house() -> Iterator[House]:
    """Give a newsletter without readers, whose files are in memory."""
    with quick_house() as house:
        yield house


@pytest.fixture
def sender(path: Path) -> Iterator[Sender]:
    """Have somebody send the campaign by SMTP."""
    working = Sender(path)
    yield working
    working.end()


@pytest.fixture
def ledger(sender: Sender) -> SqliteLedger:
    """Give the sender's ledger."""
    return sender.ledger
