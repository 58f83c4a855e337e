"""Ask the DNS; the one door to dnspython. Nothing but `distribute doctor --dns` opens it."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, TypeVar

from distribute.checks.domain.lookup import (
    Address,
    Answer,
    Exchanger,
    State,
    Version,
)
from distribute.errors import ConfigError

if TYPE_CHECKING:
    from dns.rdata import Rdata
    from dns.resolver import Resolver

TIMEOUT = 5.0
"""Seconds for one question, all attempts together."""
_PAYLOAD = 1232
"""Octets in an answer by UDP that no network splits; longer ones come by TCP."""
_PORT = 53
_SERVER = re.compile(
    r"(?P<bare>[^:\[\]]*:[^:\[\]]*:[^\[\]]*)"
    r"|(?:\[(?P<six>[^\[\]]+)\]|(?P<four>[^:\[\]]+))(?::(?P<port>\d{1,5}))?",
    re.ASCII,
)
"""An IPv6 address by itself, or either kind with a port."""
_PATIENCE = 3
"""Questions without an answer, one after the other, before no more are asked."""
Value = TypeVar("Value")


class Dns:
    """A resolver that remembers what it was told; implements `Lookup`."""

    def __init__(
        self, server: tuple[str, int] | None = None, *, timeout: float = TIMEOUT
    ) -> None:
        """Ask this server (address and port), or those that the system asks.

        Raises `ConfigError` where the system knows none.
        """
        self._resolver = _resolver(server, timeout)
        self._known: dict[tuple[str, str], Answer[Rdata]] = {}
        self._silence = 0
        """How many questions have got no answer since the last one that did."""

    def texts(self, name: str) -> Answer[str]:
        """Ask for TXT records."""
        return _each(
            self._ask(name, "TXT"),
            lambda one: b"".join(one.strings).decode("latin-1"),  # type: ignore[attr-defined]  # of TXT
        )

    def addresses(self, name: str, version: Version) -> Answer[Address]:
        """Ask for A or AAAA records; an address is its own."""
        return _each(
            self._ask(name, "A" if version == 4 else "AAAA"),
            lambda one: ip_address(str(one)),
        )

    def exchangers(self, name: str) -> Answer[Exchanger]:
        """Ask for MX records."""
        found = _each(
            self._ask(name, "MX"),
            lambda one: Exchanger(one.preference, _plain(one.exchange)),  # type: ignore[attr-defined]  # of MX
        )
        return Answer(found.state, tuple(sorted(found.values)), found.reason)

    def names(self, address: Address) -> Answer[str]:
        """Ask for PTR records."""
        return _each(
            self._ask(address.reverse_pointer, "PTR"),
            lambda one: _plain(one.target),  # type: ignore[attr-defined]  # of PTR
        )

    def _ask(self, name: str, kind: str) -> "Answer[Rdata]":
        key = (name.lower(), kind)
        if key not in self._known:
            self._known[key] = self._ask_anew(name, kind)
        return self._known[key]

    def _ask_anew(self, name: str, kind: str) -> "Answer[Rdata]":
        """Ask, unless the server is as good as dead: nobody waits for that many times."""
        if self._silence >= _PATIENCE:
            return Answer(State.LATE, reason="the DNS server does not answer any more")
        answer = _ask(self._resolver, name, kind)
        self._silence = self._silence + 1 if answer.state is State.LATE else 0
        return answer


def parse_server(text: str) -> tuple[str, int]:
    """Read ``192.0.2.53``, ``192.0.2.53:5353`` or ``[2001:db8::1]:5353``.

    Raises `ValueError` in words for whoever wrote it.
    """
    found = _SERVER.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no address with a port behind a colon")
    host = found["bare"] or found["six"] or found["four"]
    port = int(found["port"] or _PORT)
    if not 0 < port < 1 << 16:
        raise ValueError(f"{port} is no port")
    try:
        return str(ip_address(host)), port
    except ValueError:
        raise ValueError(
            f"{host!r} is no address; a name cannot be looked up without a resolver"
        ) from None


def _resolver(server: tuple[str, int] | None, timeout: float) -> "Resolver":
    from dns.resolver import NoResolverConfiguration, Resolver

    try:
        resolver = Resolver(configure=server is None)
    except NoResolverConfiguration as error:
        raise ConfigError(
            ("this machine knows no DNS server",),
            hint="Name one with --resolver ADDRESS.",
        ) from error
    if server:
        resolver.nameservers, resolver.port = [server[0]], server[1]
    resolver.lifetime = timeout
    resolver.timeout = timeout / 2  # of one attempt: a lost packet gets another
    resolver.use_edns(0, 0, _PAYLOAD)
    return resolver


def _ask(resolver: "Resolver", name: str, kind: str) -> "Answer[Rdata]":
    """Ask once; whatever goes wrong is an answer too."""
    from dns.exception import DNSException, Timeout
    from dns.resolver import NXDOMAIN, NoNameservers

    try:
        answer = resolver.resolve(f"{name}.", kind, raise_on_no_answer=False)
    except NXDOMAIN:
        return Answer(State.MISSING)
    except Timeout:
        reason = f"no answer from the DNS within {resolver.lifetime:g} s"
        return Answer(State.LATE, reason=reason)
    except NoNameservers as error:
        return Answer(State.FAILED, reason=_refusal(error))
    except (DNSException, UnicodeError, OSError) as error:
        reason = f"the DNS cannot be asked: {str(error) or type(error).__name__}"
        return Answer(State.FAILED, reason=reason)
    values = tuple(answer.rrset or ())
    return Answer(State.FOUND if values else State.EMPTY, values)


def _refusal(error: Exception) -> str:
    """Say what the servers answered: ``SERVFAIL``, most of the time."""
    attempts = getattr(error, "kwargs", {}).get("errors", ())
    said = sorted({str(attempt[3]) for attempt in attempts})
    return f"the DNS gives no answer: {', '.join(said) or 'all servers failed'}"


def _each(answer: "Answer[Rdata]", read: Callable[["Rdata"], Value]) -> Answer[Value]:
    return Answer(answer.state, tuple(map(read, answer.values)), answer.reason)


def _plain(name: object) -> str:
    """Write a name without its last dot; the root itself is empty."""
    return str(name).removesuffix(".")
