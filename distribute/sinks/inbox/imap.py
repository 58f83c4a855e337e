"""Messages on an IMAP server (RFC 3501), only looked at: nothing there is changed.

The folder is opened read-only and messages are peeked at, so that they stay unread for
people. Which were read is remembered by their numbers, which hold as long as the folder's
validity does (section 2.3.1.1).
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from imaplib import IMAP4, IMAP4_SSL
from ssl import SSLContext, SSLError, create_default_context
from types import TracebackType
from typing import Self, TypeVar

from distribute.campaign.returned.clean import cleaned
from distribute.errors import AudienceError
from distribute.sinks.inbox.item import LARGEST, Item

T = TypeVar("T")

TIMEOUT = 60.0
"""Seconds to wait for an answer."""
SPAN = 50_000
"""Numbers that are asked about at a time: the answer is a single line."""
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]+")
_NUMBER = re.compile(rb"\d{1,10}")


class Security(StrEnum):
    """How the connection is kept secret; in the clear only where nobody can listen."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapServer:
    """Where bounces arrive, and who may read them."""

    host: str
    username: str
    password: str = field(repr=False)
    port: int = 993
    folder: str = "INBOX"
    security: Security = Security.TLS
    trust: SSLContext | None = field(default=None, repr=False, compare=False)
    """Whom to trust; `None` means the authorities that this computer trusts."""

    def __str__(self) -> str:
        return f"{self.username} at {self.host}"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How far a folder was read."""

    validity: int
    """UIDVALIDITY: with another one, all numbers mean other messages."""
    last: int
    """Number of the last message that was read."""


class ImapInbox:
    """A folder of a server, opened to look at; use it with ``with``.

    Raises `AudienceError` for a server that cannot be reached, does not let us in, has no
    such folder, or breaks off; what was read until then has been given.
    """

    def __init__(self, server: ImapServer) -> None:
        self._server = server
        self._connection = _attempt(server, "cannot be reached", lambda: _open(server))
        try:
            _attempt(server, "does not let us in", self._log_in)
            self._validity, self._next = _attempt(
                server, f"does not open the folder {server.folder!r}", self._examine
            )
        except AudienceError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye, if anybody is still there."""
        try:
            self._connection.logout()
        except (IMAP4.error, OSError):
            with suppress(OSError):
                self._connection.shutdown()

    def messages(
        self, since: Bookmark | None = None
    ) -> Iterator[tuple[Item, Bookmark]]:
        """Give what is newer than the bookmark, oldest first, and the bookmark behind it.

        All of the folder if there is none yet, or if it is of another validity. Keep the
        bookmark once the message has been dealt with.
        """
        known = since.last if since and since.validity == self._validity else 0
        for number in self._numbers(known):
            data = self._peek(number)
            if data is not None:
                name = f"imap {self._server.host} {self._server.folder} {number}"
                yield Item(name, data), Bookmark(self._validity, number)

    def _numbers(self, known: int) -> Iterator[int]:
        """Give the numbers of messages in order, asking for some at a time."""
        last = self._next - 1
        for start in range(known + 1, last + 1, SPAN):
            found = self._existing(start, min(start + SPAN - 1, last))
            yield from (number for number in found if number > known)

    def _existing(self, start: int, end: int) -> list[int]:
        return _attempt(self._server, "breaks off", lambda: self._search(start, end))

    def _peek(self, number: int) -> bytes | None:
        return _attempt(self._server, "breaks off", lambda: self._fetch(number))

    def _log_in(self) -> None:
        server = self._server
        secret = f"\0{server.username}\0{server.password}".encode()
        if "AUTH=PLAIN" in self._connection.capabilities:
            self._connection.authenticate("PLAIN", lambda _: secret)
        else:
            self._connection.login(server.username, server.password)

    def _examine(self) -> tuple[int, int]:
        """Open the folder read-only; gives its validity and the next number."""
        state, said = self._connection.select(
            _folder_name(self._server.folder), readonly=True
        )
        if state != "OK":
            raise IMAP4.error(_text(said))
        return self._told("UIDVALIDITY"), self._told("UIDNEXT")

    def _told(self, name: str) -> int:
        _, values = self._connection.response(name)
        found = _NUMBER.search(values[-1] or b"") if values else None
        if found is None:
            raise IMAP4.error(f"it does not tell {name}")
        return int(found[0])

    def _search(self, start: int, end: int) -> list[int]:
        state, said = self._connection.uid("SEARCH", f"UID {start}:{end}")
        if state != "OK":
            raise IMAP4.error(_text(said))
        return sorted({int(number) for line in said if line for number in line.split()})

    def _fetch(self, number: int) -> bytes | None:
        """Fetch a message; `None` if it has gone meanwhile."""
        state, said = self._connection.uid(
            "FETCH", str(number), f"(BODY.PEEK[]<0.{LARGEST}>)"
        )
        if state != "OK":
            raise IMAP4.error(_text(said))
        pieces = (piece[1] for piece in said if isinstance(piece, tuple))
        return next(pieces, None)


def _open(server: ImapServer) -> IMAP4:
    if server.security is Security.TLS:
        trust = server.trust or create_default_context()
        return IMAP4_SSL(server.host, server.port, ssl_context=trust, timeout=TIMEOUT)
    connection = IMAP4(server.host, server.port, timeout=TIMEOUT)
    if server.security is Security.STARTTLS:
        try:
            connection.starttls(server.trust or create_default_context())
        except (IMAP4.error, OSError):
            connection.shutdown()
            raise
    return connection


def _attempt(server: ImapServer, what: str, act: Callable[[], T]) -> T:
    try:
        return act()
    except SSLError as error:
        raise AudienceError(
            f"the IMAP server {server.host} {what}: {cleaned(str(error))}",
            hint="Its certificate is not trusted, or it speaks no TLS at this port.",
        ) from error
    except (IMAP4.error, OSError, ValueError) as error:
        raise AudienceError(
            f"the IMAP server {server.host} {what}: {cleaned(str(error))}",
            hint="Check [bounces.imap] in distribute.toml; run again to go on.",
        ) from error


def _folder_name(name: str) -> str:
    """Write the name of a folder in modified UTF-7 (RFC 3501 section 5.1.3), quoted."""
    if not name.isprintable():
        raise IMAP4.error("the name of the folder has a control character")
    written = _BEYOND_ASCII.sub(_in_base64, name.replace("&", "&-"))
    escaped = written.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _in_base64(found: re.Match[str]) -> str:
    octets = b64encode(found[0].encode("utf-16-be")).rstrip(b"=")
    return f"&{octets.decode('ascii').replace('/', ',')}-"


def _text(said: Sequence[object]) -> str:
    return " ".join(
        part.decode("utf-8", "replace") for part in said if isinstance(part, bytes)
    )
