"""The feed: who is due, page by page, decided about and written to."""

import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from distribute.audience.reception.token import Purpose
from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Entry, Envelope, Outcome, Receipt, State
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.plan.choices import choice_number
from distribute.errors import MailboxError
from distribute.mailbox import Mailbox
from tests.campaign.actors import START
from tests.campaign.mailings import (
    BEGAN,
    IDS,
    SIGNER,
    feed_of,
    names_of,
    parcels_of,
    put_on_list,
    try_to_send,
)

NOBODY = frozenset[State]()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Give the path of a database that is not there yet."""
    return tmp_path / "distribute.db"


@pytest.fixture
def ledger(database: Path) -> Iterator[SqliteLedger]:
    """Give the ledger of somebody who sends the campaign."""
    with SqliteLedger(database, "smtp") as ledger, ledger.lock("issue-5", BEGAN):
        ledger.started("issue-5", BEGAN)
        ledger.use("issue-5")
        yield ledger


def test_a_parcel_has_all_that_a_sink_and_a_ledger_need(database: Path) -> None:
    """The ids and links are those of a plan; the message is the reader's own."""
    put_on_list(database, ["Ada@Example.org"], languages="pt-PT")
    (batch,) = feed_of(database).batches()
    (parcel,) = batch.parcels
    mailbox = Mailbox("Ada@Example.org")
    reason = "asked for pt-PT, pt-BR is nearest"
    number = choice_number("pt-BR", reason)

    assert parcel[:6] == (
        mailbox.key,
        IDS.of("issue-5", mailbox.key, "pt-BR"),
        mailbox.address,
        number,
        0,
        0,
    )
    assert batch.choices == {number: ("pt-BR", reason)}
    assert parcel.envelope == Envelope(
        f"5/pt-br/{parcel.id}", "bounces@example.org", mailbox.address
    )
    content = b"".join(parcel.message.pieces)
    assert len(content) == parcel.message.size
    assert b"Words in pt-BR." in content
    assert b"Ada" in content
    token = SIGNER.unsubscribe(mailbox)
    assert SIGNER.read(token, Purpose.UNSUBSCRIBE) == mailbox.key
    links = feed_of(database).links(mailbox)
    assert links.unsubscribe == f"https://news.example.org/u/{token}"
    assert f"<{links.unsubscribe}>".encode() in content.replace(b"\r\n ", b"")
    start, _, token = links.preferences.rpartition("/")
    assert SIGNER.read(token, Purpose.PREFERENCES) == mailbox.key
    assert start == "https://news.example.org/p"
    assert links.preferences.encode() in content.replace(b"=\r\n", b"")


def test_everybody_comes_once_in_the_order_of_keys(database: Path) -> None:
    """However many there are on a page; only the confirmed."""
    names = [f"reader{number:03}" for number in range(25)]
    put_on_list(database, reversed(names))
    put_on_list(database, ["pia"], status=Status.PENDING)
    put_on_list(database, ["uwe"], status=Status.UNSUBSCRIBED)
    for page in (1, 7, 25, 500):
        feed = feed_of(database, page=page)
        assert names_of(feed.batches()) == names
        assert max(len(batch.parcels) for batch in feed.batches()) <= page


def test_each_edition_is_written_in_its_own_words(database: Path) -> None:
    """Also where several are on one page."""
    put_on_list(database, ["ada", "cy"], languages="en")
    put_on_list(database, ["bo", "di"], languages="pt-BR")
    bodies = [
        b"".join(p.message.pieces) for p in parcels_of(feed_of(database).batches())
    ]
    assert [b"Words in pt-BR." in body for body in bodies] == [False, True, False, True]
    assert [b"Words in en." in body for body in bodies] == [True, False, True, False]


