"""Markdown becomes a tree: the one door to mistune, opened for kramdown's dialect.

mistune knows the blocks and spans of CommonMark. What kramdown and Jekyll do otherwise
is added as rules of its parser (`blockrules`, `spanrules`); what these rules need to
know stands in modules of its own, one for each construct.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import count
from operator import eq

from distribute.render.characters import clean
from distribute.render.markdown.abbreviations import mark_abbreviations
from distribute.render.markdown.blockrules import BlockRules
from distribute.render.markdown.blocks import Blocks
from distribute.render.markdown.comments import strip_comments
from distribute.render.markdown.headings import fill_contents, name_headings
from distribute.render.markdown.inline import read_spans
from distribute.render.markdown.state import State
from distribute.render.note import Note
from distribute.render.rewrite import rewrite
from distribute.render.tree import Kind, Node, Tree

__all__ = ["Reading", "parse", "read_markdown"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as a tree, and what its author should know about it."""

    tree: Tree
    notes: tuple[Note, ...]


def parse(markdown: str, *, first_line: int = 1) -> Tree:
    """Parse a post's body into a tree; `first_line` is where in its file it begins.

    The dialect is kramdown's as Jekyll runs it. URLs stay as the author wrote them,
    headings keep their levels, quotes are not curled; comments are left out. It never
    fails: what is no markup is text.
    """
    return read_markdown(markdown, first_line=first_line).tree


def read_markdown(markdown: str, *, first_line: int = 1) -> Reading:
    """Parse as `parse` does, and tell what is unclosed, missing or never used."""
    stripped = strip_comments(clean(markdown), first_line=first_line)
    state = State()
    state.line = first_line
    state.process(stripped.text.rstrip("\n") + "\n")
    _block_rules().parse(state)
    spans = partial(read_spans, env=state.env)
    write = Blocks(spans, state.env["attributes"])
    tree = write.nodes(state.tokens) + _footnotes(state, write)
    tree = mark_abbreviations(tree, state.env["abbreviations"])
    tree = fill_contents(name_headings(tree))
    places = _Places(stripped.lines, first_line)
    notes = (replace(note, line=places.of(note.line)) for note in _noted(state))
    return Reading(places.put_into(tree), (*stripped.notes, *notes))


def _noted(state: State) -> Iterator[Note]:
    yield from state.env["notes"]
    for key, (_, line) in state.env["footnotes"].items():
        if key not in state.env["footnote_numbers"]:
            yield Note(
                rule="footnote-unused",
                line=line,
                message=f"nothing mentions the footnote [^{key}]; it is left out",
                hint=f"Write [^{key}] where it belongs.",
                words=f"[^{key}]",
            )


def _footnotes(state: State, write: Blocks) -> Tree:
    """Write the notes that are mentioned, in that order; notes may mention others."""
    order: list[str] = state.env["footnote_order"]
    notes: list[Node] = []
    while len(notes) < len(order):
        key = order[len(notes)]
        text, line = state.env["footnotes"][key]
        child = state.child_at(text, line)
        _block_rules().parse(child)
        number = len(notes) + 1
        children = write.nodes(child.tokens)
        notes.append(
            Node(
                kind=Kind.FOOTNOTE, key=key, index=number, children=children, line=line
            )
        )
    return (Node(kind=Kind.FOOTNOTES, children=tuple(notes)),) if notes else ()


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the lines of a stripped source stand in the file."""

    lines: tuple[int, ...]
    """See `Stripped.lines`."""
    first: int
    """Line of the file, and number of the first line of the source."""

    def of(self, line: int) -> int:
        """Give the line in the file of a line of the source."""
        return self.first + self.lines[min(line - self.first, len(self.lines) - 1)]

    def put_into(self, tree: Tree) -> Tree:
        """Put the line in the file in place of the line in the source."""
        if all(map(eq, self.lines, count())):
            return tree

        def locate(node: Node) -> tuple[Node]:
            line = self.of(node.line) if node.line else 0
            return (node if line == node.line else replace(node, line=line),)

        return rewrite(tree, locate)


@cache
def _block_rules() -> BlockRules:
    return BlockRules()
