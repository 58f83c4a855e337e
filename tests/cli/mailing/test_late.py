"""``plan`` and ``send`` when an edition comes after its issue was sent."""

from pathlib import Path

import pytest

from tests.cli.conftest import ISSUE, NOW, Run

DAY = 86_400
SPANISH = """\
---
title: "Letter four, late"
issue: 4
lang: es
tags: [newsletter]
---

Buenas noches a todos. Esta es la carta, que llega tarde y por eso es corta.
"""


@pytest.fixture
def late(sent: Path) -> Path:
    """Have a Spanish edition come when the English and the German one were sent."""
    (sent / "posts" / "2026-10-30-tarde.md").write_text(SPANISH, "utf-8")
    return sent


def _later(days: int = 1) -> str:
    return str(int(NOW) + days * DAY)


def _mails(folder: Path, language: str) -> int:
    return len(list((folder / "out" / "mail").glob(f"issue-*/{language}/*.eml")))


def test_plan_says_whom_a_late_edition_concerns(late: Path, run: Run) -> None:
    """And what would reach them."""
    answer = run("-C", late, "plan", ISSUE, now=_later())
    assert "es came after the first editions were sent." in answer.out
    assert (
        "got another edition, and it suits them better: --late fallback" in answer.out
    )
    (entry,) = run("-C", late, "plan", ISSUE, "--json", now=_later()).document["late"]
    assert entry["edition"] == "es"
    assert entry["fallback"] > 0


def test_late_editions_go_to_those_who_missed_them_by_default(
    late: Path, run: Run
) -> None:
    """Nobody who has another edition gets it."""
    assert run("-C", late, "send", ISSUE, now=_later()).status == 0
    (entry,) = run("-C", late, "plan", ISSUE, "--json", now=_later(2)).document["late"]
    assert entry["missed"] == 0
    assert entry["fallback"] > 0


def test_who_got_another_edition_gets_the_late_one_once(late: Path, run: Run) -> None:
    """By a campaign of its own, with the plan that was approved."""
    options = (ISSUE, "--late", "fallback")
    plan = run("-C", late, "plan", *options, "--json", now=_later()).document
    (extra,) = plan["also"]
    assert extra["campaign"] == f"issue-{ISSUE}.late-es"
    answer = run(
        *("-C", late, "send", *options, "--plan", plan["digest"], "--json"),
        now=_later(),
    )
    (sent,) = answer.document["also"]
    assert (answer.status, sent["outcomes"]["accepted"]) == (0, extra["planned"])
    count = _mails(late, "es")
    again = run("-C", late, "send", *options, now=_later(2))
    assert (again.status, _mails(late, "es")) == (0, count)


def test_a_plan_without_late_editions_is_another_one(late: Path, run: Run) -> None:
    """Who approved the issue alone has not approved what goes out besides."""
    plan = run("-C", late, "plan", ISSUE, "--json", now=_later()).document
    answer = run(
        *("-C", late, "send", ISSUE, "--late", "fallback", "--plan", plan["digest"]),
        now=_later(),
    )
    assert answer.status == 4
    assert _mails(late, "es") == 0


def test_the_settings_say_who_gets_late_editions(late: Path, run: Run) -> None:
    """Unless somebody says otherwise."""
    settings = late / "distribute.toml"
    text = settings.read_text("utf-8")
    settings.write_text(f'{text}\n[delivery]\nlate = "fallback"\n', "utf-8")
    assert "also" in run("-C", late, "plan", ISSUE, "--json", now=_later()).document
    other = run("-C", late, "plan", ISSUE, "--late", "nobody", "--json", now=_later())
    assert "also" not in other.document


def test_a_limit_counts_for_all_that_is_sent(late: Path, run: Run) -> None:
    """What is left is sent by the next call."""
    options = (ISSUE, "--late", "fallback")
    run("-C", late, "send", *options, "--limit", "1", now=_later())
    assert _mails(late, "es") == 1
    run("-C", late, "send", *options, now=_later(2))
    (entry,) = run("-C", late, "plan", *options, "--json", now=_later(3)).document[
        "late"
    ]
    assert (entry["missed"], entry["fallback"]) == (0, 0)


def test_status_and_explain_tell_of_late_editions(late: Path, run: Run) -> None:
    """Beside the issue itself."""
    run("-C", late, "send", ISSUE, "--late", "fallback", now=_later())
    status = run("-C", late, "status", ISSUE, now=_later(2))
    assert "late es" in status.out
    (issue,) = run("-C", late, "status", ISSUE, "--json").document["issues"]
    (extra,) = issue["also"]
    assert extra["role"] == "late es"
    told = run("-C", late, "explain", "ximena@example.org", ISSUE, now=_later(2))
    assert f"issue-{ISSUE}.late-es by file: es, accepted" in told.out
    assert told.out.count(", as it is now") == 2
