"""Findings for people: by file, with the words underlined, the reason and the remedy."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from distribute.checks.report import Report
from distribute.checks.rulebook import RULEBOOK
from distribute.cli.checking.sources import lines_of
from distribute.cli.terminal.report import COLOURS, headline
from distribute.cli.terminal.words import counted
from distribute.finding import Finding, Severity
from distribute.render.characters import clean
from distribute.render.text.width import display_width

_SHOWN = 5
"""Findings of one rule that are shown of a file; the others are named by their lines."""
_CONTEXT = 36
"""Characters before and behind the words, where a line is long."""
_LONGEST = 76
"""Characters of the words that are shown."""
_INDENT = " " * 4


def listing(report: Report) -> Iterator[str]:
    """Give the lines to print; errors are shown one and all."""
    told: set[tuple[str, str]] = set()
    for _, group in groupby(report.findings, key=lambda finding: finding.path):
        shown: Counter[str] = Counter()
        folded: dict[str, list[Finding]] = {}
        for finding in group:
            shown[finding.rule] += 1
            is_error = finding.severity is Severity.ERROR
            if shown[finding.rule] > _SHOWN and not is_error:
                folded.setdefault(finding.rule, []).append(finding)
                continue
            yield from _told(finding, told)
            yield ""
        for rest in folded.values():
            yield from (_fold(rest), "")


def brief(report: Report) -> Iterator[str]:
    """Give each finding in one line."""
    return map(headline, report.findings)


def summary(report: Report) -> str:
    """Say how many of each there are.

    >>> summary(Report((), posts=1))
    '1 post: 0 errors, 0 warnings, 0 notes'
    """
    counts = [counted(report.count(severity), severity) for severity in Severity]
    if report.off:
        counts.append(f"{len(report.off)} switched off")
    return f"{counted(report.posts, 'post')}: {', '.join(counts)}"


def _told(finding: Finding, told: set[tuple[str, str]]) -> Iterator[str]:
    """Show a finding; what has been `told` about its rule is not told again."""
    yield headline(finding)
    for line in _excerpt(finding):
        yield f"{_INDENT}{line}"
    rule = RULEBOOK.get(finding.rule)
    for name, text in (("why", rule.why if rule else ""), ("fix", finding.hint)):
        if text and (finding.rule, text) not in told:
            told.add((finding.rule, text))
            yield f"{_INDENT}{click.style(name, dim=True)}  {clean(text)}"


def _excerpt(finding: Finding) -> Sequence[str]:
    """Show the words in their line, and underline them; nothing if they have no place."""
    lines = lines_of(finding.path)
    if not finding.column or finding.line > len(lines):
        return ()
    text = lines[finding.line - 1].replace("\t", " ")
    start = finding.column - 1
    words = finding.words.partition("\n")[0]
    end = start + max(len(words), 1)
    before = _cut(text[:start], at_start=True)
    shown, after = text[start:end], _cut(text[end:], at_start=False)
    if len(shown) > _LONGEST:
        shown, after = shown[:_LONGEST] + "…", ""
    colour = COLOURS[finding.severity]
    mark = click.style("^" * max(display_width(clean(shown)), 1), fg=colour)
    room = " " * display_width(clean(before))
    return click.style("│ ", dim=True) + clean(before + shown + after), (
        click.style("│ ", dim=True) + room + mark
    )


def _cut(text: str, *, at_start: bool) -> str:
    """Leave out what is far from the words."""
    if len(text) <= _CONTEXT:
        return text
    return "…" + text[-_CONTEXT:] if at_start else text[:_CONTEXT] + "…"


def _fold(findings: Sequence[Finding]) -> str:
    lines = ", ".join(str(line) for line in sorted({f.line for f in findings}))
    (path,), (rule,) = {f.path for f in findings}, {f.rule for f in findings}
    return f"{path}: and {len(findings)} more of {rule}, in lines {lines}"
