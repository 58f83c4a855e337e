"""The preheader: there is one, it fits, and it says something of its own."""

import pytest

from distribute.checks.mail import preheader
from distribute.finding import Finding, Severity
from tests.checks.press import TITLE, Press, only


def found(press: Press, *heads: str) -> list[Finding]:
    """Look at a mail whose front matter has these lines."""
    return list(preheader.find(press.proof(*heads)))


@pytest.mark.parametrize(
    "line",
    [
        "excerpt: After three winters on dry land the old ferry crosses the sound again.",
        "preheader: Eleven minutes either way, three times a day; * marks holidays.",
        "preheader: 三个冬天之后，老渡船又开过海峡；一天三班，一程十一分钟。",
        'preheader: "See **all** <b>crossings</b> of the sound [here](https://x.example) this year"',
        "excerpt: Ferries & piers - a_b_c, 2 < 3, and what else happened by the water.",
    ],
)
def test_a_sentence_is_a_good_preheader(press: Press, line: str) -> None:
    """In any script, with signs that are no markup."""
    assert found(press, line) == []


def test_without_one_the_first_sentence_is_shown(press: Press) -> None:
    """That is a warning that says what readers will see."""
    finding = only(found(press, "excerpt: -"), "preheader-missing")
    assert finding.severity is Severity.WARNING
    assert "“After three winters on dry land" in finding.message


@pytest.mark.parametrize(
    ("lines", "rule", "severity"),
    [
        (["preheader: Short."], "preheader-short", Severity.WARNING),
        (["preheader: 很短。"], "preheader-short", Severity.WARNING),
        (["preheader: " + "too long " * 15], "preheader-long", Severity.WARNING),
        (
            ["preheader: The ferry runs again and again and again, all winter!",
             "title: The ferry runs again, and again, and again, all winter"],
            "preheader-repeats",
            Severity.WARNING,
        ),
        (
            ['preheader: "The **old ferry crosses the sound again, says the harbour."'],
            "preheader-markup",
            Severity.ERROR,
        ),
        (
            ['preheader: "See <b the table of all crossings this year, says the harbour."'],
            "preheader-markup",
            Severity.ERROR,
        ),
    ],
)  # fmt: skip
def test_each_fault_is_found_at_its_line(
    press: Press, lines: list[str], rule: str, severity: Severity
) -> None:
    """Too short, too long, the subject again, or markup."""
    finding = only(found(press, *lines), rule)
    assert finding.severity is severity
    assert finding.line == 4 if "preheader" in lines[0] else 3


def test_a_long_excerpt_is_no_fault(press: Press) -> None:
    """It is for feeds as well; the mail takes what fits."""
    assert found(press, "excerpt: " + "One more crossing of the sound. " * 8) == []


def test_the_title_is_not_the_preheader(press: Press) -> None:
    """An excerpt that is the title is found though its case differs."""
    lines = (f"excerpt: {TITLE.upper()} at last.", f"title: {TITLE}, at last")
    assert "preheader-repeats" in {finding.rule for finding in found(press, *lines)}


def test_as_much_as_is_shown_of_a_title_repeats_it(press: Press) -> None:
    """A long one is cut; a sign that is no letter repeats nothing."""
    title = "The ferry crosses the sound again after three winters " * 3
    lines = (f"title: {title}", f"excerpt: {title}")
    assert "preheader-repeats" in {finding.rule for finding in found(press, *lines)}
    names = {finding.rule for finding in found(press, "title: 🎉", "excerpt: ⛴️")}
    assert names == {"preheader-short"}
