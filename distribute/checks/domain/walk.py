"""Find whose domain a name is, by walking up the DNS (RFC 9989 section 4.10).

Receivers need that to tell whether two names belong together. They used to look into a list
of public suffixes; now the DNS alone says so, and that is why we keep no such list either.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from distribute.checks.domain.dmarc_record import (
    DmarcRecord,
    dmarc_texts,
    parse_dmarc,
)
from distribute.checks.domain.lookup import Lookup
from distribute.checks.domain.tags import TagSyntaxError

_MOST_LABELS = 7
"""Of a name above the first that is asked; longer ones are cut down to it at once."""


@dataclass(frozen=True, slots=True)
class Step:
    """What stands at one name."""

    domain: str
    record: DmarcRecord | None
    problem: str = ""
    """Why there is none although something stands there, or nobody can say."""
    is_unknown: bool = False
    """Whether nobody can say."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The names that were asked, from the domain itself upwards."""

    steps: tuple[Step, ...]

    @property
    def domain(self) -> str:
        """The domain that the walk began at."""
        return self.steps[0].domain

    @property
    def problem(self) -> Step | None:
        """The first name where something is wrong."""
        return next((step for step in self.steps if step.problem), None)

    @property
    def organisation(self) -> str:
        """The domain of the organisation: the highest with a record, below any suffix."""
        found = [step for step in self.steps if step.record]
        for step in found:
            if step.record and step.record.suffix == "n":
                return step.domain
        for step in found:
            if step.record and step.record.suffix == "y" and step.domain != self.domain:
                return _one_below(step.domain, self.domain)
        return found[-1].domain if found else self.domain

    @property
    def governing(self) -> Step | None:
        """The record that counts for mail of the domain: its own, or its organisation's."""
        if self.steps[0].record:
            return self.steps[0]
        by_domain = {step.domain: step for step in self.steps if step.record}
        if self.organisation in by_domain:
            return by_domain[self.organisation]
        suffixes = [
            s for s in by_domain.values() if s.record and s.record.suffix == "y"
        ]
        return suffixes[0] if suffixes else None


def walk_up(lookup: Lookup, domain: str) -> Walk:
    """Ask at a domain and at most seven above it."""
    steps = []
    for name in _names(domain):
        step = _step(lookup, name)
        steps.append(step)
        suffix = step.record.suffix if step.record else "u"
        if suffix == "n" or (suffix == "y" and name != domain):
            break
    return Walk(tuple(steps))


def _names(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    yield domain
    for count in range(min(len(labels) - 1, _MOST_LABELS), 0, -1):
        yield ".".join(labels[-count:])


def _step(lookup: Lookup, domain: str) -> Step:
    answer = lookup.texts(f"_dmarc.{domain}")
    if answer.is_unknown:
        return Step(domain, None, answer.reason, is_unknown=True)
    texts = dmarc_texts(answer.values)
    if len(texts) > 1:
        return Step(domain, None, f"it has {len(texts)} DMARC records, so none counts")
    if not texts:
        return Step(domain, None)
    try:
        return Step(domain, parse_dmarc(texts[0]))
    except TagSyntaxError as error:
        return Step(domain, None, f"its record cannot be read: {error}")


def _one_below(suffix: str, domain: str) -> str:
    count = suffix.count(".") + 2
    return ".".join(domain.split(".")[-count:])
