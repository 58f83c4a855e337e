"""Reading the ledger: who got what and why, how far a sending got, what failed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from distribute.campaign.campaign import Outcome, State
from distribute.campaign.ledger.account import Account
from distribute.language import Language
from tests.campaign.actors import parcel
from tests.campaign.senders import (
    ACCEPTED,
    AT,
    CAMPAIGN,
    LATER,
    NOW,
    REJECTED,
    Sender,
)

EN, FR = Language("en"), Language("fr")
FRENCH = 8
ADA, BO, CY, DI, EVE = (parcel(name) for name in ("ada", "bo", "cy", "di", "eve"))


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    """Have somebody send the campaign by SMTP."""
    working = Sender(tmp_path / "distribute.db")
    working.ledger.name_choices(
        {FRENCH: ("fr", "asked for fr"), 9: ("", "unsubscribed")}
    )
    yield working
    working.end()


@pytest.fixture
def account(sender: Sender) -> Account:
    """Have had the campaign sent, with every kind of end."""
    sender.bring_to(State.ACCEPTED, [ADA, parcel("al")])
    sender.bring_to(State.REJECTED, [CY._replace(choice=FRENCH)])
    sender.bring_to(State.DEFERRED, [BO], due=LATER)
    sender.bring_to(State.UNCERTAIN, [parcel("fay")])
    sender.bring_to(State.STARTED, [DI])
    sender.bring_to(State.CLAIMED, [EVE])
    sender.ledger.skip([("ben@example.org", "ben@example.org", 9)])
    return sender.ledger


def test_records_say_who_got_what_and_why(account: Account) -> None:
    """Everything about a delivery can be read again, in the order of the keys."""
    records = {r.key.partition("@")[0]: r for r in account.records(CAMPAIGN)}
    assert list(records) == ["ada", "al", "ben", "bo", "cy", "di", "eve", "fay"]
    ada = records["ada"]
    assert (ada.sink, ada.campaign, ada.id) == ("smtp", CAMPAIGN, ADA.id)
    assert (ada.address, ada.language, ada.reason) == ("ada@example.org", EN, "no wish")
    assert (ada.state, ada.receipt) == (State.ACCEPTED, ACCEPTED)
    assert (records["cy"].language, records["cy"].receipt) == (FR, REJECTED)
    assert records["bo"].due == NOW + timedelta(minutes=5)
    assert [records[name].due for name in ("ada", "cy", "fay")] == [None] * 3


def test_what_is_on_its_way_has_no_answer_yet(account: Account) -> None:
    """A started delivery may have arrived; a claimed one has not even been tried."""
    records = {r.key.partition("@")[0]: r for r in account.records(CAMPAIGN)}
    (attempt,) = records["di"].attempts
    assert (attempt.closed, attempt.receipt.outcome) == (None, Outcome.UNCERTAIN)
    assert (records["eve"].attempts, records["eve"].receipt) == ((), None)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([State.ACCEPTED], "ada al"),
        ([State.REJECTED], "cy"),
        ([State.REJECTED, State.DEFERRED, State.UNCERTAIN], "bo cy fay"),
        ([State.REJECTED, State.STARTED], "cy di"),
        ([State.SKIPPED], "ben"),
        ([State.SKIPPED, State.CLAIMED], "ben eve"),
    ],
)
def test_the_list_can_be_narrowed(
    account: Account, states: list[State], expected: str
) -> None:
    """By one state or several, those passed over among them."""
    found = account.records(CAMPAIGN, states=states)
    assert " ".join(record.key.partition("@")[0] for record in found) == expected


def test_counts_are_by_language_and_state(account: Account) -> None:
    """How far the sending got, language by language; those passed over by reason."""
    assert account.counts(CAMPAIGN) == {
        EN: {
            State.CLAIMED: 1,
            State.STARTED: 1,
            State.ACCEPTED: 2,
            State.DEFERRED: 1,
            State.UNCERTAIN: 1,
        },
        FR: {State.REJECTED: 1},
    }
    assert account.skipped(CAMPAIGN) == {"unsubscribed": 1}
    assert account.counts("issue-6") == {}
    assert account.skipped("issue-6") == {}


def test_recipients_are_those_whom_something_may_have_reached(account: Account) -> None:
    """Whoever was merely claimed or passed over is not among them."""
    assert account.recipients(CAMPAIGN) == {
        "ada@example.org": Outcome.ACCEPTED,
        "al@example.org": Outcome.ACCEPTED,
        "bo@example.org": Outcome.DEFERRED,
        "cy@example.org": Outcome.REJECTED,
        "di@example.org": Outcome.UNCERTAIN,
        "fay@example.org": Outcome.UNCERTAIN,
    }


def test_two_choices_of_one_language_are_counted_together(sender: Sender) -> None:
    """The reason for an edition does not split the count of its language."""
    sender.ledger.name_choices({10: ("en", "en is the default")})
    sender.bring_to(State.ACCEPTED, [ADA, BO._replace(choice=10)])
    assert sender.ledger.counts(CAMPAIGN) == {EN: {State.ACCEPTED: 2}}


def test_the_history_of_one_person_spans_campaigns(sender: Sender) -> None:
    """All that was ever sent to somebody, oldest first; nothing about strangers."""
    ledger = sender.ledger
    sender.bring_to(State.ACCEPTED, [ADA, BO], at=LATER)
    ledger.started("issue-4", NOW)
    ledger.use("issue-4")
    sender.bring_to(State.REJECTED, [ADA], at=AT)
    history = ledger.history("ada@example.org")
    assert [record.campaign for record in history] == ["issue-4", "issue-5"]
    assert ledger.history("eve@example.org") == ()


def test_attempts_keep_their_language(sender: Sender) -> None:
    """Who changed language in between was first tried in the other one."""
    sender.bring_to(State.DEFERRED, [ADA], due=LATER)
    second = ADA._replace(attempt=1, since=AT, choice=FRENCH)
    sender.bring_to(State.ACCEPTED, [second], at=LATER)
    (record,) = sender.ledger.history("ada@example.org")
    assert record.language == FR
    assert [attempt.language for attempt in record.attempts] == [EN, FR]


def test_the_newest_delivery_tells_how_late_it_was(sender: Sender) -> None:
    """A run can begin behind all that was ever claimed, whatever the clock says."""
    assert sender.ledger.latest() == 0
    sender.bring_to(State.ACCEPTED, [ADA], at=LATER)
    sender.bring_to(State.CLAIMED, [BO], at=LATER + 7)
    assert sender.ledger.latest() == LATER + 7
