"""Bounces that may be the server's mistake: they can be taken back, and are after a crash."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Entry, Parcel, State
from distribute.campaign.ledger import bounces
from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.due import Due
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import PermanentDeliveryError
from tests.campaign.actors import OK, UNKNOWN, Helm, parcel
from tests.campaign.mailings import put_on_list
from tests.campaign.scene import Scene, crowd
from tests.campaign.senders import (
    ADA,
    AT,
    BO,
    CAMPAIGN,
    CY,
    GONE,
    LATER,
    NOW,
    REJECTED,
    Sender,
    states_in,
)


@pytest.fixture
def readers(path: Path) -> Iterator[Store]:
    """Have Ada, Bo and Cy on the list, and give the list."""
    put_on_list(path, ["ada", "bo", "cy"])
    with Store.open(path) as store:
        yield store


def status_of(store: Store, name: str = "ada") -> Status:
    """Look somebody up."""
    person = store.get(f"{name}@example.org")
    assert person is not None
    return person.status


def refuse(ledger: SqliteLedger, *people: Parcel) -> None:
    """Have the server know nobody of them."""
    ledger.claim(people, AT)
    ledger.record((), [Entry(each, GONE) for each in people], AT)


def test_bounces_are_taken_back(sender: Sender, readers: Store) -> None:
    """They are on the list as before and due at once; others' refusals stand.

    Both changes stay in the history, and so does what the server said.
    """
    refuse(sender.ledger, ADA, BO)
    sender.ledger.claim([CY], AT)
    sender.ledger.record((), [Entry(CY, REJECTED)], AT)
    assert [status_of(readers, who) for who in ("ada", "bo")] == [Status.BOUNCED] * 2
    sender.ledger.take_back(LATER)
    assert [status_of(readers, who) for who in ("ada", "bo")] == [Status.CONFIRMED] * 2
    assert sender.ledger.taken_back == [ADA.key, BO.key]
    assert states_in(sender.ledger) == {
        "ada": State.DEFERRED,
        "bo": State.DEFERRED,
        "cy": State.REJECTED,
    }
    with Due(sender.path, sink="smtp", campaign=CAMPAIGN) as due:
        again = due.again({State.DEFERRED}, "", 9, due_by=LATER)
    assert [(person.key, person.attempt) for person in again] == [
        (ADA.key, 1),
        (BO.key, 1),
    ]
    (record, _) = sender.ledger.records(CAMPAIGN, states=[State.DEFERRED])
    assert record.receipt is not None
    assert record.receipt.text == GONE.text
    assert [(c.by, c.old, c.new) for c in readers.history(ADA.key)] == [
        ("issue-5 by smtp", "confirmed", "bounced"),
        ("issue-5 by smtp, which took it back", "bounced", "confirmed"),
    ]


@pytest.mark.parametrize(
    "status", [Status.UNSUBSCRIBED, Status.COMPLAINED, Status.BOUNCED]
)
def test_everybody_gets_back_what_they_had(
    sender: Sender, readers: Store, status: Status
) -> None:
    """Whoever left between page and answer has left all the same."""
    sender.ledger.claim([ADA], AT)
    readers.set_status(ADA.key, status, by="form", now=NOW)
    sender.ledger.record((), [Entry(ADA, GONE)], AT)
    sender.ledger.take_back(LATER)
    assert status_of(readers) is status


def test_what_somebody_changed_since_stays(sender: Sender, readers: Store) -> None:
    """An editor who unsubscribed them meanwhile knows better than a server."""
    refuse(sender.ledger, ADA)
    readers.set_status(ADA.key, Status.UNSUBSCRIBED, by="command line", now=NOW)
    sender.ledger.take_back(LATER)
    assert status_of(readers) is Status.UNSUBSCRIBED


def test_somebody_who_is_on_no_list_is_only_tried_again(sender: Sender) -> None:
    """There is nothing to put back."""
    refuse(sender.ledger, ADA)
    sender.ledger.take_back(LATER)
    assert states_in(sender.ledger) == {"ada": State.DEFERRED}


def test_what_is_believed_stands(sender: Sender, readers: Store) -> None:
    """Now, and for the next sender."""
    refuse(sender.ledger, ADA)
    sender.ledger.believe(LATER)
    sender.ledger.take_back(LATER)
    assert sender.ledger.taken_back == ()
    sender.end()
    Sender(sender.path).end()
    assert status_of(readers) is Status.BOUNCED
    with SqliteLedger(sender.path, "smtp") as ledger:
        assert states_in(ledger) == {"ada": State.REJECTED}


@pytest.mark.parametrize("end", [Sender.die, Sender.end])
def test_what_a_dead_sender_left_to_doubt_is_taken_back(
    path: Path, readers: Store, end: Callable[[Sender], None]
) -> None:
    """By whoever takes the campaign up next, before they count who is due."""
    before = Sender(path)
    refuse(before.ledger, ADA)
    end(before)
    assert status_of(readers) is Status.BOUNCED
    with SqliteLedger(path, "smtp") as ledger, ledger.lock(CAMPAIGN, NOW):
        assert status_of(readers) is Status.CONFIRMED
        assert states_in(ledger) == {"ada": State.DEFERRED}
        assert ledger.taken_back == (), "nobody of this run"


def test_other_campaigns_are_no_ones_business(path: Path, readers: Store) -> None:
    """Each campaign has its own server to doubt, and its own sender to die."""
    sender = Sender(path)
    refuse(sender.ledger, ADA)
    with SqliteLedger(path, "smtp") as other:
        with other.lock("issue-6", NOW):
            other.started("issue-6", NOW)
            other.use("issue-6")
            other.take_back(LATER)
        assert status_of(readers) is Status.BOUNCED
    sender.ledger.take_back(LATER)
    assert status_of(readers) is Status.CONFIRMED
    sender.end()


def test_only_the_latest_can_be_taken_back(
    sender: Sender, readers: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those before are believed: enough was answered since without an alarm."""
    monkeypatch.setattr(bounces, "RECENT", 2)
    for each in (ADA, BO, CY):
        refuse(sender.ledger, each)
    sender.ledger.take_back(LATER)
    assert sender.ledger.taken_back == [BO.key, CY.key]
    assert status_of(readers) is Status.BOUNCED
    assert states_in(sender.ledger)["ada"] is State.REJECTED


