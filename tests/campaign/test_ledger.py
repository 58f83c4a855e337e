"""The ledger: what was tried is on record, whatever happens to whoever tried it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.campaign import (
    Entry,
    Ledger,
    Outcome,
    Parcel,
    Receipt,
    Stage,
    State,
)
from distribute.campaign.ledger import REHEARSAL, SqliteLedger
from distribute.errors import AudienceError, LockedError, PlanError
from tests.campaign.actors import parcel
from tests.campaign.mailings import put_on_list
from tests.campaign.senders import (
    ACCEPTED,
    AT,
    CAMPAIGN,
    CHOICE,
    DEFERRED,
    GONE,
    LATER,
    LOST,
    NOW,
    REJECTED,
    Sender,
    states_in,
)

ADA, BO, CY = parcel("ada"), parcel("bo"), parcel("cy")
BRASILIA = timezone(timedelta(hours=-3))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a database that does not exist yet."""
    return tmp_path / "distribute.db"


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


def _again(parcel: Parcel) -> Parcel:
    """Make the parcel of the next attempt."""
    return parcel._replace(attempt=parcel.attempt + 1, since=AT)


def _record_all(
    ledger: SqliteLedger, people: Iterator[Parcel], receipt: Receipt
) -> None:
    for each in people:
        ledger.record([each], [Entry(each, receipt)], AT)


def test_it_is_a_ledger(ledger: SqliteLedger) -> None:
    """It keeps the contract that the run asks for."""
    contract: Ledger = ledger
    contract.claim([ADA], AT)
    contract.record([ADA], [Entry(ADA, ACCEPTED)], AT)
    assert states_in(ledger) == {"ada": State.ACCEPTED}


def test_each_step_is_seen_from_outside_at_once(
    ledger: SqliteLedger, path: Path
) -> None:
    """Who opens the file next finds what was recorded, at every step."""
    with SqliteLedger(path, "smtp") as other:
        ledger.claim([ADA, BO], AT)
        assert states_in(other) == {"ada": State.CLAIMED, "bo": State.CLAIMED}
        ledger.record([ADA], (), AT)
        assert states_in(other) == {"ada": State.STARTED, "bo": State.CLAIMED}
        ledger.record([BO], [Entry(ADA, ACCEPTED)], AT)
        assert states_in(other) == {"ada": State.ACCEPTED, "bo": State.STARTED}


@pytest.mark.parametrize(
    "receipt",
    [
        ACCEPTED,
        ACCEPTED._replace(stage=Stage.NONE),
        DEFERRED,
        REJECTED,
        LOST,
    ],
)
def test_what_ended_has_its_receipt(
    ledger: SqliteLedger, path: Path, receipt: Receipt
) -> None:
    """How it ended is on record with the server's words and the stage they came at."""
    ledger.claim([ADA], AT)
    ledger.record([ADA], (), AT + 1)
    ledger.record((), [Entry(ADA, receipt, due=0)], LATER)
    with SqliteLedger(path, "smtp") as other:
        (record,) = other.records(CAMPAIGN)
    assert record.state == receipt.outcome.value
    assert record.receipt == receipt
    (attempt,) = record.attempts
    assert attempt.opened == NOW + timedelta(milliseconds=1)
    assert attempt.closed == NOW + timedelta(minutes=5)


def test_a_refusal_may_come_before_the_message(ledger: SqliteLedger) -> None:
    """Who is refused at RCPT was never started, and has had an attempt all the same."""
    ledger.claim([ADA], AT)
    ledger.record((), [Entry(ADA, REJECTED)], LATER)
    (record,) = ledger.records(CAMPAIGN)
    assert record.state is State.REJECTED
    assert [attempt.opened for attempt in record.attempts] == [NOW]


def test_usual_and_other_answers_go_together(ledger: SqliteLedger) -> None:
    """One turn brings whatever it brings, and lets others go in the same breath."""
    people = [parcel(f"u{number}") for number in range(6)]
    ledger.claim(people, AT)
    ledger.record(people[:5], (), AT)
    receipts = [ACCEPTED, DEFERRED, REJECTED, LOST, ACCEPTED]
    entries = [Entry(p, r, due=LATER) for p, r in zip(people, receipts, strict=False)]
    ledger.record(people[5:], entries, AT)
    assert list(states_in(ledger).values()) == [
        *(State(receipt.outcome.value) for receipt in receipts),
        State.STARTED,
    ]


