"""The lock: one sender per campaign, and no second copy even where that goes wrong."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import open_database
from distribute.campaign.custody.lock import QUIET, SenderLock
from distribute.campaign.custody.process import this_process
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import LockedError

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
AT = int(NOW.timestamp() * 1000)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Connection]:
    """Open a database to hold locks."""
    with closing(open_database(tmp_path / "distribute.db")) as connection:
        yield connection


@pytest.fixture
def locks(database: Connection) -> tuple[SenderLock, SenderLock]:
    """See one campaign's lock from two sides."""
    first, second = (
        SenderLock(database, sink="smtp", campaign="issue-5") for _ in range(2)
    )
    return first, second


def _pretend(database: Connection, **values: object) -> None:
    """Have the lock held by another process than it is."""
    for name, value in values.items():
        database.execute(f"UPDATE sender SET {name} = ?", (value,))  # noqa: S608 - ours


def test_a_lock_is_held_by_one(locks: tuple[SenderLock, SenderLock]) -> None:
    """The second is refused with the name of the first, until that lets go."""
    first, second = locks
    assert first.take(NOW) is None
    with pytest.raises(LockedError) as caught:
        second.take(NOW)
    assert caught.value.holder == str(this_process()) == str(second.holder())
    assert caught.value.reason == (
        f"issue-5 is being sent by {this_process()} since 2026-11-20 09:00 UTC"
    )
    assert caught.value.hint == "Run again when it is done."
    first.release(leaves_open=False)
    assert second.holder() is None
    assert second.take(NOW) is None


def test_locks_of_other_campaigns_and_sinks_are_others(
    database: Connection,
) -> None:
    """Two issues can be sent at once, and one rehearsed while it is sent."""
    for sink, campaign in (
        ("smtp", "issue-5"),
        ("smtp", "issue-6"),
        ("file", "issue-5"),
    ):
        lock = SenderLock(database, sink=sink, campaign=campaign)
        assert lock.take(NOW) is None


def test_after_a_restart_of_the_machine_everybody_is_dead(
    database: Connection, locks: tuple[SenderLock, SenderLock]
) -> None:
    """A process of an earlier boot has ended, even if one has its number again."""
    first, second = locks
    first.take(NOW)
    _pretend(database, boot="another boot")
    dead = second.take(NOW)
    assert dead is not None
    assert dead.boot == "another boot"


def test_a_process_number_that_came_round_again_is_another_process(
    database: Connection, locks: tuple[SenderLock, SenderLock]
) -> None:
    """Who began at another time is somebody else."""
    first, second = locks
    first.take(NOW)
    _pretend(database, born="1")
    dead = second.take(NOW)
    assert dead is not None
    assert dead.pid == this_process().pid


@pytest.mark.parametrize("field", ["host", "space"])
def test_who_cannot_be_looked_at_counts_as_dead_after_a_silence(
    database: Connection, locks: tuple[SenderLock, SenderLock], field: str
) -> None:
    """On another machine or in another container, only signs of life can tell."""
    first, second = locks
    first.take(NOW)
    _pretend(database, **{field: "elsewhere"})
    with pytest.raises(LockedError) as caught:
        second.take(NOW + QUIET)
    assert caught.value.hint.endswith("or after 09:10 UTC if that has died.")
    first.prove(AT + 300_000)
    with pytest.raises(LockedError):
        second.take(NOW + timedelta(minutes=15))
    assert second.take(NOW + timedelta(minutes=16)) is not None


def test_who_was_taken_for_dead_can_send_nothing(
    database: Connection, locks: tuple[SenderLock, SenderLock]
) -> None:
    """A sender that comes back learns that another goes on, and takes nothing away."""
    first, second = locks
    first.take(NOW)
    _pretend(database, host="elsewhere")
    second.take(NOW + timedelta(hours=1))
    with pytest.raises(LockedError, match="was taken over by process"):
        first.prove(AT + 3_600_000)
    first.release(leaves_open=False)
    assert second.holder() == this_process()
    second.prove(AT + 3_600_000)


def test_the_lock_is_let_go_of_when_the_work_fails(tmp_path: Path) -> None:
    """An error in between leaves no lock behind."""
    with SqliteLedger(tmp_path / "distribute.db", "smtp") as ledger:
        with pytest.raises(RuntimeError), ledger.lock("issue-5", NOW):
            raise RuntimeError
        assert ledger.holder("issue-5") == ""


def _close_and_fail(ledger: SqliteLedger) -> None:
    with ledger.lock("issue-5", NOW):
        ledger.close()
        raise RuntimeError


def test_a_failure_to_let_go_does_not_hide_why(tmp_path: Path) -> None:
    """What ended the work is what is told, even if the file is out of reach by then."""
    with pytest.raises(RuntimeError):
        _close_and_fail(SqliteLedger(tmp_path / "distribute.db", "smtp"))


def test_the_lock_shows_whether_something_is_left_open(
    locks: tuple[SenderLock, SenderLock],
) -> None:
    """The first to come looks for it, and whoever follows one who says so or died."""
    first, second = locks
    first.take(NOW)
    assert first.finds_open
    first.release(leaves_open=False)
    second.take(NOW)
    assert not second.finds_open
    second.release(leaves_open=True)
    first.take(NOW)
    assert first.finds_open


def test_a_dead_sender_may_have_left_something_open(
    database: Connection, locks: tuple[SenderLock, SenderLock]
) -> None:
    """It came to no end at which it could have said so."""
    first, second = locks
    first.take(NOW)
    first.release(leaves_open=False)
    first.take(NOW)
    _pretend(database, born="1")
    second.take(NOW)
    assert second.finds_open
