"""Real servers to send to: aiosmtpd, and one that misbehaves as a test tells it."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.faults.certificate import make_certificate
from tests.mailroom import free_port

WAIT = 60.0
"""Seconds after which a test has hung."""


@dataclass
class Peer:
    """The server's end of one connection, in the hands of a script."""

    sock: socket.socket
    heard: list[bytes]
    silent: threading.Event
    """Set once it has fallen silent."""
    buffer: bytearray = field(default_factory=bytearray)

    def say(self, *lines: str) -> None:
        """Send lines, each with its CRLF."""
        self.sock.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def say_raw(self, content: bytes) -> None:
        """Send bytes as they are."""
        self.sock.sendall(content)

    def hear(self, until: bytes = b"\r\n") -> bytes:
        """Receive up to a mark; empty when the client has gone."""
        searched = 0
        while (end := self.buffer.find(until, searched)) < 0:
            searched = max(len(self.buffer) - len(until), 0)
            received = self.sock.recv(1 << 20)
            if not received:
                return b""
            self.buffer += received
        self.heard.append(bytes(self.buffer[:end]))
        del self.buffer[: end + len(until)]
        return self.heard[-1]

    def fall_silent(self) -> bytes:
        """Say nothing until the client says something more, or goes; gives which."""
        self.silent.set()
        return self.hear()

    def hear_data(self) -> bytes:
        """Receive a message and its final dot."""
        return self.hear(b"\r\n.\r\n")

    def greet(self, *extensions: str) -> None:
        """Come as far as EHLO."""
        self.say("220 mail.example.org")
        self.hear()
        offered = ["mail.example.org", *extensions]
        self.say(*(f"250-{line}" for line in offered[:-1]), f"250 {offered[-1]}")

    def accept(self, count: int = 1) -> None:
        """Serve whole transactions."""
        for _ in range(count):
            self.to_data()
            self.hear_data()
            self.say("250 2.0.0 kept")

    def to_data(self) -> None:
        """Come as far as 354."""
        for reply in ("250 sender ok", "250 recipient ok", "354 go on"):
            self.hear()
            self.say(reply)

    def reset(self) -> None:
        """Break the connection as a crash does, with RST."""
        linger = struct.pack("ii", 1, 0)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.sock.close()


Script = Callable[[Peer], None]


@dataclass
class ScriptedServer:
    """Plays one script per connection, in order; refuses more of them."""

    listener: socket.socket
    scripts: tuple[Script, ...]
    heard: list[list[bytes]] = field(default_factory=list)
    """What came in, per connection, line by line."""
    problems: list[BaseException] = field(default_factory=list)
    silent: threading.Event = field(default_factory=threading.Event)
    """Set when a script has fallen silent; whoever waits for it may lose patience."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.listener.getsockname()[1])

    def play(self) -> None:
        """Serve until the scripts are played."""
        for script in self.scripts:
            try:
                sock, _ = self.listener.accept()
                sock.settimeout(WAIT)
                self.heard.append([])
                with sock:
                    script(Peer(sock, self.heard[-1], self.silent))
            except ConnectionError:
                continue
            except (OSError, AssertionError) as error:
                self.problems.append(error)
                break
        self.listener.close()


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedServer]]:
    """Start servers that play scripts, one per connection."""
    started: list[tuple[ScriptedServer, threading.Thread]] = []

    def start(*scripts: Script, host: str = "127.0.0.1") -> ScriptedServer:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, 0), family=family)
        listener.settimeout(WAIT)
        server = ScriptedServer(listener, scripts)
        thread = threading.Thread(target=server.play, daemon=True)
        thread.start()
        started.append((server, thread))
        return server

    yield start
    for server, thread in started:
        thread.join(WAIT)
        assert not thread.is_alive(), "the script never ended"
        assert not server.problems


class Mailroom:
    """A handler of aiosmtpd that keeps what it gets and refuses whom it is told to."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.refusals: dict[str, str] = {}
        self.logins: list[tuple[str, bytes, bytes]] = []
        self.names: list[str] = []
        self.options: list[list[str]] = []

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str,
        responses: list[str],
    ) -> list[str]:  # fmt: skip
        session.host_name = hostname
        self.names.append(hostname)
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str,
        options: list[str],
    ) -> str:  # fmt: skip
        envelope.mail_from = address
        self.options.append(options)
        return self.refusals.get(address, "250 2.1.0 sender ok")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str,
        options: list[str],
    ) -> str:  # fmt: skip
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if "data" in self.refusals:
            return self.refusals["data"]
        self.received.append(envelope)
        return "250 2.0.0 kept as 42"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str,
        data: Any,
    ) -> AuthResult:  # fmt: skip
        assert isinstance(data, LoginPassword)
        self.logins.append((mechanism, data.login, data.password))
        return AuthResult(success=data.password == b"s3cret", handled=False)


@dataclass
class Smtpd:
    """A running aiosmtpd."""

    port: int
    room: Mailroom


class Post(Controller):
    """Runs a kind of server; each connection gets one of its own."""

    kind: type[SMTP] = SMTP

    def factory(self) -> SMTP:
        return self.kind(self.handler, **self.SMTP_kwargs)


@pytest.fixture
def smtpd() -> Iterator[Callable[..., Smtpd]]:
    """Start aiosmtpd servers with the options of its `SMTP` class, or of a kind of it."""
    running: list[Controller] = []

    def start(kind: type[SMTP] = SMTP, **options: Any) -> Smtpd:
        room = Mailroom()
        if options.pop("auth", False):
            options["authenticator"] = room.authenticate
        port = free_port()
        controller = Post(
            room,
            hostname="127.0.0.1",
            port=port,
            enable_SMTPUTF8=True,
            ready_timeout=WAIT,
            **options,
        )
        controller.kind = kind
        controller.start()
        running.append(controller)
        return Smtpd(port, room)

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for localhost, with its key, in one PEM file."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def server_tls(certificate: Path) -> ssl.SSLContext:
    """Make the server's side of TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context