def test_the_beginning_is_that_of_the_first_run(ledger: SqliteLedger) -> None:
    """The date of the messages is the same on every run, and in the same zone."""
    first = ledger.started("issue-6", NOW.astimezone(BRASILIA))
    assert first.isoformat() == "2026-11-20T06:00:00-03:00"
    again = ledger.started("issue-6", NOW + timedelta(days=1))
    assert again.isoformat() == first.isoformat()
    assert ledger.started("issue-7", NOW) == NOW


def test_each_sink_has_its_own_account(sender: Sender, path: Path) -> None:
    """A rehearsal into files does not count as sent by SMTP."""
    with SqliteLedger(path, "file") as rehearsal, rehearsal.lock(CAMPAIGN, NOW):
        rehearsal.started(CAMPAIGN, NOW)
        rehearsal.use(CAMPAIGN)
        rehearsal.claim([ADA], AT)
        rehearsal.record([ADA], [Entry(ADA, ACCEPTED)], AT)
        assert rehearsal.recipients(CAMPAIGN) == {"ada@example.org": Outcome.ACCEPTED}
    assert sender.ledger.recipients(CAMPAIGN) == {}
    sender.bring_to(State.REJECTED, [ADA])
    history = sender.ledger.history("ada@example.org")
    assert {r.sink: r.receipt for r in history} == {"file": ACCEPTED, "smtp": REJECTED}


@pytest.mark.parametrize(
    ("later", "same"),
    [
        (timedelta(0), True),
        (timedelta(minutes=5), True),
        (REHEARSAL, True),
        (REHEARSAL + timedelta.resolution, False),
        (timedelta(days=3), False),
        (-timedelta.resolution, False),
    ],
)
def test_what_follows_its_rehearsal_has_the_same_date(
    path: Path, later: timedelta, *, same: bool
) -> None:
    """Files written just before hold the bytes that travel; old or future ones do not."""
    with SqliteLedger(path, "file") as rehearsal, SqliteLedger(path, "smtp") as ledger:
        rehearsal.started(CAMPAIGN, NOW)
        began = ledger.started(CAMPAIGN, NOW + later)
        assert began == (NOW if same else NOW + later)
        assert ledger.started(CAMPAIGN, NOW + timedelta(days=9)) == began
        assert rehearsal.started(CAMPAIGN, NOW + timedelta(days=9)) == NOW


def test_the_date_of_a_rehearsal_keeps_its_zone(path: Path) -> None:
    """It is the instant that counts as recent; what is recorded is copied as it is."""
    with SqliteLedger(path, "file") as rehearsal:
        rehearsal.started(CAMPAIGN, NOW.astimezone(BRASILIA))
    with SqliteLedger(path, "smtp") as ledger:
        began = ledger.started(CAMPAIGN, NOW + REHEARSAL)
    assert began.isoformat() == "2026-11-20T06:00:00-03:00"


def test_of_several_rehearsals_the_latest_counts(path: Path) -> None:
    """It is the one whose files somebody has just looked at."""
    for sink, minutes in (("elsewhere", 20), ("file", 10), ("old", -90)):
        with SqliteLedger(path, sink) as rehearsal:
            began = NOW + timedelta(minutes=minutes)
            assert rehearsal.started(CAMPAIGN, began) == began
    with SqliteLedger(path, "smtp") as ledger:
        at = NOW + timedelta(minutes=30)
        assert ledger.started(CAMPAIGN, at) == NOW + timedelta(minutes=20)


def test_the_rehearsal_of_another_issue_does_not_count(path: Path) -> None:
    """What was just tried out of one issue dates no message of the next."""
    with SqliteLedger(path, "file") as rehearsal:
        rehearsal.started("issue-4", NOW)
    with SqliteLedger(path, "smtp") as ledger:
        later = NOW + timedelta(minutes=5)
        assert ledger.started(CAMPAIGN, later) == later


def test_each_campaign_has_its_own_deliveries(sender: Sender) -> None:
    """What was sent of one issue says nothing about another."""
    sender.bring_to(State.ACCEPTED, [ADA])
    ledger = sender.ledger
    ledger.started("issue-6", NOW)
    ledger.use("issue-6")
    ledger.claim([ADA], AT)
    assert ledger.recipients("issue-6") == {}
    assert [record.state for record in ledger.records("issue-6")] == [State.CLAIMED]
    assert states_in(ledger) == {"ada": State.ACCEPTED}


