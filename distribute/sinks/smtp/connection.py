"""A connection to a mail server that never waits: octets in, octets out, TLS or not.

Nothing here knows SMTP. Every method returns at once, and whoever holds a connection
watches it with a selector.
"""

import errno
import os
import socket
import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from distribute.errors import (
    DeliveryError,
    LostConnectionError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from distribute.sinks.smtp.server import SmtpServer

Address = tuple[int, tuple[Any, ...]]
"""Family, and the address as sockets of that family have it."""

_READ = 1 << 12
_AT_ONCE = 512
"""Pieces in one system call; systems take 1,024 at most."""
_RECORD = 1 << 14
"""Octets in one TLS record (RFC 8446 section 5.1). OpenSSL tells nothing of the records
of one call that have left while the last of them waits, so each call has one."""
_LATE = TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
_UNKNOWN_ISSUER = frozenset({18, 19, 20, 21})
"""What OpenSSL calls a certificate that nobody known here has signed (X509_V_ERR_*)."""
_GATHERS = hasattr(socket.socket, "sendmsg")
"""Whether the system takes several pieces at once; Windows does not."""
_IN_PROGRESS = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK})


class _TlsSocket(ssl.SSLSocket):
    """Finds out in the handshake that the server has gone.

    In `wrap_socket` Python before 3.12 would lose the socket without closing it.
    """

    def getpeername(self) -> Any:
        try:
            return super().getpeername()
        except OSError:
            return None


class Connection:
    """One TCP connection, on its way or open. `LostConnectionError` ends its use."""

    def __init__(self, server: SmtpServer, address: Address) -> None:
        """Begin to connect."""
        family, place = address
        self._server = server
        self._plain = socket.socket(family, socket.SOCK_STREAM)
        self._plain.settimeout(0)
        self._plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket: socket.socket = self._plain
        self._tls: ssl.SSLSocket | None = None
        self._unsent: list[memoryview] = []
        self.wants_to_write = True
        """Whether to look out for the moment when it can be written to."""
        problem = self._plain.connect_ex(place)
        if problem not in _IN_PROGRESS:
            self._plain.close()
            raise OSError(problem, os.strerror(problem))

    def fileno(self) -> int:
        """Give what a selector watches; -1 when closed."""
        return self._socket.fileno()

    def check_connected(self) -> None:
        """See how connecting ended, now that it can be written to; raises `OSError`."""
        problem = self._plain.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            raise OSError(problem, os.strerror(problem))
        self.wants_to_write = False

    @property
    def is_local(self) -> bool:
        """Whether the other end is this machine."""
        peer = str(self._plain.getpeername()[0])
        return ip_address(peer.partition("%")[0]).is_loopback

    @property
    def address_literal(self) -> str:
        """Our own end, as EHLO may name it (RFC 5321 section 4.1.3)."""
        own = str(self._plain.getsockname()[0]).partition("%")[0]
        return f"[IPv6:{own}]" if ":" in own else f"[{own}]"

    @property
    def tls(self) -> ssl.SSLSocket | None:
        """The TLS that it speaks, with the server's certificate; `None` for plain text."""
        return self._tls

    @property
    def unsent(self) -> int:
        """Count the octets that the system has not taken yet."""
        return sum(map(len, self._unsent))

    def write(self, pieces: Sequence[bytes]) -> None:
        """Hand octets to the system, and keep what it does not take for `flush`."""
        if self._tls or self._unsent or not _GATHERS:
            self._unsent.append(memoryview(b"".join(pieces)))
            self.flush()
            return
        try:
            sent = self._socket.sendmsg(pieces[:_AT_ONCE])
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self._unsent = [memoryview(piece) for piece in pieces]
            raise _lost_sending(error) from error
        if sent < sum(map(len, pieces)):
            self._unsent = _rest_of(pieces, sent)
            self.wants_to_write = True

    def flush(self) -> None:
        """Hand over what `write` could not, as far as the system takes it."""
        try:
            while self._unsent:
                first = self._unsent[0]
                sent = self._socket.send(first[:_RECORD] if self._tls else first)
                if sent < len(first):
                    self._unsent[0] = first[sent:]
                else:
                    del self._unsent[0]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except OSError as error:
            raise _lost_sending(error) from error
        self.wants_to_write = bool(self._unsent)

    def read(self) -> bytes:
        """Give what has arrived; nothing if nothing has. Raises at the end of it."""
        try:
            received = self._socket.recv(_READ)
            while self._tls and self._tls.pending():
                received += self._tls.recv(_READ)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return b""
        except OSError as error:
            raise LostConnectionError(f"connection lost: {error}") from error
        if not received:
            raise LostConnectionError("the server closed the connection")
        return received

    def begin_tls(self, context: ssl.SSLContext) -> None:
        """Go on with TLS, checking certificate and host name; call `shake_hands` next."""
        context.sslsocket_class = _TlsSocket
        try:
            self._tls = context.wrap_socket(
                self._plain,
                server_hostname=self._server.host,
                do_handshake_on_connect=False,
            )
        except (OSError, ValueError) as error:
            raise self._no_tls(error) from error
        self._socket = self._tls

    def shake_hands(self) -> bool:
        """Go on with the TLS handshake; true when it is done.

        Raises `PermanentDeliveryError` for a certificate that is not to be trusted.
        """
        self.wants_to_write = False
        try:
            if self._tls:
                self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLWantWriteError:
            self.wants_to_write = True
            return False
        except OSError as error:
            raise self._no_tls(error) from error
        return True

    def close(self) -> None:
        """Let go of the connection, whatever its state."""
        self._socket.close()

    def _no_tls(self, error: OSError | ValueError) -> DeliveryError:
        reason = f"no TLS with {self._server.host}:{self._server.port}: {error}"
        if _is_unknown(error):
            return PermanentDeliveryError(
                reason,
                hint="Nobody known here has signed its certificate. If the server is your"
                " own, name the certificate of who did as `ca_file` in [smtp].",
            )
        hung_up = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
        if isinstance(error, ssl.SSLError | ValueError) and not hung_up:
            return PermanentDeliveryError(
                reason,
                hint="Check `security` in [smtp], and that `host` is the name in the "
                'certificate; for a server on this machine, security = "none" will do.',
            )
        return LostConnectionError(reason)


def unreachable(
    server: SmtpServer, error: OSError | UnicodeError = _LATE
) -> DeliveryError:
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


def tls_context(server: SmtpServer) -> ssl.SSLContext:
    """Make what checks certificates; raises `PermanentDeliveryError` without `ca_file`."""
    try:
        return server.tls_context()
    except OSError as error:
        raise PermanentDeliveryError(
            f"{server.ca_file}: cannot be used: {error}",
            hint="It must hold trusted certificates in PEM.",
        ) from error


def _is_unknown(error: OSError | ValueError) -> bool:
    """Tell whether a certificate may be good, but not by anybody who is trusted here."""
    return (
        isinstance(error, ssl.SSLCertVerificationError)
        and error.verify_code in _UNKNOWN_ISSUER
    )


def _rest_of(pieces: Sequence[bytes], sent: int) -> list[memoryview]:
    """Give what is left of pieces behind the first `sent` octets."""
    rest = []
    for piece in pieces:
        if sent < len(piece):
            rest.append(memoryview(piece)[sent:])
        sent = max(sent - len(piece), 0)
    return rest


def _lost_sending(error: OSError) -> LostConnectionError:
    return LostConnectionError(f"connection lost while sending: {error}")
