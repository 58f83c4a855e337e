"""After a crash: nobody is lost, nobody gets a second copy, the unknown is listed."""

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from distribute.campaign.campaign import Entry, Outcome, Parcel, Receipt, State
from distribute.campaign.due import Due
from distribute.campaign.ledger import SqliteLedger
from distribute.errors import LockedError, PlanError
from distribute.language import Language
from tests.campaign.actors import parcel
from tests.campaign.mailings import put_on_list
from tests.campaign.senders import (
    ACCEPTED,
    AT,
    CAMPAIGN,
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

PEOPLE = 1000
KILLS = 10
AT_ONCE = 4
SENDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path

from distribute.campaign.campaign import Entry, Outcome, Receipt, Stage
from distribute.campaign.due import Due
from distribute.campaign.ledger import SqliteLedger
from tests.campaign.actors import parcel

database, sink, linger, at_once = sys.argv[1:]
now, path = datetime(2026, 11, 20, 9, 0, tzinfo=UTC), Path(database)
accepted = Receipt(Outcome.ACCEPTED, 250, "2.0.0", "taken", Stage.END)
with SqliteLedger(path, "smtp") as ledger, open(sink, "a") as out:
    with ledger.lock("issue-5", now):
        ledger.started("issue-5", now)
        ledger.use("issue-5")
        ledger.recover(1)
        print("ready", flush=True)
        after, ended = "", []
        due = Due(path, sink="smtp", campaign="issue-5")
        while page := due.fresh(after, 25):
            after = page[-1].key
            people = [parcel(person.key) for person in page]
            ledger.claim(people, 1)
            while some := people[:int(at_once)]:
                del people[:len(some)]
                ledger.record(some, ended, 1)
                if linger in [each.key for each in some]:
                    print("lingers", flush=True)
                    sys.stdin.read()
                out.writelines(each.key + "\\n" for each in some)
                out.flush()
                ended = [Entry(each, accepted) for each in some]
        ledger.record((), ended, 1)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a database that does not exist yet."""
    return tmp_path / "distribute.db"


def _again(parcel: Parcel) -> Parcel:
    return parcel._replace(attempt=parcel.attempt + 1, since=AT)


def _leave_open(path: Path) -> Sender:
    """Have one started, one claimed for the first time, and one for the second."""
    sender = Sender(path)
    sender.bring_to(State.DEFERRED, [CY], due=LATER)
    sender.ledger.claim([ADA, BO, _again(CY)], AT)
    sender.ledger.record([ADA], (), AT)
    return sender


def test_a_dead_process_leaves_what_it_started_uncertain(path: Path) -> None:
    """What it had only claimed is as if it never had been, its earlier attempt too."""
    _leave_open(path).die()
    after = Sender(path)
    assert after.found_dead.startswith("process ")
    assert after.became_uncertain == 1
    assert states_in(after.ledger) == {"ada": State.UNCERTAIN, "cy": State.DEFERRED}
    (cy,) = after.ledger.records(CAMPAIGN, states=[State.DEFERRED])
    assert [attempt.receipt for attempt in cy.attempts] == [DEFERRED]
    assert cy.due is not None
    after.ledger.claim([BO, _again(CY)], LATER)
    after.end()


@pytest.mark.parametrize("forged", [{}, {"boot": "another"}])
def test_what_the_next_sender_will_find_is_told_before(
    path: Path, forged: dict[str, str]
) -> None:
    """To the last one: a plan, or the status, after a crash is what comes of it."""
    put_on_list(path, ["gone"])
    sender = _leave_open(path)
    sender.bring_to(State.REJECTED, [parcel("di")])
    sender.bring_to(State.UNCERTAIN, [parcel("eve")])
    sender.ledger.claim([_again(parcel(name)) for name in ("di", "eve")], AT)
    sender.ledger.claim([parcel("gone")], AT)
    sender.ledger.record((), [Entry(parcel("gone"), GONE)], AT)
    sender.die(**forged)
    with SqliteLedger(path, "smtp") as reader:
        told = reader.recipients(CAMPAIGN, NOW)
        counted = Counter(_total(reader.counts(CAMPAIGN, NOW)))
    after = Sender(path)
    assert told == after.ledger.recipients(CAMPAIGN)
    del counted[State.CLAIMED]  # has no row any more
    assert counted == Counter(states_in(after.ledger).values())
    after.end()


def _total(counts: Mapping[Language, Mapping[State, int]]) -> Mapping[State, int]:
    (states,) = counts.values()
    return states


@pytest.mark.parametrize("elsewhere", ["boot", "host"])
def test_a_power_cut_leaves_all_it_claimed_uncertain(
    path: Path, elsewhere: str
) -> None:
    """Its last records may never have reached the disk, so any of them may have left."""
    _leave_open(path).die(**{elsewhere: "another"})
    much_later = AT + 3_600_000
    after = Sender(path, at=much_later)
    assert after.became_uncertain == 3
    assert states_in(after.ledger) == dict.fromkeys(
        ["ada", "bo", "cy"], State.UNCERTAIN
    )
    (_, _, cy) = after.ledger.records(CAMPAIGN)
    outcomes = [attempt.receipt.outcome for attempt in cy.attempts]
    assert outcomes == [Outcome.DEFERRED, Outcome.UNCERTAIN]
    after.ledger.claim([_again(BO), _again(_again(CY))], much_later)
    after.end()


def test_without_a_boot_id_the_worst_is_assumed(path: Path) -> None:
    """Where the system does not say when it was started, a claim may have left."""
    _leave_open(path).die(boot="")
    after = Sender(path, at=AT + 3_600_000)
    assert after.became_uncertain == 3
    after.end()


def test_a_doubt_is_not_forgotten_by_the_next_crash(path: Path) -> None:
    """What was settled on taking the lock stays so, even if that sender dies at once."""
    _leave_open(path).die(boot="another")
    second = SqliteLedger(path, "smtp")
    lock = second.lock(CAMPAIGN, NOW)
    lock.__enter__()
    second.close()
    third = Sender.__new__(Sender)
    third.path, third.ledger = path, second
    third.die()
    after = Sender(path)
    assert after.became_uncertain == 0
    assert set(states_in(after.ledger).values()) == {State.UNCERTAIN}
    after.end()


def test_an_orderly_end_leaves_nothing_to_settle(path: Path) -> None:
    """After claims were given back and all has ended, the next finds all as it was."""
    sender = _leave_open(path)
    sender.ledger.give_back(AT)
    sender.ledger.record((), [Entry(ADA, ACCEPTED)], AT)
    sender.end()
    after = Sender(path)
    assert (after.found_dead, after.became_uncertain) == ("", 0)
    assert states_in(after.ledger) == {"ada": State.ACCEPTED, "cy": State.DEFERRED}
    after.end()


def test_a_sender_that_fails_leaves_its_claims_to_the_next(path: Path) -> None:
    """Even without having given anything back; what it started is uncertain."""
    _leave_open(path).end()
    after = Sender(path)
    assert (after.found_dead, after.became_uncertain) == ("", 1)
    assert states_in(after.ledger) == {"ada": State.UNCERTAIN, "cy": State.DEFERRED}
    after.end()


def test_claims_made_without_the_lock_are_settled_too(path: Path) -> None:
    """Where nobody sends, a single delivery needs no lock; it is no secret either."""
    Sender(path).end()
    with SqliteLedger(path, "smtp") as ledger:
        ledger.use(CAMPAIGN)
        ledger.claim([ADA, BO], AT)
        ledger.record([ADA], (), AT)
    after = Sender(path)
    assert after.became_uncertain == 1
    assert states_in(after.ledger) == {"ada": State.UNCERTAIN}
    after.end()


def test_the_same_ledger_can_send_twice(path: Path) -> None:
    """What it had in hand the first time is settled, and can be claimed again."""
    with SqliteLedger(path, "smtp") as ledger:
        for _ in range(2):
            with ledger.lock(CAMPAIGN, NOW):
                ledger.started(CAMPAIGN, NOW)
                ledger.use(CAMPAIGN)
                assert ledger.recover(AT) == 0
                with pytest.raises(PlanError, match="was not claimed"):
                    ledger.record([ADA], (), AT)
                ledger.claim([ADA], AT)
        assert states_in(ledger) == {"ada": State.CLAIMED}


class _Crashes:
    """A sender in a process of its own, to be killed at any moment."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "distribute.db"
        self.sink = folder / "sink.txt"
        self.sink.touch()
        self.started: list[subprocess.Popen[str]] = []
        put_on_list(self.database, (f"u{number:04}" for number in range(PEOPLE)))

    def start(
        self, *, linger: str = "", at_once: int = AT_ONCE
    ) -> subprocess.Popen[str]:
        """Start to send to everybody who is due; returns when it does."""
        command = [self.database, self.sink, linger, at_once]
        process = subprocess.Popen(  # noqa: S603 - this Python, the script above
            [sys.executable, "-c", SENDER, *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        self.started.append(process)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    def kill(self, process: subprocess.Popen[str]) -> None:
        """End it without a word."""
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


def test_a_kill_between_start_and_answer_leaves_it_uncertain(crashes: _Crashes) -> None:
    """The delivery in flight is the only one whose fate is unknown, and it is known."""
    process = crashes.start(linger="u0007@example.org", at_once=1)
    assert process.stdout
    assert process.stdout.readline() == "lingers\n"
    crashes.kill(process)
    outcomes = crashes.ledger()
    assert outcomes.pop("u0007@example.org") is Outcome.UNCERTAIN
    assert outcomes == {f"u{n:04}@example.org": Outcome.ACCEPTED for n in range(7)}


def test_after_many_kills_everybody_is_accounted_for(crashes: _Crashes) -> None:
    """Killed ten times at any moment: nobody is lost, nobody is written to twice."""
    cut_short = 0
    for number in range(KILLS):
        process = crashes.start()
        time.sleep(0.0005 * number)
        crashes.kill(process)
        outcomes, seen = crashes.ledger(), crashes.seen()
        accepted = {k for k, o in outcomes.items() if o is Outcome.ACCEPTED}
        assert accepted <= set(seen) <= set(outcomes)
        assert len(outcomes) - len(accepted) <= 2 * AT_ONCE * (number + 1)
        cut_short += 0 < len(outcomes) < PEOPLE
    assert cut_short > 1
    last = crashes.start()
    last.communicate()
    outcomes, seen = crashes.ledger(), crashes.seen()
    assert set(outcomes) == {f"u{n:04}@example.org" for n in range(PEOPLE)}
    assert set(outcomes.values()) <= {Outcome.ACCEPTED, Outcome.UNCERTAIN}
    assert len(seen) == len(set(seen))


def test_a_living_sender_keeps_others_away_and_a_dead_one_does_not(
    crashes: _Crashes,
) -> None:
    """The second is told who sends; once that one is dead, the next goes on at once."""
    process = crashes.start(linger="u0000@example.org")
    with SqliteLedger(crashes.database, "smtp") as ledger:
        holder = ledger.holder(CAMPAIGN)
        assert holder.startswith(f"process {process.pid} on ")
        with (
            pytest.raises(LockedError, match="is being sent by process") as caught,
            ledger.lock(CAMPAIGN, NOW),
        ):
            pytest.fail("two senders")
        assert caught.value.holder == holder
        ledger.use(CAMPAIGN)
        with pytest.raises(LockedError):
            ledger.claim([ADA], AT)
        crashes.kill(process)
        with ledger.lock(CAMPAIGN, NOW) as dead:
            assert dead == holder
            ledger.claim([ADA], AT)


RECEIPTS = (ACCEPTED, DEFERRED, REJECTED, LOST)
NAMES = tuple(f"{name}@example.org" for name in "abcdef")


class Life(RuleBasedStateMachine):
    """A campaign under any order of claims, answers and crashes, beside a plain model."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "distribute.db"
        self.now = AT
        self.before: dict[str, State] = {}
        """How those in hand stood before they were claimed, unless it was the first."""
        self.states: dict[str, State] = {}
        self.attempts: dict[str, int] = {}
        self.accepted: set[str] = set()

    @initialize()
    def open(self) -> None:
        """Begin with a list of six."""
        put_on_list(self.path, NAMES)
        self.sender = Sender(self.path)
        self.due = Due(self.path, sink="smtp", campaign=CAMPAIGN)

    @rule(data=st.data(), fresh=st.booleans())
    def claim(self, data: st.DataObject, *, fresh: bool) -> None:
        """Claim some of those who are due."""
        troubles = {State.DEFERRED, State.REJECTED, State.UNCERTAIN}
        page = self.due.fresh("", 9) if fresh else self.due.again(troubles, "", 9)
        expected = [
            key
            for key in NAMES
            if (key not in self.states if fresh else self.states.get(key) in troubles)
        ]
        assert [each.key for each in page] == expected
        parcels = [parcel(p.key, attempt=p.attempt, since=p.since) for p in page]
        chosen = (
            data.draw(st.lists(st.sampled_from(parcels), unique=True)) if page else []
        )
        self.sender.ledger.claim(chosen, self.now)
        for each in chosen:
            self.attempts[each.key] = self.attempts.get(each.key, 0) + 1
            if each.key in self.states:
                self.before[each.key] = self.states[each.key]
            self.states[each.key] = State.CLAIMED

    @rule(data=st.data())
    def turn(self, data: st.DataObject) -> None:
        """Let some go, and have some end; in one breath, as a turn does."""
        claimed = self._in(State.CLAIMED)
        started = (
            data.draw(st.lists(st.sampled_from(claimed), unique=True))
            if claimed
            else []
        )
        open_ = self._in(State.CLAIMED, State.STARTED)
        ends = (
            data.draw(
                st.dictionaries(st.sampled_from(open_), st.sampled_from(RECEIPTS))
            )
            if open_
            else {}
        )
        self.now += 1
        self.sender.ledger.record(
            [parcel(key) for key in started],
            [
                Entry(parcel(key), receipt, self._due(receipt))
                for key, receipt in ends.items()
            ],
            self.now,
        )
        self.states |= dict.fromkeys(started, State.STARTED)
        self.states |= {key: State(said.outcome.value) for key, said in ends.items()}
        self.accepted |= set(self._in(State.ACCEPTED))

    @rule()
    def give_back(self) -> None:
        """Undo the claims that never began."""
        self.sender.ledger.give_back(self.now)
        self._undo_claims()

    @rule()
    def end_and_return(self) -> None:
        """Let go of the lock with whatever is in hand, and take it again."""
        self.sender.end()
        self._return()

    @rule(power_cut=st.booleans())
    def die_and_return(self, *, power_cut: bool) -> None:
        """Die, alone or with the machine, and have somebody go on."""
        if power_cut:
            self.states |= dict.fromkeys(self._in(State.CLAIMED), State.STARTED)
        self.sender.die(**({"boot": "another"} if power_cut else {}))
        self._return()

    @invariant()
    def ledger_agrees(self) -> None:
        """Everybody stands where they should, and whoever has it keeps it."""
        if not hasattr(self, "sender"):
            return
        records = {r.key: r for r in self.sender.ledger.records(CAMPAIGN)}
        assert {key: record.state for key, record in records.items()} == self.states
        for key, record in records.items():
            begun = self.attempts[key] - (record.state is State.CLAIMED)
            assert len(record.attempts) == begun
            assert (record.due is not None) is (record.state is State.DEFERRED)
        assert self.accepted == set(self._in(State.ACCEPTED))

    def teardown(self) -> None:
        """Leave nothing behind."""
        if hasattr(self, "sender"):
            self.due.close()
            self.sender.end()
        self.folder.cleanup()

    def _return(self) -> None:
        doubtful = self._in(State.STARTED)
        self.states |= dict.fromkeys(doubtful, State.UNCERTAIN)
        self._undo_claims()
        self.now += 1
        self.sender = Sender(self.path, at=self.now)
        assert self.sender.became_uncertain == len(doubtful)

    def _undo_claims(self) -> None:
        for key in self._in(State.CLAIMED):
            self.attempts[key] -= 1
            del self.states[key]
            if key in self.before:
                self.states[key] = self.before[key]

    def _in(self, *states: State) -> list[str]:
        return [key for key, state in self.states.items() if state in states]

    def _due(self, receipt: Receipt) -> int:
        return self.now if receipt is DEFERRED else 0


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
