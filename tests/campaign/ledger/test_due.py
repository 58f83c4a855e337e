"""Who is owed the issue, a page at a time: nobody twice, nobody left out, and soon."""

import pickle
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from distribute.audience.database.database import explained, open_database, transaction
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Entry, State
from distribute.campaign.ledger.due import Due, Waiting
from distribute.campaign.plan.survey import Standing
from distribute.errors import AudienceError
from tests.campaign.actors import parcel
from tests.campaign.mailings import BEGAN, put_on_list
from tests.campaign.senders import AT, CAMPAIGN, DEFERRED, LATER, Sender

NAMES = [f"u{number:02}" for number in range(20)]
TROUBLES = (State.DEFERRED, State.REJECTED, State.UNCERTAIN)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a list of twenty people who have confirmed."""
    database = tmp_path / "distribute.db"
    put_on_list(database, NAMES, languages="pt-BR en")
    return database


@pytest.fixture
def sender(path: Path) -> Iterator[Sender]:
    """Have somebody send the campaign."""
    working = Sender(path)
    yield working
    working.end()


@pytest.fixture
def due(path: Path) -> Iterator[Due]:
    """Look who is due."""
    with Due(path, sink="smtp", campaign=CAMPAIGN) as opened:
        yield opened


def _names(page: Sequence[Waiting]) -> list[str]:
    return [person.key.partition("@")[0] for person in page]


def _all_fresh(due: Due, *, limit: int = 3) -> list[str]:
    after, found = "", []
    while page := due.fresh(after, limit):
        assert len(page) <= limit
        after = page[-1].key
        found += _names(page)
    return found


def test_before_it_begins_everybody_confirmed_is_due(due: Due, path: Path) -> None:
    """In the order of the keys, with what it takes to choose an edition and write."""
    put_on_list(path, ["a-left"], status=Status.UNSUBSCRIBED)
    put_on_list(path, ["Zoe"], only_these=True, languages="fr")
    assert _all_fresh(due) == [*NAMES, "zoe"]
    (last,) = due.fresh("u19@example.org", 5)
    assert last == Waiting("zoe@example.org", "Zoe@example.org", "Zoe", "fr", 1)
    assert (last.attempt, last.since) == (0, 0)


def test_who_is_in_the_ledger_is_due_no_more(sender: Sender, due: Due) -> None:
    """Whatever became of them; pages are as long as they can be."""
    for number, state in enumerate(State):
        if state is not State.SKIPPED:
            sender.bring_to(state, [parcel(f"u{number:02}")], due=LATER)
    assert _all_fresh(due) == NAMES[6:]
    assert len(due.fresh("", 4)) == 4


def test_pages_do_not_shift_while_they_are_claimed(sender: Sender, due: Due) -> None:
    """Claiming a page, giving some back and failing leaves nobody out of the others."""
    found, after = [], ""
    while page := due.fresh(after, 3):
        after = page[-1].key
        found += _names(page)
        sender.ledger.claim([parcel(person.key) for person in page], AT)
    assert found == NAMES
    sender.ledger.give_back(AT)
    assert _all_fresh(due) == NAMES


def test_the_first_is_found_once_for_all(due: Due, sender: Sender) -> None:
    """Whoever comes before has been served or left; behind a key, only what follows."""
    assert due.before_fresh("") == ""
    sender.bring_to(State.ACCEPTED, [parcel(name) for name in NAMES[:7]])
    before = due.before_fresh("")
    assert before == f"{NAMES[6]}@example.org"
    assert due.fresh(before, 30) == due.fresh("", 30)
    assert due.before_fresh(f"{NAMES[11]}@example.org") == f"{NAMES[11]}@example.org"
    sender.bring_to(State.ACCEPTED, [parcel(name) for name in NAMES[7:]])
    assert due.before_fresh("") == ""


def test_a_place_is_counted_from_there(due: Due, sender: Sender) -> None:
    """The key at a place, or nothing if there are fewer."""
    sender.bring_to(State.ACCEPTED, [parcel(name) for name in NAMES[:7]])
    assert due.fresh_at(1, "") == f"{NAMES[7]}@example.org"
    assert due.fresh_at(2, f"{NAMES[8]}@example.org") == f"{NAMES[10]}@example.org"
    assert due.fresh_at(13, "") == f"{NAMES[19]}@example.org"
    assert due.fresh_at(14, "") == ""


def test_who_was_passed_over_is_looked_at_again(sender: Sender, due: Due) -> None:
    """The reason they got nothing may be gone by the next run."""
    sender.ledger.skip([("u03@example.org", "u03@example.org", 7)])
    assert "u03" in _all_fresh(due)


def test_who_leaves_meanwhile_is_due_no_more(
    sender: Sender, due: Due, path: Path
) -> None:
    """The list is read as it stands when a page is fetched."""
    sender.bring_to(State.DEFERRED, [parcel("u00")], due=LATER)
    assert _names(due.again([State.DEFERRED], "", 5)) == ["u00"]
    with Store.open(path) as store:
        for name in ("u00", "u02"):
            key = f"{name}@example.org"
            store.set_status(key, Status.UNSUBSCRIBED, by="one click", now=BEGAN)
        store.erase("u03@example.org")
    assert _names(due.fresh("u01", 2)) == ["u01", "u04"]
    assert due.again([State.DEFERRED], "", 5) == []
    assert due.count_again([State.DEFERRED]) == []
    assert sum(count for *_, count in due.count_fresh()) == 17


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([State.DEFERRED], ["u00", "u03"]),
        ([State.REJECTED], ["u01"]),
        ([State.UNCERTAIN], ["u02"]),
        (TROUBLES, ["u00", "u01", "u02", "u03"]),
        ([], []),
        ([State.ACCEPTED], []),
    ],
)
def test_who_was_tried_is_due_again_by_state(
    sender: Sender, due: Due, states: Sequence[State], expected: list[str]
) -> None:
    """Those of the states asked for, page by page, and as many as are counted."""
    for number, state in enumerate((*TROUBLES, State.DEFERRED, State.ACCEPTED)):
        sender.bring_to(state, [parcel(f"u{number:02}")], due=LATER)
    found, after = [], ""
    while page := due.again(states, after, 1):
        after = page[-1].key
        found += _names(page)
    assert found == _names(due.again(states, "", 9)) == expected
    assert due.count_again(states) == (
        [("pt-BR en", 0, len(expected))] if expected else []
    )


def test_who_is_due_again_knows_of_the_attempts(sender: Sender, due: Due) -> None:
    """How many there were and when they began goes into the next parcel."""
    sender.bring_to(State.DEFERRED, [parcel("u00")], due=LATER)
    (once,) = due.again([State.DEFERRED], "", 9)
    assert (once.attempt, once.since) == (1, AT)
    second = parcel("u00", attempt=once.attempt, since=once.since)
    sender.bring_to(State.REJECTED, [second], at=LATER)
    (twice,) = due.again([State.REJECTED], "", 9)
    assert (twice.attempt, twice.since) == (2, AT)


@pytest.mark.parametrize("few", [0, 100])
def test_the_deferred_have_to_wait_for_their_time(
    sender: Sender, due: Due, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a time, only those whose own has come are due; found in either of two ways."""
    monkeypatch.setattr("distribute.campaign.ledger.due._FEW", few)
    assert due.next_due() is None
    for number in (3, 1, 2):
        late = LATER + number * 1000
        sender.bring_to(State.DEFERRED, [parcel(f"u{number:02}")], due=late)
    sender.bring_to(State.REJECTED, [parcel("u05")])
    assert due.next_due() == LATER + 1000
    at = LATER + 2000
    assert due.again([State.DEFERRED], "", 9, due_by=LATER) == []
    assert _names(due.again([State.DEFERRED], "", 9, due_by=at)) == ["u01", "u02"]
    assert _names(due.again([State.DEFERRED], "", 1, due_by=at)) == ["u01"]
    assert _names(due.again([State.DEFERRED], "u01@z", 9, due_by=at)) == ["u02"]
    again = due.again([State.DEFERRED, State.REJECTED], "", 9, due_by=at)
    assert _names(again) == ["u01", "u02", "u05"]


