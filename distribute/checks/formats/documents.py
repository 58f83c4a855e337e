"""Findings as JSON objects."""

from distribute.checks.report import Off, Report
from distribute.finding import Finding, Severity


def document_of(finding: Finding) -> dict[str, object]:
    """Give a finding as a JSON object."""
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "path": str(finding.path),
        "line": finding.line,
        "column": finding.column,
        "words": finding.words,
        "message": finding.message,
        "hint": finding.hint,
    }


def report_document(report: Report) -> dict[str, object]:
    """Give a report as a JSON object; what is switched off comes with the reason."""
    counts = {f"{severity}s": report.count(severity) for severity in Severity}
    return {
        "counts": counts | {"off": len(report.off)},
        "findings": [document_of(finding) for finding in report.findings],
        "off": [_off_document(off) for off in report.off],
    }


def _off_document(off: Off) -> dict[str, object]:
    waiver = off.waiver
    return document_of(off.finding) | {
        "reason": waiver.reason,
        "by": {"path": str(waiver.path), "line": waiver.line},
    }
