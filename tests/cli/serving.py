"""``distribute serve`` as a process, and the letters it has put into ``out/mail``."""

import email
import email.policy
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlencode, urlsplit

from tests.commands import start

SETTINGS = """
[newsletter]
title = "Example News"
url = "https://news.example.org"
tag = "example.org,2026"
languages = ["en", "ar", "de"]
address = "1 Example Street"

[sender]
from = "Example News <news@example.org>"
bounces = "bounces@example.org"
"""
FORM = re.compile(r'name="begun" value="([^"]+)"')


def write_newsletter(folder: Path, more: str = "") -> Path:
    """Make a newsletter with no issue yet."""
    (folder / "posts").mkdir(parents=True)
    (folder / "distribute.toml").write_text(SETTINGS + more, "utf-8")
    return folder


class Visitor:
    """Somebody with a browser."""

    def __init__(
        self, address: str, greeting: Sequence[str], process: "subprocess.Popen[str]"
    ) -> None:
        self.address = address
        self.greeting = greeting
        self.process = process

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Open a page, or send a form; gives status and text."""
        connection = HTTPConnection(self.address, timeout=60)
        try:
            if form is None:
                connection.request("GET", path)
            else:
                kind = {"Content-Type": "application/x-www-form-urlencoded"}
                connection.request("POST", path, urlencode(form), kind)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def join(self, address: str, **fields: str) -> int:
        """Fill in the form as a person does, which takes a second."""
        _, page = self.ask("/subscribe?lang=en")
        begun = FORM.search(page)
        assert begun
        sleep(1.05)
        form = {"email": address, "begun": begun[1], **fields}
        return self.ask("/subscribe?lang=en", form)[0]

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Stop the server, and give its status and what it said."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


@contextmanager
def serving(
    folder: Path, *options: str, env: Mapping[str, str] = {}
) -> Iterator[Visitor]:
    """Run the server, with the real clock, and stop it if nobody has."""
    process = start(
        "-C",
        folder,
        "serve",
        "--port",
        "0",
        *options,
        env={"SOURCE_DATE_EPOCH": "", **env},
    )
    try:
        assert process.stdout
        greeting = [process.stdout.readline() for _ in range(3)]
        found = re.search(r"http://(\S+)/", greeting[0])
        assert found, process.communicate()
        yield Visitor(found[1], greeting, process)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def letters(folder: Path, count: int) -> list[EmailMessage]:
    """Wait until so many letters lie in ``out/mail``, and read them, oldest first."""
    end, files = monotonic() + 60, list[Path]()
    while len(files) < count and monotonic() < end:
        sleep(0.02)
        files = sorted((folder / "out/mail").rglob("*.eml"), key=_made)
    assert len(files) == count
    return [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in files
    ]


def link_in(letter: EmailMessage) -> str:
    """Give the path of the link in a letter."""
    body = letter.get_body(("plain",))
    assert body
    found = re.search(r"https://news\.example\.org(/\S+)", body.get_content())
    assert found
    return urlsplit(found[1]).path


def _made(file: Path) -> int:
    return file.stat().st_mtime_ns
