"""A web server on this machine that speaks TLS, or something else."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def doorway(
    context: ssl.SSLContext | None, answer: bytes = _ANSWER
) -> Iterator[tuple[int, list[bytes]]]:
    """Serve while the block runs; give the port, and what was asked so far."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    stop, asked = threading.Event(), list[bytes]()

    def serve() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                plain, _ = listener.accept()
                with plain:
                    plain.settimeout(30)
                    _answer(plain, context, answer, asked)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], asked
    finally:
        stop.set()
        thread.join(60)
        listener.close()


def _answer(
    plain: socket.socket,
    context: ssl.SSLContext | None,
    answer: bytes,
    asked: list[bytes],
) -> None:
    if context is None:
        asked.append(plain.recv(4096))
        plain.sendall(answer)
        return
    with context.wrap_socket(plain, server_side=True) as line:
        asked.append(line.recv(4096))
        line.sendall(answer)