def test_whoever_gets_none_is_passed_over_with_the_reason(database: Path) -> None:
    """The reason is named by a number, like those of the others."""
    put_on_list(database, ["ada"])
    put_on_list(database, ["bo"], languages="de", only_these=True)
    (batch,) = feed_of(database).batches()
    number = choice_number("", "wants only de, and there is no edition")
    assert batch.skipped == [("bo@example.org", "bo@example.org", number)]
    assert batch.choices[number] == ("", "wants only de, and there is no edition")
    assert len(batch.choices) == 2
    assert names_of([batch]) == ["ada"]


def test_whoever_cannot_be_written_to_is_refused_with_the_reason(
    database: Path,
) -> None:
    """Without a message, and without harm to the others."""
    put_on_list(database, ["ada", "bo\r\nBcc: x@example.org", "cy"])
    (batch,) = feed_of(database).batches()
    ((parcel, receipt),) = batch.refused
    assert names_of([batch]) == ["ada", "cy"]
    assert parcel.message.pieces == ()
    assert parcel.id == IDS.of("issue-5", Mailbox(parcel.address).key, "en")
    assert receipt.outcome is Outcome.REJECTED
    with pytest.raises(MailboxError) as raised:
        feed_of(database).addressing.envelope(Mailbox(parcel.address), "en", "x")
    assert receipt.text == raised.value.reason


def test_whoever_is_on_record_does_not_come_again(
    database: Path, ledger: SqliteLedger
) -> None:
    """Unless merely deferred, and those come last."""
    put_on_list(database, ["ada", "bo", "cy"])
    first, *_ = feed_of(database, page=1).batches()
    try_to_send(ledger, [first], at=START - 9, outcome=Outcome.DEFERRED, due=START + 9)
    feed = feed_of(database)
    assert names_of(feed.batches()) == ["bo", "cy", "ada"]
    (ada,) = [p for p in parcels_of(feed.batches()) if p.key.startswith("ada")]
    assert (ada.attempt, ada.since) == (1, START - 9)
    assert ada.id == first.parcels[0].id
    bo = names_of(replace(feed, again=NOBODY).batches())
    assert bo == ["bo", "cy"]
    try_to_send(ledger, feed.batches(), at=START, outcome=Outcome.ACCEPTED)
    assert names_of(feed.batches()) == []


def test_only_those_whose_time_had_come(database: Path, ledger: SqliteLedger) -> None:
    """For a run that somebody has made a habit of."""
    put_on_list(database, ["ada", "bo"])
    for batch, due in zip(
        [*feed_of(database, page=1).batches()], (START, START + 1), strict=True
    ):
        try_to_send(ledger, [batch], at=START - 9, outcome=Outcome.DEFERRED, due=due)
    assert names_of(feed_of(database, due_only=True).batches()) == ["ada"]
    assert names_of(feed_of(database).batches()) == ["ada", "bo"]


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.UNCERTAIN])
def test_others_come_again_only_if_asked(
    database: Path, ledger: SqliteLedger, outcome: Outcome
) -> None:
    """The refused and the uncertain, without those never tried if need be."""
    put_on_list(database, ["ada"])
    feed = feed_of(database)
    try_to_send(ledger, feed.batches(), at=START - 9, outcome=outcome)
    put_on_list(database, ["bo"])
    assert names_of(feed.batches()) == ["bo"]
    asked = replace(feed, fresh=False, again=frozenset({State(outcome.value)}))
    assert names_of(asked.batches()) == ["ada"]
    assert asked.next_due() is None
    assert [*asked.due(START + 10**9)] == []


def test_the_deferred_of_this_run_wait_for_their_time(
    database: Path, ledger: SqliteLedger
) -> None:
    """They are no business of the pages of everybody; `due` gives them."""
    put_on_list(database, ["ada", "bo", "cy"])
    feed = feed_of(database, page=1)
    batches = feed.batches()
    try_to_send(
        ledger, [next(batches)], at=START + 1, outcome=Outcome.DEFERRED, due=START + 50
    )
    assert names_of(batches) == ["bo", "cy"]
    assert feed.next_due() == START + 50
    assert names_of(feed.due(START + 49)) == []
    assert names_of(feed.due(START + 50)) == ["ada"]


