"""Uvicorn with limits of our own: nobody holds a connection by saying nothing.

Uvicorn waits for the head of a request as long as somebody likes to take, and takes as
much of it as they like to send.
"""

import asyncio
import socket
from asyncio import TimerHandle
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)

from distribute.errors import DistributeError

HEAD_PATIENCE = 10.0
"""Seconds for the head of a request to arrive."""
HEAD_SIZE = 16 * 1024
"""Octets of it."""
KEPT_OPEN = 5
"""Seconds that a connection may be idle between two requests."""
CONNECTIONS = 1000
"""At a time; whoever comes then is told to come back (503)."""
GRACE = 15
"""Seconds for what is in flight when the server stops."""


class PatientProtocol(HttpToolsProtocol):
    """Reads HTTP, but not for ever and not without end."""

    _deadline: TimerHandle | None = None
    _head = 0
    _is_head = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)  # type: ignore[arg-type]  # one of TCP
        _send_at_once(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._heard()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has arrived; too long a head ends the connection (RFC 6585)."""
        if _is_idle(self.cycle):
            self._expect()  # also for an empty line, which begins nothing
        if self._deadline is not None:
            self._head += len(data)
        super().data_received(data)
        if self._deadline is not None and self._head > HEAD_SIZE:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of the head."""
        super().on_message_begin()
        self._is_head = True
        self._expect()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head; none behind the body (RFC 9110 section 6.5).

        Uvicorn would add those to the head, where a proxy's word is looked for.
        """
        if self._is_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Be content with the head, or not."""
        self._is_head = False
        size = sum(len(n) + len(v) for n, v in self.headers) + len(self.url)
        self._heard()
        if size > HEAD_SIZE:
            self._refuse(b"431 Request Header Fields Too Large")
            return
        super().on_headers_complete()

    def _expect(self) -> None:
        if self._deadline is None:
            self._head = 0
            self._deadline = self.loop.call_later(HEAD_PATIENCE, self._late)

    def _heard(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._refuse(b"408 Request Timeout")

    def _refuse(self, status: bytes) -> None:
        self._heard()
        if not self.transport.is_closing():
            head = b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            self.transport.write(b"HTTP/1.1 " + status + head)
            self.transport.close()


def _is_idle(cycle: RequestResponseCycle | None) -> bool:
    """Tell whether nobody has been answered yet, or the last one has."""
    return cycle is None or cycle.response_complete


def _send_at_once(transport: asyncio.BaseTransport) -> None:
    """Let the end of an answer not wait for its beginning to be acknowledged.

    Nagle's algorithm would have it wait 40 ms; asyncio turns that off only for sockets
    that it has made itself.
    """
    connection = transport.get_extra_info("socket")
    if connection is not None and connection.family in {
        socket.AF_INET,
        socket.AF_INET6,
    }:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def listen(host: str, port: int) -> socket.socket:
    """Listen at an address; raises `DistributeError` if that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DistributeError(
            f"cannot listen at {host}:{port}: {reason}",
            hint="Say --port with another number; 0 is any that is free.",
        ) from error


def serve(app: ASGIApp, listening: socket.socket) -> None:
    """Answer until a signal says to stop, then end what is in flight.

    The signal is ours to hear: it ends this function, and nothing else.
    """
    with suppress(KeyboardInterrupt):  # uvicorn passes on what it has heard
        uvicorn.Server(configuration(app)).run(sockets=[listening])


def configuration(app: ASGIApp) -> uvicorn.Config:
    """Tell uvicorn our limits, and to keep quiet: we have a log of our own."""
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEPT_OPEN,
        timeout_graceful_shutdown=GRACE,
        limit_concurrency=CONNECTIONS,
        backlog=1024,
    )
