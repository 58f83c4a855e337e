"""What the block parser remembers while it reads one source or one container."""

from typing import Any, Final

import mistune

from distribute.render.markdown.htmlblocks import HtmlBlocks
from distribute.render.markdown.literal import Fences
from distribute.render.note import Note

Token = dict[str, Any]
"""What mistune makes of a block or span: its type, and what belongs to that type."""

DEEPEST: Final = 20
"""So many quotes, lists or spans may stand in each other; what is deeper is text."""


class State(mistune.BlockState):
    """A source, or what stands in a container, and where its lines begin.

    `env`, shared by all containers, holds what is defined once for the whole text:
    attribute lists, abbreviations, footnotes and the order in which these are used, and
    the notes to the author, whose lines count from 1 in this source.
    """

    line = 1
    child_line = 1

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        if parent is None:
            self.env["attributes"] = {}
            self.env["abbreviations"] = {}
            self.env["footnotes"] = {}
            self.env["footnote_order"] = []
            self.env["footnote_numbers"] = {}
            self.env["notes"] = []

    def process(self, src: str) -> None:
        """Take a source, whose lines are counted on the way."""
        super().process(src)
        self.html = HtmlBlocks(src)
        self._fences: Fences | None = None
        self._counted = self._lines = 0

    @property
    def fences(self) -> Fences:
        """The lines of this source that may close a fence."""
        if self._fences is None:
            self._fences = Fences(self.src, indent=" {0,3}")
        return self._fences

    def line_at(self, position: int) -> int:
        """Tell in which line of the whole source a position is."""
        if position >= self._counted:
            self._lines += self.src.count("\n", self._counted, position)
        else:
            self._lines -= self.src.count("\n", position, self._counted)
        self._counted = position
        return self.line + self._lines

    def child_at(self, src: str, line: int) -> "State":
        """Make the state of a container whose first line is known."""
        self.child_line = line
        child: State = self.child_state(src)
        return child

    def child_state(self, src: str, lazy_line_starts: set[int] | None = None) -> Any:
        """Make the state of a container; the items of a list follow each other."""
        child: Any = super().child_state(src, lazy_line_starts)
        child.line = self.child_line
        self.child_line = self.line_at(self.cursor) - 1
        return child

    def add_paragraph(self, text: str) -> None:
        """Begin a paragraph, or go on with it."""
        if self.in_paragraph():
            self.tokens[-1]["text"] += text
        else:
            line = self.line_at(self.cursor)
            self.append_token({"type": "paragraph", "text": text, "line": line})

    def note(self, note: Note) -> None:
        """Keep something that the author should know."""
        self.env["notes"].append(note)

    def in_paragraph(self) -> bool:
        """Tell whether text here would go on with a paragraph."""
        return bool(self.tokens) and self.tokens[-1]["type"] == "paragraph"

    def is_deep(self) -> bool:
        """Tell whether no further container may be opened."""
        return self.depth() >= DEEPEST - 1
