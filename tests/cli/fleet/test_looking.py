"""`status` shows how far workers are, once or until they are done."""

import io
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from rich.console import Console
from rich.text import Text

from distribute.audience.database.place import PostgresUrl
from distribute.campaign.fleet.progress import Overview
from distribute.cli.fleet import looking
from distribute.cli.fleet.looking import lookout
from distribute.cli.invocation import Invocation
from distribute.errors import AwayError
from tests.campaign.fleet.handed import hand_over
from tests.cli.fleet.conftest import PEOPLE, Fleet
from tests.commands import NOW
from tests.postgres import Server
from tests.processes import ROOT, wait_until
from tests.readers import CAMPAIGN

WATCH = ("status", "4", "--watch")
TODAY = datetime.fromtimestamp(int(NOW), UTC)


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often."""
    monkeypatch.setattr(looking._Lines, "pause", 0.02)


def test_status_shows_what_is_with_workers(fleet: Fleet) -> None:
    """Batches and deliveries, and what is missing: somebody to send it."""
    assert "with workers" not in fleet.act("status", "4").out
    assert "with_workers" not in fleet.act("--json", "status", "4").document
    fleet.hand_over()
    shown = fleet.act("status", "4").out
    assert "issue-4 by file, with workers: going, but no worker is there" in shown
    assert "batches: 1 waiting, 0 in hand, 0 later, 0 done" in shown
    assert f"0 on their way, {PEOPLE} to come" in shown
    assert "worker` sends it, on any machine" in shown


def test_programs_get_a_document(handed: Fleet) -> None:
    """It says which numbers are exact, and of when."""
    (seen,) = handed.act("--json", "status", "4").document["with_workers"]
    assert (seen["campaign"], seen["sink"], seen["state"]) == (
        "issue-4",
        "file",
        "going",
    )
    assert seen["complete"] is True
    assert seen["batches"] == {
        "waiting": 1, "in_hand": 0, "later": 0, "next_due": None, "done": 0,
        "cancelled": 0,
    }  # fmt: skip
    assert seen["deliveries"]["claimed"] == PEOPLE
    at = datetime.fromisoformat(seen["counted"])
    assert at >= TODAY
    assert (seen["ended_since"], seen["workers"], seen["per_second"]) == ({}, [], 0.0)


def test_those_who_work_are_named(handed: Fleet) -> None:
    """With what they have in hand; whoever has signed off is gone."""
    with handed.working() as hired:
        wait_until(lambda: bool(handed.ask("SELECT 1 FROM worker")))
        wait_until(lambda: handed.state == "done")
        (seen,) = handed.act("--json", "status", "4").document["with_workers"]
        (worker,) = seen["workers"]
        assert worker["name"] == hired.member.name
        assert worker["pid"] == os.getpid()
    assert hired.is_clean
    assert handed.ask("SELECT ended, campaign FROM worker") == [(1, None)]
    share = "SELECT batches, accepted, deferred, rejected, uncertain FROM worker_share"
    assert handed.ask(share) == [(1, PEOPLE, 0, 0, 0)]


def test_it_is_watched_until_it_is_done(handed: Fleet) -> None:
    """A line each time, and the end is told exactly."""
    with handed.working():
        answer = handed.act("status", "4", "--watch")
    first, *_, last = answer.out.splitlines()
    assert answer.status == 0
    assert first.startswith("issue-4 by file: ")
    assert last.startswith(f"issue-4 by file: done; {PEOPLE} accepted, 0 deferred")


def test_programs_wait_for_one_document(handed: Fleet) -> None:
    """The lines go elsewhere meanwhile."""
    with handed.working():
        answer = handed.act("--json", "status", "4", "--watch")
    (seen,) = answer.document["with_workers"]
    assert (seen["state"], seen["deliveries"]["accepted"]) == ("done", PEOPLE)
    assert "issue-4 by file" in answer.err


def test_what_was_never_handed_over_can_not_be_watched(fleet: Fleet) -> None:
    """Nor a list of people, nor all issues at once."""
    answer = fleet.act("status", "4", "--watch")
    assert (answer.status, "never handed over" in answer.err) == (2, True)
    assert fleet.act("status", "4", "--watch", "--failed").status == 2
    assert fleet.act("status", "--watch").status == 2


def test_a_terminal_is_drawn_on_and_left_by_ctrl_c(handed: Fleet) -> None:
    """It shows all of it, with a bar; to leave is no failure."""
    terminal, inside = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "distribute", "-C", handed.folder, *WATCH],
        stdin=inside, stdout=inside, stderr=inside,
        env={**os.environ, "SOURCE_DATE_EPOCH": NOW, "PYTHONPATH": str(ROOT),
             "TERM": "xterm"},
    )  # fmt: skip
    os.close(inside)
    seen = b""
    while b"0%" not in seen:
        seen += os.read(terminal, 4096)
    process.send_signal(signal.SIGINT)
    with suppress(OSError):  # Linux says EIO at the end
        while more := os.read(terminal, 4096):
            seen += more
    os.close(terminal)
    assert process.wait(30) == 0
    assert "to come" in seen.decode("utf-8", "replace")
    assert b"Traceback" not in seen


class Picture:
    """Implements what `_Screen` needs of a terminal."""

    def __init__(self, encoding: str) -> None:
        file = io.TextIOWrapper(io.BytesIO(), encoding)
        self.console = Console(width=80, height=24, force_terminal=True, file=file)
        self.drawn: list[str] = []

    def update(self, renderable: Text, *, refresh: bool) -> None:
        """Remember what is on the screen."""
        assert refresh
        self.drawn = renderable.plain.splitlines()


def test_an_outage_is_said_above_what_was_seen_last(handed: Fleet) -> None:
    """How old that is, is said as well; it goes when the database is back."""
    here = Invocation(handed.folder, as_json=False, now=TODAY)
    picture = Picture("utf-8")
    screen = looking._Screen(here, (), picture)
    with lookout(here, PostgresUrl(handed.url), "4") as look:
        seen = look()
    screen.show(seen)
    before = picture.drawn
    assert before[0].startswith("issue-4 by file, with workers: ")
    screen.tell("the database does not answer")
    first, *others = picture.drawn
    assert first.startswith(
        "! the database does not answer; trying again. What follows"
    )
    assert others[-len(before) :] == before
    screen.show(seen)
    assert len(picture.drawn) == len(before)


def test_a_terminal_with_few_characters_is_drawn_on_too(handed: Fleet) -> None:
    """The bar is of letters, and what cannot be written is a question mark."""
    picture = Picture("latin-1")
    screen = looking._Screen(
        Invocation(handed.folder, as_json=False, now=TODAY), (), picture
    )
    with lookout(
        Invocation(handed.folder, as_json=False, now=TODAY),
        PostgresUrl(handed.url),
        "4",
    ) as look:
        (seen,) = look()
    screen.show([replace(seen, handed=replace(seen.handed, alarm="… later"))])
    assert picture.drawn[1] == "! alarm: ? later"
    assert [line for line in picture.drawn if "......" in line]


class Board:
    """Remembers what it is shown."""

    pause = 0.0

    def __init__(self) -> None:
        self.shown: list[Sequence[Overview]] = []
        self.told: list[str] = []

    def show(self, overviews: Sequence[Overview]) -> None:
        self.shown.append(overviews)

    def tell(self, trouble: str) -> None:
        self.told.append(trouble)


def test_a_database_that_is_away_is_waited_for(
    own_postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is said, and when it is back it goes on with the same look."""
    monkeypatch.setattr(looking, "_AWAY", (0.01,))
    url = own_postgres.new_database()
    here = Invocation(Path(), as_json=False, now=TODAY)
    board, steps = Board(), _outage(own_postgres, url)
    issue = CAMPAIGN.id.removeprefix("issue-")
    with hand_over(url, ["ada"]), lookout(here, PostgresUrl(url), issue) as look:

        def looked() -> Sequence[Overview]:
            next(steps)
            return look()

        seen = looking._follow(looked, look(), board)
    assert [each.handed.is_over for each in seen] == [True]
    assert len(board.shown) == 4
    (trouble,) = board.told
    assert "does not answer" in trouble
    assert "password" not in trouble


def _outage(server: Server, url: str) -> Iterator[str]:
    """Have something happen before each look."""
    yield "goes on"
    server.stop("immediate")
    yield "is away"
    server.start()
    yield "is back"
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE frozen SET state = 'cancelled'")
    yield "is over"


def test_a_look_fails_where_the_database_is_away(own_postgres: Server) -> None:
    """Before anything was seen it is an error, and worth another try."""
    url = own_postgres.new_database()
    here = Invocation(Path(), as_json=False, now=TODAY)
    with own_postgres.away(), pytest.raises(AwayError):
        looking.look_once(here, PostgresUrl(url), "4")
