"""What the judges may ask of the DNS; who really asks it is `distribute.sinks.dns`."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

Address = IPv4Address | IPv6Address
Version = Literal[4, 6]
Value = TypeVar("Value", covariant=True)


class State(StrEnum):
    """How a question ended."""

    FOUND = "found"
    EMPTY = "empty"  # the name exists, and has no such record
    MISSING = "missing"  # the name does not exist (NXDOMAIN, RFC 8020)
    FAILED = "failed"  # SERVFAIL, REFUSED, nonsense: nobody can say
    LATE = "late"  # no answer in time


@dataclass(frozen=True, slots=True)
class Answer(Generic[Value]):
    """What came back; there are values if and only if something was found."""

    state: State
    values: tuple[Value, ...] = ()
    reason: str = ""
    """Why nobody can say, in words; for `State.FAILED` and `State.LATE`."""

    @property
    def is_void(self) -> bool:
        """Whether the DNS says that there is nothing (RFC 7208 section 4.6.4)."""
        return self.state in {State.EMPTY, State.MISSING}

    @property
    def is_unknown(self) -> bool:
        """Whether nobody can say; asked again, the answer may be another."""
        return self.state in {State.FAILED, State.LATE}


class Exchanger(NamedTuple):
    """Who takes the mail of a domain (an MX record, RFC 5321 section 5)."""

    preference: int
    host: str
    """Without a trailing dot; empty for the null MX of RFC 7505."""


class Lookup(Protocol):
    """Answers questions to the DNS; never raises, whatever is asked.

    Names are in A-labels, without a trailing dot; so are those in the answers.
    """

    def texts(self, name: str) -> Answer[str]:
        """Ask for TXT records; the strings of each are joined, an octet a character."""
        ...

    def addresses(self, name: str, version: Version) -> Answer[Address]:
        """Ask for A (4) or AAAA (6) records; aliases are followed."""
        ...

    def exchangers(self, name: str) -> Answer[Exchanger]:
        """Ask for MX records, the preferred first."""
        ...

    def names(self, address: Address) -> Answer[str]:
        """Ask for the names of an address (PTR records)."""
        ...


def all_addresses(lookup: Lookup, name: str) -> Answer[Address]:
    """Ask for the addresses of both kinds; nobody can say if neither question is answered.

    A missing answer to one of them does not count where the other has one.
    """
    answers = (lookup.addresses(name, 4), lookup.addresses(name, 6))
    values = tuple(address for answer in answers for address in answer.values)
    if values:
        return Answer(State.FOUND, values)
    unknown = [answer for answer in answers if answer.is_unknown]
    return unknown[0] if unknown else answers[0]
