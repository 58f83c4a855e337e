"""Octets in and out of a server of ours, as its manners want them."""

import select
import socket
import ssl
import struct
import threading
from contextlib import suppress
from typing import Any

from tests.faults.fault import Manners

PATIENCE = 60.0
"""Seconds after which a silent client is given up."""
DOT = b"\r\n.\r\n"
_MOST_GARBAGE = 50_000_000


class Hangup(Exception):  # noqa: N818 - it is the end, not an error
    """The connection is to end; `reset` with RST."""

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__()
        self.reset = reset


class TlsSocket(ssl.SSLSocket):
    """Finds out in the handshake that the peer has gone.

    In `wrap_socket` Python before 3.12 would lose the socket, and warn of it.
    """

    def getpeername(self) -> Any:
        """Say who is, or was, at the other end."""
        try:
            return super().getpeername()
        except OSError:
            return None


class Wire:
    """Octets in and out: what is said goes when there is nothing more to hear."""

    def __init__(
        self, sock: socket.socket, manners: Manners, stop: threading.Event
    ) -> None:
        self.sock = sock
        self.buffer = bytearray()
        self._out = bytearray()
        self._manners = manners
        self._stop = stop
        sock.settimeout(PATIENCE)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def say(self, content: bytes) -> None:
        """Say something, when it is time."""
        self._out += content
        if self._manners.one_by_one:
            self.flush()

    def flush(self) -> None:
        """Send what has been said."""
        if not self._out:
            return
        self.wait(self._manners.latency)
        if self._manners.trickle:
            for octet in self._out:
                self.sock.sendall(bytes([octet]))
        else:
            self.sock.sendall(self._out)
        self._out.clear()

    def receive(self) -> bool:
        """Wait for more; false when the client has gone."""
        self.flush()
        received = self.sock.recv(1 << 18)
        self.buffer += received
        return bool(received)

    def line(self) -> bytes | None:
        """Take one line with its end; `None` when the client has gone."""
        while (end := self.buffer.find(b"\n")) < 0:
            if not self.receive():
                return None
        line = bytes(self.buffer[: end + 1])
        del self.buffer[: end + 1]
        return line

    def message(self) -> bytes | None:
        """Take a message as it travels; `None` when the client has gone."""
        searched = 0
        while not self.buffer.startswith(b".\r\n"):
            end = self.buffer.find(DOT, searched)
            if end >= 0:
                content = bytes(self.buffer[: end + 2])
                del self.buffer[: end + len(DOT)]
                return content
            searched = max(len(self.buffer) - len(DOT), 0)
            if not self.receive():
                return None
        del self.buffer[:3]
        return b""

    def more(self) -> bool:
        """Say whether the client has said more already."""
        if self.buffer:
            return True
        if isinstance(self.sock, ssl.SSLSocket):
            return self.sock.pending() > 0
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return bool(poll.poll(0) and self.sock.recv(1, socket.MSG_PEEK))

    def discard(self) -> None:
        """Lose what has come in."""
        self.buffer.clear()

    def drain(self, seconds: float) -> None:
        """Take everything and say nothing, until the client goes."""
        self.flush()
        self.sock.settimeout(seconds)
        with suppress(OSError):
            while self.sock.recv(1 << 18):
                self.buffer.clear()

    def babble(self) -> None:
        """Talk without end, until the client goes."""
        self.flush()
        for _ in range(_MOST_GARBAGE // 65536):
            self.sock.sendall(b"x" * 65536)

    def encrypt(self, certificate: str) -> None:
        """Speak TLS from here on; raises `OSError` with the socket closed."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.sslsocket_class = TlsSocket
        context.load_cert_chain(certificate)
        self.sock = context.wrap_socket(self.sock, server_side=True)

    def wait(self, seconds: float) -> None:
        """Let time go by, unless the server is to end."""
        if seconds and self._stop.wait(seconds):
            raise Hangup

    def part(self, *, reset: bool) -> None:
        """End the connection: as a crash does, or so that all that was said arrives."""
        with suppress(OSError, Hangup):
            if reset:
                linger = struct.pack("ii", 1, 0)
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            else:
                self.flush()
                self.sock.shutdown(socket.SHUT_WR)
                self.drain(0.5)
        self.sock.close()
