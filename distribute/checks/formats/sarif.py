"""The log that code hosts show beside the lines of a change (SARIF 2.1.0)."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import PurePath
from urllib.parse import quote

from distribute.checks.report import Off, Report
from distribute.checks.rule import Rule
from distribute.checks.rulebook import RULEBOOK
from distribute.finding import Finding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_PRINT_LENGTH = 32


def to_sarif(report: Report) -> str:
    """Write a log with the rules that are met, and each finding where it is.

    Columns count characters; what is switched off is there as a suppressed result.
    """
    met = {f.rule for f in report.findings} | {o.finding.rule for o in report.off}
    places = {rule: index for index, rule in enumerate(sorted(met))}
    prints = _Prints()
    results = [_result(f, places, prints) for f in report.findings]
    results += [_suppressed(off, places, prints) for off in report.off]
    run = {
        "tool": {
            "driver": {"name": "distribute", "rules": [_rule(id_) for id_ in places]}
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(id_: str) -> dict[str, object]:
    """Describe a rule (section 3.49); of one that is in no book, nothing but its id."""
    rule = RULEBOOK.get(id_)
    if rule is None:
        return {"id": id_}
    return {
        "id": rule.id,
        "shortDescription": {"text": _sentence(rule.title)},
        "fullDescription": {"text": rule.why},
        "help": {"text": _help(rule), "markdown": _help(rule)},
        "defaultConfiguration": {"level": str(rule.severity)},
        "properties": {"tags": [str(rule.place)]},
    }


def _help(rule: Rule) -> str:
    paragraphs = [rule.why, rule.fix]
    if rule.source:
        paragraphs.append(f"Source: {rule.source}.")
    return "\n\n".join(paragraphs)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


class _Prints:
    """Tells findings apart from run to run, whatever lines are added above them."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, finding: Finding) -> str:
        """Digest what a finding is about; the same one met again gets another print."""
        facts = (finding.rule, str(finding.path), finding.words or finding.message)
        about = "\0".join(facts)
        self._seen[about] = self._seen.get(about, 0) + 1
        numbered = f"{about}\0{self._seen[about]}"
        return sha256(numbered.encode("utf-8", "replace")).hexdigest()[:_PRINT_LENGTH]


def _result(
    finding: Finding, places: Mapping[str, int], prints: _Prints
) -> dict[str, object]:
    location: dict[str, object] = {"artifactLocation": {"uri": _uri(finding.path)}}
    if finding.line:
        location["region"] = _region(finding)
    text = ". ".join(filter(None, (finding.message, finding.hint)))
    return {
        "ruleId": finding.rule,
        "ruleIndex": places[finding.rule],
        "level": str(finding.severity),
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"words/v1": prints.of(finding)},
    }


def _region(finding: Finding) -> dict[str, object]:
    region: dict[str, object] = {"startLine": finding.line}
    if finding.column:
        words = finding.words.partition("\n")[0]
        region["startColumn"] = finding.column
        region["endColumn"] = finding.column + max(len(words), 1)
        if words:
            region["snippet"] = {"text": words}
    return region


def _suppressed(
    off: Off, places: Mapping[str, int], prints: _Prints
) -> dict[str, object]:
    """Write a result that somebody has set aside (section 3.35)."""
    suppression: dict[str, object] = {
        "kind": "external" if off.waiver.covers_all else "inSource",
        "status": "accepted",
        "justification": off.waiver.reason,
    }
    return _result(off.finding, places, prints) | {"suppressions": [suppression]}


def _uri(path: PurePath) -> str:
    """Name a file by a relative reference; one outside is absolute (RFC 8089)."""
    uri = quote(path.as_posix(), errors="replace")
    return f"file://{uri}" if uri.startswith("/") else uri
