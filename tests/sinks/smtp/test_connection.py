"""What one connection says of itself: what of the octets handed to it has left."""

import gc
import select
import socket
import ssl
import struct
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from distribute.errors import LostConnectionError
from distribute.sinks.smtp.connection import Connection
from distribute.sinks.smtp.server import SmtpServer

MEGABYTES = 24
PATIENCE = 60.0


class Reader:
    """A server that takes a connection, reads when it is told, and counts."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.may_read = threading.Event()
        self.count = 0
        self._context = context
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        sock, _ = self.listener.accept()
        sock.settimeout(PATIENCE)
        if self._context:
            sock = self._context.wrap_socket(sock, server_side=True)
        with sock:
            self.may_read.wait(PATIENCE)
            while received := sock.recv(1 << 20):
                self.count += len(received)

    def join(self) -> int:
        """Let it read to the end; gives what it has read."""
        self.may_read.set()
        self._thread.join(PATIENCE)
        self.listener.close()
        return self.count


@pytest.fixture(params=["plain", "TLS"])
def reader(request: pytest.FixtureRequest, certificate: Path) -> Iterator[Reader]:
    """Run a server with and without TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    context.num_tickets = 0  # closing on what was not read would break the connection
    reader = Reader(context if request.param == "TLS" else None)
    yield reader
    reader.join()


def wait_for(condition: Callable[[], bool]) -> None:
    """Look again until it is so."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.002)


def connected(reader: Reader, certificate: Path, *, tls: bool) -> Connection:
    """Connect, and shake hands if need be."""
    server = SmtpServer(host="localhost", ca_file=certificate)
    connection = Connection(server, (socket.AF_INET, reader.listener.getsockname()))
    wait_for(lambda: reader.listener.fileno() > 0)
    connection.check_connected()
    if tls:
        secure(connection, server.tls_context())
    return connection


def secure(connection: Connection, context: ssl.SSLContext) -> None:
    """Go over to TLS."""
    connection.begin_tls(context)
    wait_for(connection.shake_hands)


def test_what_has_left_is_known_to_the_octet(
    reader: Reader, certificate: Path, request: pytest.FixtureRequest
) -> None:
    """While the network is full, and when it breaks then: that much and no more arrives.

    Whether a final dot has left decides whether its message may be sent once more.
    """
    tls = "TLS" in request.node.name
    connection = connected(reader, certificate, tls=tls)
    pieces = [b"x" * (1 << 20)] * MEGABYTES
    with closing(connection):
        connection.write(pieces)
        connection.flush()
        left = (MEGABYTES << 20) - connection.unsent
        assert 0 < left < MEGABYTES << 20
        assert connection.wants_to_write
    assert reader.join() == left


def test_a_peer_that_goes_just_before_tls_leaves_nothing_open(
    certificate: Path,
) -> None:
    """Whenever the system hears of it, even while we ask for TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = SmtpServer(host="localhost", ca_file=certificate)
        connection = Connection(server, (socket.AF_INET, listener.getsockname()))
        peer, _ = listener.accept()

    class Late(ssl.SSLContext):
        def wrap_socket(self, sock: socket.socket, *args: Any, **words: Any) -> Any:
            """Wrap it when the peer has broken the connection."""
            peer.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            peer.close()
            assert select.select([sock], [], [], PATIENCE)[0]
            return super().wrap_socket(sock, *args, **words)

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(LostConnectionError):
            secure(connection, Late(ssl.PROTOCOL_TLS_CLIENT))
        gc.collect()
        connection.close()
    assert (connection.fileno(), [str(one.message) for one in warned]) == (-1, [])