def test_a_campaign_has_to_begin_before_it_is_used(path: Path) -> None:
    """Nothing is claimed for a campaign that nobody has begun, or that nobody named."""
    with SqliteLedger(path, "smtp") as ledger:
        with pytest.raises(PlanError, match="issue-5 has not begun at smtp"):
            ledger.use(CAMPAIGN)
        with pytest.raises(PlanError, match="no campaign is in use"):
            ledger.claim([ADA], AT)


@pytest.mark.parametrize("attempt", [0, 1])
@pytest.mark.parametrize("state", [State.CLAIMED, State.STARTED, State.ACCEPTED])
def test_what_is_sent_or_on_its_way_is_not_claimed(
    sender: Sender, state: State, attempt: int
) -> None:
    """The ledger is the last who can prevent a second copy, and it does."""
    sender.bring_to(state, [ADA])
    with pytest.raises(
        PlanError, match=f"ada.* is {state} in the ledger\n  Plan again"
    ):
        sender.ledger.claim([BO, ADA._replace(attempt=attempt)], LATER)
    assert states_in(sender.ledger) == {"ada": state}
    if state is not State.ACCEPTED:
        sender.ledger.record((), [Entry(ADA, ACCEPTED)], LATER)
        assert states_in(sender.ledger) == {"ada": State.ACCEPTED}


@pytest.mark.parametrize(
    "state", [State.DEFERRED, State.REJECTED, State.UNCERTAIN, State.ACCEPTED]
)
@pytest.mark.parametrize("attempt", [0, 2, 3])
def test_who_was_tried_meanwhile_is_not_claimed(
    sender: Sender, state: State, attempt: int
) -> None:
    """A page that was read too early cannot lead to one attempt too many."""
    sender.bring_to(state, [ADA])
    with pytest.raises(PlanError, match="Plan again"):
        sender.ledger.claim([ADA._replace(attempt=attempt)], LATER)
    (record,) = sender.ledger.records(CAMPAIGN)
    assert (record.state, len(record.attempts)) == (state, 1)


@pytest.mark.parametrize("twice", [[ADA, ADA], [_again(ADA), _again(ADA)]])
def test_nobody_is_claimed_twice_at_once(
    sender: Sender, twice: Sequence[Parcel]
) -> None:
    """Of a batch that names somebody twice, nothing is claimed."""
    if twice[0].attempt:
        sender.bring_to(State.DEFERRED, [ADA], due=LATER)
    before = states_in(sender.ledger)
    with pytest.raises(PlanError):
        sender.ledger.claim([BO, *twice], LATER)
    assert states_in(sender.ledger) == before


def test_only_what_is_claimed_is_started(sender: Sender) -> None:
    """A parcel that nobody claimed, or that has started, is a mistake; nothing stays."""
    ledger = sender.ledger
    with pytest.raises(PlanError, match=r"ada@example\.org was not claimed"):
        ledger.record([ADA], (), AT)
    sender.bring_to(State.STARTED, [ADA])
    ledger.claim([BO], AT)
    with pytest.raises(PlanError, match=r"ada@example\.org is started in the ledger"):
        ledger.record([BO, ADA], (), AT)
    with pytest.raises(PlanError, match="twice"):
        ledger.record([BO, BO], (), AT)
    assert states_in(ledger) == {"ada": State.STARTED, "bo": State.CLAIMED}


@pytest.mark.parametrize("receipt", [ACCEPTED, DEFERRED])
def test_only_what_is_open_can_end(sender: Sender, receipt: Receipt) -> None:
    """A receipt without a delivery under way is a mistake, and changes nothing."""
    ledger = sender.ledger
    with pytest.raises(PlanError, match="was not claimed, or is over"):
        ledger.record((), [Entry(ADA, receipt)], AT)
    sender.bring_to(State.REJECTED, [ADA])
    with pytest.raises(PlanError, match="was not claimed, or is over"):
        ledger.record((), [Entry(ADA, receipt)], AT)
    sender.bring_to(State.STARTED, [BO])
    with pytest.raises(PlanError, match="twice"):
        ledger.record((), [Entry(BO, receipt), Entry(BO, receipt)], AT)
    assert states_in(ledger) == {"ada": State.REJECTED, "bo": State.STARTED}


