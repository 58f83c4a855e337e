"""Findings for other programs."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import cast
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from distribute.checks.formats.documents import report_document
from distribute.checks.formats.formats import to_json
from distribute.checks.formats.github import to_github
from distribute.checks.formats.junit import to_junit
from distribute.checks.formats.sarif import to_sarif
from distribute.checks.gather import gather_findings
from distribute.checks.report import Off, Report
from distribute.checks.rulebook import RULEBOOK
from distribute.checks.waiver import Waiver
from distribute.finding import Finding, Severity

A, B = PurePosixPath("posts/a.md"), PurePosixPath("posts/b & b.md")
WAIVER = Waiver(
    rule="link-broken", reason="the archive stays", path=B, line=4, covers_all=False
)


def finding(path: PurePosixPath = A, line: int = 3, message: str = "broken") -> Finding:
    """Make a warning."""
    return Finding(
        rule="link-broken",
        severity=Severity.WARNING,
        message=message,
        path=path,
        line=line,
        hint="Mend it.",
    )


def report(*findings: Finding, off: Sequence[Finding] = ()) -> Report:
    """Make a report, some of it switched off."""
    return Report(findings, tuple(Off(each, WAIVER) for each in off))


def test_findings_come_in_the_order_in_which_one_mends_them() -> None:
    """By file, then line; the same one said twice is one."""
    found = [finding(B, 1), finding(A, 9), finding(A, 2), finding(A, 9)]
    assert gather_findings(found) == [finding(A, 2), finding(A, 9), finding(B, 1)]


def test_only_those_of_some_files_are_kept() -> None:
    """``check ISSUE`` speaks of the issue's own posts."""
    assert gather_findings([finding(A), finding(B)], only=[B]) == [finding(B)]


def test_json_is_an_array_of_objects() -> None:
    """Each with rule, severity, place, words and the next step."""
    exact = replace(finding(), column=5, words="x.example")
    (document,) = json.loads(to_json(report(exact)))
    assert document == {
        "rule": "link-broken",
        "severity": "warning",
        "path": "posts/a.md",
        "line": 3,
        "column": 5,
        "words": "x.example",
        "message": "broken",
        "hint": "Mend it.",
    }


def test_what_is_switched_off_is_listed_with_its_reason_and_does_not_count() -> None:
    """``--json`` says which file switched it off, and on which line."""
    document = report_document(report(finding(A), off=[finding(B)]))
    assert document["counts"] == {"errors": 0, "warnings": 1, "notes": 0, "off": 1}
    (off,) = cast("list[dict[str, object]]", document["off"])
    assert off["reason"] == "the archive stays"
    assert off["by"] == {"path": "posts/b & b.md", "line": 4}
    assert len(json.loads(to_json(report(finding(A), off=[finding(B)])))) == 1


