"""What the block parser remembers while it reads one source or one container."""

import re
from bisect import bisect_right
from typing import Any, Final

import mistune

from distribute.render.markdown.htmlblocks import HtmlBlocks
from distribute.render.markdown.literal import Fences
from distribute.render.note import Note

_LINE_END = re.compile("\n")

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
        """Take a source, and find its lines."""
        super().process(src)
        self.html = HtmlBlocks(src)
        self._fences: Fences | None = None
        self._ends = [match.start() for match in _LINE_END.finditer(src)]

    @property
    def fences(self) -> Fences:
        """The lines of this source that may close a fence."""
        if self._fences is None:
            self._fences = Fences(self.src, indent=" {0,3}")
        return self._fences

    def line_at(self, position: int) -> int:
        """Tell in which line of the whole source a position is."""
        return self.line + bisect_right(self._ends, position - 1)

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
        super().add_paragraph(text)
        self.tokens[-1].setdefault("line", self.line_at(self.cursor))

    def append_token(self, token: Token) -> None:
        """Add a block; indented code does not come by way of `parse_method`."""
        super().append_token(token)
        if token["type"] == "block_code":
            token.setdefault("line", self.line_at(self.cursor))

    def note(self, rule: str, line: int, message: str, hint: str) -> None:
        """Keep something that the author should know."""
        note = Note(rule=rule, line=line, message=message, hint=hint)
        self.env["notes"].append(note)

    def in_paragraph(self) -> bool:
        """Tell whether text here would go on with a paragraph."""
        last = self.last_token()
        return bool(last) and last["type"] == "paragraph"

    def is_deep(self) -> bool:
        """Tell whether no further container may be opened."""
        return self.depth() >= DEEPEST - 1