def test_a_deferral_without_a_time_is_due_at_once(sender: Sender, due: Due) -> None:
    """Nobody is forgotten for want of a time."""
    sender.ledger.claim([parcel("u00")], AT)
    sender.ledger.record((), [Entry(parcel("u00"), DEFERRED)], LATER)
    assert due.next_due() == LATER
    assert _names(due.again([State.DEFERRED], "", 9, due_by=LATER)) == ["u00"]


def test_those_never_tried_are_counted_by_wish(
    sender: Sender, due: Due, path: Path
) -> None:
    """So that a plan's counts need no person: languages, only these, how many."""
    put_on_list(path, ["x1", "x2"])
    put_on_list(path, ["x3"], languages="fr", only_these=True)
    put_on_list(path, ["x4"], languages="fr", status=Status.BOUNCED)
    sender.bring_to(State.ACCEPTED, [parcel(name) for name in NAMES[:5]])
    assert due.count_fresh() == [("", 0, 2), ("fr", 1, 1), ("pt-BR en", 0, 15)]


def test_everybody_is_shown_with_their_state(
    sender: Sender, due: Due, path: Path
) -> None:
    """By key, whatever their status; the state is empty where nothing is on record."""
    put_on_list(path, ["a"], status=Status.BOUNCED)
    sender.bring_to(State.ACCEPTED, [parcel("u01")])
    first, second, third, *others = due.everybody()
    assert first == Standing("a@example.org", "", 0, "bounced", "")
    assert second == Standing("u00@example.org", "pt-BR en", 0, "confirmed", "")
    assert third == Standing("u01@example.org", "pt-BR en", 0, "confirmed", "accepted")
    assert len(others) == 18


