"""What somebody agreed to, when and how: the evidence that the law asks for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from ipaddress import ip_address, ip_network


class Act(StrEnum):
    """What somebody did, or what was done for them."""

    ASKED = "asked"
    """Filled in a form, or wrote to us; not confirmed yet."""
    CONFIRMED = "confirmed"
    """Opened the link that only their mailbox had."""
    IMPORTED = "imported"
    """Came in a file whose owner answers for it."""
    ADDED = "added"
    """Was added by an operator, who answers for it."""
    CHOSE = "chose"
    """Changed languages, name or pause."""
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One act of one person."""

    at: datetime
    act: Act
    source: str
    """How: ``form``, ``import people.csv``, ``one-click``, ``mail``, ``command line``."""
    wording: str = ""
    """Which words they agreed to; see `version_of`. Empty if none are known."""
    network: str = ""
    """Where from, as `shortened` gives it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that people agreed to."""

    language: str
    """The tag of the language that they are in."""
    words: str

    @property
    def version(self) -> str:
        """How acts of consent name them."""
        return version_of(self.words)


def version_of(words: str) -> str:
    """Name a text that people agree to: 12 hexadecimal digits of its SHA-256."""
    return sha256(words.encode()).hexdigest()[:12]


def shortened(address: str) -> str:
    """Shorten an address of the network so that it is nobody's own any more.

    >>> shortened("203.0.113.9"), shortened("2001:db8:1:2::3"), shortened("unix:")
    ('203.0.113.0/24', '2001:db8:1::/48', '')
    """
    try:
        found = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))
