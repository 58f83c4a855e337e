"""After a crash: nobody is lost, nobody gets a second copy, the unknown is listed."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from distribute.campaign.campaign import Entry, Outcome, Parcel, State
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import PlanError
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
    NOW,
    Sender,
    states_in,
)

ADA, BO, CY = parcel("ada"), parcel("bo"), parcel("cy")


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


@pytest.mark.sqlite_only("a server has all of it on its disk")
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


@pytest.mark.sqlite_only("a server has all of it on its disk")
def test_without_a_boot_id_the_worst_is_assumed(path: Path) -> None:
    """Where the system does not say when it was started, a claim may have left."""
    _leave_open(path).die(boot="")
    after = Sender(path, at=AT + 3_600_000)
    assert after.became_uncertain == 3
    after.end()


@pytest.mark.sqlite_only("a server has all of it on its disk")
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
