"""The ledger among others: other readers and writers, a full disk, a lost lock."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from distribute.audience.store import Store
from distribute.campaign.campaign import (
    Entry,
    Outcome,
    State,
)
from distribute.campaign.ledger.durability import FileDurability
from distribute.campaign.ledger.flush import Flush
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import AudienceError, LockedError
from tests.campaign.actors import parcel
from tests.campaign.mailings import put_on_list
from tests.campaign.senders import (
    ACCEPTED,
    ADA,
    AT,
    BO,
    CAMPAIGN,
    CHOICE,
    CY,
    DEFERRED,
    LATER,
    NOW,
    REJECTED,
    Sender,
    record_all,
    states_in,
)
from tests.databases import reach_into


def test_it_shares_the_file_with_the_store(sender: Sender, path: Path) -> None:
    """Subscribers and ledger live in one file; who is erased leaves the record alone."""
    put_on_list(path, ["ada"])
    sender.bring_to(State.ACCEPTED, [ADA])
    with Store.open(path) as store:
        store.erase("ada@example.org")
    assert sender.ledger.recipients(CAMPAIGN) == {"ada@example.org": Outcome.ACCEPTED}


def test_readers_and_a_sender_do_not_hold_each_other_up(
    sender: Sender, path: Path
) -> None:
    """While somebody is in the middle of a list, and of a claim, both go on."""
    sender.bring_to(State.ACCEPTED, [parcel(f"u{number}") for number in range(300)])
    with SqliteLedger(path, "smtp", patience=0) as reader:
        reading = reader.records(CAMPAIGN)
        next(reading)
        sender.bring_to(State.ACCEPTED, [ADA])
        assert len(list(reading)) == 299, "as it was when they began to read"
        with reach_into(path) as writer:
            writer.execute("BEGIN IMMEDIATE")
            assert len(reader.recipients(CAMPAIGN)) == 301
            assert reader.holder(CAMPAIGN)


def test_it_waits_for_other_writers_and_then_says_so(path: Path) -> None:
    """While an import writes, nothing is claimed, and nothing is lost."""
    with (
        Store.open(path) as store,
        SqliteLedger(path, "smtp", patience=0.01) as ledger,
        ledger.lock(CAMPAIGN, NOW),
    ):
        ledger.started(CAMPAIGN, NOW)
        ledger.use(CAMPAIGN)
        with (
            store.transaction(),
            pytest.raises(AudienceError, match="Another distribute is writing"),
        ):
            ledger.claim([ADA], AT)
        assert states_in(ledger) == {}
        ledger.claim([ADA], AT)
        with (
            store.transaction(),
            pytest.raises(AudienceError, match="Another distribute is writing"),
        ):
            ledger.record([ADA], (), AT)
        assert states_in(ledger) == {"ada": State.CLAIMED}


@pytest.mark.sqlite_only("counts the pages of the file")
def test_a_full_disk_stops_the_work_and_loses_nothing(
    sender: Sender, path: Path
) -> None:
    """What was recorded stays, what could not be is undone, and the error says why."""
    people = [parcel(f"u{number:03}") for number in range(100)]
    wordy = ACCEPTED._replace(text="x" * 2000)
    ledger = sender.ledger
    ledger.claim(people, AT)
    (pages,) = ledger._connection.execute("PRAGMA page_count").fetchone()
    ledger._connection.execute(f"PRAGMA max_page_count = {pages + 20}")
    left = iter(people)
    with pytest.raises(AudienceError, match="is full\n  The disk is full; make room"):
        record_all(ledger, left, wordy)
    recorded = 99 - len(list(left))
    assert 5 < recorded < 99
    with SqliteLedger(path, "smtp") as other:
        states = list(states_in(other).values())
    assert states == [State.ACCEPTED] * recorded + [State.CLAIMED] * (100 - recorded)
    ledger._connection.execute("PRAGMA max_page_count = 1000000")
    ledger.record(people[recorded:], (), AT)


class SlowDisk(Flush):
    """One that has nothing for good before somebody waits for it."""

    def __init__(self, path: Path, events: list[str]) -> None:
        super().__init__(path)
        self._events = events
        self._awaited = Event()

    def finish(self) -> None:
        self._awaited.set()
        super().finish()
        self._awaited.clear()

    def _write_through(self) -> None:
        self._awaited.wait(30)
        super()._write_through()
        self._events.append("on disk")


@pytest.fixture
def disk(sender: Sender) -> Iterator[list[str]]:
    """Give what happens to a sender's database, in order."""
    events: list[str] = []
    flush = SlowDisk(sender.path, events)
    durability = sender.ledger._disk
    assert isinstance(durability, FileDurability)
    durability.close()
    durability._flush = flush

    def watch(statement: str) -> None:
        if statement == "COMMIT":
            events.append("commit")

    connection = sender.ledger._connection
    assert isinstance(connection, sqlite3.Connection)
    connection.set_trace_callback(watch)
    yield events
    flush.finish()


