"""What an edition says, written so that a later run can read it again."""

import json
from dataclasses import fields
from pathlib import PurePath
from typing import Any

from distribute.finding import Finding, Severity
from distribute.render.document import Content, Heading
from distribute.render.surroundings import Asked, Question, Trace


def write_content(content: Content) -> bytes:
    """Write a content; the paths of its findings are left out, for they are its post's."""
    findings = [_fields(finding) for finding in content.findings]
    for each in findings:
        del each["path"]
    headings = [_fields(heading) for heading in content.headings]
    return _written(_fields(content) | {"headings": headings, "findings": findings})


def read_content(data: bytes, post: PurePath) -> Content:
    """Read what `write_content` wrote of the post at this path.

    Anything else raises one of Python's own errors: an entry is checked before it is read.
    """
    document: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in _read(data).items()
    }
    headings = tuple(Heading(**each) for each in document.pop("headings"))
    findings = tuple(_finding(post, **each) for each in document.pop("findings"))
    return Content(headings=headings, findings=findings, **document)


def write_trace(trace: Trace) -> bytes:
    """Write questions and answers in the order in which they came up."""
    return _written([(*question, answer) for question, answer in trace.items()])


def read_trace(data: bytes) -> Trace:
    """Read what `write_trace` wrote."""
    return {Question(Asked(of), about): answer for of, about, answer in _read(data)}


def _finding(post: PurePath, *, severity: str, **facts: Any) -> Finding:
    return Finding(path=post, severity=Severity(severity), **facts)


def _fields(value: Content | Heading | Finding) -> dict[str, Any]:
    """Take all fields, so that none is forgotten that is added one day."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _written(document: object) -> bytes:
    """Write JSON; half of a surrogate pair, which YAML can spell, is let through."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _read(data: bytes) -> Any:
    return json.loads(data.decode("utf-8", "surrogatepass"))
