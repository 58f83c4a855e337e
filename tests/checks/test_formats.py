"""Findings for other programs."""

import json
from dataclasses import replace
from pathlib import PurePosixPath
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from distribute.checks.formats import to_json, to_junit, to_sarif
from distribute.checks.gather import gather_findings
from distribute.finding import Finding, Severity

A, B = PurePosixPath("posts/a.md"), PurePosixPath("posts/b & b.md")


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


def test_findings_come_in_the_order_in_which_one_mends_them() -> None:
    """By file, then line; the same one said twice is one."""
    found = [finding(B, 1), finding(A, 9), finding(A, 2), finding(A, 9)]
    assert gather_findings(found) == [finding(A, 2), finding(A, 9), finding(B, 1)]


def test_only_those_of_some_files_are_kept() -> None:
    """``check ISSUE`` speaks of the issue's own posts."""
    assert gather_findings([finding(A), finding(B)], only=[B]) == [finding(B)]


def test_json_is_an_array_of_objects() -> None:
    """Each with rule, severity, place, words and the next step."""
    (document,) = json.loads(to_json([finding()]))
    assert document == {
        "rule": "link-broken",
        "severity": "warning",
        "path": "posts/a.md",
        "line": 3,
        "column": 0,
        "message": "broken",
        "hint": "Mend it.",
    }


def test_sarif_has_a_rule_and_a_region_for_each_result() -> None:
    """SARIF 2.1.0 sections 3.27 and 3.30: levels, and lines that count from 1."""
    whole_file = finding(B, line=0)
    (run,) = json.loads(to_sarif([finding(), whole_file]))["runs"]
    assert run["tool"]["driver"]["rules"] == [{"id": "link-broken"}]
    first, second = (r["locations"][0]["physicalLocation"] for r in run["results"])
    assert first["region"] == {"startLine": 3}
    assert "region" not in second
    assert {result["level"] for result in run["results"]} == {"warning"}


def test_sarif_names_files_by_uri_and_columns_where_known() -> None:
    """RFC 3986: a ``#`` in a file's name would else begin a fragment."""
    path = PurePosixPath("posts/News_#5 [PT-BR].md")
    exact = replace(finding(path), column=4)
    (result,) = json.loads(to_sarif([exact]))["runs"][0]["results"]
    assert str(exact).startswith("posts/News_#5 [PT-BR].md:3:4: warning: ")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "posts/News_%235%20%5BPT-BR%5D.md"
    assert place["region"] == {"startLine": 3, "startColumn": 4}


def test_junit_counts_failures_per_file() -> None:
    """One suite a file, one case a finding; notes do not fail."""
    note = Finding(rule="mojibake", severity=Severity.NOTE, message="m", path=B)
    root = ElementTree.fromstring(to_junit([finding(), note]))  # noqa: S314 - our own
    suites = {suite.get("name"): suite.get("failures") for suite in root}
    assert suites == {"posts/a.md": "1", "posts/b & b.md": "0"}


@given(st.text(max_size=80))
def test_whatever_a_finding_quotes_the_report_stays_readable(words: str) -> None:
    """Posts are hostile: control characters, markup and lone surrogates."""
    found = [finding(message=words)]
    ElementTree.fromstring(to_junit(found))  # noqa: S314 - our own
    assert json.loads(to_json(found))[0]["message"] == words
