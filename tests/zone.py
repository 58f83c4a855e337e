"""A part of the DNS for tests: records by name and kind, and names that cannot be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from distribute.checks.domain.lookup import Address, Answer, Exchanger, State, Version

Records = Mapping[tuple[str, str], Sequence[str]]
"""By name and kind: ``{("example.org", "MX"): ["10 mail.example.org"]}``."""


@dataclass
class Zone:
    """Answers from a table; implements `Lookup`."""

    records: Records
    late: frozenset[str] = frozenset()
    """Names to which there is no answer in time."""
    broken: frozenset[str] = frozenset()
    """Names to which there is none at all."""
    asked: list[tuple[str, str]] = field(default_factory=list)

    def texts(self, name: str) -> Answer[str]:
        """Answer with TXT records."""
        return self._answer(name, "TXT")

    def addresses(self, name: str, version: Version) -> Answer[Address]:
        """Answer with A or AAAA records."""
        found = self._answer(name, "A" if version == 4 else "AAAA")
        return Answer(found.state, tuple(map(ip_address, found.values)), found.reason)

    def exchangers(self, name: str) -> Answer[Exchanger]:
        """Answer with MX records."""
        found = self._answer(name, "MX")
        pairs = (value.partition(" ") for value in found.values)
        values = sorted(
            Exchanger(int(p), host.removesuffix(".")) for p, _, host in pairs
        )
        return Answer(found.state, tuple(values), found.reason)

    def names(self, address: Address) -> Answer[str]:
        """Answer with PTR records."""
        return self._answer(address.reverse_pointer, "PTR")

    def _answer(self, name: str, kind: str) -> Answer[str]:
        name = name.lower()
        self.asked.append((name, kind))
        if name in self.late:
            return Answer(State.LATE, reason="no answer from the DNS within 5 s")
        if name in self.broken:
            return Answer(State.FAILED, reason="the DNS gives no answer: SERVFAIL")
        if values := self.records.get((name, kind)):
            return Answer(State.FOUND, tuple(values))
        exists = any(
            each == name or each.endswith(f".{name}") for each, _ in self.records
        )
        return Answer(State.EMPTY if exists else State.MISSING)
