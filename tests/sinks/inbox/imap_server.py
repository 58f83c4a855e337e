"""A small IMAP server (RFC 3501) that keeps account of all it was asked."""

import socketserver
import ssl
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Folder:
    """What a server has, and how it behaves."""

    messages: dict[int, bytes]
    """By their numbers (UID)."""
    validity: int = 7
    name: str = '"INBOX"'
    plain: bool = True
    """Whether it takes AUTHENTICATE PLAIN, or LOGIN only."""
    gone: frozenset[int] = frozenset()
    """Numbers that are found, and cannot be fetched any more."""
    breaks_at: int = 0
    """Number at which it hangs up."""
    trust: ssl.SSLContext | None = None
    """What it shows for TLS; from the beginning, or after STARTTLS."""
    heard: list[str] = field(default_factory=list)


class _Session(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode("utf-8", "replace").strip().partition(" ")
            self.folder.heard.append(command)
            done = self._answer(command)
            if done is None:
                return
            self._say(f"{tag} {done}")

    @property
    def folder(self) -> Folder:
        assert isinstance(self.server, _Server)
        return self.server.folder

    def _answer(self, command: str) -> str | None:
        verb, _, rest = command.partition(" ")
        answers: dict[str, Callable[[str], str | None]] = {
            "CAPABILITY": self._capability,
            "AUTHENTICATE": self._authenticate,
            "LOGIN": lambda rest: _checked(rest == 'news "secret"'),
            "EXAMINE": self._examine,
            "UID": self._by_number,
            "LOGOUT": self._logout,
        }
        answer = answers.get(verb)
        return answer(rest) if answer else "BAD unknown"

    def _capability(self, _: str) -> str:
        more = " AUTH=PLAIN" if self.folder.plain else ""
        self._say(f"* CAPABILITY IMAP4rev1 STARTTLS{more}")
        return "OK done"

    def _authenticate(self, _: str) -> str:
        self._say("+ ")
        secret = b64decode(self.rfile.readline())
        return _checked(secret == "\0news\0gehéim".encode())

    def _logout(self, _: str) -> str:
        self._say("* BYE")
        return "OK done"

    def _examine(self, name: str) -> str:
        folder = self.folder
        if name != folder.name:
            return "NO there is none"
        self._say(f"* {len(folder.messages)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {folder.validity}] valid")
        self._say(f"* OK [UIDNEXT {max(folder.messages, default=0) + 1}] next")
        return "OK [READ-ONLY] open"

    def _by_number(self, rest: str) -> str | None:
        folder = self.folder
        verb, what = rest.split()[:2]
        if verb == "SEARCH":
            start, end = map(int, rest.split()[2].split(":"))
            found = [str(n) for n in folder.messages if start <= n <= end]
            self._say(" ".join(("* SEARCH", *found)))
            return "OK done"
        number = int(what)
        if number == folder.breaks_at:
            return None
        if number not in folder.gone:
            data = folder.messages[number]
            head = f"* 1 FETCH (UID {number} BODY[]<0> {{{len(data)}}}\r\n"
            self.wfile.write(head.encode() + data + b")\r\n")
        return "OK done"

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _SecureSession(_Session):
    """Speaks TLS from the first octet."""

    def setup(self) -> None:
        trust = self.folder.trust
        assert trust is not None
        self.request = trust.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    folder: Folder

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up on its certificate."""


@contextmanager
def serving(folder: Folder) -> Iterator[int]:
    """Serve a folder on a port of this computer, which is given."""
    session = _SecureSession if folder.trust else _Session
    with _Server(("127.0.0.1", 0), session) as server:
        server.folder = folder
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


def _checked(is_right: object) -> str:
    return "OK in" if is_right else "NO [AUTHENTICATIONFAILED] wrong password"