@pytest.mark.sqlite_only("a server flushes with each commit")
def test_nothing_starts_before_its_claim_is_on_the_disk(
    sender: Sender, disk: list[str]
) -> None:
    """A claim asks for it and goes on; the record of a start waits, others do not."""
    sender.ledger.claim([ADA, BO], AT)
    sender.ledger.record((), [Entry(BO, REJECTED)], AT)
    assert disk == ["commit", "commit"]
    sender.ledger.record([ADA], (), AT)
    assert disk[2:] == ["on disk", "commit"]
    sender.ledger.claim([CY], AT)
    sender.ledger.record((), [Entry(ADA, ACCEPTED)], AT)
    assert disk[4:] == ["commit", "commit"]


@pytest.mark.sqlite_only("a server flushes with each commit")
def test_whoever_is_claimed_once_more_is_on_the_disk_at_once(
    sender: Sender, disk: list[str]
) -> None:
    """There are few of them, and nothing tells their claims from earlier ones."""
    sender.ledger.claim([ADA], AT)
    sender.ledger.record([ADA], (), AT)
    sender.ledger.record((), [Entry(ADA, DEFERRED, AT)], AT)
    del disk[:]
    sender.ledger.claim([ADA._replace(attempt=1)], AT)
    assert disk == ["commit", "on disk"]


@pytest.mark.sqlite_only("a server flushes with each commit")
def test_the_end_of_the_sending_is_on_the_disk(sender: Sender) -> None:
    """What was given back, and that nobody sends any more, asks SQLite for a sync."""
    synchronous: list[int] = []
    commits: list[str] = []
    connection = sender.ledger._connection
    assert isinstance(connection, sqlite3.Connection)

    def watch(statement: str) -> None:
        if statement.startswith("PRAGMA synchronous = "):
            synchronous.append({"FULL": 2, "1": 1, "2": 2}[statement.split()[-1]])
        if statement == "COMMIT" or "held = 0" in statement:
            commits.append(f"{synchronous[-1] if synchronous else 1}")

    connection.set_trace_callback(watch)
    sender.ledger.claim([ADA, BO], AT)
    sender.ledger.record([ADA], (), AT)
    sender.ledger.give_back(AT)
    sender.ledger.record((), [Entry(ADA, ACCEPTED)], AT)
    assert commits == ["1", "1", "2", "1"]
    sender._lock.__exit__(None, None, None)
    assert commits[4:] == ["2"]
    connection.set_trace_callback(None)
    sender._lock = sender.ledger.lock(CAMPAIGN, NOW)
    sender._lock.__enter__()


def test_a_file_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    """Without a ledger nothing is sent, and the error says what is wrong."""
    with pytest.raises(AudienceError, match="cannot be used"):
        SqliteLedger(tmp_path, "smtp")


def test_who_lost_the_lock_records_nothing(path: Path) -> None:
    """A sender that was taken for dead lets nothing leave once it comes back."""
    stale = Sender(path)
    stale.ledger.claim([ADA, BO], AT)
    stale.ledger.record([BO], (), AT)
    with reach_into(path) as connection:
        connection.execute("UPDATE sender SET born = '1'")
    fresh = Sender(path)
    fresh.ledger.claim([CY, ADA], AT)
    for deed in (
        lambda: stale.ledger.claim([parcel("di")], AT),
        lambda: stale.ledger.record([ADA], (), AT),
        lambda: stale.ledger.record((), [Entry(BO, ACCEPTED)], AT),
        lambda: stale.ledger.record((), (), LATER),
        lambda: stale.ledger.skip([("di", "di", CHOICE)]),
        lambda: stale.ledger.skip_unconfirmed({"pending": CHOICE}),
        lambda: stale.ledger.give_back(AT),
        lambda: stale.ledger.recover(AT),
    ):
        with pytest.raises(LockedError, match="was taken over by process"):
            deed()
    stale.end()
    assert states_in(fresh.ledger) == {
        "ada": State.CLAIMED,
        "bo": State.UNCERTAIN,
        "cy": State.CLAIMED,
    }
    assert fresh.ledger.holder(CAMPAIGN)
    fresh.end()


def test_a_quiet_sender_still_gives_signs_of_life(sender: Sender, path: Path) -> None:
    """While servers take their time, an empty turn now and then shows that it lives."""

    def seen() -> str:
        with reach_into(path) as connection:
            return str(connection.execute("SELECT seen FROM sender").fetchone()[0])

    sender.ledger.record((), (), AT + 1000)
    assert seen() == "2026-11-20T09:00:00+00:00"
    sender.ledger.record((), (), LATER)
    assert seen() == "2026-11-20T09:05:00+00:00"
    sender.ledger.record((), (), AT)
    assert seen() == "2026-11-20T09:00:00+00:00", "a clock that was set back"
