"""Mend a post, one finding after the other; what cannot be proved is left alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from distribute.checks.mend.address import mended_address
from distribute.checks.mend.text import Text
from distribute.finding import Finding

MOJIBAKE = "mojibake"
_ADDRESSES = frozenset(
    {"link-broken", "link-scheme", "link-odd-end", "image-broken", "image-scheme"}
)
_DOUBLE = "link-unclosed"
_Key = tuple[str, int, str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """What a check sees in a text."""

    findings: tuple[Finding, ...]
    words: str
    """All that readers read, without the addresses behind it."""

    @property
    def keys(self) -> Counter[_Key]:
        """Count the findings by what they say; columns may move along a line."""
        return Counter((f.rule, f.line, f.message, f.words) for f in self.findings)


@dataclass(frozen=True, slots=True)
class Mended:
    """A text, and the findings that are no longer true of it."""

    text: Text
    done: tuple[Finding, ...]


def mend(
    text: Text, findings: Iterable[Finding], look: Callable[[Text], Look]
) -> Mended:
    """Mend what can be mended of these findings, whose places are known.

    A change is kept only if another look finds that this finding is gone, that no other
    is gone or has come, and that readers read the same words.  What cannot be proved
    because of a slip beside it is tried again when that one is mended.
    """
    done: list[Finding] = []
    seen = look(text)
    left = sorted(findings, key=lambda finding: finding.rule != MOJIBAKE)
    tried_in_vain: list[Finding] = []
    while left:
        finding = left.pop(0)
        if proved := _proved(finding, text, seen, look):
            text, seen = proved
            done.append(finding)
            left, tried_in_vain = [*left, *tried_in_vain], []
        else:
            tried_in_vain.append(finding)
    return Mended(text, tuple(done))


def _proved(
    finding: Finding, text: Text, seen: Look, look: Callable[[Text], Look]
) -> tuple[Text, Look] | None:
    """Give the first change that mends this finding and nothing else, and its look."""
    for tried in _attempts(text, finding):
        after = look(tried)
        if _is_proved(finding, text, tried, (seen, after)):
            return tried, after
    return None


def _attempts(text: Text, finding: Finding) -> Iterator[Text]:
    """Give the changes that may be what a finding asks for."""
    if finding.rule == MOJIBAKE:
        yield text.repaired()
    elif finding.rule in _ADDRESSES and (meant := mended_address(finding.words)):
        yield from _replaced(text, finding.line, finding.words, meant)
    elif finding.rule == _DOUBLE:
        yield from _replaced(text, finding.line, "]((http", "](http")


def _replaced(text: Text, first: int, words: str, others: str) -> Iterator[Text]:
    """Replace words in a line, or further down in its paragraph."""
    for line in range(max(first, 1), len(text.lines) + 1):
        if not text.lines[line - 1].strip():
            return
        yield from text.replacing(line, words, others)


def _is_proved(
    finding: Finding, text: Text, tried: Text, looks: tuple[Look, Look]
) -> bool:
    before, after = looks
    gone, come = before.keys - after.keys, after.keys - before.keys
    if come or len(tried.lines) != len(text.lines):
        return False
    if [rule for rule, *_ in gone.elements()] != [finding.rule]:
        return False
    return finding.rule == _DOUBLE or before.words == after.words
