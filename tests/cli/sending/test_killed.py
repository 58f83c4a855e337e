"""``kill -9`` while messages are written to files: nothing lost, nothing twice.

The same for SMTP, at length, is in ``tests/scenarios``.
"""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from distribute.sinks.folder import AT_ONCE
from tests.scenarios.office import Office, check_sum, copy_office, open_office

PEOPLE = 520
KILLED_AT = (20, 200, 201)
"""How many messages have been written when the sender is killed."""


@dataclass
class Mail:
    """What lies in ``out/mail``, and when it was written."""

    office: Office
    whose: dict[Path, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many messages there are."""
        folders = self.office.folder.glob("out/mail/issue-4/*")
        names = (name for folder in folders for name in os.listdir(folder))  # noqa: PTH208 - it is quick
        return sum(name.endswith(".eml") for name in names)

    def look(self) -> Mapping[str, int]:
        """Say who has a message, and when it was written; nobody has two."""
        for path in (self.office.folder / "out" / "mail").rglob("*.eml"):
            if path not in self.whose:
                envelope = json.loads(path.with_suffix(".json").read_bytes())
                assert envelope["rcpt_to"] not in self.whose.values()
                self.whose[path] = envelope["rcpt_to"]
        return {who: path.stat().st_mtime_ns for path, who in self.whose.items()}


def test_killed_again_and_again_and_everybody_has_one_message(tmp_path: Path) -> None:
    """Each kill leaves a few deliveries in doubt at most; what is not, is written once.

    Those in doubt are not written again by themselves; the last run ends with 5.

    On a busy machine a sender may end before it is killed: then it is tried again.
    """
    fresh = open_office(tmp_path / "fresh", PEOPLE)
    offices = (copy_office(fresh, tmp_path / f"letter-{n}") for n in range(5))
    assert any(map(can_be_killed_again_and_again, offices)), "all ended before"


def can_be_killed_again_and_again(office: Office) -> bool:
    """Kill senders and look what they leave; false if one ends before it is killed."""
    mail = Mail(office)
    seen: Mapping[str, int] = {}
    for count in KILLED_AT:
        if not is_killed_at(office, mail, count):
            return False
        states = office.states(sink="file")
        doubtful = {who for who, state in states.items() if state == "started"}
        accepted = {who for who, state in states.items() if state == "accepted"}
        uncertain = {who for who, state in states.items() if state == "uncertain"}
        now = mail.look()
        assert len(doubtful) <= AT_ONCE
        assert accepted <= now.keys() <= accepted | doubtful | uncertain
        assert {who: now[who] for who in seen} == seen, "written once more"
        seen = now
    check_end(office, mail, seen)
    return True


def is_killed_at(office: Office, mail: Mail, count: int) -> bool:
    """Start sending, and kill it when so many messages are there, if it is not over."""
    deadline = time.monotonic() + 60
    with office.start(sink="file") as process:
        while mail.count < count and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.kill()
    return process.returncode == -9


def check_end(office: Office, mail: Mail, seen: Mapping[str, int]) -> None:
    """See that the last run serves everybody but the uncertain, and says so."""
    answer = office.finish(sink="file")
    states = office.states(sink="file")
    uncertain = {who for who, state in states.items() if state == "uncertain"}
    now = mail.look()
    assert answer.status == (5 if uncertain else 0), answer.out + answer.err
    assert check_sum(answer)["uncertain_in_all"] == len(uncertain)
    assert len(uncertain) <= AT_ONCE * len(KILLED_AT)
    assert states.keys() == office.everybody
    assert office.everybody - uncertain <= now.keys()
    assert {who: now[who] for who in seen} == seen, "written once more"
