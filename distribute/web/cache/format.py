"""What an edition says, written so that a later run can read it again."""

import json
from dataclasses import fields
from pathlib import PurePath
from typing import Any

from distribute.finding import Finding, Severity
from distribute.render.content.surroundings import Asked, Question, Trace
from distribute.render.document import Content, Heading


def write_content(content: Content) -> bytes:
    """Write a content: a line of JSON, and below it the HTML as it is.

    So nothing has to look through the HTML, which is nearly all of it. The paths of
    findings are left out, for they are the post's.
    """
    document = _fields(content)
    html = document.pop("html")
    findings = [_fields(finding) for finding in content.findings]
    for each in findings:
        del each["path"]
    headings = [_fields(heading) for heading in content.headings]
    document |= {"headings": headings, "findings": findings}
    return b"%b\n%b" % (_written(document), _encoded(html))


def read_content(data: bytes, post: PurePath) -> Content:
    """Read what `write_content` wrote of the post at this path.

    Anything else raises one of Python's own errors: an entry is checked before it is read.
    """
    line, _, html = data.partition(b"\n")
    document: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in _read(line).items()
    }
    headings = tuple(Heading(**each) for each in document.pop("headings"))
    findings = tuple(_finding(post, **each) for each in document.pop("findings"))
    return Content(
        html=_decoded(html), headings=headings, findings=findings, **document
    )


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
    """Write JSON, in one line."""
    return _encoded(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def _read(data: bytes) -> Any:
    return json.loads(_decoded(data))


def _encoded(text: str) -> bytes:
    """Write UTF-8; half of a surrogate pair, which YAML can spell, is let through."""
    return text.encode("utf-8", "surrogatepass")


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
