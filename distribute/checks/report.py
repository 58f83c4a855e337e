"""What a check comes to: what counts, and what is switched off and why."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from distribute.checks.rule import Rule
from distribute.checks.waiver import Waiver, covering
from distribute.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Off:
    """A finding of a rule that is switched off."""

    finding: Finding
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of a check in the order in which one would mend them."""

    findings: tuple[Finding, ...]
    off: tuple[Off, ...] = ()
    posts: int = 0
    """How many were checked."""

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity; what is switched off does not count."""
        return sum(finding.severity is severity for finding in self.findings)

    def only(self, rules: Collection[str]) -> "Report":
        """Look at some rules and leave out all others."""
        return replace(
            self,
            findings=tuple(f for f in self.findings if f.rule in rules),
            off=tuple(off for off in self.off if off.finding.rule in rules),
        )

    def blocking(self, *, strict: bool) -> tuple[Finding, ...]:
        """Give what keeps an issue from being sent: errors, and if strict, warnings."""
        mild = {Severity.NOTE} if strict else {Severity.NOTE, Severity.WARNING}
        return tuple(f for f in self.findings if f.severity not in mild)


def report_on(
    findings: Iterable[Finding],
    waivers: Collection[Waiver],
    rulebook: Mapping[str, Rule],
) -> Report:
    """Tell what counts from what is switched off."""
    counting, off = [], []
    for finding in findings:
        waiver = covering(finding, waivers, rulebook)
        if waiver is None:
            counting.append(finding)
        else:
            off.append(Off(finding, waiver))
    return Report(tuple(counting), tuple(off))
