"""A real SMTP server that keeps what arrives, and the messages of the file sink.

``python -m tests.mailroom PORT FOLDER`` is one as a process of its own.
"""

import email
import email.policy
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

READY = 60.0
"""Seconds that a server may take to begin; a busy machine may need some."""


class Inbox:
    """Keeps every message that arrives, as it arrives; nobody may get a second one."""

    def __init__(self) -> None:
        self.messages: dict[str, bytes] = {}
        self.unknown: set[str] = set()
        self.port = 0

    async def handle_RCPT(
        self,
        _server: SMTP,
        _session: Session,
        it: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 nobody of this name"
        it.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, it: Envelope) -> str:
        assert isinstance(it.content, bytes)
        (address,) = it.rcpt_tos
        assert address not in self.messages, "a second copy"
        self.messages[address] = it.content
        return "250 2.0.0 kept"


@contextmanager
def open_mailroom(inbox: Inbox | None = None) -> Iterator[Inbox]:
    """Run a server on a free port of this machine."""
    inbox = inbox or Inbox()
    inbox.port = free_port()
    controller = controller_of(inbox, inbox.port)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


class Drop(Inbox):
    """Writes every message into a folder, under the address of its recipient."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, it: Envelope) -> str:
        reply = await super().handle_DATA(server, session, it)
        ((address, content),) = self.messages.items()
        self.messages.clear()
        with (self.folder / address).open("xb") as file:  # nobody gets a second one
            file.write(content)
        return reply


@contextmanager
def open_mailroom_next_door(folder: Path, port: int) -> Iterator[None]:
    """Run a server that drops messages into a folder, as a process of its own."""
    server = subprocess.Popen(  # noqa: S603 - this very module
        [sys.executable, "-m", "tests.mailroom", str(port), str(folder)],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with server:
        assert server.stdout
        assert server.stdout.readline().strip() == b"ready"
        yield
        server.communicate()  # the end of its input is the end of it


def serve(port: int, folder: Path) -> None:
    """Serve until standard input ends."""
    controller = controller_of(Drop(folder), port)
    controller.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    controller.stop()


def controller_of(inbox: Inbox, port: int) -> Controller:
    """Prepare a server of this machine alone."""
    return Controller(inbox, hostname="127.0.0.1", port=port, ready_timeout=READY)


def free_port() -> int:
    """Find a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def use_server(newsletter: Path, port: int) -> None:
    """Point a newsletter's settings at a server on this machine."""
    settings = newsletter / "distribute.toml"
    head, _, _ = settings.read_text("utf-8").partition("[smtp]")
    smtp = f'[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    settings.write_text(head + smtp, encoding="utf-8")


def messages_in(folder: Path) -> dict[str, bytes]:
    """Give the messages of a folder, or of one file, by their recipient."""
    paths = folder.rglob("*.eml") if folder.is_dir() else [folder]
    return {
        parse(raw)["To"].addresses[0].addr_spec: raw
        for raw in (path.read_bytes() for path in paths)
    }


def parse(raw: bytes) -> EmailMessage:
    """Read a message as Python does it."""
    return email.message_from_bytes(raw, policy=email.policy.default)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
