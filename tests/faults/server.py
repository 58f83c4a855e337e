"""A real SMTP server on this machine that misbehaves as it is told."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.conversation import Conversation
from tests.faults.fault import Luck, Manners
from tests.faults.record import Record, Recorder
from tests.faults.wire import Wire

_LAST = 5.0
"""Seconds that a conversation gets to end when nobody serves any more."""


class FaultServer:
    """Serves on one port, a thread for each connection; may go down and come up again.

    What it heard is in its `record`.
    """

    def __init__(
        self, path: Path, manners: Manners | None = None, *, host: str = "127.0.0.1"
    ) -> None:
        """Serve at once, at this address of the machine."""
        self.host = host
        self.record = Record(path)
        self._recorder = Recorder(path)
        self._open: dict[int, Wire] = {}
        self._threads: list[threading.Thread] = []
        self._count = 0
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._stop = threading.Event()
        self.port = 0
        self.behave(manners or Manners())
        self.up()

    def behave(self, manners: Manners) -> None:
        """Change manners, for connections to come; faults begin to count anew."""
        self.manners = manners
        self._luck = Luck(manners.faults)

    def up(self) -> None:
        """Listen, on the same port as before."""
        self._stop = threading.Event()
        self._listener = socket.create_server((self.host, self.port), backlog=512)
        self.port = int(self._listener.getsockname()[1])
        self._accepting = threading.Thread(
            target=self._serve, args=(self._listener, self._stop), daemon=True
        )
        self._accepting.start()

    def down(self) -> None:
        """Close the port and break all connections."""
        if self._listener is None:
            return
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join(_LAST)
        self._listener.close()
        self._listener = None
        with self._lock:
            wires = list(self._open.values())
        for wire in wires:
            with contextlib.suppress(OSError):
                wire.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Serve no more."""
        self.down()
        for thread in self._threads:
            thread.join(_LAST)
        if not any(thread.is_alive() for thread in self._threads):
            self._recorder.close()

    def _serve(self, listener: socket.socket, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._hold, args=(sock, stop), daemon=True)
            self._threads = [one for one in self._threads if one.is_alive()]
            self._threads.append(thread)
            thread.start()

    def _hold(self, sock: socket.socket, stop: threading.Event) -> None:
        manners = self.manners
        wire = Wire(sock, manners, stop)
        with self._lock:
            self._count += 1
            number = self._count
            crowded = 0 < manners.at_most <= len(self._open)
            self._open[number] = wire
        try:
            Conversation(
                wire, number, manners, luck=self._luck, recorder=self._recorder
            ).hold(crowded=crowded)
        finally:
            with self._lock:
                del self._open[number]


@contextmanager
def serving(
    path: Path, manners: Manners | None = None, *, host: str = "127.0.0.1"
) -> Iterator[FaultServer]:
    """Run a server in this process."""
    server = FaultServer(path, manners, host=host)
    try:
        yield server
    finally:
        server.close()
