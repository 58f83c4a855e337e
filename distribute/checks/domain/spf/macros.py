"""Replace the macros in a domain of an SPF record (RFC 7208 section 7)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from distribute.checks.domain.lookup import Address

_MACRO = re.compile(
    r"%(?:\{(?P<letter>[slodiphv])(?P<count>\d*)(?P<reversed>r?)(?P<between>[-.+,/_=]*)\}"
    r"|(?P<plain>[%_-]))",
    re.IGNORECASE,
)
_PLAIN = {"%": "%", "_": " ", "-": "%20"}
_LONGEST = 253
_UNRESERVED = "-._~"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who sends, as the macros tell it."""

    address: Address
    local: str
    """In front of the @ of the envelope's sender."""
    sender_domain: str
    helo: str

    def value(self, letter: str, domain: str, name: Callable[[], str]) -> str:
        """Give what a letter stands for; `name` finds the name of the address."""
        if letter == "p":
            return name()
        return {
            "s": f"{self.local}@{self.sender_domain}",
            "l": self.local,
            "o": self.sender_domain,
            "d": domain,
            "i": _dotted(self.address),
            "h": self.helo,
            "v": "in-addr" if self.address.version == 4 else "ip6",
        }[letter]


def expand(
    target: str, domain: str, circumstances: Circumstances, name: Callable[[], str]
) -> str:
    """Write the domain that is meant, cut at the left if it would be too long."""

    def value(macro: re.Match[str]) -> str:
        if macro["plain"]:
            return _PLAIN[macro["plain"]]
        letter = macro["letter"]
        text = _transformed(
            circumstances.value(letter.lower(), domain, name),
            macro["count"],
            macro["between"] or ".",
            is_reversed=bool(macro["reversed"]),
        )
        return quote(text, safe=_UNRESERVED) if letter.isupper() else text

    written = _MACRO.sub(value, target).removesuffix(".")
    while len(written) > _LONGEST and "." in written:
        written = written.partition(".")[2]
    return written


def _transformed(text: str, count: str, between: str, *, is_reversed: bool) -> str:
    parts = re.split(f"[{re.escape(between)}]", text)
    if is_reversed:
        parts.reverse()
    wanted = int(count[:4]) if count else len(parts)
    return ".".join(parts[-wanted:])


def _dotted(address: Address) -> str:
    """Write an address with dots; IPv6 by its 32 digits."""
    if address.version == 4:
        return str(address)
    return ".".join(address.exploded.replace(":", ""))
