"""The ledger: what was tried is on record, whatever happens to whoever tried it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from distribute.audience.store import Store
from distribute.audience.subscriber import Subscriber
from distribute.campaign.campaign import Delivery, Ledger, Outcome, Receipt
from distribute.campaign.ledger import REHEARSAL, SqliteLedger
from distribute.campaign.plan import delivery_id
from distribute.errors import AudienceError, LockedError, PlanError
from distribute.language import Language
from distribute.mailbox import Mailbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
CAMPAIGN = "issue-5"
EN, FR = Language("en"), Language("fr")

ACCEPTED = Receipt(outcome=Outcome.ACCEPTED, code=250, text="queued as 7")
DEFERRED = Receipt(outcome=Outcome.DEFERRED, code=451, enhanced="4.7.1", text="later")
REJECTED = Receipt(outcome=Outcome.REJECTED, code=550, enhanced="5.1.1", text="who?")

PEOPLE = 400
KILLS = 10
SENDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path

from distribute.audience.subscriber import Subscriber
from distribute.campaign.campaign import Delivery, Outcome, Receipt
from distribute.campaign.ledger import SqliteLedger
from distribute.campaign.plan import delivery_id
from distribute.language import Language
from distribute.mailbox import Mailbox

database, sink, people, linger = sys.argv[1:]
now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
english = Language("en")
with SqliteLedger(Path(database), "smtp") as ledger, Path(sink).open("a") as out:
    with ledger.lock("issue-5", now):
        known = ledger.recipients("issue-5")
        print("ready", flush=True)
        for number in range(int(people)):
            mailbox = Mailbox(f"u{number}@example.org")
            if mailbox.key in known:
                continue
            ledger.open("issue-5", Delivery(
                id=delivery_id("issue-5", mailbox, english), language=english,
                subscriber=Subscriber(mailbox=mailbox), reason="",
            ), now)
            if number == int(linger):
                print("lingers", flush=True)
                sys.stdin.read()
            out.write(mailbox.key + "\\n")
            out.flush()
            id_ = delivery_id("issue-5", mailbox, english)
            ledger.close(id_, Receipt(outcome=Outcome.ACCEPTED, code=250), now)
"""


def _delivery(
    name: str = "ada", *, language: Language = EN, reason: str = "asked for en"
) -> Delivery:
    mailbox = Mailbox(f"{name}@example.org")
    return Delivery(
        id=delivery_id(CAMPAIGN, mailbox, language),
        subscriber=Subscriber(mailbox=mailbox),
        language=language,
        reason=reason,
    )


ADA, BO, CY = (_delivery(name) for name in ("Ada", "bo", "cy"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a database that does not exist yet."""
    return tmp_path / "distribute.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqliteLedger]:
    """Open the account of SMTP."""
    with SqliteLedger(path, "smtp") as opened:
        yield opened


def _record(ledger: SqliteLedger, delivery: Delivery, receipt: Receipt) -> None:
    ledger.open(CAMPAIGN, delivery, NOW)
    ledger.close(delivery.id, receipt, LATER)


def test_it_is_a_ledger(ledger: SqliteLedger) -> None:
    """It keeps the contract that the run asks for."""
    contract: Ledger = ledger
    assert contract.states(CAMPAIGN) == {}
    assert contract.recipients(CAMPAIGN) == {}


def test_an_open_delivery_is_uncertain(ledger: SqliteLedger, path: Path) -> None:
    """What was handed over and never answered may or may not have been sent."""
    ledger.open(CAMPAIGN, ADA, NOW)
    with SqliteLedger(path, "smtp") as other:
        assert other.states(CAMPAIGN) == {ADA.id: Outcome.UNCERTAIN}
        assert other.recipients(CAMPAIGN) == {"ada@example.org": Outcome.UNCERTAIN}


@pytest.mark.parametrize("receipt", [ACCEPTED, DEFERRED, REJECTED])
def test_a_closed_delivery_has_its_receipt(
    ledger: SqliteLedger, path: Path, receipt: Receipt
) -> None:
    """How it ended is on record with the server's words, for whoever opens it next."""
    _record(ledger, ADA, receipt)
    with SqliteLedger(path, "smtp") as other:
        assert other.states(CAMPAIGN) == {ADA.id: receipt.outcome}
        (record,) = other.records(CAMPAIGN)
    assert record.receipt == receipt
    assert (record.attempts[0].opened, record.attempts[0].closed) == (NOW, LATER)


def test_the_beginning_is_that_of_the_first_run(ledger: SqliteLedger) -> None:
    """The date of the messages is the same on every run, and in the same zone."""
    now = datetime(2026, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=-3)))
    first = ledger.started(CAMPAIGN, now)
    assert first.isoformat() == "2026-11-20T09:00:00-03:00"
    again = ledger.started(CAMPAIGN, now + timedelta(days=1))
    assert again.isoformat() == first.isoformat()
    assert ledger.started("issue-6", LATER) == LATER


