"""The table of what came back fits a terminal, whatever came back."""

import pytest

from distribute.campaign.returned.judge import Decision
from distribute.campaign.returned.report import Kind, Report
from distribute.campaign.returned.returns import Judged
from distribute.cli.returned.judged_table import judged_table

LONG = "somebody-with-a-very-long-name@department.of.a.very.large.university.example"
WHY = "wants to leave without a proof: their own link goes to them, as they may know"


def judged(key: str, decision: Decision, reason: str, text: str = "") -> Judged:
    """Make a decision about somebody."""
    report = Report(kind=Kind.FAILED, recipient=key, status="5.1.1", text=text)
    return Judged(
        report=report,
        message_id="",
        key=key,
        campaign="issue-5",
        decision=decision,
        reason=reason,
    )


ROWS = [
    ("a/very/long/way/to/the/folder/of/what/comes/back/1.eml", judged(
        LONG, Decision.BOUNCED_BY_STRIKES, WHY, "550 5.1.1 words " * 9)),
    ("2.eml", judged("bo@example.org", Decision.BOUNCED, "5.1.1: there is none")),
    ("3.eml", judged("", Decision.ALARM, "", "line\none \x1b[2J")),
]  # fmt: skip


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], ROWS[1:], ROWS[2:]])
def test_no_line_is_wider_than_a_terminal(rows: list[tuple[str, Judged]]) -> None:
    """And none of them does anything to it."""
    lines = [*judged_table(rows)]
    assert max(map(len, lines)) <= 80
    assert all(line.isprintable() for line in lines)


def test_nothing_of_the_reason_is_left_out() -> None:
    """What does not fit beside goes on below, in its column."""
    lines = [*judged_table(ROWS)]
    column = lines[0].index("why")
    why = [line[column:] for line in lines[1:5] if not line.startswith("    issue")]
    assert " ".join(why).startswith(WHY)


def test_decision_and_person_come_first_and_the_message_last() -> None:
    """An alarm is written in capitals; a message of nobody has a dash."""
    _, first, below, alarm, last = judged_table(ROWS[1:])
    assert first.split(maxsplit=2) == [
        "bounced", "bo@example.org", "5.1.1: there is none",
    ]  # fmt: skip
    assert below == "    issue-5, failed: 5.1.1  2.eml"
    assert alarm.split() == ["ALARM", "-"]
    assert last.endswith("  3.eml")
