"""The outbox of letters: nothing is lost, and nothing leaves twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from distribute.audience.database.database import to_milliseconds
from distribute.audience.reception.letters import LEASE, Fate, Kind
from distribute.mailbox import Mailbox
from tests.audience.receiving import ADA, AR, EN, NOW, House, house


@pytest.fixture
def here(path: Path) -> Iterator[House]:
    """Open an outbox with nothing in it."""
    with house(path) as opened:
        yield opened


def test_a_letter_is_taken_up_once(here: House) -> None:
    """Two who look at the same time do not both write it."""
    here.letters.ask(Kind.JOIN, Mailbox(ADA.address, "Spam"), AR, now=NOW)
    (letter,) = here.letters.claim(NOW)
    assert (letter.kind, letter.mailbox, letter.language) == (Kind.JOIN, ADA, AR)
    assert here.letters.claim(NOW) == ()


def test_asking_again_before_it_left_makes_no_second_letter(here: House) -> None:
    """Whoever presses the button three times gets one letter."""
    for _ in range(3):
        here.letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    assert len(here.letters.claim(NOW)) == 1


def test_what_a_dead_process_had_taken_up_is_written_by_the_next(here: House) -> None:
    """Nothing of it had left, so nothing is lost and nothing comes twice."""
    here.letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    (letter,) = here.letters.claim(NOW)
    (again,) = here.letters.claim(NOW + LEASE)
    assert replace(again, until=letter.until, is_orphan=False) == letter
    assert again.is_orphan


def test_who_takes_long_can_keep_what_they_have_taken_up(here: House) -> None:
    """A slow pace makes nobody believe that they are dead."""
    here.letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    (letter,) = here.letters.claim(NOW)
    here.letters.hold([letter], NOW + LEASE / 2)
    assert here.letters.claim(NOW + LEASE) == ()
    (again,) = here.letters.claim(NOW + LEASE * 3 / 2)
    assert again.number == letter.number


def test_what_may_have_left_is_never_sent_again(here: House) -> None:
    """Of a process that died while a letter was on its way, nobody knows if it arrived."""
    here.letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    (letter,) = here.letters.claim(NOW)
    assert here.letters.start([letter]) == {letter.number}
    assert here.letters.claim(NOW + LEASE) == ()
    (past,) = here.letters.of(ADA.key)
    assert past.fate is Fate.UNCERTAIN
    assert here.letters.next_due() is None


def test_a_letter_that_is_put_off_is_due_then(here: House) -> None:
    """The attempt is counted, and the server's words are kept."""
    here.letters.ask(Kind.LINK, ADA, EN, now=NOW)
    (letter,) = here.letters.claim(NOW)
    due = NOW + timedelta(minutes=5)
    here.letters.put_off(letter, to_milliseconds(due), "450 later")
    assert here.letters.next_due() == to_milliseconds(due)
    assert here.letters.claim(due - timedelta(seconds=1)) == ()
    (again,) = here.letters.claim(due)
    assert again.attempt == 1
    assert here.letters.of(ADA.key)[0].text == "450 later"


def test_whoever_stood_still_lets_nothing_leave_that_others_took_up(
    here: House,
) -> None:
    """Neither before the other lets it go, nor while it is on its way, nor after."""
    here.letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    (stale,) = here.letters.claim(NOW)
    (letter,) = here.letters.claim(NOW + LEASE)
    assert here.letters.start([stale]) == frozenset()
    assert here.letters.start([letter]) == {letter.number}
    assert here.letters.start([stale]) == frozenset()
    here.letters.settle(letter, Kind.CONFIRM, Fate.ACCEPTED, "250 OK")
    assert here.letters.start([stale]) == frozenset()


def test_whoever_stood_still_brings_back_nothing_that_has_left(here: House) -> None:
    """They cannot put it off, end it or keep it: it is not theirs."""
    here.letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    (stale,) = here.letters.claim(NOW)
    later = NOW + LEASE
    (letter,) = here.letters.claim(later)
    here.letters.start([letter])
    here.letters.put_off(stale, to_milliseconds(later), "the connection was lost")
    here.letters.settle(stale, Kind.CONFIRM, Fate.REJECTED, "550 no")
    assert here.letters.hold([stale], later + LEASE) == (stale,)
    assert here.letters.claim(later) == ()
    assert here.letters.of(ADA.key)[0].fate is Fate.STARTED


def test_a_lease_that_is_over_is_good_while_nobody_else_has_come(here: House) -> None:
    """A laptop that slept sends what it had taken up, for nobody else can have."""
    here.letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    (letter,) = here.letters.claim(NOW)
    (held,) = here.letters.hold([letter], NOW + 3 * LEASE)
    assert here.letters.start([letter]) == frozenset()
    assert here.letters.start([held]) == {held.number}


def test_a_letter_that_is_asked_for_anew_leaves_once(here: House) -> None:
    """The new one takes the place of one that is in hand and has not left yet."""
    here.letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    (letter,) = here.letters.claim(NOW)
    here.letters.ask(Kind.JOIN, ADA, AR, now=NOW)
    assert here.letters.start([letter]) == frozenset()
    (anew,) = here.letters.claim(NOW)
    assert here.letters.start([anew]) == {anew.number}


def test_an_answer_that_comes_late_is_believed_if_it_was_taken(here: House) -> None:
    """Only who let it go can have heard that; and it is all that is believed."""
    here.letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    (letter,) = here.letters.claim(NOW)
    here.letters.start([letter])
    here.letters.claim(NOW + LEASE)
    here.letters.put_off(letter, to_milliseconds(NOW), "450 later")
    here.letters.settle(letter, Kind.CONFIRM, Fate.REJECTED, "550 no")
    assert here.letters.of(ADA.key)[0].fate is Fate.UNCERTAIN
    here.letters.settle(letter, Kind.CONFIRM, Fate.ACCEPTED, "250 OK")
    (past,) = here.letters.of(ADA.key)
    assert (past.kind, past.fate, past.text) == (Kind.CONFIRM, Fate.ACCEPTED, "250 OK")


def test_letters_that_have_ended_are_forgotten_after_a_while(here: House) -> None:
    """Those that still wait are not."""
    for address in ("a@example.org", "b@example.org"):
        here.letters.ask(Kind.JOIN, Mailbox(address), EN, now=NOW)
    first, _ = here.letters.claim(NOW)
    here.letters.settle(first, Kind.CONFIRM, Fate.ACCEPTED, "250 OK")
    (past,) = here.letters.of("a@example.org")
    assert (past.kind, past.fate, past.text) == (Kind.CONFIRM, Fate.ACCEPTED, "250 OK")
    assert here.letters.purge(NOW + timedelta(seconds=1)) == 1
    assert here.letters.of("a@example.org") == ()
    assert here.letters.of("b@example.org") != ()


def test_applications_that_nobody_confirms_are_forgotten(here: House) -> None:
    """An address that somebody typed is not kept for ever."""
    here.ask()
    assert here.applications.purge(NOW) == 0
    assert here.applications.purge(NOW + timedelta(seconds=1)) == 1
    assert here.applications.get(ADA.key) is None