def test_a_retry_may_doubt_as_well(sender: Sender, readers: Store) -> None:
    """Who was refused before and is unknown now is deferred by taking it back."""
    sender.bring_to(State.REJECTED, [ADA])
    sender.ledger.claim([parcel("ada", attempt=1, since=AT)], LATER)
    sender.ledger.record((), [Entry(ADA, GONE)], LATER)
    sender.ledger.take_back(LATER)
    assert states_in(sender.ledger) == {"ada": State.DEFERRED}
    assert status_of(readers) is Status.CONFIRMED


def test_a_run_takes_back_what_a_server_said_that_knows_hardly_anybody() -> None:
    """Once all is recorded, and before the error is told."""
    scene = Scene(crowd(60), dict.fromkeys(crowd(60), UNKNOWN))
    with pytest.raises(PermanentDeliveryError, match="knows hardly anybody"):
        scene.run()
    assert scene.ledger.verdicts == ["taken back"]


def test_a_run_that_goes_to_its_end_believes_the_server() -> None:
    """Be it that nobody of a few is known: the last address may well be wrong."""
    scene = Scene(crowd(3), dict.fromkeys(crowd(3), UNKNOWN))
    scene.run()
    assert scene.ledger.verdicts == ["believed"]


@pytest.mark.parametrize(("every", "verdict"), [(1, "taken back"), (3, "believed")])
def test_somebody_who_says_stop_may_have_seen_it(every: int, verdict: str) -> None:
    """If most were unknown until then it is taken back, however few they were."""
    people = crowd(60)
    scene = Scene(people, dict.fromkeys(people[::every], UNKNOWN))
    scene.helm = Helm(stop=12)
    scene.sink.capacity = 1
    scene.run()
    assert 0 < list(scene.outcomes.values()).count("rejected") <= 20
    assert scene.ledger.verdicts == [verdict]


def test_an_end_in_good_order_without_trouble_believes() -> None:
    """There is nothing to doubt where everybody was known."""
    scene = Scene(crowd(3), dict.fromkeys(crowd(3), OK))
    scene.run()
    assert scene.ledger.verdicts == ["believed"]


def test_a_plan_sees_them_as_the_next_sender_will(path: Path, readers: Store) -> None:
    """On the list, and due; who left in the meantime, or is gone for sure, is not."""
    dead = Sender(path)
    refuse(dead.ledger, ADA, BO)
    dead.ledger.believe(AT)
    refuse(dead.ledger, CY, parcel("dan"))
    put_on_list(path, ["dan"], status=Status.UNSUBSCRIBED)
    dead.die()
    with (
        Due(path, sink="smtp", campaign=CAMPAIGN) as due,
        Account(path, "smtp") as seen,
    ):
        foreseen = list(due.everybody(seen.aftermath(CAMPAIGN, NOW)))
        Sender(path, at=LATER).end()
        assert list(due.everybody()) == foreseen
    assert [(who.status, who.state) for who in foreseen] == [
        (Status.BOUNCED, State.REJECTED),
        (Status.BOUNCED, State.REJECTED),
        (Status.CONFIRMED, State.DEFERRED),
        (Status.UNSUBSCRIBED, State.DEFERRED),
    ]