def test_those_deferred_before_are_left_to_the_pages_while_these_go_on(
    database: Path, ledger: SqliteLedger
) -> None:
    """Otherwise somebody could be taken up twice at once."""
    put_on_list(database, ["ada"])
    feed = feed_of(database)
    before = {"at": START - 1, "outcome": Outcome.DEFERRED, "due": START + 5}
    try_to_send(ledger, feed.batches(), **before)  # type: ignore[arg-type]  # as named
    put_on_list(database, ["bo"])
    now = {"at": START, "outcome": Outcome.DEFERRED, "due": START + 5}
    fresh = replace(feed, again=NOBODY)
    try_to_send(ledger, fresh.batches(), **now)  # type: ignore[arg-type]  # as named
    assert names_of(feed.due(START + 9, only_new=True)) == ["bo"]
    assert names_of(feed.batches()) == ["ada"]
    assert names_of(feed.due(START + 9)) == ["ada", "bo"]


def test_whoever_leaves_meanwhile_is_not_on_the_next_page(
    database: Path, ledger: SqliteLedger
) -> None:
    """Suppression is looked at page by page, also for the deferred."""
    put_on_list(database, ["ada", "bo", "cy"])
    feed = feed_of(database, page=1)
    batches = feed.batches()
    try_to_send(ledger, [next(batches)], at=START, outcome=Outcome.DEFERRED, due=START)
    put_on_list(database, ["ada", "cy"], status=Status.UNSUBSCRIBED)
    assert names_of(batches) == ["bo"]
    assert names_of(feed.due(START + 9)) == []


def test_parts_of_a_feed_are_the_whole(database: Path, ledger: SqliteLedger) -> None:
    """The first few here, the others and the deferred there, in the same order."""
    put_on_list(database, [f"tried{number}" for number in range(3)])
    feed = feed_of(database, page=3)
    try_to_send(ledger, feed.batches(), at=START - 9, outcome=Outcome.DEFERRED, due=1)
    put_on_list(database, [f"reader{number:02}" for number in range(20)])
    whole = names_of(feed.batches())
    assert len(whole) == 23
    for count in (1, 5, 9, 20, 500):
        here, there = feed.split(count)
        assert len(names_of(here.batches())) == min(count, 20)
        assert names_of(here.batches()) + names_of(there.batches()) == whole
    again_only = replace(feed, fresh=False)
    here, there = again_only.split(5)
    assert names_of(here.batches()) == []
    assert names_of(there.batches()) == ["tried0", "tried1", "tried2"]
    assert feed.has(23)
    assert not feed.has(24)
    assert not again_only.has(4)


def test_a_feed_works_the_same_elsewhere(database: Path) -> None:
    """Pickled for another process, it gives the very same parcels."""
    put_on_list(database, ["ada", "bo"])
    feed = feed_of(database)
    elsewhere = pickle.loads(pickle.dumps(feed))  # noqa: S301 - our own, just made
    assert [*elsewhere.batches()] == [*feed.batches()]


def test_a_ledger_takes_what_a_feed_gives(database: Path, ledger: SqliteLedger) -> None:
    """Refused ones and passed over ones included."""
    put_on_list(database, ["ada", "bo\x01"])
    put_on_list(database, ["cy"], languages="de", only_these=True)
    for batch in feed_of(database).batches():
        ledger.name_choices(batch.choices)
        ledger.skip(batch.skipped)
        ledger.claim([*batch.parcels, *(p for p, _ in batch.refused)], START)
        ledger.record(batch.parcels, [Entry(p, r) for p, r in batch.refused], START)
        ok = Receipt(Outcome.ACCEPTED, 250)
        ledger.record((), [Entry(p, ok) for p in batch.parcels], START)
    assert names_of(feed_of(database).batches()) == []