def test_each_sink_has_its_own_account(ledger: SqliteLedger, path: Path) -> None:
    """A rehearsal into files does not count as sent by SMTP."""
    with SqliteLedger(path, "file") as rehearsal:
        assert rehearsal.started(CAMPAIGN, NOW) == NOW
        _record(rehearsal, ADA, ACCEPTED)
        assert rehearsal.recipients(CAMPAIGN) == {"ada@example.org": Outcome.ACCEPTED}
    assert ledger.recipients(CAMPAIGN) == {}
    _record(ledger, ADA, REJECTED)
    assert {r.sink: r.receipt for r in ledger.history("ada@example.org")} == {
        "file": ACCEPTED,
        "smtp": REJECTED,
    }


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
    ledger: SqliteLedger, path: Path, later: timedelta, *, same: bool
) -> None:
    """Files written just before hold the bytes that travel; old or future ones do not."""
    with SqliteLedger(path, "file") as rehearsal:
        rehearsal.started(CAMPAIGN, NOW)
        began = ledger.started(CAMPAIGN, NOW + later)
        assert began == (NOW if same else NOW + later)
        assert ledger.started(CAMPAIGN, NOW + timedelta(days=9)) == began
        assert rehearsal.started(CAMPAIGN, NOW + timedelta(days=9)) == NOW


def test_the_date_of_a_rehearsal_keeps_its_zone(
    ledger: SqliteLedger, path: Path
) -> None:
    """It is the instant that counts as recent; what is recorded is copied as it is."""
    brasilia = timezone(timedelta(hours=-3))
    with SqliteLedger(path, "file") as rehearsal:
        rehearsal.started(CAMPAIGN, NOW.astimezone(brasilia))
    began = ledger.started(CAMPAIGN, NOW + REHEARSAL)
    assert began.isoformat() == "2026-11-20T06:00:00-03:00"


def test_of_several_rehearsals_the_latest_counts(
    ledger: SqliteLedger, path: Path
) -> None:
    """It is the one whose files somebody has just looked at."""
    for sink, minutes in (("elsewhere", 20), ("file", 10), ("old", -90)):
        with SqliteLedger(path, sink) as rehearsal:
            began = NOW + timedelta(minutes=minutes)
            assert rehearsal.started(CAMPAIGN, began) == began
    at = NOW + timedelta(minutes=30)
    assert ledger.started(CAMPAIGN, at) == NOW + timedelta(minutes=20)


def test_the_rehearsal_of_another_issue_does_not_count(
    ledger: SqliteLedger, path: Path
) -> None:
    """What was just tried out of one issue dates no message of the next."""
    with SqliteLedger(path, "file") as rehearsal:
        rehearsal.started("issue-4", NOW)
    assert ledger.started(CAMPAIGN, LATER) == LATER


def test_each_campaign_has_its_own_deliveries(ledger: SqliteLedger) -> None:
    """What was sent of one issue says nothing about another."""
    _record(ledger, ADA, ACCEPTED)
    assert ledger.states("issue-6") == {}
    assert ledger.recipients("issue-6") == {}
    assert list(ledger.records("issue-6")) == []


def test_what_was_accepted_is_not_opened_again(ledger: SqliteLedger) -> None:
    """The ledger is the last who can prevent a second copy, and it does."""
    _record(ledger, ADA, ACCEPTED)
    with pytest.raises(PlanError, match="accepted before\n  Plan again"):
        ledger.open(CAMPAIGN, ADA, LATER)
    (record,) = ledger.records(CAMPAIGN)
    assert record.receipt == ACCEPTED


def test_only_what_is_open_can_be_closed(ledger: SqliteLedger) -> None:
    """A receipt without a delivery under way is a mistake, and changes nothing."""
    with pytest.raises(PlanError, match="is not open"):
        ledger.close(ADA.id, ACCEPTED, NOW)
    _record(ledger, ADA, DEFERRED)
    with pytest.raises(PlanError, match="is not open"):
        ledger.close(ADA.id, ACCEPTED, NOW)
    assert ledger.states(CAMPAIGN) == {ADA.id: Outcome.DEFERRED}


