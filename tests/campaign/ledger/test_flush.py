"""What was committed reaches the disk while others work, or somebody hears of it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database
from distribute.campaign.ledger.flush import Flush
from distribute.errors import AudienceError

pytestmark = pytest.mark.sqlite_only("is about the log beside the file")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give where a database is, which is not there yet."""
    return tmp_path / "distribute.db"


def test_it_is_pending_until_somebody_waits(path: Path) -> None:
    """Who waits for less than what is on the disk already does not wait at all."""
    with closing(open_database(path)), closing(Flush(path)) as flush:
        pending = [flush.is_pending]
        flush.begin(5)
        pending.append(flush.is_pending)
        flush.wait_for(5)
        pending.append(flush.is_pending)
        flush.begin(9)
        flush.wait_for(5)
        pending.append(flush.is_pending)
        flush.wait_for(6)
        pending.append(flush.is_pending)
    assert pending == [False, True, False, True, False]


def test_one_is_over_before_the_next_begins(path: Path) -> None:
    """So there is never more than one on its way, and none is forgotten."""
    with closing(open_database(path)), closing(Flush(path)) as flush:
        flush.begin(5)
        flush.begin(9)
        flush.finish()
        assert not flush.is_pending


def test_a_log_that_cannot_be_written_is_an_error(path: Path) -> None:
    """It says which file, and what to look at; nothing has started by then."""
    with closing(sqlite3.connect(path)), closing(Flush(path)) as flush:
        flush.begin(5)
        with pytest.raises(AudienceError, match=r"distribute\.db-wal cannot be"):
            flush.wait_for(5)
