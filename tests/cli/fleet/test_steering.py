"""Whoever runs the fleet pauses an issue, has it go on, and takes it back."""

from collections.abc import Sequence

import pytest

from tests.cli.fleet.conftest import PEOPLE, Fleet
from tests.processes import wait_until

COMMANDS = ("pause", "resume", "cancel")
FEW = 5
"""How many are in a batch, where there is to be more than one."""


def test_a_pause_is_said_and_heard(handed: Fleet) -> None:
    """Again it changes nothing, and says so."""
    answer = handed.act("pause", "4")
    assert answer.status == 0
    assert "issue-4 by file is paused" in answer.out
    assert "resume 4`" in answer.out
    assert handed.state == "paused"
    again = handed.act("pause", "latest")
    assert (again.status, "was paused already" in again.out) == (0, True)
    assert "resume" not in again.out


def test_to_go_on_says_what_the_alarm_was(handed: Fleet) -> None:
    """And its words are gone then."""
    handed.ask("UPDATE frozen SET state = 'paused', alarm = '5.7.1 blocked'")
    assert "by alarm: 5.7.1 blocked" in handed.act("pause", "4").out
    shown = handed.act("status", "4").out
    assert "paused by alarm\n  alarm: 5.7.1 blocked" in shown
    answer = handed.act("resume", "4")
    assert "goes on; the alarm was: 5.7.1 blocked" in answer.out
    assert handed.ask("SELECT state, alarm FROM frozen") == [("going", "")]
    again = handed.act("--json", "resume", "4").document
    assert again["campaigns"][0]["said"] == "was not paused"
    assert "5.7.1" not in handed.act("status", "4").out


def test_what_workers_never_had_can_not_be_steered(fleet: Fleet) -> None:
    """It says how they get it; so for the sink that was meant."""
    for command in COMMANDS:
        answer = fleet.act(command, "4")
        assert answer.status == 2
        assert "issue 4 was never handed over to workers" in answer.err
        assert "send 4 --workers" in answer.err
    fleet.hand_over()
    for command in COMMANDS:
        answer = fleet.act(command, "4", "--sink", "smtp")
        assert (answer.status, "by smtp" in answer.err) == (2, True)


def test_what_is_done_can_not_be_steered(handed: Fleet) -> None:
    """It says that it is done."""
    handed.ask("UPDATE frozen SET state = 'done'")
    for command in COMMANDS:
        answer = handed.act("--json", command, "4")
        assert answer.status == 2
        assert answer.document["error"]["kind"] == "PlanError"
        assert "issue-4 by file is done" in answer.document["error"]["reason"]


def test_it_is_steered_without_its_posts(handed: Fleet) -> None:
    """Whoever has to stop it should not have to mend them first."""
    for post in (handed.folder / "posts").iterdir():
        post.write_bytes(b"---\n: : :\n")
    assert handed.act("pause", "4").status == 0


def test_a_file_has_no_workers(fleet: Fleet) -> None:
    """The answer names the setting."""
    path = fleet.folder / "distribute.toml"
    text = path.read_text("utf-8").replace(fleet.url, "sqlite:///distribute.db")
    path.write_text(text, "utf-8")
    for words in (["pause", "4"], ["cancel", "4", "--yes"], ["status", "4", "--watch"]):
        answer = fleet.act(*words)
        assert (answer.status, "store.url" in answer.err) == (2, True)


def test_to_cancel_asks_first(handed: Fleet) -> None:
    """Where there is nobody to ask, nothing happens."""
    answer = handed.act("cancel", "4")
    assert (answer.status, handed.state) == (2, "going")
    assert "--yes" in answer.err


def test_whoever_was_not_tried_can_be_served_then(handed: Fleet) -> None:
    """By `send`, as if nothing had been handed over; the timer leaves it alone."""
    handed.ask("""
        UPDATE delivery SET state = 'accepted', closed = opened
        WHERE number = (SELECT min(number) FROM delivery)
    """)
    answer = handed.act("cancel", "4", "--yes")
    assert answer.status == 0
    assert "issue-4 by file is cancelled: 1 had been sent." in answer.out
    assert "send 4 --sink file` serves the others" in answer.out
    assert "Nothing is due" in handed.act("send", "new").out
    again = handed.act("--json", "cancel", "4").document
    assert again["campaigns"][0]["was"] == "cancelled"
    assert "nothing to go on with" in handed.act("resume", "4").err
    sent = handed.act("--json", "send", "4").document
    assert sent["outcomes"]["accepted"] == PEOPLE - 1


