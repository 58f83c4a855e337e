"""What is handed over to workers, and what others may do about it meanwhile."""

from pathlib import Path

import pytest

from tests.cli.fleet.conftest import PEOPLE, Fleet
from tests.faults.fault import Fault, Manners
from tests.faults.server import serving
from tests.processes import wait_until


def post_in(fleet: Fleet) -> Path:
    """Find the post of the issue, in English."""
    (post,) = (fleet.folder / "posts").glob("*.en.md")
    return post


def change(path: Path) -> None:
    """Have another text in a post."""
    path.write_text(path.read_text("utf-8") + "\nOne more line.\n", encoding="utf-8")


def test_another_text_is_not_handed_over_beside_the_old_one(handed: Fleet) -> None:
    """Workers would go on with the old one, and the ledger have it for the new one."""
    before = handed.ask("SELECT count(*) FROM printing")
    change(post_in(handed))
    answer = handed.act("send", "4", "--workers")
    assert answer.status != 0
    assert "workers have another text of issue-4 in hand" in answer.err
    assert handed.ask("SELECT count(*) FROM printing") == before
    assert handed.act("cancel", "4", "--yes").status == 0
    handed.hand_over()


def test_an_issue_is_not_finished_for_those_outside_a_segment(fleet: Fleet) -> None:
    """They can still be served by whoever is called by a timer, or handed over."""
    answer = fleet.act("send", "4", "--workers", "--segment", "lang:de")
    assert answer.status == 0, answer.err
    with fleet.working():
        wait_until(lambda: fleet.state == "done")
        assert fleet.ask("SELECT finished, pursued FROM campaign") == [(None, None)]
        fleet.hand_over()
        wait_until(lambda: fleet.state == "done")
    ((finished,),) = fleet.ask("SELECT finished FROM campaign")
    assert finished
    found = fleet.ask("SELECT count(*) FROM delivery WHERE state = 'accepted'")
    assert found == [(PEOPLE,)]


def test_who_was_put_off_by_one_machine_is_handed_over_too(fleet: Fleet) -> None:
    """The campaign is not done without them."""
    assert fleet.act("send", "4", "--limit", "3").status in {0, 75}
    fleet.ask("UPDATE delivery SET state = 'deferred', due = 1")
    fleet.hand_over()
    with fleet.working():
        wait_until(lambda: fleet.state == "done")
    found = fleet.ask("SELECT state, attempt, count(*) FROM delivery GROUP BY 1, 2")
    assert sorted(found) == [("accepted", 1, PEOPLE - 3), ("accepted", 2, 3)]


def test_nothing_is_corrected_that_workers_are_still_sending(handed: Fleet) -> None:
    """Whoever gets the old text after that would never learn of the correction."""
    handed.ask("""
        UPDATE delivery SET state = 'accepted', closed = opened
        WHERE number = (SELECT min(number) FROM delivery)
    """)
    change(post_in(handed))
    answer = handed.act("send", "4", "--correction", "en=We were wrong.", "--yes")
    assert answer.status == 3
    assert "is being sent by workers" in answer.err


def test_a_look_at_the_calendar_tells_who_has_it(handed: Fleet) -> None:
    """It was not interrupted."""
    answer = handed.act("--json", "plan", "--since", "2000-01-01")
    (issue,) = answer.document["issues"]
    assert issue["state"] == "in the hands of workers"


def test_a_batch_is_what_goes_within_seconds(fleet: Fleet) -> None:
    """Whoever leaves while it is in hand may still get the issue; so it is not long."""
    settings = fleet.folder / "distribute.toml"
    slow = settings.read_text("utf-8").replace("[smtp]\n", '[smtp]\nrate = "2/s"\n')
    settings.write_text(slow, encoding="utf-8")
    newcomers(fleet, 45)
    answer = fleet.act("send", "4", "--workers", "--sink", "smtp", "--yes")
    assert answer.status == 0, answer.err
    sizes = fleet.ask("SELECT last - first + 1 FROM batch ORDER BY number")
    assert sizes == [(30,), (PEOPLE + 15,)]


def newcomers(fleet: Fleet, count: int) -> None:
    """Put more people on the list."""
    fleet.ask(
        """
        INSERT INTO subscriber (key, address, name, languages, only_these, status, source)
        SELECT 'new' || n || '@example.org', 'new' || n || '@example.org', '', 'en', 0,
               'confirmed', 'test'
        FROM generate_series(1, %s) AS n
    """,
        count,
    )


def test_a_correction_is_handed_over_like_an_issue(handed: Fleet) -> None:
    """It goes to those who got the old text, and to nobody twice."""
    words = ("send", "4", "--correction", "en=We were wrong.", "--workers")
    with handed.working():
        wait_until(lambda: handed.state == "done")
        change(post_in(handed))
        assert handed.act(*words).status == 0
        assert handed.act(*words).status == 0
        wait_until(
            lambda: handed.ask("SELECT DISTINCT state FROM frozen") == [("done",)]
        )
    served = """
        SELECT c.language, count(*), count(DISTINCT d.key) FROM delivery AS d
        JOIN choice AS c ON c.number = d.choice
        WHERE d.campaign {} AND d.state = 'accepted' GROUP BY 1 ORDER BY 1
    """
    main = handed.ask(served.format("= 1"))
    assert handed.ask(served.format("> 1")) == [row for row in main if row[0] == "en"]


def test_a_server_that_knows_nobody_is_not_believed_batch_by_batch(
    fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small they are, the campaign is paused before the list has bounced."""
    monkeypatch.setattr("distribute.cli.fleet.handing.SIZE", 5)
    newcomers(fleet, 33)
    faults = (Fault(stage="rcpt", reply="550 5.1.1 unknown"),)
    with serving(tmp_path / "mail", Manners(faults=faults)) as server:
        point_at(fleet, server.port)
        answer = fleet.act("send", "4", "--workers", "--sink", "smtp", "--yes")
        assert answer.status == 0, answer.err
        with fleet.working():
            wait_until(lambda: fleet.state == "paused")
    ((alarm,),) = fleet.ask("SELECT alarm FROM frozen")
    assert "knows hardly anybody" in alarm
    bounced = fleet.ask("SELECT count(*) FROM subscriber WHERE status = 'bounced'")
    assert bounced == [(20,)]


def point_at(fleet: Fleet, port: int) -> None:
    """Have another mail server."""
    settings = fleet.folder / "distribute.toml"
    there = settings.read_text("utf-8").replace("port = 25\n", f"port = {port}\n")
    settings.write_text(there, encoding="utf-8")
