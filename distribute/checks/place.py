"""Find the column of a finding: where its words stand in the line it names."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from distribute.finding import Finding

_FARTHEST = 40
"""Lines below its first in which a paragraph is looked through, at most."""


def placed(
    findings: Iterable[Finding], lines_of: Callable[[PurePath], Sequence[str]]
) -> Iterator[Finding]:
    """Give each finding its column, from 1 in characters, where its words can be found.

    `lines_of` gives the lines of a file; none, if it cannot be read. Some findings know
    only where their paragraph begins: they are looked for in its lines, and the line is
    put right too. Where the same words are found fault with twice in a line, the second
    finding is about the second of them.
    """
    seen: Counter[tuple[PurePath, int, str, str]] = Counter()
    for finding in findings:
        if finding.column or finding.line < 1 or not finding.words:
            yield finding
            continue
        key = (finding.path, finding.line, finding.rule, finding.words)
        places = _places(finding, lines_of(finding.path))
        line, column = places[min(seen[key], len(places) - 1)]
        seen[key] += 1
        yield replace(finding, line=line, column=column)


def _places(finding: Finding, lines: Sequence[str]) -> Sequence[tuple[int, int]]:
    """List where the words stand: in the line, else in the first below that has them."""
    words = finding.words.partition("\n")[0]
    last = min(finding.line + _FARTHEST, len(lines))
    for number in range(finding.line, last + 1):
        text = lines[number - 1]
        if number > finding.line and not text.strip():
            break
        if found := [(number, column) for column in _columns(text, words)]:
            return found
    return [(finding.line, 0)]


def _columns(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0 and words:
        yield at + 1
        at = text.find(words, at + len(words))