def test_every_attempt_is_kept(ledger: SqliteLedger) -> None:
    """An attempt that failed stays on record behind the one that did not."""
    _record(ledger, ADA, DEFERRED)
    ledger.open(CAMPAIGN, ADA, LATER)
    assert ledger.states(CAMPAIGN) == {ADA.id: Outcome.UNCERTAIN}
    ledger.open(CAMPAIGN, ADA, LATER)  # a crash in between, and a decision to try again
    ledger.close(ADA.id, ACCEPTED, LATER)
    (record,) = ledger.history("ada@example.org")
    assert [attempt.receipt for attempt in record.attempts] == [
        DEFERRED,
        Receipt(outcome=Outcome.UNCERTAIN),
        ACCEPTED,
    ]
    assert [attempt.closed for attempt in record.attempts] == [LATER, None, LATER]


def test_of_several_languages_the_strongest_outcome_counts(
    ledger: SqliteLedger,
) -> None:
    """Somebody deferred in one language and served in another has had the issue."""
    _record(ledger, ADA, DEFERRED)
    _record(ledger, _delivery("ada", language=FR), ACCEPTED)
    _record(ledger, _delivery("bo", language=FR), REJECTED)
    _record(ledger, BO, DEFERRED)
    ledger.open(CAMPAIGN, CY, NOW)
    _record(ledger, _delivery("cy", language=FR), REJECTED)
    assert ledger.recipients(CAMPAIGN) == {
        "ada@example.org": Outcome.ACCEPTED,
        "bo@example.org": Outcome.REJECTED,
        "cy@example.org": Outcome.UNCERTAIN,
    }
    assert len(ledger.states(CAMPAIGN)) == 6


def test_counts_are_by_language_and_outcome(ledger: SqliteLedger) -> None:
    """How far the sending got, language by language."""
    _record(ledger, ADA, ACCEPTED)
    _record(ledger, BO, ACCEPTED)
    _record(ledger, _delivery("di", language=FR), REJECTED)
    ledger.open(CAMPAIGN, CY, NOW)
    assert ledger.counts(CAMPAIGN) == {
        EN: {Outcome.ACCEPTED: 2, Outcome.UNCERTAIN: 1},
        FR: {Outcome.REJECTED: 1},
    }


def test_records_say_who_got_what_and_why(ledger: SqliteLedger) -> None:
    """Everything about a delivery can be read again, and the list be narrowed."""
    _record(ledger, CY, REJECTED)
    _record(ledger, replace(ADA, reason="no wish, en is the default"), ACCEPTED)
    first, second = ledger.records(CAMPAIGN)
    assert (first.key, second.key) == ("ada@example.org", "cy@example.org")
    assert (first.sink, first.campaign, first.id) == ("smtp", CAMPAIGN, ADA.id)
    assert (first.address, first.language) == ("Ada@example.org", EN)
    assert first.reason == "no wish, en is the default"
    (rejected,) = ledger.records(CAMPAIGN, outcomes={Outcome.REJECTED})
    assert rejected == second


def test_the_history_of_one_person_spans_campaigns(ledger: SqliteLedger) -> None:
    """All that was ever sent to somebody, oldest first; nothing about strangers."""
    ledger.open("issue-6", replace(ADA, id="b" * 24), LATER)
    _record(ledger, ADA, ACCEPTED)
    _record(ledger, BO, ACCEPTED)
    campaigns = [record.campaign for record in ledger.history("ada@example.org")]
    assert campaigns == ["issue-5", "issue-6"]
    assert ledger.history("eve@example.org") == ()


def test_any_words_of_a_server_are_kept(ledger: SqliteLedger) -> None:
    """Quotes, line breaks and scripts in a reply are data like any other."""
    words = "5.7.1 'no'; DROP TABLE delivery; --\nأهلا \u202e\0 end"
    _record(ledger, ADA, replace(REJECTED, text=words))
    (record,) = ledger.records(CAMPAIGN)
    assert record.receipt.text == words


def test_it_shares_the_file_with_the_store(ledger: SqliteLedger, path: Path) -> None:
    """Subscribers and ledger live in one file; who is erased leaves the record alone."""
    with Store.open(path) as store:
        store.put(ADA.subscriber, by="test", now=NOW)
        _record(ledger, ADA, ACCEPTED)
        store.erase(ADA.subscriber.mailbox.key)
    assert ledger.recipients(CAMPAIGN) == {"ada@example.org": Outcome.ACCEPTED}


