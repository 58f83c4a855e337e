"""Judge a sending address by a domain's SPF record, as receivers do (RFC 7208 section 4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TypeVar

from distribute.checks.domain.lookup import Address, Answer, Lookup, Version
from distribute.checks.domain.names import is_below, is_name
from distribute.checks.domain.spf.macros import Circumstances, expand
from distribute.checks.domain.spf.record import (
    Mechanism,
    Qualifier,
    SpfSyntaxError,
    parse_record,
    spf_texts,
)

Found = TypeVar("Found")

MOST_LOOKUPS = 10
"""Terms that ask the DNS, in the record and in all that it includes (section 4.6.4)."""
MOST_VOIDS = 2
"""Questions that find nothing."""
_MOST_NAMES = 10
"""Exchangers of a domain, or names of an address."""


class Result(StrEnum):
    """What receivers make of it (section 2.6)."""

    PASS = "pass"  # noqa: S105 - a result, no password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one address, and how it came about."""

    result: Result
    reason: str
    """The term that decided, or what is wrong; without a full stop."""
    lookups: int
    """Terms that asked the DNS, of at most `MOST_LOOKUPS`."""
    voids: int


_MEANING = {
    Qualifier.PASS: Result.PASS,
    Qualifier.FAIL: Result.FAIL,
    Qualifier.SOFTFAIL: Result.SOFTFAIL,
    Qualifier.NEUTRAL: Result.NEUTRAL,
}


class _EndError(Exception):
    """The check ends here, in the record and all that include it."""

    def __init__(self, result: Result, reason: str) -> None:
        super().__init__(reason)
        self.result, self.reason = result, reason


def check_host(
    lookup: Lookup, address: Address, sender: str, *, helo: str = ""
) -> Outcome:
    """Judge a message of the envelope's `sender` that comes from an address.

    Terminates whatever the DNS says: at most ten terms ask it. Never raises.
    """
    local, _, domain = sender.rpartition("@")
    circumstances = Circumstances(
        _plain(address), local or "postmaster", domain, helo or "unknown"
    )
    return _Check(lookup, circumstances).outcome(domain)


class _Check:
    """One message being judged; counts what was asked."""

    def __init__(self, lookup: Lookup, circumstances: Circumstances) -> None:
        self._lookup = lookup
        self._circumstances = circumstances
        self._address = circumstances.address
        self._version: Version = 4 if self._address.version == 4 else 6
        self._lookups = self._voids = 0

    def outcome(self, domain: str) -> Outcome:
        try:
            result, reason = self._result(domain)
        except _EndError as end:
            result, reason = end.result, end.reason
        return Outcome(result, reason, self._lookups, self._voids)

    def _result(self, domain: str) -> tuple[Result, str]:
        """Apply the record of a domain (section 4)."""
        if not is_name(domain):
            return Result.NONE, f"{_shown(domain)} cannot be a domain"
        text, trouble = self._text(domain)
        if trouble:
            return trouble
        try:
            record = parse_record(text)
        except SpfSyntaxError as error:
            reason = f"the record of {domain} cannot be read: {error}"
            raise _EndError(Result.PERMERROR, reason) from error
        for mechanism in record.mechanisms:
            if self._matches(mechanism, domain):
                return _MEANING[mechanism.qualifier], f"{mechanism.written} of {domain}"
        if record.redirect:
            return self._redirected(record.redirect, domain)
        return Result.NEUTRAL, f"nothing in the record of {domain} matches"

    def _text(self, domain: str) -> tuple[str, tuple[Result, str] | None]:
        answer = self._lookup.texts(domain)
        if answer.is_unknown:
            raise _EndError(Result.TEMPERROR, f"{domain}: {answer.reason}")
        records = spf_texts(answer.values)
        if len(records) > 1:
            reason = f"{domain} has {len(records)} SPF records"
            raise _EndError(Result.PERMERROR, reason)
        if not records:
            return "", (Result.NONE, f"{domain} has no SPF record")
        return records[0], None

    def _redirected(self, target: str, domain: str) -> tuple[Result, str]:
        self._count_term(f"redirect={target}")
        result, reason = self._result(self._expanded(target, domain))
        if result is Result.NONE:
            raise _EndError(Result.PERMERROR, f"redirect={target}: {reason}")
        return result, reason

    def _matches(self, mechanism: Mechanism, domain: str) -> bool:
        if mechanism.name == "all":
            return True
        if mechanism.network is not None:
            return self._address in mechanism.network
        self._count_term(f"{mechanism.written} of {domain}")
        target = self._expanded(mechanism.target, domain) or domain
        match: Callable[[Mechanism, str], bool] = getattr(self, f"_{mechanism.name}")
        return match(mechanism, target)

    def _include(self, mechanism: Mechanism, target: str) -> bool:
        result, reason = self._result(target)
        if result is Result.NONE:
            raise _EndError(Result.PERMERROR, f"{mechanism.written}: {reason}")
        return result is Result.PASS

    def _a(self, mechanism: Mechanism, target: str) -> bool:
        return self._is_of(target, mechanism)

    def _mx(self, mechanism: Mechanism, target: str) -> bool:
        if not is_name(target):
            return False
        found = self._told(self._lookup.exchangers(target)).values
        if len(found) > _MOST_NAMES:
            reason = f"{mechanism.written}: {target} has more than {_MOST_NAMES} MX"
            raise _EndError(Result.PERMERROR, reason)
        return any(self._is_of(each.host, mechanism) for each in found)

    def _ptr(self, _mechanism: Mechanism, target: str) -> bool:
        return any(is_below(name, target) for name in self._own_names())

    def _exists(self, _mechanism: Mechanism, target: str) -> bool:
        return is_name(target) and bool(
            self._told(self._lookup.addresses(target, 4)).values
        )

    def _is_of(self, host: str, mechanism: Mechanism) -> bool:
        """Tell whether the sending address is among those of a host, or near one."""
        if not is_name(host):
            return False
        bits = mechanism.prefixes[self._version == 6]
        addresses = self._told(self._lookup.addresses(host, self._version)).values
        return any(
            self._address in ip_network(f"{each}/{bits}", strict=False)
            for each in addresses
        )

    def _own_names(self) -> Iterator[str]:
        """Find the names of the sending address that lead back to it (section 5.5)."""
        for name in self._lookup.names(self._address).values[:_MOST_NAMES]:
            if self._address in self._lookup.addresses(name, self._version).values:
                yield name

    def _expanded(self, target: str, domain: str) -> str:
        def name() -> str:
            return next(self._own_names(), "unknown")

        return expand(target, domain, self._circumstances, name)

    def _count_term(self, written: str) -> None:
        self._lookups += 1
        if self._lookups > MOST_LOOKUPS:
            reason = (
                f"more than {MOST_LOOKUPS} terms ask the DNS; one too many: {written}"
            )
            raise _EndError(Result.PERMERROR, reason)

    def _told(self, answer: Answer[Found]) -> Answer[Found]:
        """Count an answer that holds nothing; end where there is none."""
        if answer.is_unknown:
            raise _EndError(Result.TEMPERROR, answer.reason)
        self._voids += answer.is_void
        if self._voids > MOST_VOIDS:
            reason = f"more than {MOST_VOIDS} names in the record do not exist"
            raise _EndError(Result.PERMERROR, reason)
        return answer


def _plain(address: Address) -> Address:
    """Take an IPv4 address out of its IPv6 clothes (section 5)."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or ip_address(str(address).partition("%")[0])


def _shown(domain: str) -> str:
    return ascii(domain if len(domain) <= 60 else f"{domain[:57]}...")