def test_it_can_be_handed_over_again(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what its posts say by now; workers have no old text at hand."""
    monkeypatch.setattr("distribute.cli.fleet.handing.SIZE", FEW)
    fleet.hand_over()
    fleet.ask("""
        UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 day'
        WHERE id > (SELECT min(id) FROM procrastinate_jobs)
    """)
    with fleet.working():
        wait_until(lambda: len(_messages(fleet)) == FEW)
        assert fleet.act("pause", "4").status == 0
        assert fleet.act("cancel", "4", "--yes").status == 0
        for post in (fleet.folder / "posts").iterdir():
            post.write_text(post.read_text("utf-8") + "\nByTheWay.\n", "utf-8")
        fleet.hand_over()
        wait_until(lambda: fleet.state == "done")
    messages = _messages(fleet)
    assert len(messages) == PEOPLE
    assert sum(b"ByTheWay" in message for message in messages) == PEOPLE - FEW


def _messages(fleet: Fleet) -> Sequence[bytes]:
    return [path.read_bytes() for path in (fleet.folder / "out").rglob("*.eml")]


def test_batches_that_are_not_given_back_are_taken_away(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What had just begun in them is uncertain, and that is said."""
    monkeypatch.setattr("distribute.cli.fleet.cancelling.PATIENCE", 0.0)
    fleet.hand_over()
    fleet.ask("UPDATE procrastinate_jobs SET status = 'doing'")
    fleet.ask("UPDATE batch SET state = 'held', holder = 'gone:1', fence = 1")
    fleet.ask("""
        UPDATE delivery SET state = 'started'
        WHERE number = (SELECT min(number) FROM delivery)
    """)
    answer = fleet.act("cancel", "4", "--yes")
    assert answer.status == 0, answer.err
    assert "0 had been sent, 1 uncertain" in answer.out
    assert "taken away from workers" in answer.out
    assert "status 4 --uncertain" in answer.out
    assert fleet.ask("SELECT fence, state FROM batch") == [(2, "cancelled")]


def test_what_is_with_workers_is_refused_to_others(handed: Fleet) -> None:
    """With the words that show how far it is, and take it back."""
    for words in (["send", "4"], ["retry", "4", "--failed", "--yes"]):
        answer = handed.act(*words)
        assert answer.status == 3
        assert "issue-4 is in the hands of workers" in answer.err
        assert "`distribute status 4 --watch`" in answer.err
        assert "`distribute cancel 4`" in answer.err
    answer = handed.act("send", "new")
    assert (answer.status, "workers have issue 4" in answer.out) == (0, True)


def test_the_rest_is_handed_over_beside_what_workers_have(handed: Fleet) -> None:
    """Whoever has joined since; a plan that was approved has to be the one still."""
    assert handed.act("send", "4", "--workers", "--plan", "other").status == 4
    handed.ask("""
        INSERT INTO subscriber (key, address, name, languages, only_these, status, source)
        SELECT 'zoe@example.org', 'zoe@example.org', '', languages, 0, status, source
        FROM subscriber WHERE status = 'confirmed' LIMIT 1
    """)
    answer = handed.act("--json", "send", "4", "--workers")
    (more,) = answer.document["handed_over"]
    assert (more["people"], more["is_complete"]) == (1, True)
    assert handed.ask("SELECT count(*) FROM batch") == [(2,)]


def test_when_workers_are_done_others_try_again(handed: Fleet) -> None:
    """Who was refused is served once more by one machine, as ever."""
    with handed.working():
        wait_until(lambda: handed.state == "done")
    handed.ask("""
        UPDATE delivery SET state = 'uncertain', due = 0
        WHERE number = (SELECT min(number) FROM delivery)
    """)
    answer = handed.act("--json", "retry", "4", "--uncertain", "--yes")
    assert answer.document["outcomes"]["accepted"] == 1
    assert handed.act("send", "4").status == 0


def test_nobody_is_forgotten_while_a_worker_has_them(handed: Fleet) -> None:
    """Between two batches it works, and they get nothing any more."""
    ((key,),) = handed.ask("SELECT min(key) FROM delivery")
    handed.ask("UPDATE procrastinate_jobs SET status = 'doing'")
    handed.ask("UPDATE batch SET state = 'held', holder = 'there:1', fence = 1")
    answer = handed.act("audience", "forget", str(key), "--yes")
    assert answer.status == 3
    assert "the worker there:1" in answer.err
    assert "pause 4" in answer.err
    handed.ask("UPDATE procrastinate_jobs SET status = 'todo'")
    handed.ask("UPDATE batch SET state = 'waiting', holder = ''")
    assert handed.act("audience", "forget", str(key), "--yes").status == 0
    with handed.working():
        wait_until(lambda: handed.state == "done")
    found = handed.ask("SELECT count(*) FROM delivery WHERE state = 'accepted'")
    assert found == [(PEOPLE - 1,)]
    assert not handed.ask("SELECT 1 FROM delivery WHERE key = %s", key)


def test_who_was_in_a_dead_workers_hands_is_forgotten(handed: Fleet) -> None:
    """Whoever had them can write nothing of them any more, should it come back."""
    ((key,),) = handed.ask("SELECT min(key) FROM delivery")
    handed.ask("UPDATE batch SET state = 'held', holder = 'x:1', fence = 1, job = NULL")
    assert handed.act("audience", "forget", str(key), "--yes").status == 0
    assert handed.ask("SELECT fence FROM batch") == [(2,)]


def test_who_leaves_before_their_batch_gets_nothing(handed: Fleet) -> None:
    """They are listed as passed over, with the reason."""
    ((key,),) = handed.ask("SELECT min(key) FROM delivery")
    handed.ask("UPDATE subscriber SET status = 'unsubscribed' WHERE key = %s", key)
    with handed.working():
        wait_until(lambda: handed.state == "done")
    document = handed.act("--json", "status", "4").document
    assert document["issues"][0]["skipped"]["file"] == {"unsubscribed": 1}
    assert document["with_workers"][0]["deliveries"]["accepted"] == PEOPLE - 1