def test_a_file_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    """Without a ledger nothing is sent, and the error says what is wrong."""
    with pytest.raises(AudienceError, match="cannot be used"):
        SqliteLedger(tmp_path, "smtp")


def test_it_waits_for_other_writers_and_then_says_so(path: Path) -> None:
    """While an import writes, a delivery is not opened, and nothing is lost."""
    with (
        Store.open(path) as store,
        SqliteLedger(path, "smtp", patience=0.05) as ledger,
    ):
        with (
            store.transaction(),
            pytest.raises(AudienceError, match="Another distribute is writing"),
        ):
            ledger.open(CAMPAIGN, ADA, NOW)
        assert ledger.states(CAMPAIGN) == {}
        _record(ledger, ADA, ACCEPTED)


class _Crashes:
    """A sender in a process of its own, to be killed at any moment."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "distribute.db"
        self.sink = folder / "sink.txt"
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *, linger: int = -1) -> subprocess.Popen[str]:
        """Start to send to everybody who is not in the ledger; returns when it does."""
        command = [self.database, self.sink, PEOPLE, linger]
        process = subprocess.Popen(  # noqa: S603 - this Python, the script above
            [sys.executable, "-c", SENDER, *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    def kill(self, process: subprocess.Popen[str]) -> None:
        """End it as a power cut would."""
        process.kill()
        process.communicate()

    def seen(self) -> list[str]:
        """List whom the far side has received messages for."""
        return self.sink.read_text().split()

    def ledger(self) -> dict[str, Outcome]:
        """List what the ledger says."""
        with SqliteLedger(self.database, "smtp") as ledger:
            return dict(ledger.recipients(CAMPAIGN))


@pytest.fixture
def crashes(tmp_path: Path) -> Iterator[_Crashes]:
    """Prepare a sender that can be killed, and leave none behind when a test fails."""
    crashes = _Crashes(tmp_path)
    yield crashes
    for process in crashes.started:
        if process.poll() is None:
            crashes.kill(process)


def test_a_kill_between_opening_and_closing_leaves_it_uncertain(
    crashes: _Crashes,
) -> None:
    """The delivery in flight is the only one whose fate is unknown, and it is known."""
    process = crashes.start(linger=7)
    assert process.stdout
    assert process.stdout.readline() == "lingers\n"
    crashes.kill(process)
    outcomes = crashes.ledger()
    assert outcomes.pop("u7@example.org") is Outcome.UNCERTAIN
    assert outcomes == {f"u{n}@example.org": Outcome.ACCEPTED for n in range(7)}


def test_after_many_kills_everybody_is_accounted_for(crashes: _Crashes) -> None:
    """Killed ten times at any moment: nobody is lost, nobody is written to twice."""
    for number in range(KILLS):
        process = crashes.start()
        time.sleep(0.003 + 0.0037 * number)
        crashes.kill(process)
        outcomes, seen = crashes.ledger(), crashes.seen()
        accepted = {k for k, o in outcomes.items() if o is Outcome.ACCEPTED}
        assert accepted <= set(seen) <= set(outcomes)
        assert len(outcomes) - len(accepted) <= number + 1
    last = crashes.start()
    last.communicate()
    outcomes, seen = crashes.ledger(), crashes.seen()
    assert set(outcomes) == {f"u{n}@example.org" for n in range(PEOPLE)}
    assert set(outcomes.values()) <= {Outcome.ACCEPTED, Outcome.UNCERTAIN}
    assert len(seen) == len(set(seen))


def test_a_living_sender_keeps_others_away_and_a_dead_one_does_not(
    crashes: _Crashes,
) -> None:
    """The second is told who sends; once that one is dead, the next goes on at once."""
    process = crashes.start(linger=0)
    with SqliteLedger(crashes.database, "smtp") as ledger:
        holder = ledger.holder(CAMPAIGN)
        assert holder.startswith(f"process {process.pid} on ")
        with (
            pytest.raises(LockedError, match="is being sent by process") as caught,
            ledger.lock(CAMPAIGN, NOW),
        ):
            pytest.fail("two senders")
        assert caught.value.holder == holder
        with pytest.raises(LockedError):
            ledger.open(CAMPAIGN, ADA, NOW)
        crashes.kill(process)
        with ledger.lock(CAMPAIGN, NOW) as dead:
            assert dead == holder
            ledger.open(CAMPAIGN, ADA, NOW)
