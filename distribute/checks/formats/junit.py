"""A test report, as build servers collect them (JUnit's XML)."""

from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from distribute.checks.report import Off, Report
from distribute.finding import Finding, Severity
from distribute.render.characters import clean


def to_junit(report: Report) -> str:
    """Write a suite per file and a case per finding.

    Errors and warnings are failures, notes pass, and what is switched off is skipped.
    """
    cases = sorted(
        [(str(f.path), f, None) for f in report.findings]
        + [(str(off.finding.path), off.finding, off) for off in report.off],
        key=lambda case: case[0],
    )
    suites = [
        _Suite(path, [(finding, off) for _, finding, off in group])
        for path, group in groupby(cases, key=lambda case: case[0])
    ]
    tests = sum(len(suite.cases) for suite in suites)
    failures = sum(suite.failures for suite in suites)
    head = f'<testsuites name="distribute check" tests="{tests}" failures="{failures}">'
    body = "".join(suite.written() for suite in suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}</testsuites>\n'


class _Suite:
    """The findings of one file."""

    def __init__(self, path: str, cases: list[tuple[Finding, Off | None]]) -> None:
        self.path = path
        self.cases = cases
        self.failures = sum(off is None and _fails(finding) for finding, off in cases)
        self.skipped = sum(off is not None for _, off in cases)

    def written(self) -> str:
        """Write it as an element."""
        numbers = (
            f'tests="{len(self.cases)}" failures="{self.failures}" errors="0" '
            f'skipped="{self.skipped}"'
        )
        cases = "".join(_case(finding, off) for finding, off in self.cases)
        head = f"<testsuite name={_attribute(self.path)} {numbers}>"
        return f"{head}\n{cases}</testsuite>\n"


def _fails(finding: Finding) -> bool:
    return finding.severity is not Severity.NOTE


def _case(finding: Finding, off: Off | None) -> str:
    where = f"line {finding.line}" if finding.line else "the file"
    where += f", column {finding.column}" if finding.column else ""
    name = f"{finding.rule} at {where}"
    head = f"classname={_attribute(finding.path)} name={_attribute(name)}"
    if off is not None:
        reason = _attribute(f"switched off: {off.waiver.reason}")
        return f"<testcase {head}><skipped message={reason}/></testcase>\n"
    if not _fails(finding):
        return f"<testcase {head}/>\n"
    text = escape(clean(f"{finding}\n{finding.hint}".strip()))
    facts = f"message={_attribute(finding.message)} type={_attribute(finding.severity)}"
    return f"<testcase {head}><failure {facts}>{text}</failure></testcase>\n"


def _attribute(value: object) -> str:
    return quoteattr(clean(str(value)))
