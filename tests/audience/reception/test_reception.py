"""The reception: who may join, how they leave, and that asking tells nothing."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from distribute.audience.consent import Act
from distribute.audience.reception.letters import LEASE, Fate, Kind
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.suppression import Reason
from distribute.mailbox import Mailbox
from distribute.render.public.forms import Wishes
from tests.audience.receiving import ADA, AR, EN, NET, NOW, House, house

LATER = NOW + timedelta(days=1)


@pytest.fixture
def here(path: Path) -> Iterator[House]:
    """Open a reception with nobody on the list."""
    with house(path) as opened:
        yield opened


def _known(here: House, status: Status) -> None:
    here.store.put(Subscriber(mailbox=ADA, status=status), by="test", now=NOW)


def test_a_newcomer_is_asked_to_confirm(here: House) -> None:
    """Nobody is on the list because somebody wrote their address into a form."""
    here.ask()
    assert [decision.kind for decision in here.decide()] == [Kind.CONFIRM]
    assert here.store.get(ADA.key) is None


def test_who_confirms_is_on_the_list_with_the_evidence(here: House) -> None:
    """What they chose counts, and it is on record when, how and to what they agreed."""
    here.ask()
    found = here.reception.confirm(ADA.key, source="form", network=NET, now=LATER)
    assert found == here.store.get(ADA.key)
    assert found is not None
    assert (found.status, found.languages) == (Status.CONFIRMED, (AR, EN))
    assert found.joined == LATER
    assert [
        (c.act, c.at, c.wording, c.network) for c in here.store.consents(ADA.key)
    ] == [
        (Act.ASKED, NOW, "0123456789ab", NET),
        (Act.CONFIRMED, LATER, "0123456789ab", NET),
    ]


def test_confirming_twice_is_the_same_as_once(here: House) -> None:
    """Whoever presses the button again is welcome again, and nothing changes."""
    here.ask()
    once = here.reception.confirm(ADA.key, source="form", network=NET, now=NOW)
    twice = here.reception.confirm(ADA.key, source="form", network=NET, now=LATER)
    assert once == twice
    assert len(here.store.consents(ADA.key)) == 2


def test_nobody_confirms_what_nobody_asked_for(here: House) -> None:
    """An old link brings nobody back who has left since."""
    here.ask()
    here.reception.confirm(ADA.key, source="form", network=NET, now=NOW)
    here.reception.leave(ADA.key, source="one-click", network=NET, now=NOW)
    again = here.reception.confirm(ADA.key, source="form", network=NET, now=LATER)
    assert again is None
    assert here.store.count() == {Status.UNSUBSCRIBED: 1}


def test_a_form_in_somebodys_name_changes_nothing_for_them(here: House) -> None:
    """A subscriber who asks gets their link; what the form said is not taken over."""
    _known(here, Status.CONFIRMED)
    here.ask(Mailbox(ADA.address, "Buy Now"))
    assert [decision.kind for decision in here.decide()] == [Kind.KNOWN]
    found = here.reception.confirm(ADA.key, source="form", network=NET, now=NOW)
    assert found is not None
    assert (found.mailbox.name, found.languages) == ("", ())


@pytest.mark.parametrize(
    "status", [Status.PENDING, Status.UNSUBSCRIBED, Status.BOUNCED]
)
def test_who_is_off_the_list_can_come_back(here: House, status: Status) -> None:
    """Whoever left, or whose mailbox did not work once, may ask and confirm."""
    _known(here, status)
    here.ask()
    assert [decision.kind for decision in here.decide()] == [Kind.CONFIRM]
    found = here.reception.confirm(ADA.key, source="form", network=NET, now=NOW)
    assert found is not None
    assert found.status is Status.CONFIRMED


@pytest.mark.parametrize("status", [Status.COMPLAINED, Status.SUPPRESSED])
def test_who_complained_gets_no_letter_at_all(here: House, status: Status) -> None:
    """Nor are they made a subscriber, whatever link somebody has."""
    _known(here, status)
    here.ask()
    assert [decision.kind for decision in here.decide()] == [None]
    assert not here.reception.confirm(ADA.key, source="form", network=NET, now=NOW)
    known = here.store.get(ADA.key)
    assert known is not None
    assert known.status is status


@pytest.mark.parametrize("reason", Reason)
def test_suppression_stands_unless_it_is_theirs_to_lift(
    here: House, reason: Reason
) -> None:
    """Only who left or was forgotten comes back, and then they are off that list."""
    here.suppressions.add(ADA.key, reason, NOW.date())
    here.ask()
    kinds = [decision.kind for decision in here.decide()]
    here.reception.confirm(ADA.key, source="form", network=NET, now=NOW)
    if reason.may_return:
        assert kinds == [Kind.CONFIRM]
        assert here.store.count() == {Status.CONFIRMED: 1}
        assert here.suppressions.is_empty()
    else:
        assert kinds == [None]
        assert here.store.count() == {}
        assert here.suppressions.reason(ADA.key) is reason


def test_asking_leaves_the_same_traces_whoever_asks(here: House) -> None:
    """What is written down does not depend on who is on the list."""
    _known(here, Status.CONFIRMED)
    for mailbox in (ADA, Mailbox("new@example.org")):
        here.ask(mailbox)
        letters = here.letters.of(mailbox.key)
        assert [(each.kind, each.fate) for each in letters] == [
            (Kind.JOIN, Fate.WAITING)
        ]
        assert here.applications.get(mailbox.key) is not None


def test_a_link_is_sent_to_subscribers_alone(here: House) -> None:
    """Whoever is on the list gets the link to their choices; others get nothing."""
    _known(here, Status.CONFIRMED)
    here.reception.send_link(ADA, language=EN, now=NOW)
    here.reception.send_link(Mailbox("new@example.org"), language=EN, now=NOW)
    assert [decision.kind for decision in here.decide()] == [Kind.PREFERENCES, None]


def test_nobody_is_flooded_with_letters(here: House) -> None:
    """Three letters an hour and six a day go to a mailbox, whoever asks for them."""
    kinds = []
    for minutes in range(0, 600, 10):
        at = NOW + timedelta(minutes=minutes)
        here.ask(at=at)
        for letter in here.letters.claim(at):
            kinds.append(here.reception.decide(letter, at).kind)
            here.letters.settle(letter, Kind.CONFIRM, Fate.ACCEPTED)
    assert kinds.count(Kind.CONFIRM) == 6
    assert kinds[:6] == [Kind.CONFIRM] * 3 + [None] * 3


def test_nobody_is_flooded_by_other_spellings_of_their_address(here: House) -> None:
    """Dots, and what follows a plus sign, lead to the same mailbox with many."""
    for number in range(6):
        here.ask(Mailbox(f"Ad.a+{number}@example.org"))
        here.ask(Mailbox(f"{'a.d' * number}a@example.com"))
    kinds = [decision.kind for decision in here.decide()]
    assert kinds.count(Kind.CONFIRM) == 3 + 6


def test_what_has_served_its_time_is_forgotten(here: House) -> None:
    """Above all who asked and never confirmed, and that they were written to."""
    within = timedelta(days=7)
    here.ask()
    here.decide()
    (letter,) = here.letters.claim(NOW + timedelta(hours=1))
    here.letters.settle(letter, Kind.CONFIRM, Fate.ACCEPTED)
    here.reception.purge(NOW + within, confirm_within=within)
    assert here.applications.get(ADA.key)
    here.reception.purge(NOW + timedelta(days=9), confirm_within=within)
    assert here.applications.get(ADA.key) is None
    assert len(here.letters.of(ADA.key)) == 1
    here.reception.purge(NOW + timedelta(days=31), confirm_within=within)
    assert here.letters.of(ADA.key) == ()
    counted = here.store.connection.execute("SELECT count(*) FROM visit")
    assert counted.fetchone() == (0,)


def test_a_second_attempt_at_a_letter_does_not_count_twice(here: House) -> None:
    """A server that asks for patience uses nobody's letters up."""
    here.ask()
    for attempt in range(10):
        at = NOW + timedelta(minutes=attempt)
        (letter,) = here.letters.claim(at)
        assert here.reception.decide(letter, at).kind is Kind.CONFIRM
        here.letters.put_off(letter, 0, "later")


