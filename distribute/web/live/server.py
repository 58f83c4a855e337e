"""Serve a folder to browsers on this machine, and to nobody else.

Only the loopback address is listened at, and only its own names are answered to: a page
elsewhere cannot have its own name point here and read what is not published yet (DNS
rebinding). Nothing can be changed by asking.
"""

import mimetypes
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from distribute.errors import DistributeError
from distribute.web.live.page import EVENTS, made_live
from distribute.web.live.showing import Showing

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8025
"""So that a bookmark, or a tab left open, finds the next preview too."""
_NAMES = frozenset({LOOPBACK, "localhost", "::1"})
_BREATH = 10.0
"""Seconds after which a browser that waits is told that somebody is still here."""
_PATIENCE = 30.0
"""Seconds for a browser to say what it wants."""
_HTML, _TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"
_ALWAYS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


@contextmanager
def serving(folder: Path, showing: Showing, port: int | None) -> Iterator[str]:
    """Serve a folder's files while the block runs; gives the address to open.

    Without a port it is `USUAL_PORT`, or any if that is taken; 0 is any that is free.
    Raises `DistributeError` if the one that is asked for is taken.
    """
    server = _listening(partial(_Visit, folder, showing), port)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_address[1]}/"
    finally:
        showing.end()
        server.shutdown()
        server.server_close()
        thread.join()


def _listening(visit: Callable[..., "_Visit"], port: int | None) -> "_Server":
    ports = [port] if port is not None else [USUAL_PORT, 0]
    for number in ports:
        try:
            return _Server((LOOPBACK, number), visit)
        except OSError as error:
            if number == ports[-1]:
                raise DistributeError(
                    f"cannot listen at {LOOPBACK}:{number}: {error.strerror}",
                    hint="Say --port with another number; 0 is any that is free.",
                ) from error
    raise AssertionError("there is a last port")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def server_bind(self) -> None:
        """Bind without asking the DNS for our name, as the base class does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def handle_error(self, request: object, client_address: object) -> None:
        """Take no notice: the browser has gone, or said nothing sensible."""


class _Visit(BaseHTTPRequestHandler):
    """One request of a browser."""

    timeout: ClassVar[float | None] = _PATIENCE
    server_version, sys_version = "distribute", ""

    def __init__(self, folder: Path, showing: Showing, *connection: object) -> None:
        self._folder, self._showing = folder, showing
        super().__init__(*connection)  # type: ignore[arg-type]  # handed on by the server

    def do_GET(self) -> None:
        """Answer with a file, or with news."""
        if not self._is_ours():
            self._say(HTTPStatus.MISDIRECTED_REQUEST, "Ask for this as localhost.")
            return
        parts = urlsplit(self.path)
        if parts.path == EVENTS:
            self._tell_news(parts.query)
        elif parts.path == "/favicon.ico":  # browsers ask for it by themselves
            self._send(HTTPStatus.NO_CONTENT, _TEXT, b"")
        else:
            self._give(parts.path)

    do_HEAD = do_GET  # noqa: N815 - the base class calls it so

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing: the terminal is for whoever writes."""

    def _is_ours(self) -> bool:
        """Tell whether the browser knows this server by a name of its own."""
        try:
            return urlsplit(f"//{self.headers.get('Host', '')}").hostname in _NAMES
        except ValueError:
            return False

    def _tell_news(self, query: str) -> None:
        """Hold the line until there is something newer than the page that asks."""
        since = parse_qs(query).get("since", [""])[0]
        version = int(since[:18]) if since.isascii() and since.isdigit() else -1
        self._begin(HTTPStatus.OK, "text/event-stream")
        if self.command == "HEAD":
            return
        with suppress(OSError):
            while not self._showing.is_over:
                is_new = self._showing.wait(version, _BREATH)
                self.wfile.write(b"data: new\n\n" if is_new else b": still here\n\n")
                if is_new:
                    return

    def _give(self, path: str) -> None:
        version, failure = self._showing.version, self._showing.failure
        file = self._file(path)
        is_page = file is not None and _is_page(file, self._folder)
        if failure and (is_page or path == "/"):
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, _HTML, failure.encode())
        elif file is None:
            self._say(HTTPStatus.NOT_FOUND, "There is no such file.")
        elif is_page:
            page = made_live(file.read_text("utf-8"), version)
            self._send(HTTPStatus.OK, _HTML, page.encode())
        else:
            self._send(HTTPStatus.OK, _kind(file), file.read_bytes())

    def _file(self, path: str) -> Path | None:
        """Find a file of the folder; nothing that leads out of it is one."""
        wanted = unquote(path).lstrip("/") or "index.html"
        try:
            file = (self._folder / wanted).resolve()
            is_there = file.is_relative_to(self._folder.resolve()) and file.is_file()
        except (ValueError, OSError):
            return None
        return file if is_there else None

    def _say(self, status: HTTPStatus, words: str) -> None:
        self._send(status, _TEXT, f"{words}\n".encode())

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self._begin(status, kind, len(content))
        if self.command != "HEAD":
            self.wfile.write(content)

    def _begin(self, status: HTTPStatus, kind: str, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in _ALWAYS:
            self.send_header(name, value)
        self.end_headers()


def _is_page(file: Path, folder: Path) -> bool:
    """Tell a page of the gallery from what is shown inside it."""
    return file.suffix == ".html" and file.parent == folder.resolve()


def _kind(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
