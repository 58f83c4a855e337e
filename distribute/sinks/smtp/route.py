"""The addresses of a host, tried one after the other."""

import socket
from collections.abc import Sequence
from math import inf

from distribute.errors import DeliveryError
from distribute.sinks.smtp.connection import Address, unreachable
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.waits import CONNECT, DETOUR

_GOES_STALE = 30.0
"""Seconds after which a host is looked up again when none of its addresses work."""


class Route:
    """Knows which address of the server to try next. All times monotonic."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._known: list[Address] = []
        self._looked_up = -inf
        self._best: Address | None = None
        """The one that worked last; it is tried first."""
        self._left: list[Address] = []
        """Those that nothing speaks against."""

    def next(self, now: float) -> tuple[Address, float]:
        """Give the address to try, and how long; the same while nothing speaks against it.

        Looks the host up when it knows none that works, the one thing in this package
        that waits. Raises `PermanentDeliveryError` for a host that does not exist, and
        `TransientDeliveryError` if nobody can say so for now; but those once known are
        tried again before.
        """
        if not self._left:
            self._refresh(now)
            self._left = sorted(self._known, key=lambda one: one != self._best)
        return self._left[0], DETOUR if len(self._left) > 1 else CONNECT

    def worked(self, address: Address) -> None:
        """Try that address first when all others have failed."""
        self._best = address

    def failed(self, address: Address) -> bool:
        """Try that address no more before the others; true if it was the last one."""
        if address in self._left:
            self._left.remove(address)
        return not self._left

    def _refresh(self, now: float) -> None:
        if self._known and now < self._looked_up + _GOES_STALE:
            return
        self._looked_up = now
        try:
            self._known = list(look_up(self._server))
        except DeliveryError:
            if not self._known:
                raise


def socket_addresses(addresses: Sequence[str], port: int) -> Sequence[Address]:
    """Write addresses as `look_up` gives them."""
    return [
        (int(socket.AF_INET6 if ":" in each else socket.AF_INET), (each, port))
        for each in addresses
    ]


def look_up(server: SmtpServer) -> Sequence[Address]:
    """Ask the system for the addresses of a host, in the order to try them in."""
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise unreachable(server, error) from error
    return [(int(family), address) for family, _, _, _, address in found]