def test_every_attempt_is_kept(sender: Sender) -> None:
    """An attempt that failed stays on record behind the one that did not."""
    sender.bring_to(State.DEFERRED, [ADA], due=LATER)
    sender.bring_to(State.UNCERTAIN, [_again(ADA)], at=LATER)
    third = _again(_again(ADA))._replace(id="b" * 24, address="Ada@example.org")
    sender.bring_to(State.ACCEPTED, [third], at=LATER + 1000)
    (record,) = sender.ledger.history("ada@example.org")
    assert [attempt.receipt for attempt in record.attempts] == [
        DEFERRED,
        LOST,
        ACCEPTED,
    ]
    opened = [attempt.opened for attempt in record.attempts]
    assert [at - NOW for at in opened] == [
        timedelta(0),
        timedelta(minutes=5),
        timedelta(minutes=5, seconds=1),
    ]
    assert (record.id, record.address) == ("b" * 24, "Ada@example.org")
    assert (record.state, record.due) == (State.ACCEPTED, None)


def test_the_deferred_have_their_time(sender: Sender) -> None:
    """When somebody is tried again is on record as long as they are deferred."""
    sender.bring_to(State.DEFERRED, [ADA], due=LATER)
    (record,) = sender.ledger.records(CAMPAIGN)
    assert record.due == NOW + timedelta(minutes=5)


def test_claims_are_given_back(sender: Sender) -> None:
    """Who was claimed and never started is as if nobody had claimed them."""
    ledger = sender.ledger
    sender.bring_to(State.DEFERRED, [ADA], due=LATER)
    (before,) = ledger.records(CAMPAIGN)
    ledger.claim([_again(ADA)._replace(id="other", choice=9), BO, CY], LATER)
    ledger.record([CY], (), LATER)
    ledger.give_back(LATER)
    assert states_in(ledger) == {"ada": State.DEFERRED, "cy": State.STARTED}
    assert next(ledger.records(CAMPAIGN)) == before
    with pytest.raises(PlanError, match="was not claimed"):
        ledger.record([BO], (), LATER)
    ledger.record((), [Entry(CY, ACCEPTED)], LATER)
    ledger.claim([_again(ADA), BO], LATER)
    assert states_in(ledger)["ada"] is State.CLAIMED


def test_those_passed_over_have_their_reason(ledger: SqliteLedger) -> None:
    """Who gets nothing is on record with the reason, until the next run looks again."""
    ledger.name_choices({8: ("", "wants only de"), 9: ("", "wants only fr")})
    ledger.skip(
        [("ada@example.org", "Ada@example.org", 8), ("bo@x.org", "bo@x.org", 8)]
    )
    ledger.skip([("bo@x.org", "bo@x.org", 9)])
    first, _ = ledger.records(CAMPAIGN)
    assert (first.state, first.address) == (State.SKIPPED, "Ada@example.org")
    assert (first.reason, first.language) == ("wants only de", None)
    assert (first.receipt, first.attempts) == (None, ())
    assert ledger.skipped(CAMPAIGN) == {"wants only de": 1, "wants only fr": 1}
    assert ledger.recipients(CAMPAIGN) == {}
    ledger.recover(LATER)
    assert list(ledger.records(CAMPAIGN)) == []


def test_who_is_passed_over_and_was_tried_before_keeps_what_was_tried(
    sender: Sender,
) -> None:
    """Leaving the list after a first attempt does not hide the attempt."""
    sender.bring_to(State.DEFERRED, [ADA], due=LATER)
    sender.ledger.skip([(ADA.key, ADA.address, CHOICE)])
    assert states_in(sender.ledger) == {"ada": State.DEFERRED}
    assert sender.ledger.skipped(CAMPAIGN) == {}


