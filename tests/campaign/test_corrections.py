"""Corrections of an issue that was sent, on a real database."""

import pytest

from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Outcome, State
from distribute.campaign.plan.late import LatePolicy
from tests.campaign.house import ISSUE, House


@pytest.fixture
def house(empty_house: House) -> House:
    """Send an issue in two languages to three people, and mend the English one."""
    house = empty_house
    house.texts["es"] = "E"
    house.put("ana", "en")
    house.put("bea", "es")
    house.put("cyd")
    house.send()
    house.texts["en"] = "B"
    return house


def _corrected(house: House, name: str) -> list[tuple[str, str]]:
    """List what somebody got as corrections: language and text."""
    return [(tag, text) for sent, tag, text in house.got(name) if sent != ISSUE]


def test_only_who_got_the_faulty_text_gets_the_right_one(house: House) -> None:
    """Not the readers of another edition, nor who joined later."""
    house.put("dan", "en")
    house.send()
    house.run(house.correction("en"))
    assert _corrected(house, "ana") == _corrected(house, "cyd") == [("en", "B")]
    assert house.got("bea") == [(ISSUE, "es", "E")]
    assert house.got("dan") == [(ISSUE, "en", "B")]


def test_who_has_left_since_gets_none(house: House) -> None:
    """Nor does who bounced; who comes back does, when it goes on."""
    house.put("ana", "en", status=Status.UNSUBSCRIBED)
    correction = house.correction("en")
    house.run(correction)
    assert _corrected(house, "ana") == []
    assert _corrected(house, "cyd") == [("en", "B")]


def test_everybody_is_told_in_the_language_they_got(house: House) -> None:
    """Whatever they wish for by now."""
    house.put("ana", "es", only=True)
    house.run(house.correction("en"))
    assert _corrected(house, "ana") == [("en", "B")]


def test_run_again_it_goes_on(house: House) -> None:
    """The same words about the same text are the same correction, after a kill as well."""
    house.run(house.correction("en"), kill_after=1)
    sent = len(house.inboxes)
    house.run(house.correction("en"))
    house.run(house.correction("en"))
    assert len(house.inboxes) == sent + 1
    assert _corrected(house, "ana") == _corrected(house, "cyd") == [("en", "B")]


def test_other_words_reach_nobody_who_has_the_right_text(house: House) -> None:
    """They are another correction, and nobody is left who needs one."""
    house.run(house.correction("en"))
    again = house.correction("en", words="So sorry.")
    assert again.campaign != house.correction("en").campaign
    assert list(house.waiting(again)) == []


def test_a_second_correction_reaches_who_got_any_older_text(house: House) -> None:
    """Be it the first text, or that of the first correction."""
    house.answers["ana"] = Outcome.REJECTED
    house.run(house.correction("en"))
    house.put("dan", "en")
    house.send()
    house.texts["en"] = "C"
    house.run(house.correction("en"))
    assert _corrected(house, "ana") == [("en", "C")]
    assert _corrected(house, "cyd") == [("en", "B"), ("en", "C")]
    assert _corrected(house, "dan") == [("en", "C")]


def test_what_is_taken_back_is_a_correction_too(house: House) -> None:
    """Who holds the first text needs nothing; who got the wrong correction does."""
    house.answers["ana"] = Outcome.REJECTED
    house.run(house.correction("en"))
    house.texts["en"] = "A"
    house.run(house.correction("en"))
    assert _corrected(house, "ana") == []
    assert _corrected(house, "cyd") == [("en", "B"), ("en", "A")]


def test_nobody_gets_one_correction_twice(house: House) -> None:
    """Who may have it, for the connection was lost, waits for somebody to decide."""
    house.answers["ana"] = Outcome.UNCERTAIN
    house.run(house.correction("en"))
    other = house.correction("en", words="So sorry.")
    assert list(house.waiting(other)) == []
    house.run(house.correction("en"), again={State.UNCERTAIN}, fresh=False)
    assert len(_corrected(house, "ana")) == 2, "somebody decided so"


def test_who_was_put_off_gets_it_once(house: House) -> None:
    """By whichever correction comes first; the other one leaves them out then."""
    house.answers["ana"] = Outcome.DEFERRED
    first = house.correction("en")
    house.run(first)
    house.run(house.correction("en", words="So sorry."))
    assert _corrected(house, "ana") == [("en", "B")]
    house.run(house.correction("en"))
    assert _corrected(house, "ana") == [("en", "B")]


def test_words_in_one_language_reach_that_edition_alone(house: House) -> None:
    """The other one needs words of its own."""
    house.texts["es"] = "F"
    house.run(house.correction("en"))
    assert _corrected(house, "bea") == []
    house.run(house.correction("en", "es"))
    assert _corrected(house, "bea") == [("es", "F")]
    assert _corrected(house, "ana") == [("en", "B")]


def test_of_two_faulty_editions_the_later_one_is_corrected(empty_house: House) -> None:
    """Who got a late edition reads that one."""
    house = empty_house
    house.put("ana", "es en")
    house.send()
    house.texts["es"] = "E"
    house.send(LatePolicy.FALLBACK)
    house.texts |= {"en": "B", "es": "F"}
    house.run(house.correction("en", "es"))
    assert _corrected(house, "ana")[1:] == [("es", "F")]


def test_an_old_text_that_goes_out_by_mistake_later_is_corrected(house: House) -> None:
    """What counts is the text that somebody got, not when the issue was first sent."""
    house.run(house.correction("en"))
    house.texts["en"] = "A"
    house.put("dan", "en")
    house.send()
    house.texts["en"] = "B"
    again = house.correction("en", words="Again.")
    assert [person.key for person, _ in house.waiting(again)] == ["dan@example.org"]
