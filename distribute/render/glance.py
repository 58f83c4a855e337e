"""A first look at a tree, which often tells that there is nothing to do.

Many stages look for a few nodes each, in a tree that the stage before them has left as it
was: so one walk sorts its nodes for all of them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from distribute.render.tree import Kind, Node, Tree

Inventory = Mapping[Kind, Sequence[Node]]
"""The nodes of each kind that there is, in reading order."""


def inventory(tree: Tree) -> Inventory:
    """Sort the nodes of a tree by kind; the last trees are remembered."""
    return _inventory(_Same(tree))


class _Same:
    """A tree that equals nothing but itself; to compare all its nodes would take long."""

    __slots__ = ("tree",)

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def __hash__(self) -> int:
        return id(self.tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.tree is other.tree


@lru_cache(maxsize=2)
def _inventory(same: _Same) -> Inventory:
    found: dict[Kind, list[Node]] = defaultdict(list)
    stack = [*reversed(same.tree)]
    while stack:
        node = stack.pop()
        found[node.kind].append(node)
        if node.children:
            stack += node.children[::-1]
    return {**found}


def holds(tree: Tree, kinds: Collection[Kind]) -> bool:
    """Tell whether any node is of these kinds, in whatever order.

    >>> from distribute.render.tree import Node
    >>> holds((Node(kind=Kind.QUOTE, children=(Node(kind=Kind.RULE),)),), {Kind.RULE})
    True
    """
    runs = [tree]
    while runs:
        for node in runs.pop():
            if node.kind in kinds:
                return True
            if node.children:
                runs.append(node.children)
    return False


def nodes_of(tree: Tree, kinds: Collection[Kind]) -> list[Node]:
    """Collect the nodes of these kinds, and this in reading order."""
    found: list[Node] = []
    stack = [*reversed(tree)]
    while stack:
        node = stack.pop()
        if node.kind in kinds:
            found.append(node)
        if node.children:
            stack += node.children[::-1]
    return found


def letters(tree: Tree) -> str:
    """Collect all that is written in a tree, of whatever kind, to look for signs in it.

    What stands in two nodes does not meet.
    """
    found: list[str] = []
    runs = [tree]
    while runs:
        for node in runs.pop():
            if node.text:
                found.append(node.text)
            if node.children:
                runs.append(node.children)
    return "\n".join(found)
