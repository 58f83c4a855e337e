"""A timer hands over what is due, and completes what was interrupted."""

import signal
from typing import Any

import pytest

from distribute.campaign.fleet.freeze import Freezer
from tests.cli.fleet.conftest import PEOPLE, Fleet
from tests.commands import NOW, call
from tests.processes import wait_until

WORDS = ("--correction", "en=It was ten.", "--correction", "de=Es waren zehn.")
STRETCH = 2
"""How many are cut before a hand-over is killed."""


class KilledError(Exception):
    """What ends a hand-over in the middle."""


def be_killed(fleet: Fleet, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Hand something over, and be killed when a stretch of it is cut."""
    cut = Freezer.cut

    def cut_and_die(self: Freezer, *given: Any) -> int:
        cut(self, *given)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr("distribute.cli.fleet.handing.STRETCH", STRETCH)
        patch.setattr(Freezer, "cut", cut_and_die)
        with pytest.raises(KilledError):
            fleet.act(*words)


def test_a_timer_completes_a_hand_over_that_was_killed(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers begin with what is cut; `status` says that there is more, and what to do."""
    be_killed(fleet, monkeypatch, "send", "4", "--workers")
    with fleet.working():
        wait_until(lambda: len(fleet.served(1)) == STRETCH)
        status = fleet.act("status", "4").out
        assert "not all of it is handed over" in status
        assert "send 4 --workers" in status
        shown = fleet.act("send", "new", "--dry-run").out
        assert "Issue 4 was being handed over to workers, and that goes on" in shown
        answer = fleet.act("--json", "send", "new")
        (completed,) = answer.document["handed_over"]
        assert completed["people"] == PEOPLE - STRETCH
        wait_until(lambda: fleet.state == "done")
    assert len(fleet.served(1)) == PEOPLE
    assert fleet.act("send", "new").out == "Nothing is due.\n"


@pytest.mark.slow
def test_what_was_stopped_by_hand_is_left_to_whoever_stopped_it(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run again, it is completed."""
    cut = Freezer.cut

    def cut_and_stop(self: Freezer, *given: Any) -> int:
        signal.raise_signal(signal.SIGINT)
        return cut(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr("distribute.cli.fleet.handing.STRETCH", STRETCH)
        patch.setattr(Freezer, "cut", cut_and_stop)
        assert fleet.act("send", "4", "--workers").status == 75
    answer = fleet.act("send", "new")
    assert (answer.status, "workers have issue 4" in answer.out) == (0, True)
    fleet.hand_over()
    assert fleet.ask("SELECT complete, count(*) FROM frozen, delivery GROUP BY 1") == [
        (1, PEOPLE)
    ]


@pytest.mark.slow
def test_a_timer_completes_what_goes_out_besides(
    sent: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A correction is for those whom it was begun for."""
    sent.mend()
    be_killed(sent, monkeypatch, "send", "4", *WORDS, "--workers")
    answer = sent.act("--json", "send", "new")
    (completed,) = answer.document["handed_over"]
    assert completed["campaign"].startswith("issue-4.correction-")
    assert completed["people"] == PEOPLE - STRETCH
    sent.work()
    assert len(sent.served(2)) == PEOPLE


@pytest.mark.slow
def test_only_the_segment_is_completed_by_itself(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is handed over without it, as whoever began it wishes."""
    words = ("send", "4", "--workers", "--segment", "lang:fr")
    be_killed(fleet, monkeypatch, *words)
    assert fleet.act("send", "new").status == 0
    fleet.work()
    assert fleet.served(1) == fleet.readers_of("fr")
    assert fleet.ask("SELECT finished, pursued FROM campaign") == [(None, None)]
    fleet.hand_over()
    fleet.work()
    assert len(fleet.served(1)) == PEOPLE


def test_an_appointment_may_be_for_workers(fleet: Fleet) -> None:
    """The timer hands it over when its time has come, and does not send it by itself."""
    at = ("--at", "2026-12-01 09:00 UTC", "--no-wait")
    answer = fleet.act("send", "4", "--workers", *at)
    assert answer.status == 0, answer.err
    assert "send new --sink file` hands it over to workers once" in answer.out
    assert fleet.ask("SELECT count(*) FROM frozen") == [(0,)]
    dry = fleet.act("send", "new", "--dry-run").out
    assert "is due at 2026-12-01 09:00 UTC, to be handed over to workers" in dry
    then = "1796202000"  # a second after nine
    round_ = act_at(fleet, then, "--json", "send", "new")
    (handed,) = round_["handed_over"]
    assert (handed["people"], round_["sent"]) == (PEOPLE, [])
    assert fleet.ask("SELECT count(*) FROM appointment") == [(0,)]
    fleet.work()
    assert len(fleet.served(1)) == PEOPLE


@pytest.mark.slow
def test_whoever_waits_for_the_time_hands_it_over_then(fleet: Fleet) -> None:
    """And the appointment is kept by that."""
    words = ("--json", "send", "4", "--workers", "--at", "2026-11-06 21:21 UTC")
    document = act_at(fleet, f"{int(NOW) + 59}", *words)
    (handed,) = document["handed_over"]
    assert (handed["people"], handed["is_complete"]) == (PEOPLE, True)
    assert fleet.ask("SELECT count(*) FROM appointment") == [(0,)]


@pytest.mark.slow
def test_a_timer_may_hand_over_whatever_is_due(fleet: Fleet) -> None:
    """Also what its posts say the time of."""
    (post,) = (fleet.folder / "posts").glob("*.en.md")
    text = post.read_text("utf-8").replace("---\n", "---\nsend: 2026-11-06 20:00\n", 1)
    post.write_text(text, "utf-8")
    answer = fleet.act("--json", "send", "new", "--workers")
    (handed,) = answer.document["handed_over"]
    assert (handed["campaign"], handed["people"]) == ("issue-4", PEOPLE)


@pytest.mark.slow
def test_a_timer_hands_over_those_whose_time_has_come_again(sent: Fleet) -> None:
    """And nobody else: who joined since gets nothing of what is finished."""
    sent.ask("""
        UPDATE delivery SET state = 'deferred', due = 1
        WHERE number IN (SELECT number FROM delivery ORDER BY number LIMIT 2)
    """)
    assert sent.act("audience", "add", "new@example.org").status == 0
    answer = sent.act("--json", "send", "new", "--workers")
    (handed,) = answer.document["handed_over"]
    assert (handed["people"], handed["is_complete"]) == (0, True)
    sent.work()
    assert len(sent.served(1)) == PEOPLE
    assert sent.act("send", "new", "--workers").out == "Nothing is due.\n"


def act_at(fleet: Fleet, now: str, *words: str) -> Any:
    """Call the command line at another time; gives the document."""
    answer = call("-C", fleet.folder, *words, now=now)
    assert answer.status == 0, answer.err
    return answer.document