def test_a_letter_whose_sender_died_does_not_count_twice(here: House) -> None:
    """However often a process ends in the midst, somebody waits for it."""
    here.ask()
    for number in range(10):
        at = NOW + number * LEASE
        (letter,) = here.letters.claim(at)
        assert here.reception.decide(letter, at).kind is Kind.CONFIRM


def test_letters_to_everybody_wait_when_there_are_too_many(here: House) -> None:
    """Over 2,000 an hour are put off to the next one, and none is dropped."""
    for number in range(2001):
        here.ask(Mailbox(f"u{number}@example.org"))
    decisions = []
    with here.store.transaction():
        for letter in here.letters.claim(NOW, 3000):
            decisions.append(here.reception.decide(letter, NOW))
    assert [each.kind for each in decisions[:-1]] == [Kind.CONFIRM] * 2000
    assert decisions[-1].kind is None
    assert decisions[-1].wait == timedelta(hours=1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.CONFIRMED, Status.UNSUBSCRIBED),
        (Status.PENDING, Status.UNSUBSCRIBED),
        (Status.BOUNCED, Status.UNSUBSCRIBED),
        (Status.UNSUBSCRIBED, Status.UNSUBSCRIBED),
        (Status.COMPLAINED, Status.COMPLAINED),
        (Status.SUPPRESSED, Status.SUPPRESSED),
    ],
)
def test_who_leaves_has_left(here: House, before: Status, after: Status) -> None:
    """Nobody is nearer to the newsletter afterwards than before."""
    _known(here, before)
    for _ in range(2):
        assert here.reception.leave(ADA.key, source="one-click", network=NET, now=NOW)
    known = here.store.get(ADA.key)
    assert known is not None
    assert known.status is after
    left = [c for c in here.store.consents(ADA.key) if c.act is Act.LEFT]
    assert len(left) == (before is not after)


