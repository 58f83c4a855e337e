"""The Markdown of a post, line by line, with what was found in each."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from distribute.checks.proof import Proof
from distribute.web.preview.remarks import Remark


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line; `severity` is that of what is wrong with it, or empty."""

    text: str
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, and the remarks that stand under it."""

    number: int
    spans: tuple[Span, ...]
    remarks: tuple[Remark, ...] = ()
    kind: str = ""
    """``head`` in the front matter, ``heading``, ``quote``, ``code``; else empty."""

    @property
    def plain(self) -> str:
        """The text of a line with which nothing is wrong; for others it is empty."""
        return "" if self.remarks or not self.spans else self.spans[0].text


def source_of(proof: Proof, remarks: Iterable[Remark]) -> tuple[Line, ...]:
    """Give the lines of a post, front matter included, with the remarks on each."""
    post = proof.edition.post
    head = _head(Path(post.path), post.body_line - 1)
    texts = [*head, *proof.lines]
    by_line: dict[int, list[Remark]] = {}
    for remark in remarks:
        by_line.setdefault(remark.finding.line, []).append(remark)
    kinds = _kinds(texts, len(head))
    return tuple(
        Line(
            number, tuple(_spans(text, found)), tuple(found), kind
        )
        for number, (text, kind) in enumerate(zip(texts, kinds, strict=True), 1)
        for found in [by_line.get(number, [])]
    )  # fmt: skip


def _head(path: Path, count: int) -> Sequence[str]:
    """Read the lines above the body; a file that has gone meanwhile has blank ones."""
    text = ""
    with suppress(OSError):
        text = path.read_bytes().decode("utf-8-sig", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:count]
    return [*lines, *[""] * (count - len(lines))]


def _kinds(lines: Sequence[str], head: int) -> Iterator[str]:
    """Tell what each line is, as far as one look at it tells."""
    fence = ""
    for number, line in enumerate(lines):
        start = line.lstrip()
        mark = start[:3] if start.startswith(("```", "~~~")) else ""
        if number < head:
            yield "head"
        elif mark and fence in ("", mark):
            fence = "" if fence else mark
            yield "code"
        elif fence:
            yield "code"
        else:
            yield "heading" if start.startswith("#") else "quote" * (start[:1] == ">")


def _spans(text: str, remarks: Sequence[Remark]) -> Iterator[Span]:
    """Cut a line where what a remark is about begins and ends."""
    if not remarks:
        yield Span(text)
        return
    severities = [""] * len(text)
    for remark in reversed(remarks):  # the gravest last, for it counts
        start, end = _extent(text, remark)
        severities[start:end] = [str(remark.finding.severity)] * (end - start)
    at = 0
    for severity, run in groupby(severities):
        length = len(list(run))
        yield Span(text[at : at + length], severity)
        at += length


def _extent(text: str, remark: Remark) -> tuple[int, int]:
    """Find the words in the line; nothing where they are not in it."""
    words = remark.finding.words.partition("\n")[0]
    column = remark.finding.column
    start = column - 1 if column else text.find(words) if words else -1
    if start < 0 or not text.startswith(words, start):
        return 0, 0
    return start, start + len(words)
