"""A connection to a mail server: bytes out, replies in, each within its time."""

import socket
from ipaddress import ip_address
from time import monotonic
from typing import Self

from distribute.errors import (
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from distribute.sinks.smtp_replies import GarbledReplyError, Reply, parse_reply
from distribute.sinks.smtp_server import SmtpServer

CONNECT = 60.0
COMMAND = 300.0
"""Seconds for the greeting, MAIL and RCPT; these and those below: RFC 5321 4.5.3.2."""
DATA_START = 120.0
DATA_BLOCK = 180.0
DATA_END = 600.0
PARTING = 5.0
"""Seconds for what is only polite: QUIT, and last words before a connection breaks."""
_BLOCK = 1 << 18
_READ = 1 << 16


class LostConnectionError(TransientDeliveryError):
    """The connection broke, timed out, or carries no SMTP any more.

    `reply` is what the server said on its way out, if anything.
    """

    reply: Reply | None = None

    def __init__(self, reason: str) -> None:
        super().__init__(reason, hint="Run the same command again to go on.")


class Connection:
    """One TCP connection, plain or with TLS. Any `LostConnectionError` ends its use."""

    def __init__(self, sock: socket.socket, server: SmtpServer) -> None:
        self._socket = sock
        self._server = server
        self._buffer = b""

    @classmethod
    def open(cls, server: SmtpServer) -> Self:
        """Connect, without TLS yet.

        Raises `TransientDeliveryError` if nobody answers, `PermanentDeliveryError` if
        the host does not exist.
        """
        try:
            sock = socket.create_connection(
                (server.host, server.port), server.wait(CONNECT)
            )
        except (OSError, UnicodeError) as error:
            raise _unreachable(server, error) from error
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(sock, server)

    @property
    def is_local(self) -> bool:
        """Whether the other end is this machine."""
        peer = str(self._socket.getpeername()[0])
        return ip_address(peer.partition("%")[0]).is_loopback

    @property
    def address_literal(self) -> str:
        """Our own end, as EHLO may name it (RFC 5321 section 4.1.3)."""
        own = str(self._socket.getsockname()[0]).partition("%")[0]
        return f"[IPv6:{own}]" if ":" in own else f"[{own}]"

    def ask(self, command: bytes, seconds: float) -> Reply:
        """Send a command and wait for its reply."""
        self.write(command)
        return self.reply(seconds)

    def write(self, content: bytes) -> None:
        """Hand bytes to the network, each block of them within its time.

        When it fails the last bytes have not left, so a final dot at the end of
        `content` has not either. A reply that nobody asked for ends the connection:
        it would be taken for the answer to what comes next.
        """
        if self._buffer:
            raise LostConnectionError(
                f"the server spoke out of turn: {self._buffer[:80]!r}"
            )
        view = memoryview(content)
        try:
            for start in range(0, len(view), _BLOCK):
                self._socket.settimeout(self._server.wait(DATA_BLOCK))
                self._socket.sendall(view[start : start + _BLOCK])
        except OSError as error:
            lost = LostConnectionError(f"connection lost while sending: {error}")
            lost.reply = self._last_words()
            raise lost from error

    def reply(self, seconds: float) -> Reply:
        """Wait for one whole reply, no longer than `seconds` from now."""
        deadline = monotonic() + self._server.wait(seconds)
        try:
            while (parsed := parse_reply(self._buffer)) is None:
                self._buffer += self._read(deadline)
        except GarbledReplyError as error:
            raise LostConnectionError(f"the server sent {error}") from error
        reply, length = parsed
        self._buffer = self._buffer[length:]
        return reply

    def start_tls(self) -> None:
        """Go on with TLS, checking certificate and host name.

        Whatever the server sent before it is refused: it may be an attacker's (RFC 3207
        section 4.2).
        """
        if self._buffer:
            raise PermanentDeliveryError(
                "the server sent something in plain text before TLS began",
                hint="Somebody may be tampering with the connection; do not send.",
            )
        self._socket.settimeout(self._server.wait(COMMAND))
        host = self._server.host
        try:
            context = self._server.tls_context()
        except OSError as error:
            raise PermanentDeliveryError(
                f"{self._server.ca_file}: cannot be used: {error}",
                hint="It must hold trusted certificates in PEM.",
            ) from error
        try:
            self._socket = context.wrap_socket(self._socket, server_hostname=host)
        except OSError as error:
            raise _no_tls(f"{host}:{self._server.port}", error) from error

    def close(self) -> None:
        """Let go of the connection, whatever its state."""
        self._socket.close()

    def _read(self, deadline: float) -> bytes:
        try:
            self._socket.settimeout(max(deadline - monotonic(), 0.001))
            received = self._socket.recv(_READ)
        except OSError as error:
            reason = f"connection lost while waiting for a reply: {error}"
            raise LostConnectionError(reason) from error
        if not received:
            raise LostConnectionError("the server closed the connection")
        return received

    def _last_words(self) -> Reply | None:
        try:
            return self.reply(PARTING)
        except LostConnectionError:
            return None


def _unreachable(server: SmtpServer, error: OSError | UnicodeError) -> DeliveryError:
    """Tell a host that does not exist from one that does not answer.

    Python raises `UnicodeError` for a name with an empty label or one too long.
    """
    where = f"{server.host}:{server.port}"
    hint = "Check `host` and `port` in [smtp], and whether the server runs."
    if isinstance(error, UnicodeError):
        return PermanentDeliveryError(
            f"cannot connect to {where}: no host has such a name", hint=hint
        )
    reason = f"cannot connect to {where}: {error.strerror or error}"
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME:
        return PermanentDeliveryError(reason, hint=hint)
    return TransientDeliveryError(reason, hint=hint)


def _no_tls(where: str, error: OSError) -> DeliveryError:
    from ssl import SSLEOFError, SSLError, SSLZeroReturnError

    reason = f"no TLS with {where}: {error}"
    hung_up = isinstance(error, SSLEOFError | SSLZeroReturnError)
    if isinstance(error, SSLError) and not hung_up:
        return PermanentDeliveryError(
            reason,
            hint="Check `security` in [smtp], and that `host` is the name in the "
            'certificate; for a server on this machine, security = "none" will do.',
        )
    return LostConnectionError(reason)
