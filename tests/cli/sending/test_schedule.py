"""Sending at a time: written down, waited for, and picked up by whoever looks."""

import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from distribute.campaign.ledger.agenda import Agenda
from tests.cli.conftest import NOW, Run
from tests.cli.signalling import signalled
from tests.cli.slips import BROKEN, add
from tests.triggers import have_done

BEGAN = datetime.fromtimestamp(int(NOW), UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def _wall(seconds: float = 0.0, **span: float) -> str:
    """Write what clocks show so long after `NOW` where the newsletter is at home."""
    instant = BEGAN + timedelta(seconds=seconds, **span)
    return f"{instant.astimezone(BERLIN):%Y-%m-%d %H:%M:%S}"


def _now(**span: float) -> str:
    return str(int((BEGAN + timedelta(**span)).timestamp()))


def _appointments(folder: Path) -> list[str]:
    with Agenda(folder / "distribute.db", "file") as agenda:
        return [made.time.said for made in agenda.appointments().values()]


def _is_heard() -> bool:
    """Tell whether signals are heard, and not merely taken away."""
    return getattr(signal.getsignal(signal.SIGTERM), "__name__", "") == "wish"


def _sent(folder: Path) -> int:
    return len(list((folder / "out" / "mail").rglob("*.eml")))


def test_it_waits_and_sends(run: Run, small: Path) -> None:
    """To those who are on the list then; the appointment is kept, and gone."""
    planned = run("-C", small, "--json", "plan", "4").document["planned"]
    answer = run("-C", small, "send", "4", "--at", _wall(1))
    assert answer.status == 0
    assert f"is to be sent by file at {_wall(1)} Europe/Berlin, in 1 s." in answer.out
    assert f"{planned} planned: {planned} accepted" in answer.out
    assert (_sent(small), _appointments(small)) == (planned, [])
    (issue,) = run("-C", small, "--json", "plan", "--since", "2026-10-01").document[
        "issues"
    ]
    assert issue["started"] == "2026-11-06T21:20:01+00:00", "when it left, not before"


def test_a_signal_ends_the_waiting_and_the_next_round_sends(
    run: Run, small: Path
) -> None:
    """Exit status 75; it says who sends it then, and how to call it off."""
    with signalled("SIGTERM", once=lambda: _is_heard() and bool(_appointments(small))):
        answer = run("-C", small, "send", "4", "--at", _wall(hours=1))
    assert answer.status == 75
    assert "Not sent yet." in answer.out
    assert f"`distribute -C {small} send new --sink file` sends it" in answer.out
    assert "send 4 --sink file --at never` calls it off" in answer.out

    early = run("-C", small, "send", "new", now=_now(minutes=59))
    assert (early.status, _sent(small)) == (0, 0)
    said = f"Nothing is due; issue 4 is next, at {_wall(hours=1)[:-3]} Europe/Berlin.\n"
    assert early.out == said
    assert run("-C", small, "send", "new", now=_now(hours=1)).status == 0
    assert _sent(small) > 0
    assert _appointments(small) == []


def test_it_can_only_be_written_down(run: Run, small: Path) -> None:
    """For a timer to pick it up; with those whom it is for, and what is forced."""
    add(small, BROKEN)
    words = ["send", "4", "--at", "2026-11-07 09:00 UTC", "--no-wait"]
    refused = run("-C", small, *words)
    assert (refused.status, _appointments(small)) == (1, []), "better now than at night"
    more = ["--force", "link-scheme", "--segment", "lang:pt"]
    made = run("-C", small, "--json", *words, *more).document
    assert made["at"] == "2026-11-07T09:00:00+00:00"
    document = run("-C", small, "--json", "send", "new", now=_now(days=1)).document
    (account,) = document["sent"]
    assert account["outcomes"]["accepted"] > 0
    assert account["skipped"]["outside the segment lang:pt"] > 0
    again = run("-C", small, "send", "new", now=_now(days=1)).out
    assert again == "Nothing is due.\n", "the others are up to somebody"


def test_an_appointment_can_be_moved_and_called_off(run: Run, small: Path) -> None:
    """The last word counts."""
    for when in ("2026-11-08", "2026-11-09 10:00"):
        run("-C", small, "send", "4", "--at", when, "--no-wait")
    assert _appointments(small) == ["2026-11-09 10:00 Europe/Berlin"]
    assert "is called off" in run("-C", small, "send", "4", "--at", "never").out
    assert _appointments(small) == []
    assert "had no appointment" in run("-C", small, "send", "4", "--at", "never").out
    assert run("-C", small, "send", "new", now=_now(days=3)).out == "Nothing is due.\n"


def test_calling_off_does_not_hide_what_the_posts_say(run: Run, small: Path) -> None:
    """Else somebody would think that it is not sent, and it is."""
    add(small, "", head="send: 2026-11-08 09:00\n")
    answer = run("-C", small, "send", "4", "--at", "never")
    assert "had no appointment" in answer.out
    assert "its posts say `send:` 2026-11-08 09:00 Europe/Berlin" in answer.err
    assert run("-C", small, "send", "4").status == 0
    assert run("-C", small, "send", "4", "--at", "never").err == ""


def test_an_appointment_whose_issue_is_gone_is_told(run: Run, small: Path) -> None:
    """Its post says another number now; until somebody decides, each round fails."""
    run("-C", small, "send", "4", "--at", "2026-11-08 09:00", "--no-wait")
    for post in (small / "posts").iterdir():
        post.write_text(post.read_text("utf-8").replace("#4", "#9"), "utf-8")
    answer = run("-C", small, "send", "new")
    assert (answer.status, answer.out) == (1, "")
    assert "issue 4 is to be sent at 2026-11-08 09:00 Europe/Berlin, but there" in (
        answer.err
    )
    (left,) = run("-C", small, "--json", "send", "new").document["left"]
    assert (left["issue"], left["at"]) == ("4", "2026-11-08T09:00:00+01:00")
    assert "4 is called off" in run("-C", small, "send", "4", "--at", "never").out
    assert run("-C", small, "send", "new").out == "Nothing is due.\n"


@pytest.mark.slow
def test_who_waits_heeds_that_it_is_called_off(run: Run, small: Path) -> None:
    """Somebody else may have decided otherwise in the meantime."""
    with Agenda(small / "distribute.db", "file") as agenda:
        have_done(
            agenda._connection, "INSERT ON appointment", "DELETE FROM appointment"
        )
    answer = run("-C", small, "send", "4", "--at", _wall(1))
    assert (answer.status, _sent(small)) == (0, 0)
    assert "was called off, or sent, meanwhile" in answer.out


@pytest.mark.slow
def test_who_waits_heeds_that_it_is_put_off(run: Run, small: Path) -> None:
    """It waits for the other time then, and says so."""
    with Agenda(small / "distribute.db", "file") as agenda:
        have_done(
            agenda._connection,
            "INSERT ON appointment",
            "UPDATE appointment"
            " SET at = '2026-11-06T21:20:01.3+00:00', said = 'a bit later'",
        )
    answer = run("-C", small, "send", "4", "--at", _wall(1))
    assert (answer.status, _sent(small) > 0) == (0, True)
    assert "It was put off to a bit later." in answer.out


def test_what_is_finished_gets_no_appointment(run: Run, small: Path) -> None:
    """Nobody would be sent it by itself: those who joined since are up to somebody."""
    assert run("-C", small, "send", "4").status == 0
    answer = run("-C", small, "send", "4", "--at", _wall(hours=1), "--no-wait")
    assert answer.status == 2
    assert "issue 4 was finished at 2026-11-06 21:20 UTC" in answer.err
    assert _appointments(small) == []


def test_times_that_clocks_leave_out_are_decided_and_said(
    run: Run, small: Path
) -> None:
    """Also a day alone, which is at the hour at which posts come out."""
    words = ["-C", small, "send", "4", "--no-wait", "--at"]
    spring = run(*words, "2027-03-28 02:30")
    assert "does not exist, for clocks are put forward: it is 03:30" in spring.out
    assert "comes twice" in run(*words, "2027-10-31 02:30").out
    run(*words, "2026-12-24")
    assert _appointments(small) == ["2026-12-24 18:00 Europe/Berlin"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("send 4 --at 2026-11-06T21:00", "is over"),
        ("send 4 --at soon", "'soon' is not a time such as 2026-12-01 09:00"),
        ("send 4 --at 2027-01-01T09:00 --limit 3", "--at does not go with --limit"),
        ("send 4 --at 2027-01-01T09:00 --dry-run", "--at does not go with --dry-run"),
        ("send 4 --no-wait", "--no-wait goes with --at"),
        ("send new --at 2027-01-01T09:00", "does not go with --at"),
        ("send new --plan 0123", "does not go with --plan"),
        ("send new --segment lang:pt", "does not go with --segment"),
        ("send new --correction en=x", "does not go with --correction"),
        ("send 4 --at 2027-01-01 --correction en=x", "does not go with --correction"),
        ("plan", "Say which ISSUE, or --since a day."),
        ("plan 4 --since 2026-01-01", "Say which ISSUE, or --since a day."),
        ("plan --since lately", "'lately' is not a time"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    run: Run, small: Path, words: str, reason: str
) -> None:
    """With the reason, and nothing happens."""
    answer = run("-C", small, *words.split())
    assert answer.status == 2
    assert reason in answer.err
    assert (_sent(small), _appointments(small)) == (0, [])