def test_the_unconfirmed_are_passed_over_with_their_status(
    sender: Sender, path: Path
) -> None:
    """Everybody on the list who has not confirmed is accounted for, but nobody else."""
    put_on_list(path, ["ada", "bo"])
    put_on_list(path, ["cy", "di"], status=Status.UNSUBSCRIBED)
    put_on_list(path, ["eve"], status=Status.BOUNCED)
    sender.bring_to(State.ACCEPTED, [parcel("di")])
    ledger = sender.ledger
    ledger.name_choices({8: ("", "unsubscribed"), 9: ("", "bounced")})
    names = {"unsubscribed": 8, "bounced": 9, "confirmed": 9}
    ledger.skip_unconfirmed(names)
    ledger.skip_unconfirmed(names)
    assert ledger.skipped(CAMPAIGN) == {"unsubscribed": 1, "bounced": 1}
    assert states_in(ledger) == {
        "cy": State.SKIPPED,
        "di": State.ACCEPTED,
        "eve": State.SKIPPED,
    }


@pytest.mark.parametrize(
    ("receipt", "status", "expected"),
    [
        (GONE, Status.CONFIRMED, Status.BOUNCED),
        (GONE, Status.UNSUBSCRIBED, Status.BOUNCED),
        (GONE, Status.COMPLAINED, Status.COMPLAINED),
        (REJECTED, Status.CONFIRMED, Status.CONFIRMED),
        (DEFERRED, Status.CONFIRMED, Status.CONFIRMED),
        (ACCEPTED, Status.CONFIRMED, Status.CONFIRMED),
    ],
)
def test_whose_mailbox_is_gone_has_bounced(
    sender: Sender, path: Path, receipt: Receipt, status: Status, expected: Status
) -> None:
    """A mailbox that does not exist is not written to again; a graver status stays."""
    put_on_list(path, ["ada"], status=status)
    sender.ledger.claim([ADA, BO], AT)
    sender.ledger.record([BO], [Entry(ADA, receipt, LATER)], LATER)
    with Store.open(path) as store:
        person = store.get("ada@example.org")
        changes = store.history("ada@example.org")
    assert person is not None
    assert person.status is expected
    assert [(c.by, c.old, c.new, c.at) for c in changes] == (
        [("issue-5 by smtp", status, expected, NOW + timedelta(minutes=5))]
        if status is not expected
        else []
    )


def test_a_bounce_and_its_receipt_are_one(sender: Sender, path: Path) -> None:
    """Where the receipt cannot be recorded, the subscriber stays as they were."""
    put_on_list(path, ["ada"])
    sender.ledger.claim([ADA], AT)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE change")
    with pytest.raises(AudienceError, match="no such table"):
        sender.ledger.record((), [Entry(ADA, GONE)], AT)
    assert states_in(sender.ledger) == {"ada": State.CLAIMED}


def test_any_words_of_a_server_are_kept(sender: Sender) -> None:
    """Quotes, line breaks and scripts in a reply are data like any other."""
    words = "5.7.1 'no'; DROP TABLE delivery; --\nأهلا \u202e\0 end"
    people = [ADA, BO]
    sender.ledger.claim(people, AT)
    entries = [
        Entry(ADA, REJECTED._replace(text=words)),
        Entry(BO, ACCEPTED._replace(text=words)),
    ]
    sender.ledger.record([BO], entries, AT)
    texts = [r.receipt and r.receipt.text for r in sender.ledger.records(CAMPAIGN)]
    assert texts == [words, words]


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
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
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
        _record_all(ledger, left, wordy)
    recorded = 99 - len(list(left))
    assert 5 < recorded < 99
    with SqliteLedger(path, "smtp") as other:
        states = list(states_in(other).values())
    assert states == [State.ACCEPTED] * recorded + [State.CLAIMED] * (100 - recorded)
    ledger._connection.execute("PRAGMA max_page_count = 1000000")
    ledger.record(people[recorded:], (), AT)


def test_what_is_claimed_is_on_the_disk(sender: Sender) -> None:
    """A claim asks for a sync, a record does not, and the end of the sending does."""
    synchronous: list[int] = []
    commits: list[str] = []
    connection = sender.ledger._connection

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
    assert commits == ["2", "1", "2", "1"]
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
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
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
        with closing(sqlite3.connect(path)) as connection:
            return str(connection.execute("SELECT seen FROM sender").fetchone()[0])

    sender.ledger.record((), (), AT + 1000)
    assert seen() == "2026-11-20T09:00:00+00:00"
    sender.ledger.record((), (), LATER)
    assert seen() == "2026-11-20T09:05:00+00:00"
    sender.ledger.record((), (), AT)
    assert seen() == "2026-11-20T09:00:00+00:00", "a clock that was set back"
