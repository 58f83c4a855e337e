"""Findings for other programs: JSON, SARIF 2.1.0, and JUnit's XML."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from distribute.finding import Finding, Severity
from distribute.render.characters import clean

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def document_of(finding: Finding) -> dict[str, object]:
    """Give a finding as a JSON object."""
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "path": str(finding.path),
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "hint": finding.hint,
    }


def to_json(findings: Sequence[Finding]) -> str:
    """Write a JSON array, one object per finding."""
    documents = [document_of(finding) for finding in findings]
    return json.dumps(documents, ensure_ascii=False, indent=2) + "\n"


def to_sarif(findings: Sequence[Finding]) -> str:
    """Write the log that code hosts show beside the lines of a change (SARIF 2.1.0)."""
    rules = [{"id": rule} for rule in sorted({f.rule for f in findings})]
    driver = {"name": "distribute", "rules": rules}
    run = {"tool": {"driver": driver}, "results": [_sarif_result(f) for f in findings]}
    log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def to_junit(findings: Sequence[Finding]) -> str:
    """Write a test report with one case per finding; errors and warnings are failures."""
    suites = "".join(
        _junit_suite(str(path), list(group))
        for path, group in groupby(findings, key=lambda f: f.path)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{suites}</testsuites>\n'
    )


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "json": to_json,
    "sarif": to_sarif,
    "junit": to_junit,
}


def _sarif_result(finding: Finding) -> dict[str, object]:
    location: dict[str, object] = {
        "artifactLocation": {"uri": quote(finding.path.as_posix(), errors="replace")},
    }
    if finding.line:
        region = {"startLine": finding.line}
        if finding.column:
            region["startColumn"] = finding.column
        location["region"] = region
    return {
        "ruleId": finding.rule,
        "level": str(finding.severity),
        "message": {"text": " ".join(filter(None, (finding.message, finding.hint)))},
        "locations": [{"physicalLocation": location}],
    }


def _junit_suite(path: str, findings: list[Finding]) -> str:
    failures = sum(f.severity is not Severity.NOTE for f in findings)
    cases = "".join(map(_junit_case, findings))
    head = f"name={_attribute(path)} tests={_attribute(len(findings))}"
    return f'<testsuite {head} failures="{failures}">\n{cases}</testsuite>\n'


def _junit_case(finding: Finding) -> str:
    name = f"{finding.rule} at line {finding.line}"
    head = f"classname={_attribute(finding.path)} name={_attribute(name)}"
    if finding.severity is Severity.NOTE:
        return f"<testcase {head}/>\n"
    text = escape(clean(f"{finding}\n{finding.hint}".strip()))
    message = _attribute(finding.message)
    return f"<testcase {head}><failure message={message}>{text}</failure></testcase>\n"


def _attribute(value: object) -> str:
    return quoteattr(clean(str(value)))
