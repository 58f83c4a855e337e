"""The subject of a mail: what inboxes cut, and what filters and readers distrust."""

import pytest

from distribute.checks.mail import subject
from distribute.finding import Finding, Severity
from tests.checks.press import Press, only, rules

LONG = "A crossing " * 6 + "and the timetable"


def found(press: Press, title: str) -> list[Finding]:
    """Look at a mail with this title."""
    return list(subject.find(press.proof(f"title: {title}")))


@pytest.mark.parametrize(
    "title",
    [
        "The ferry runs again",
        '"NASA, ESA and CNES: three answers!"',
        '"Re-reading the tide tables, $5 a copy"',
        '"Re:Invent the pier"',
        "渡船又开航了：时刻表与新照片",
        "عودة العبّارة إلى الميناء",
        "Ice 🧊 on the pier",
    ],
)
def test_a_plain_title_is_a_good_subject(press: Press, title: str) -> None:
    """Abbreviations, a price, an emoji beside words, any script: nothing is wrong."""
    assert found(press, title) == []


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("THE FERRY RUNS AGAIN", "subject-shouting"),
        ('"Tickets from $$$ today"', "subject-pressing"),
        ('"The ferry runs again!!"', "subject-pressing"),
        ("渡船又开航了！！", "subject-pressing"),
        ('"Re: your ticket"', "subject-reply"),
        ('"FWD: your ticket"', "subject-reply"),
        ('"AW: your ticket"', "subject-reply"),
        ('"İLT: bilet"', "subject-reply"),
        ('"回复：船票"', "subject-reply"),
        ("⛴️🎉", "subject-wordless"),
    ],
)
def test_what_readers_distrust_is_a_warning(
    press: Press, title: str, rule: str
) -> None:
    """Shouting, rows of signs, false replies and subjects without words."""
    (finding,) = found(press, title)
    assert (finding.rule, finding.severity) == (rule, Severity.WARNING)
    assert (finding.path.name, finding.line) == ("2026-11-05-ferry.md", 2)


def test_a_subject_is_measured_as_inboxes_show_it(press: Press) -> None:
    """Sixty columns fit, of which a Chinese character takes two; 180 are no subject."""
    finding = only(found(press, LONG), "subject-long")
    assert finding.severity is Severity.WARNING
    assert "has 83 characters where about 60 are shown" in finding.message
    assert "“A crossing A crossing A crossing A cro…”" in finding.message
    assert rules(found(press, "a" * 60)) == []
    assert rules(found(press, "船" * 30)) == []
    assert "about 30 are shown" in found(press, "船" * 31)[0].message
    assert found(press, "a " * 95)[0].severity is Severity.ERROR


def test_what_the_sender_says_already_may_go(press: Press) -> None:
    """A long title that begins with the newsletter's name is told where to be cut."""
    finding = only(found(press, f'"Harbour Letters #5: {LONG}"'), "subject-long")
    assert finding.hint.startswith("Leave “Harbour Letters #5:” out")


def test_a_family_is_one_character(press: Press) -> None:
    """Emoji sequences and accents count as readers see them."""
    assert found(press, "e\u0301" * 50 + "👩🏽\u200d💻") == []


def test_an_invisible_subject_is_none(press: Press) -> None:
    """A title of zero-width characters alone is an error."""
    finding = only(found(press, '"\\u200b\\u2060"'), "subject-empty")
    assert finding.severity is Severity.ERROR


def test_controls_and_embeddings_are_errors(press: Press) -> None:
    """They cannot be seen, and change what is."""
    finding = only(found(press, '"Ferry\\u202aback"'), "subject-control")
    assert "U+202A" in finding.message
    assert finding.severity is Severity.ERROR


def test_a_subject_of_signs_is_quoted_as_a_phone_cuts_it(press: Press) -> None:
    """However many there are."""
    message = only(found(press, f"'{'[' * 500}'"), "subject-wordless").message
    assert len(message) < 80
