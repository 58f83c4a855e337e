"""A wire to PostgreSQL that breaks when it is told to, also just as something is committed."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from threading import Event, Thread
from urllib.parse import urlsplit, urlunsplit

_COMMITTED = b"Z\0\0\0\5I"
"""What the server says when no transaction is open any more: ReadyForQuery, idle."""


class LossyWire:
    """Hands octets on in both directions, for whoever connects to it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "", parts.port or 0)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._is_armed, self._is_cut = Event(), Event()
        self.has_broken = Event()
        """Whether an answer has been lost."""
        user, port = parts.netloc.rpartition("@")[0], self._door.getsockname()[1]
        self.url = urlunsplit(
            parts._replace(
                netloc=f"{user}@127.0.0.1:{port}",
                query="sslmode=disable&gssencmode=disable",
            )
        )
        """How the database is reached by this wire."""
        Thread(target=self._listen, daemon=True).start()

    def lose_next_commit(self) -> None:
        """Break when the server has committed something, before anybody hears of it."""
        self._is_armed.set()

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Let nobody through for a while; whoever is connected is so no more."""
        self._is_cut.set()
        _hang_up(self._ends)
        try:
            yield
        finally:
            self._is_cut.clear()

    def close(self) -> None:
        """Let nobody through any more."""
        self._door.close()
        _hang_up(self._ends)
        with ExitStack() as ends:
            for each in self._ends:
                ends.enter_context(each)

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._door.accept()
                self._ends.append(here)
                if self._is_cut.is_set():
                    _hang_up([here])
                    continue
                there = socket.create_connection(self._server)
                self._ends.append(there)
                for ends in ((here, there), (there, here)):
                    Thread(target=self._pump, args=ends, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while octets := source.recv(65536):
                if self._is_armed.is_set() and _COMMITTED in octets:
                    self._is_armed.clear()
                    self.has_broken.set()
                    break
                target.sendall(octets)
        _hang_up([source, target])


def _hang_up(ends: list[socket.socket]) -> None:
    for each in ends:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def lossy(url: str) -> Iterator[LossyWire]:
    """Have a wire to a server that is reached without TLS."""
    with closing(LossyWire(url)) as wire:
        yield wire
