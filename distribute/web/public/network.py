"""Where a request comes from: the shortened network, as far as it can be believed."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

from distribute.audience.consent import shortened

LOCAL_PROXIES = ("127.0.0.0/8", "::1/128")
"""Whom to believe unless the settings name others: what runs on this machine."""
_MOST_HOPS = 20


class Proxies:
    """Who may say, in ``X-Forwarded-For``, for whom they ask."""

    def __init__(self, networks: Iterable[str] = LOCAL_PROXIES) -> None:
        """Take addresses and networks; raises `ValueError` for anything else."""
        self._networks = tuple(ip_network(each, strict=False) for each in networks)

    def network_of(self, scope: Scope) -> str:
        """Give the network of whoever asks; empty where there is none, as in a socket.

        The header is read from its end: each proxy adds what it has seen itself, and what
        stands before the first one that we do not know is anybody's guess.
        """
        client = scope.get("client")
        address = client[0] if client else ""
        if address and not self._is_known(address):
            return shortened(address)
        for hop in _hops(Headers(scope=scope)):
            address = hop
            if not self._is_known(address):
                break
        return shortened(address)

    def _is_known(self, address: str) -> bool:
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found in each for each in self._networks)


def _hops(headers: Headers) -> Iterator[str]:
    """List whom each proxy has seen, the nearest first."""
    told = ",".join(headers.getlist("x-forwarded-for"))
    for hop in told.split(",")[: -_MOST_HOPS - 1 : -1]:
        address = hop.strip()
        if address.startswith("["):  # [2001:db8::1]:1234
            address = address[1:].partition("]")[0]
        elif address.count(":") == 1:  # 192.0.2.1:1234
            address = address.partition(":")[0]
        if address:
            yield address
