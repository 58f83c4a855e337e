"""Findings with what their rules say about them, each at the place that it concerns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from distribute.checks.rule import Place, Rule
from distribute.finding import Finding, Severity

_GRAVEST_FIRST = {each: rank for rank, each in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding, and why it matters."""

    finding: Finding
    rule: Rule | None
    """`None` for a rule that is not in the book."""

    @property
    def place(self) -> Place:
        """Where it is shown, beside the source."""
        if self.rule:
            return self.rule.place
        return Place.SOURCE if self.finding.line else Place.NEWSLETTER


@dataclass(frozen=True, slots=True)
class Group:
    """Remarks of one rule and severity at one place: shown as one, for they may be many."""

    remarks: tuple[Remark, ...]

    @property
    def first(self) -> Remark:
        """The one that comes first in the file."""
        return self.remarks[0]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings there are of each severity."""

    errors: int = 0
    warnings: int = 0
    notes: int = 0

    @property
    def worst(self) -> str:
        """The gravest severity that there is; empty for none."""
        counts = (self.errors, self.warnings, self.notes)
        found = zip(Severity, counts, strict=True)
        return next((str(each) for each, count in found if count), "")

    @property
    def words(self) -> str:
        """Say it: ``1 error, 3 notes``."""
        counts = (self.errors, self.warnings, self.notes)
        found = zip(counts, Severity, strict=True)
        said = (f"{n:,} {each}{'s' * (n > 1)}" for n, each in found if n)
        return ", ".join(said) or "no findings"

    @property
    def total(self) -> int:
        """How many there are altogether."""
        return self.errors + self.warnings + self.notes


def remarks_on(
    findings: Iterable[Finding], rulebook: Mapping[str, Rule]
) -> tuple[Remark, ...]:
    """Look up the rules; the gravest come first, then those that come first in the file."""
    ordered = sorted(
        set(findings),
        key=lambda f: (_GRAVEST_FIRST[f.severity], f.line, f.column, f.rule, f.message),
    )
    return tuple(Remark(finding, rulebook.get(finding.rule)) for finding in ordered)


def grouped(remarks: Iterable[Remark]) -> tuple[Group, ...]:
    """Put together what is of one kind, in the order of the first of each."""
    groups: dict[tuple[str, Severity], list[Remark]] = {}
    for remark in remarks:
        finding = remark.finding
        groups.setdefault((finding.rule, finding.severity), []).append(remark)
    return tuple(Group(tuple(found)) for found in groups.values())


def tally_of(remarks: Sequence[Remark]) -> Tally:
    """Count them."""
    found = [remark.finding.severity for remark in remarks]
    return Tally(*(found.count(severity) for severity in Severity))
