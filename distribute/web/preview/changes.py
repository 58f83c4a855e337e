"""What is new since an edition was last looked at: words that came, words that went."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from distribute.render.cjk import joins_lines
from distribute.render.text.width import display_width
from distribute.web.preview import words

Kind = Literal["same", "added", "removed"]

_ALIKE = 0.4
"""The share of words from which on two lines are one line that was changed."""
_MOST_PAIRS = 2500
"""Lines against lines; where there are more, all was rewritten anyhow."""
_FULL = 48
"""Columns from which on a line may have been broken because it was full."""
_APART = re.compile(r"\s|[-*•>|=~+]|\[?[0-9]+[\].)]|$")
"""How a line begins that does not go on with the one above."""
_CONTEXT = 1
"""Lines around a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was shown of one edition."""

    subject: str
    preheader: str
    size: int
    """Of the HTML, in octets."""
    lines: tuple[str, ...]
    """Of the text part, as `unwrapped` gives them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line, and what became of it."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a comparison; one without pieces stands for lines that are the same."""

    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How an edition differs from what was shown of it before."""

    subject: tuple[Piece, ...] = ()
    """Empty if it is the same, as is `preheader`."""
    preheader: tuple[Piece, ...] = ()
    growth: int = 0
    """Octets of HTML that came; negative for those that went."""
    rows: tuple[Row, ...] = ()
    added: int = 0
    """Words, or characters of languages without spaces."""
    removed: int = 0


def compare(before: Shown, after: Shown) -> Change:
    """Compare what is shown with what was."""
    rows = tuple(_rows(before.lines, after.lines))
    return Change(
        subject=_pieces_if_new(before.subject, after.subject),
        preheader=_pieces_if_new(before.preheader, after.preheader),
        growth=after.size - before.size,
        rows=rows,
        added=_count(rows, "added"),
        removed=_count(rows, "removed"),
    )


def unwrapped(text: str) -> tuple[str, ...]:
    r"""Join the lines of paragraphs: where one was broken says nothing about its words.

    >>> unwrapped("A line that is as long as lines of a text part are\ngoes on.\n\n- x")
    ('A line that is as long as lines of a text part are goes on.', '', '- x')
    """
    joined: list[str] = []
    last = ""
    for line in text.strip("\n").split("\n"):
        if not _APART.match(line) and display_width(last) >= _FULL:
            together = joins_lines(joined[-1][-1]) and joins_lines(line[0])
            space = "" if together else " "
            joined[-1] += space + line
        else:
            joined.append(line)
        last = line
    return tuple(joined)


def pieces_of(before: str, after: str) -> Iterator[Piece]:
    """Compare two lines word by word.

    >>> [(p.kind, p.text) for p in pieces_of("one old line", "one new line")]
    [('same', 'one '), ('removed', 'old '), ('added', 'new '), ('same', 'line')]
    """
    old, new = words.split_words(before), words.split_words(after)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[i1:i2]))
            continue
        if i1 < i2:
            yield Piece("removed", "".join(old[i1:i2]))
        if j1 < j2:
            yield Piece("added", "".join(new[j1:j2]))


def _pieces_if_new(before: str, after: str) -> tuple[Piece, ...]:
    return tuple(pieces_of(before, after)) if before != after else ()


def _rows(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """Give the lines that differ with those around them; a gap is a row of its own."""
    matcher = SequenceMatcher(None, before, after)
    end = 0
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        if end or group[0][3]:
            yield Row()
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (Row((Piece("same", line),)) for line in after[j1:j2])
            else:
                yield from _changed(before[i1:i2], after[j1:j2])
        end = group[-1][4]
    if 0 < end < len(after):
        yield Row()


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """Pair lines that are alike, in their order; the others went or came as a whole."""
    rest = list(before)
    comparable = len(before) * len(after) <= _MOST_PAIRS
    for line in after:
        place = _first_alike(line, rest) if comparable else None
        if place is None:
            yield Row((Piece("added", line),))
            continue
        yield from (Row((Piece("removed", old),)) for old in rest[:place])
        yield Row(tuple(pieces_of(rest[place], line)))
        del rest[: place + 1]
    yield from (Row((Piece("removed", old),)) for old in rest)


def _first_alike(line: str, lines: Sequence[str]) -> int | None:
    return next((n for n, each in enumerate(lines) if _are_alike(each, line)), None)


def _are_alike(one: str, other: str) -> bool:
    counts = Counter(words.split_words(one)), Counter(words.split_words(other))
    total = counts[0].total() + counts[1].total()
    return total > 0 and 2 * (counts[0] & counts[1]).total() >= _ALIKE * total


def _count(rows: Sequence[Row], kind: Kind) -> int:
    return sum(
        words.is_word(word)
        for row in rows
        for piece in row.pieces
        if piece.kind == kind
        for word in words.split_words(piece.text)
    )
