"""Commands that GitHub Actions turns into notes beside the lines of a change."""

from collections.abc import Mapping

from distribute.checks.report import Report
from distribute.finding import Finding, Severity

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}
_IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = _IN_MESSAGE | {":": "%3A", ",": "%2C"}


def to_github(report: Report) -> str:
    """Write a line per finding that counts, in the syntax of workflow commands."""
    return "".join(f"{_command(finding)}\n" for finding in report.findings)


def _command(finding: Finding) -> str:
    properties: dict[str, object] = {"file": finding.path.as_posix()}
    if finding.line:
        properties["line"] = finding.line
    if finding.column:
        words = finding.words.partition("\n")[0]
        properties["col"] = finding.column
        properties["endColumn"] = finding.column + max(len(words), 1)
    properties["title"] = finding.rule
    written = ",".join(
        f"{name}={_escaped(str(value), _IN_PROPERTY)}"
        for name, value in properties.items()
    )
    text = ". ".join(filter(None, (finding.message, finding.hint)))
    message = _escaped(text, _IN_MESSAGE)
    return f"::{_COMMANDS[finding.severity]} {written}::{message}"


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(sign, sign) for sign in text)