def test_who_leaves_and_is_unknown_cannot_be_imported_later(here: House) -> None:
    """A link outlives the database: what its bearer wants is kept in mind."""
    assert not here.reception.leave(ADA.key, source="one-click", network=NET, now=NOW)
    assert here.suppressions.reason(ADA.key) is Reason.LEFT
    here.store.add(Subscriber(mailbox=ADA), by="import", now=LATER)
    assert here.store.get(ADA.key) is None


def test_choices_are_kept_and_noted_once(here: House) -> None:
    """Name, languages and pause are theirs to set; saying the same again is no change."""
    _known(here, Status.CONFIRMED)
    wishes = Wishes(
        name="Ada", languages=(AR,), only_these=True, paused_until=date(2026, 12, 24)
    )
    for _ in range(2):
        found = here.reception.choose(
            ADA.key, wishes, source="form", network=NET, now=NOW
        )
        assert found == here.store.get(ADA.key)
        assert found is not None
        assert found.mailbox == Mailbox(ADA.address, "Ada")
        assert (found.languages, found.only_these) == ((AR,), True)
        assert found.paused_until == date(2026, 12, 24)
    assert [c.act for c in here.store.consents(ADA.key)] == [Act.CHOSE]


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.CONFIRMED])
def test_choosing_brings_nobody_back(here: House, status: Status) -> None:
    """A link in an old mail, which may have been passed on, is no consent."""
    _known(here, status)
    before = here.store.get(ADA.key)
    chosen = here.reception.choose(
        ADA.key, Wishes(name="Eve"), source="form", network=NET, now=NOW
    )
    assert chosen is None
    assert here.store.get(ADA.key) == before
