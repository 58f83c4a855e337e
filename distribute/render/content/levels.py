"""Headings as a page needs them: below its title, and no level skipped."""

from collections.abc import Iterable
from dataclasses import replace

from distribute.render.content.headlines import raise_headlines
from distribute.render.document import Heading
from distribute.render.glance import inventory, nodes_of
from distribute.render.rewrite import rewrite
from distribute.render.tree import Kind, Node, Tree, plain_text

_TITLE_LEVEL = 1
_DEEPEST = 6
_HEADINGS = frozenset({Kind.HEADING})


def settle_headings(tree: Tree) -> tuple[Tree, tuple[Heading, ...]]:
    """Shift headings so that the first is h2 and none skips a level on the way down.

    What is deeper than another stays deeper; what is equal stays equal below the same
    heading. A line that serves as one is one, a level below the last that is marked.
    They are listed in reading order; those without words are left out.
    """
    has_others = _stand_elsewhere(tree)
    tree = raise_headlines(tree)
    headings = nodes_of(tree, _HEADINGS) if has_others else [*filter(_is_heading, tree)]
    levels = _levels(headings)
    listed = tuple(
        Heading(level, node.id, text)
        for node, level in zip(headings, levels, strict=True)
        if (text := " ".join(plain_text(node.children).split()))
    )
    if levels == [node.level for node in headings]:
        return tree, listed
    settled = iter(levels)

    def change(node: Node) -> tuple[Node]:
        level = next(settled)
        return (node if node.level == level else replace(node, level=level),)

    if has_others:
        return rewrite(tree, change, only=_HEADINGS), listed
    return tuple(change(n)[0] if _is_heading(n) else n for n in tree), listed


def _stand_elsewhere(tree: Tree) -> bool:
    """Tell whether headings stand within something else, in a quote or in raw HTML.

    In most posts they do not, and then nobody has to look deeper than this.
    """
    return len(inventory(tree).get(Kind.HEADING, ())) > sum(map(_is_heading, tree))


def _is_heading(node: Node) -> bool:
    return node.kind is Kind.HEADING


def _levels(headings: Iterable[Node]) -> list[int]:
    above: list[int] = []
    levels: list[int] = []
    for node in headings:
        while above and above[-1] >= node.level:
            above.pop()
        above.append(node.level)
        levels.append(min(_TITLE_LEVEL + len(above), _DEEPEST))
    return levels
