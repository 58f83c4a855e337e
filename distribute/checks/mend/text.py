"""The text of a file as it lies on the disk: its mark, its line ends, its letters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from distribute.posts.repair import repair

_MARK = "\ufeff"
_END = re.compile(r"(\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class Text:
    """Lines and their ends, by turns; a change of one leaves all others as they were."""

    mark: str
    """U+FEFF where the file begins with it, as some editors have it."""
    pieces: tuple[str, ...]

    @classmethod
    def of(cls, data: bytes) -> "Text | None":
        """Read the bytes of a file; `None` where they are not UTF-8 to the letter."""
        try:
            written = data.decode("utf-8")
        except UnicodeDecodeError:
            return None
        mark = _MARK if written.startswith(_MARK) else ""
        return cls(mark, tuple(_END.split(written.removeprefix(_MARK))))

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return (self.mark + "".join(self.pieces)).encode()

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends; the first is line 1 of the file."""
        return self.pieces[::2]

    def repaired(self) -> "Text":
        """Undo mojibake, as reading the file does."""
        repaired = repair("".join(self.pieces)).text.removeprefix(_MARK)
        return replace(self, pieces=tuple(_END.split(repaired)))

    def replacing(self, line: int, words: str, others: str) -> Iterator["Text"]:
        """Give a text for each place in a line, from 1, where words become others."""
        index = 2 * (line - 1)
        written = self.pieces[index]
        at = written.find(words)
        while at >= 0 and words:
            changed = written[:at] + others + written[at + len(words) :]
            yield replace(
                self, pieces=(*self.pieces[:index], changed, *self.pieces[index + 1 :])
            )
            at = written.find(words, at + 1)
