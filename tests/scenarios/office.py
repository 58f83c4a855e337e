"""A newsletter with its readers, ready to be sent again and again to a server of ours."""

import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from distribute.cli.newsletter.sample import copy_sample
from tests.commands import NOW, Answer, call, finish, start
from tests.crowd import Reader, crowd, write_list
from tests.databases import look_into
from tests.faults.record import Record

ISSUE = "4"
"""It has an English and a German edition."""
TOTALS = ("accepted", "deferred", "rejected", "uncertain")


@dataclass
class Office:
    """One newsletter's folder and who reads it."""

    folder: Path
    readers: Sequence[Reader] = field(repr=False)
    runs: int = 0

    @property
    def everybody(self) -> set[str]:
        """The addresses of the readers, as they travel."""
        return {reader.wire for reader in self.readers}

    def configure(
        self,
        port: int,
        *,
        smtp: Mapping[str, str] = {},
        delivery: Mapping[str, str] = {},
    ) -> None:
        """Point the settings at a server; values are written as in TOML."""
        path = self.folder / "distribute.toml"
        head, _, _ = path.read_text("utf-8").partition("[smtp]")
        server = {"host": '"127.0.0.1"', "port": str(port), "security": '"none"'}
        waits = {"retry_after": '"1s"'}
        path.write_text(
            f"{head}[smtp]\n{_toml(server | dict(smtp))}"
            f"[delivery]\n{_toml(waits | dict(delivery))}",
            encoding="utf-8",
        )

    def send(self, *options: str, seconds: float = 120.0) -> Answer:
        """Run `send` in this process, to its end, on the first day or the days after."""
        now = str(int(NOW) + 3600 * self.runs)
        self.runs += 1
        with within(seconds):
            return call(
                "-C", self.folder, "--json", "send", ISSUE, "--sink", "smtp", "--yes",
                *options, now=now,
            )  # fmt: skip

    def send_till_done(
        self, *, runs: int = 8, options: Sequence[str] = ()
    ) -> list[Answer]:
        """Run `send` until nobody is left to serve; each one's numbers add up."""
        answers: list[Answer] = []
        while len(answers) < runs:
            answers.append(self.send("--wait", "0s", *options))
            check_sum(answers[-1])
            if not self.left():
                return answers
        raise AssertionError(f"not done: {self.count_states()}\n{answers[-1].out}")

    def start(
        self, *options: str, sink: str = "smtp", env: Mapping[str, str] = {}
    ) -> subprocess.Popen[str]:
        """Start `send` as a process of its own."""
        words = ("--json", "send", ISSUE, "--sink", sink, "--yes", *options)
        return start("-C", self.folder, *words, env=env)

    def finish(self, *options: str, sink: str = "smtp") -> Answer:
        """Run `send` as a process of its own, to its end."""
        return finish(self.start(*options, sink=sink))

    def states(self, *, sink: str = "smtp", issue: str = ISSUE) -> dict[str, str]:
        """Say where everybody stands who is in the ledger, by the address that travels."""
        wires = {reader.address: reader.wire for reader in self.readers}
        with look_into(self.folder / "distribute.db") as database:
            rows = database.execute(
                "SELECT address, state FROM delivery JOIN campaign"
                " ON campaign.number = delivery.campaign WHERE campaign.sink = ? AND campaign.id = ?",
                (sink, f"issue-{issue}"),
            ).fetchall()
        return {wires[address]: state for address, state in rows}

    def in_state(self, *states: str) -> set[str]:
        """Say who is in one of these states."""
        return {who for who, state in self.states().items() if state in states}

    def count_states(self) -> Counter[str]:
        """Count them."""
        return Counter(self.states().values())

    def left(self) -> set[str]:
        """Say who is still to be served."""
        return self.everybody - self.in_state("accepted", "rejected", "uncertain")

    def check(self, record: Record, *, unclear: int = 0) -> None:
        """See that all is as it was seen, and SMTP as it is to be spoken.

        At most `unclear` deliveries may be uncertain.
        """
        self.check_account(record, unclear=unclear)
        assert not record.problems, record.problems[:5]

    def check_account(
        self, record: Record, *, unclear: int = 0, misled: Set[str] = frozenset()
    ) -> None:
        """See that nobody is lost, served twice, or said to be served who was not.

        But the server may have said so of those of whom we were `misled`.
        """
        arrived, states = record.arrived, self.states()
        accepted = {who for who, state in states.items() if state == "accepted"}
        uncertain = {who for who, state in states.items() if state == "uncertain"}
        twice = {who for who, times in arrived.items() if times > 1}
        assert not twice, f"served twice: {twice}"
        assert accepted <= arrived.keys() | misled, "accepted, and never seen"
        assert arrived.keys() <= accepted | uncertain, "served, and not known to be"
        assert len(uncertain) <= unclear, f"{len(uncertain)} uncertain"
        assert states.keys() == self.everybody, "lost"

    def check_nobody_marked(self) -> None:
        """See that everybody is still due, and nobody's delivery has begun."""
        assert not self.in_state("accepted", "rejected", "uncertain", "started")


def open_office(folder: Path, people: int, *, whole: bool = False) -> Office:
    """Make a newsletter with so many readers.

    It has one issue, `ISSUE`, unless it is to be the `whole` sample: each run reads all.
    """
    copy_sample(folder)
    if not whole:
        keep_one_issue(folder)
    readers = crowd(people, ["en", "de; en", "fr"])
    write_list(readers, folder / "people.csv")
    answer = call("-C", folder, "audience", "import", folder / "people.csv")
    assert answer.status == 0, answer.out
    return Office(folder, readers)


def keep_one_issue(folder: Path) -> None:
    """Remove all posts but the two of `ISSUE`."""
    for post in (folder / "posts").iterdir():
        if not post.name.startswith("2026-10-09"):
            post.unlink()


def copy_office(office: Office, folder: Path) -> Office:
    """Make one just like another."""
    shutil.copytree(office.folder, folder)
    return Office(folder, office.readers)


def check_sum(answer: Answer) -> Any:
    """See that a run's numbers add up to whom it was to serve; gives its document."""
    document = answer.document
    outcomes = document["outcomes"]
    total = sum(outcomes[name] for name in TOTALS) + document["not_reached"]
    assert document["planned"] == total, document
    return document


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail if what is done in here takes longer: it hangs."""

    def complain(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"not over after {seconds} s")

    before = signal.signal(signal.SIGALRM, complain)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def wait_until(condition: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Wait for something to be so; fails if it never is."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)


def _toml(values: Mapping[str, str]) -> str:
    return "".join(f"{key} = {value}\n" for key, value in values.items())
