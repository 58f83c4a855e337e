"""The ledger: what was tried is on record, whatever happens to whoever tried it."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from distribute.campaign.campaign import (
    Entry,
    Ledger,
    Parcel,
    Receipt,
    Stage,
    State,
)
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import PlanError
from tests.campaign.actors import parcel
from tests.campaign.senders import (
    ACCEPTED,
    ADA,
    AT,
    BO,
    CAMPAIGN,
    CY,
    DEFERRED,
    LATER,
    LOST,
    NOW,
    REJECTED,
    Sender,
    states_in,
)


def _again(parcel: Parcel) -> Parcel:
    """Make the parcel of the next attempt."""
    return parcel._replace(attempt=parcel.attempt + 1, since=AT)


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


def test_any_words_of_a_server_are_kept(sender: Sender) -> None:
    """Quotes, line breaks and scripts in a reply are data like any other."""
    words = "5.7.1 'no'; DROP TABLE delivery; --\nأهلا \u202e% :a ? end"
    people = [ADA, BO]
    sender.ledger.claim(people, AT)
    entries = [
        Entry(ADA, REJECTED._replace(text=words)),
        Entry(BO, ACCEPTED._replace(text=words)),
    ]
    sender.ledger.record([BO], entries, AT)
    texts = [r.receipt and r.receipt.text for r in sender.ledger.records(CAMPAIGN)]
    assert texts == [words, words]
