"""``distribute serve`` over a copy of the sample newsletter, and what it puts into files.

The newsletter believes that it answers at its own address, under https: so it does for a
browser, whose requests a proxy hands on, and so it says in every letter and mail.
"""

import email
import email.policy
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

from tests.acceptance.letters import copy_sample
from tests.commands import NOW, call, start
from tests.processes import wait_until

HOME = "https://lights-out.example.org"
"""Where the sample is published, and where its public side answers."""
LATER = str(int(NOW) + 3600)
"""When issues are sent: after those who join, by the server's clock."""
STEADY = "steady@example.org"
"""Is on the list all the time, and wants English."""
_LINK = re.compile(rf"{HOME}/[^\s<>)\"]+")


@dataclass(frozen=True)
class PublicSide:
    """A newsletter whose public side answers at an address of this machine."""

    folder: Path
    address: str
    """Host and port."""
    process: "subprocess.Popen[str]"
    log: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """Where everything is kept."""
        return self.folder / "distribute.db"

    def line(self, *, timeout: float = 60) -> HTTPConnection:
        """Open a connection, over which anything can be said."""
        return HTTPConnection(self.address, timeout=timeout)

    def letters(self, address: str, count: int = 1) -> list[EmailMessage]:
        """Wait until somebody has had so many letters, and give them, oldest first."""
        wait_until(lambda: len(self._mails("letters", address)) >= count)
        return self._mails("letters", address)

    def letters_now(self, address: str) -> list[EmailMessage]:
        """Give the letters that somebody has had by now."""
        return self._mails("letters", address)

    def send(self, issue: str) -> None:
        """Send an issue into files."""
        answer = call("-C", self.folder, "send", issue, "--sink", "file", now=LATER)
        assert answer.status == 0, answer.err

    def mails_of(self, issue: str, address: str) -> list[EmailMessage]:
        """Give what somebody was sent of an issue."""
        return self._mails(f"issue-{issue}", address)

    def planned(self, issue: str) -> set[str]:
        """Say who would get an issue."""
        answer = call("-C", self.folder, "plan", issue, "--all", "--json", now=LATER)
        return {each["address"] for each in answer.document["deliveries"]}

    def subscriber(self, address: str) -> Mapping[str, Any] | None:
        """Look somebody up in the list, as the team does."""
        answer = call("-C", self.folder, "audience", "list", "--json", now=LATER)
        people = answer.document["subscribers"]
        return next((each for each in people if each["email"] == address), None)

    def _mails(self, folder: str, address: str) -> list[EmailMessage]:
        files = sorted(
            (self.folder / "out" / "mail" / folder).rglob("*.eml"),
            key=lambda file: file.stat().st_mtime_ns,
        )
        mails = (read_mail(file.read_bytes()) for file in files)
        return [mail for mail in mails if mail["To"] and address in mail["To"]]


def read_mail(data: bytes) -> EmailMessage:
    """Read a mail as any program does that knows the standards."""
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert not mail.defects
    return mail


def links_in(mail: EmailMessage, kind: str = "plain") -> list[str]:
    """Give the links of a mail that lead to the newsletter, in their order."""
    body = mail.get_body((kind,))
    assert body
    return _LINK.findall(body.get_content())


def link_to(mail: EmailMessage, step: str) -> str:
    """Give the one link that leads to a place of the public side; both texts have it."""
    written, shown = (
        {link for link in links_in(mail, kind) if link.startswith(f"{HOME}/{step}/")}
        for kind in ("plain", "html")
    )
    (link,) = written
    assert shown == written
    return link


@contextmanager
def public_side(
    folder: Path, more: str = "", people: str = "", env: Mapping[str, str] = {}
) -> Iterator[PublicSide]:
    """Serve a copy of the sample, built, with few people on its list.

    `more` is added to its settings, `people` to the list: lines of ``email,languages,status``.
    Its clock shows the evening of the sample's latest issue, and goes on.
    """
    letter = copy_sample(folder)
    settings = folder / "distribute.toml"
    settings.write_text(settings.read_text("utf-8") + more, "utf-8")
    (folder / "people.csv").write_text(
        f"email,languages,status\n{STEADY},en,confirmed\n{people}", "utf-8"
    )
    letter.build()
    answer = call("-C", folder, "audience", "import", folder / "people.csv")
    assert answer.status == 0, answer.err
    with start("-C", folder, "serve", "--port", "0", "--sink", "file", env=env) as run:
        assert run.stdout
        found = re.search(r"http://(\S+)/ ", run.stdout.readline())
        assert found, run.communicate()[1]
        served = PublicSide(folder, found[1], run)
        listener = Thread(target=_listen, args=(served,))
        listener.start()
        try:
            yield served
        finally:
            run.terminate()
            listener.join()


def _listen(served: PublicSide) -> None:
    """Read what the server says, lest it wait for somebody who does."""
    assert served.process.stderr
    served.log.extend(served.process.stderr)
