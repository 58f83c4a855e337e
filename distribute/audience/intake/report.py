"""What an import did, or would do: counts, remarks about single lines, differences."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heappush, heappushpop
from typing import Generic, TypeVar

from distribute.audience.intake.staging import Place

MOST_REMARKS = 10_000
"""Remarks that a report holds, and differences; beyond that, lines are only counted."""

_LONGEST_REASON = 300


class Kind(StrEnum):
    """What a remark is about."""

    BAD = "bad"
    FOLDED = "folded"
    KEPT_OUT = "kept out"
    CHOSEN = "chosen"
    """What the file says differs from what they wished for themselves, later."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody should know about one line of the file."""

    line: int
    kind: Kind
    address: str
    """Empty where the line could not be read."""
    reason: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of somebody: they are new, or something about them changes."""

    line: int
    address: str
    changes: Sequence[tuple[str, str, str]]
    """Field, what it was, what it is to be; what the history has as well."""
    is_new: bool
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did; every row of the files is in exactly one of the counts."""

    added: int
    updated: int
    unchanged: int
    kept_out: int
    """Those who left before, have yet to confirm, are suppressed or never subscribed:
    nothing about them was changed."""
    folded: int
    """Rows whose mailbox stood on an earlier line."""
    bad: int
    remarks: tuple[Remark, ...]
    """About the bad, the folded, the kept out and those who chose for themselves, by
    line; the first `MOST_REMARKS`."""
    chosen: int = 0
    """Of those updated or unchanged, how many keep wishes that the file would undo."""
    unknown_columns: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    """The programs whose exports were recognised."""
    differences: tuple[Difference, ...] = ()
    """By line, the first `MOST_REMARKS`; of a rehearsal alone."""


Item = TypeVar("Item")


class Foremost(Generic[Item]):
    """Keeps so many items, those that stand foremost, and gives them in their order."""

    def __init__(self, most: int = MOST_REMARKS) -> None:
        self._most = most
        self._heap: list[tuple[int, int, int, Item]] = []
        self._count = 0

    def add(self, place: Place, item: Item) -> None:
        """Keep an item, unless as many stand before it."""
        self._count += 1
        entry = (-place.file, -place.line, -self._count, item)
        if len(self._heap) < self._most:
            heappush(self._heap, entry)
        elif entry > self._heap[0]:
            heappushpop(self._heap, entry)

    def __iter__(self) -> Iterator[Item]:
        for entry in sorted(self._heap, key=lambda each: each[:3], reverse=True):
            yield entry[-1]


class Account:
    """Counts what becomes of rows, and keeps what is remarkable about them."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.files: list[str] = []
        """Their names, in the order in which they are read."""
        self._remarks: Foremost[Remark] = Foremost()

    def remark(self, place: Place, kind: Kind, address: str, reason: str) -> None:
        """Count a row and say something about it."""
        self.counts[kind] += 1
        self._remarks.add(
            place,
            Remark(
                place.line,
                kind,
                address,
                reason[:_LONGEST_REASON],
                self.files[place.file],
            ),
        )

    def begin(self, file: str) -> int:
        """Begin with the next file; gives its number."""
        self.files.append(file)
        return len(self.files) - 1

    def where(self, place: Place, *, near: Place) -> str:
        """Say where something stands to whoever is at a place `near`."""
        if place.file == near.file:
            return f"line {place.line}"
        return f"line {place.line} of {self.files[place.file]}"

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """All remarks that are kept, by line."""
        return tuple(self._remarks)
