"""The addresses of a host, tried one after the other."""

import socket
from collections.abc import Sequence

from distribute.sinks.smtp.connection import Address, unreachable
from distribute.sinks.smtp.server import SmtpServer


class Route:
    """Knows which address of the server to try next."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._addresses: list[Address] = []

    def next(self) -> Address:
        """Give the address to try; the same again while nothing speaks against it.

        Looks the host up when it knows none, the one thing in this package that waits.
        Raises `PermanentDeliveryError` for a host that does not exist, and
        `TransientDeliveryError` if nobody can say so for now.
        """
        if not self._addresses:
            self._addresses.extend(_look_up(self._server))
        return self._addresses[0]

    def failed(self, address: Address) -> bool:
        """Try that address no more; true if it was the last one."""
        if address in self._addresses:
            self._addresses.remove(address)
        return not self._addresses


def _look_up(server: SmtpServer) -> Sequence[Address]:
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise unreachable(server, error) from error
    return [(int(family), address) for family, _, _, _, address in found]
