"""The outbox of letters: nothing is lost, and nothing leaves twice."""

from collections.abc import Iterator
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
    assert here.letters.claim(NOW + LEASE) == (letter,)


def test_who_takes_long_can_keep_what_they_have_taken_up(here: House) -> None:
    """A slow pace makes nobody believe that they are dead."""
    here.letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    (letter,) = here.letters.claim(NOW)
    here.letters.hold([letter.number], NOW + LEASE / 2)
    assert here.letters.claim(NOW + LEASE) == ()
    assert here.letters.claim(NOW + LEASE * 3 / 2) == (letter,)


def test_what_may_have_left_is_never_sent_again(here: House) -> None:
    """Of a process that died while a letter was on its way, nobody knows if it arrived."""
    here.letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    (letter,) = here.letters.claim(NOW)
    here.letters.start([letter.number])
    assert here.letters.claim(NOW + LEASE) == ()
    (past,) = here.letters.of(ADA.key)
    assert past.fate is Fate.UNCERTAIN
    assert here.letters.next_due() is None


def test_a_letter_that_is_put_off_is_due_then(here: House) -> None:
    """The attempt is counted, and the server's words are kept."""
    here.letters.ask(Kind.LINK, ADA, EN, now=NOW)
    (letter,) = here.letters.claim(NOW)
    due = NOW + timedelta(minutes=5)
    here.letters.put_off(letter.number, to_milliseconds(due), "450 later")
    assert here.letters.next_due() == to_milliseconds(due)
    assert here.letters.claim(due - timedelta(seconds=1)) == ()
    (again,) = here.letters.claim(due)
    assert again.attempt == 1
    assert here.letters.of(ADA.key)[0].text == "450 later"


def test_letters_that_have_ended_are_forgotten_after_a_while(here: House) -> None:
    """Those that still wait are not."""
    for address in ("a@example.org", "b@example.org"):
        here.letters.ask(Kind.JOIN, Mailbox(address), EN, now=NOW)
    first, _ = here.letters.claim(NOW)
    here.letters.settle(first.number, Kind.CONFIRM, Fate.ACCEPTED, "250 OK")
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
