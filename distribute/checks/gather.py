"""The findings of all stages in one list, in the order in which one would mend them."""

from collections.abc import Collection, Iterable
from pathlib import PurePath

from distribute.finding import Finding


def gather_findings(
    findings: Iterable[Finding], *, only: Collection[PurePath] | None = None
) -> list[Finding]:
    """Sort findings by file and line, each once; `only` keeps those of some files."""
    wanted = set(findings) if only is None else {f for f in findings if f.path in only}
    return sorted(wanted, key=lambda f: (str(f.path), f.line, f.column, f.rule))
