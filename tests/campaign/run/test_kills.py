"""A real sender, killed at any moment: whoever goes on knows whom it may have written to."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from distribute.campaign.campaign import Outcome
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import LockedError
from tests.campaign.mailings import put_on_list
from tests.campaign.senders import (
    ADA,
    AT,
    CAMPAIGN,
    NOW,
)

PEOPLE = 1000
KILLS = 10
AT_ONCE = 4
SENDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path

from distribute.campaign.campaign import Entry, Outcome, Receipt, Stage
from distribute.campaign.ledger.due import Due
from distribute.campaign.ledger.ledger import SqliteLedger
from tests.campaign.actors import parcel

database, sink, linger, at_once = sys.argv[1:]
now, path = datetime(2026, 11, 20, 9, 0, tzinfo=UTC), Path(database)
accepted = Receipt(Outcome.ACCEPTED, 250, "2.0.0", "taken", Stage.END)
with SqliteLedger(path, "smtp") as ledger, open(sink, "a") as out:
    with ledger.lock("issue-5", now):
        ledger.started("issue-5", now)
        ledger.use("issue-5")
        ledger.recover(1)
        print("ready", flush=True)
        after, ended = "", []
        due = Due(path, sink="smtp", campaign="issue-5")
        while page := due.fresh(after, 25):
            after = page[-1].key
            people = [parcel(person.key) for person in page]
            ledger.claim(people, 1)
            while some := people[:int(at_once)]:
                del people[:len(some)]
                ledger.record(some, ended, 1)
                if linger in [each.key for each in some]:
                    print("lingers", flush=True)
                    sys.stdin.read()
                out.writelines(each.key + "\\n" for each in some)
                out.flush()
                ended = [Entry(each, accepted) for each in some]
        ledger.record((), ended, 1)
"""


class _Crashes:
    """A sender in a process of its own, to be killed at any moment."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "distribute.db"
        self.sink = folder / "sink.txt"
        self.sink.touch()
        self.started: list[subprocess.Popen[str]] = []
        put_on_list(self.database, (f"u{number:04}" for number in range(PEOPLE)))

    def start(
        self, *, linger: str = "", at_once: int = AT_ONCE
    ) -> subprocess.Popen[str]:
        """Start to send to everybody who is due; returns when it does."""
        command = [self.database, self.sink, linger, at_once]
        process = subprocess.Popen(  # noqa: S603 - this Python, the script above
            [sys.executable, "-c", SENDER, *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        self.started.append(process)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    def kill(self, process: subprocess.Popen[str]) -> None:
        """End it without a word."""
        process.kill()
        process.communicate()

    def seen(self) -> list[str]:
        """List whom the far side has received messages for."""
        return self.sink.read_text().split()

    def ledger(self) -> dict[str, Outcome]:
        """List what the ledger says."""
        with SqliteLedger(self.database, "smtp") as ledger:
            return dict(ledger.recipients(CAMPAIGN))


@pytest.fixture
def crashes(tmp_path: Path) -> Iterator[_Crashes]:
    """Prepare a sender that can be killed, and leave none behind when a test fails."""
    crashes = _Crashes(tmp_path)
    yield crashes
    for process in crashes.started:
        if process.poll() is None:
            crashes.kill(process)


def test_a_kill_between_start_and_answer_leaves_it_uncertain(crashes: _Crashes) -> None:
    """The delivery in flight is the only one whose fate is unknown, and it is known."""
    process = crashes.start(linger="u0007@example.org", at_once=1)
    assert process.stdout
    assert process.stdout.readline() == "lingers\n"
    crashes.kill(process)
    outcomes = crashes.ledger()
    assert outcomes.pop("u0007@example.org") is Outcome.UNCERTAIN
    assert outcomes == {f"u{n:04}@example.org": Outcome.ACCEPTED for n in range(7)}


def test_after_many_kills_everybody_is_accounted_for(crashes: _Crashes) -> None:
    """Killed ten times at any moment: nobody is lost, nobody is written to twice."""
    cut_short = 0
    for number in range(KILLS):
        enough = len(crashes.seen()) + 5 * number
        process = crashes.start()
        while process.poll() is None and len(crashes.seen()) < enough:
            time.sleep(0.0002)
        crashes.kill(process)
        outcomes, seen = crashes.ledger(), crashes.seen()
        accepted = {k for k, o in outcomes.items() if o is Outcome.ACCEPTED}
        assert accepted <= set(seen) <= set(outcomes)
        assert len(outcomes) - len(accepted) <= 2 * AT_ONCE * (number + 1)
        cut_short += 0 < len(outcomes) < PEOPLE
    assert cut_short > 1
    last = crashes.start()
    last.communicate()
    outcomes, seen = crashes.ledger(), crashes.seen()
    assert set(outcomes) == {f"u{n:04}@example.org" for n in range(PEOPLE)}
    assert set(outcomes.values()) <= {Outcome.ACCEPTED, Outcome.UNCERTAIN}
    assert len(seen) == len(set(seen))


def test_a_living_sender_keeps_others_away_and_a_dead_one_does_not(
    crashes: _Crashes,
) -> None:
    """The second is told who sends; once that one is dead, the next goes on at once."""
    process = crashes.start(linger="u0000@example.org")
    with SqliteLedger(crashes.database, "smtp") as ledger:
        holder = ledger.holder(CAMPAIGN)
        assert holder.startswith(f"process {process.pid} on ")
        with (
            pytest.raises(LockedError, match="is being sent by process") as caught,
            ledger.lock(CAMPAIGN, NOW),
        ):
            pytest.fail("two senders")
        assert caught.value.holder == holder
        ledger.use(CAMPAIGN)
        with pytest.raises(LockedError):
            ledger.claim([ADA], AT)
        crashes.kill(process)
        with ledger.lock(CAMPAIGN, NOW) as dead:
            assert dead == holder
            ledger.claim([ADA], AT)