def test_sarif_has_a_rule_and_a_region_for_each_result() -> None:
    """SARIF 2.1.0 sections 3.27 and 3.30: levels, and lines that count from 1."""
    whole_file = finding(B, line=0)
    (run,) = json.loads(to_sarif(report(finding(), whole_file)))["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == "link-broken"
    assert rule["fullDescription"]["text"] == RULEBOOK["link-broken"].why
    assert RULEBOOK["link-broken"].fix in rule["help"]["text"]
    assert rule["defaultConfiguration"] == {"level": "error"}
    first, second = (r["locations"][0]["physicalLocation"] for r in run["results"])
    assert first["region"] == {"startLine": 3}
    assert "region" not in second
    assert {result["level"] for result in run["results"]} == {"warning"}
    assert {result["ruleIndex"] for result in run["results"]} == {0}


def test_sarif_names_files_by_uri_and_columns_where_known() -> None:
    """RFC 3986: a ``#`` in a file's name would else begin a fragment."""
    path = PurePosixPath("posts/News_#5 [PT-BR].md")
    exact = replace(finding(path), column=4, words="𝒜bc")
    (run,) = json.loads(to_sarif(report(exact)))["runs"]
    assert str(exact).startswith("posts/News_#5 [PT-BR].md:3:4: warning: ")
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "posts/News_%235%20%5BPT-BR%5D.md"
    assert run["columnKind"] == "unicodeCodePoints"
    region = {"startLine": 3, "startColumn": 4, "endColumn": 7}
    assert place["region"] == region | {"snippet": {"text": "𝒜bc"}}


def test_sarif_keeps_what_is_switched_off_as_suppressed() -> None:
    """SARIF 2.1.0 section 3.35: in the source or elsewhere, with a justification."""
    (run,) = json.loads(to_sarif(report(off=[finding()])))["runs"]
    (result,) = run["results"]
    (suppression,) = result["suppressions"]
    assert suppression["kind"] == "inSource"
    assert suppression["justification"] == "the archive stays"


def test_sarif_knows_a_finding_again_when_lines_are_added_above() -> None:
    """The same words twice in a file are two results."""
    exact = replace(finding(), column=4, words="x")
    twice = [exact, replace(exact, line=9)]
    moved = [replace(each, line=each.line + 7) for each in twice]
    prints = [
        [
            r["partialFingerprints"]
            for r in json.loads(to_sarif(report(*found)))["runs"][0]["results"]
        ]
        for found in (twice, moved)
    ]
    assert prints[0] == prints[1]
    assert prints[0][0] != prints[0][1]


def test_junit_counts_failures_per_file() -> None:
    """One suite a file, one case a finding; notes pass, what is off is skipped."""
    note = Finding(rule="mojibake", severity=Severity.NOTE, message="m", path=B)
    written = to_junit(report(finding(), note, off=[finding(B)]))
    root = ElementTree.fromstring(written)  # noqa: S314 - our own
    suites = {s.get("name"): (s.get("failures"), s.get("skipped")) for s in root}
    assert suites == {"posts/a.md": ("1", "0"), "posts/b & b.md": ("0", "1")}
    assert root.get("tests") == "3"
    failure, skipped = root.find(".//failure"), root.find(".//skipped")
    assert failure is not None
    assert failure.attrib == {"message": "broken", "type": "warning"}
    assert skipped is not None
    assert skipped.get("message") == "switched off: the archive stays"


def test_github_shows_each_finding_beside_its_line() -> None:
    """A workflow command a line: level, file, line, columns, rule."""
    exact = replace(finding(), severity=Severity.ERROR, column=4, words="abc")
    note = replace(finding(B, line=0), severity=Severity.NOTE)
    assert to_github(report(exact, note)).splitlines() == [
        "::error file=posts/a.md,line=3,col=4,endColumn=7,title=link-broken"
        "::broken. Mend it.",
        "::notice file=posts/b & b.md,title=link-broken::broken. Mend it.",
    ]


def test_github_cannot_be_given_orders_by_a_post() -> None:
    """What a finding quotes stays in its message: no line, no property, no command."""
    evil = finding(PurePosixPath("a:b,c%.md"), message="x\r\n::stop-commands::y%0A")
    (line,) = to_github(report(evil)).splitlines()
    assert "file=a%3Ab%2Cc%25.md," in line
    assert line.endswith("::x%0D%0A::stop-commands::y%250A. Mend it.")


@given(st.text(max_size=80))
def test_whatever_a_finding_quotes_the_report_stays_readable(words: str) -> None:
    """Posts are hostile: control characters, markup and lone surrogates."""
    found = report(replace(finding(message=words), words=words, column=1))
    ElementTree.fromstring(to_junit(found))  # noqa: S314 - our own
    assert json.loads(to_json(found))[0]["message"] == words
    (run,) = json.loads(to_sarif(found))["runs"]
    assert run["results"][0]["message"]["text"] == ". ".join(
        filter(None, (words, "Mend it."))
    )
    assert to_github(found).count("\n") == 1
