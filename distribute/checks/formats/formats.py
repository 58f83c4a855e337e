"""Reports for other programs, by the name of their format."""

import json
from collections.abc import Callable, Mapping

from distribute.checks.formats.documents import document_of
from distribute.checks.formats.github import to_github
from distribute.checks.formats.junit import to_junit
from distribute.checks.formats.sarif import to_sarif
from distribute.checks.report import Report


def to_json(report: Report) -> str:
    """Write a JSON array, one object per finding that counts."""
    documents = [document_of(finding) for finding in report.findings]
    return json.dumps(documents, ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "json": to_json,
    "sarif": to_sarif,
    "junit": to_junit,
    "github": to_github,
}
