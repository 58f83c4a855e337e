"""Headings as a page needs them: below its title, and no level skipped."""

from collections.abc import Iterator
from dataclasses import replace

from distribute.render.document import Heading
from distribute.render.rewrite import rewrite
from distribute.render.tree import Kind, Node, Tree, plain_text, walk

_TITLE_LEVEL = 1
_DEEPEST = 6


def settle_levels(tree: Tree) -> Tree:
    """Shift headings so that the first is h2 and none skips a level on the way down.

    What is deeper than another stays deeper; what is equal stays equal below the same
    heading.
    """
    levels = _levels(tree)

    def change(node: Node) -> tuple[Node]:
        level = next(levels)
        return (node if node.level == level else replace(node, level=level),)

    return rewrite(tree, change, only={Kind.HEADING})


def headings_of(tree: Tree) -> tuple[Heading, ...]:
    """List the headings in reading order; those without words are left out."""
    return tuple(
        Heading(node.level, node.id, text)
        for node in walk(tree)
        if node.kind is Kind.HEADING
        and (text := " ".join(plain_text(node.children).split()))
    )


def _levels(tree: Tree) -> Iterator[int]:
    above: list[int] = []
    for node in walk(tree):
        if node.kind is Kind.HEADING:
            while above and above[-1] >= node.level:
                above.pop()
            above.append(node.level)
            yield min(_TITLE_LEVEL + len(above), _DEEPEST)
