"""A campaign under any order of claims, answers and crashes, held against a plain model."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from distribute.audience.database.database import engine_of
from distribute.campaign.campaign import Entry, Receipt, State
from distribute.campaign.ledger.due import Due
from tests.campaign.actors import parcel
from tests.campaign.mailings import put_on_list
from tests.campaign.senders import (
    ACCEPTED,
    AT,
    CAMPAIGN,
    DEFERRED,
    LOST,
    REJECTED,
    Sender,
)

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
        if power_cut and engine_of(self.sender.ledger.connection) == "sqlite":
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


def live(*, lives: int) -> None:
    """Live so many lives."""
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=lives,
            stateful_step_count=25,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_a_campaign_survives_whatever_happens() -> None:
    """Everybody stands where the model says, after each claim, answer and crash."""
    live(lives=25)


@pytest.mark.slow
def test_a_campaign_survives_at_length() -> None:
    """The same, many times."""
    live(lives=150)
