"""``kill -9`` in the middle of a sending, again and again: nothing lost, nothing twice."""

import json
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from distribute.campaign.campaign import Outcome
from distribute.campaign.ledger import SqliteLedger
from distribute.mailbox import Mailbox
from tests.cli.conftest import Run
from tests.commands import Answer, finish, start
from tests.crowd import Reader, crowd, write_list
from tests.mailroom import open_mailroom, use_server

PEOPLE = 400
KILLED_AT = (20, 60, 110)
"""How many messages have gone when the sender is killed."""

Arrived = Callable[[], Mapping[str, object]]
"""Tells what has arrived, by recipient; what it is changes if it is sent again."""


def test_killed_thrice_and_everybody_has_one_message(run: Run, letter: Path) -> None:
    """Each kill leaves one delivery uncertain at most; whatever is not, is sent once.

    By files and by SMTP at the same time, each with its own account. The uncertain are
    never sent again by themselves; the last run ends with 5 if there are any.
    """
    readers = crowd(PEOPLE, ["en", "de; en", "fr"])
    write_list(readers, letter / "people.csv")
    run("-C", letter, "audience", "import", letter / "people.csv")
    with open_mailroom() as inbox, ThreadPoolExecutor() as pool:
        use_server(letter, inbox.port)
        sendings = [
            Sending(letter, "file", lambda: number_of_files(letter), files_of(letter)),
            Sending(
                letter,
                "smtp",
                lambda: len(inbox.messages),
                lambda: dict(inbox.messages),
            ),
        ]
        for count in KILLED_AT:
            list(pool.map(lambda each, count=count: each.kill(count), sendings))
        for each in sendings:
            plan = run("-C", letter, "--json", "plan", "4", "--sink", each.sink)
            each.check_plan(plan.document, readers)
        for each, answer in zip(sendings, pool.map(Sending.end, sendings), strict=True):
            each.check_end(answer, readers)


@dataclass
class Sending:
    """One account of the issue, whose sender is killed again and again."""

    letter: Path
    sink: str
    count: Callable[[], int]
    """How many messages have arrived; asked often."""
    arrived: Arrived
    seen: Mapping[str, object] = field(default_factory=dict)
    kills: int = 0

    def kill(self, count: int) -> None:
        """Start sending, and kill it when so many messages have come."""
        deadline = time.monotonic() + 60
        with self.start() as process:
            while self.count() < count and process.poll() is None:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.005)
            process.kill()
        assert process.returncode == -9
        self.kills += 1
        accepted, uncertain = self.account()
        assert len(uncertain) <= self.kills
        assert accepted <= self.arrived().keys() <= accepted | uncertain
        self.check_seen()

    def start(self) -> subprocess.Popen[str]:
        """Send, in a process of its own."""
        return start("-C", self.letter, "send", "4", "--sink", self.sink, "--yes")

    def end(self) -> Answer:
        """Send the rest."""
        return finish(self.start())

    def check_seen(self) -> None:
        """See that what was there has not been sent once more."""
        now = self.arrived()
        assert {who: now[who] for who in self.seen} == self.seen
        self.seen = now

    def check_plan(self, plan: Any, readers: Iterable[Reader]) -> None:
        """See that the accepted, the uncertain and the due make up everybody."""
        accepted, uncertain = self.account()
        rest = {r.address for r in readers if r.wire not in accepted | uncertain}
        assert {delivery["address"] for delivery in plan["deliveries"]} == rest
        assert plan["uncertain"] == len(uncertain)

    def check_end(self, answer: Answer, readers: Iterable[Reader]) -> None:
        """See that the last run served everybody but the uncertain, and said so."""
        accepted, uncertain = self.account()
        assert answer.status == (5 if uncertain else 0), answer.out + answer.err
        everybody = {reader.wire for reader in readers}
        assert accepted == everybody - uncertain
        assert accepted <= self.arrived().keys() <= everybody
        self.check_seen()

    def account(self) -> tuple[set[str], set[str]]:
        """Ask the ledger who has the message, and who may have it."""
        with SqliteLedger(self.letter / "distribute.db", self.sink) as ledger:
            records = list(ledger.records("issue-4"))
        found: dict[Outcome, set[str]] = {outcome: set() for outcome in Outcome}
        for record in records:
            assert len(record.attempts) == 1
            found[record.receipt.outcome].add(Mailbox(record.address).wire_address)
        assert not found[Outcome.DEFERRED] | found[Outcome.REJECTED]
        return found[Outcome.ACCEPTED], found[Outcome.UNCERTAIN]


def number_of_files(letter: Path) -> int:
    """Count the messages of the file sink."""
    return sum(1 for _ in letter.glob("out/mail/issue-4/*/*.eml"))


def files_of(letter: Path) -> Arrived:
    """Watch the messages of the file sink, and when they were written."""
    whose: dict[Path, str] = {}

    def look() -> Mapping[str, object]:
        for path in (letter / "out" / "mail").rglob("*.eml"):
            if path not in whose:
                envelope = json.loads(path.with_suffix(".json").read_bytes())
                assert envelope["rcpt_to"] not in whose.values()
                whose[path] = envelope["rcpt_to"]
        return {who: path.stat().st_mtime_ns for path, who in whose.items()}

    return look