def test_other_campaigns_and_sinks_do_not_matter(sender: Sender, path: Path) -> None:
    """Whoever had another issue, or a rehearsal of this one, is due all the same."""
    sender.bring_to(State.ACCEPTED, [parcel("u00")])
    sender.bring_to(State.DEFERRED, [parcel("u01")], due=LATER)
    for sink, campaign in (("smtp", "issue-6"), ("file", CAMPAIGN)):
        with Due(path, sink=sink, campaign=campaign) as other:
            assert _all_fresh(other, limit=50) == NAMES
            assert other.again(TROUBLES, "", 9) == []
            assert other.next_due() is None


def test_it_only_reads(due: Due) -> None:
    """Not even by mistake can the list be changed from here."""
    with (
        pytest.raises(AudienceError, match=r"read-?only"),
        explained(due.place),
    ):
        due._connection.execute("DELETE FROM subscriber")


def test_it_goes_on_while_somebody_writes(due: Due, path: Path) -> None:
    """A transaction elsewhere, however long, does not hold a page up."""
    with closing(open_database(path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM subscriber")
        assert len(due.fresh("", 50)) == 20
        writer.execute("ROLLBACK")


def test_pages_can_be_sent_to_another_process(due: Due) -> None:
    """They are plain values, so that somebody else can read ahead of the sender."""
    page = due.fresh("", 2)
    assert pickle.loads(pickle.dumps(page)) == page  # noqa: S301 - our own bytes


def test_a_file_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    """The error says what is wrong with it."""
    with pytest.raises(AudienceError, match="cannot be used"):
        Due(tmp_path, sink="smtp", campaign=CAMPAIGN)


def test_the_first_page_behind_many_comes_soon(path: Path) -> None:
    """Those who have had it are passed in the database, not one by one in Python."""
    with closing(open_database(path)) as connection, transaction(connection):
        connection.execute(
            "INSERT INTO campaign (number, sink, id, started)"
            " VALUES (1, 'smtp', 'issue-5', '')"
        )
        people = [(f"a{number:06}", number) for number in range(50_000)]
        connection.executemany(
            "INSERT INTO subscriber (key, address, name, languages, only_these, status,"
            " source) VALUES (?, '', '', '', 0, 'confirmed', '')",
            [(key,) for key, _ in people],
        )
        connection.executemany(
            "INSERT INTO delivery (campaign, key, number, state, attempt, opened, choice,"
            " since, id, address, code, enhanced, text, stage)"
            " VALUES (1, ?, ? + 1, 'accepted', 1, 1, 1, 1, '', '', 250, '', '', 'end')",
            people,
        )
    with Due(path, sink="smtp", campaign=CAMPAIGN) as due:
        begun = time.process_time()
        assert _names(due.fresh("", 5)) == NAMES[:5]
        assert time.process_time() - begun < 0.5
