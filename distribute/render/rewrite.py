"""Change a tree from its leaves up, however deep it is: no recursion."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from operator import is_

from distribute.render.glance import holds
from distribute.render.tree import ALL, Kind, Node, Tree

Change = Callable[[Node], Iterable[Node]]


def rewrite(
    tree: Tree,
    change: Change,
    *,
    only: Collection[Kind] = ALL,
    closed: Collection[Kind] = (),
) -> Tree:
    """Put what `change` makes of each node in its place, children first.

    A node becomes none, one or several. `change` sees nodes of the kinds in `only`;
    those that are `closed` are kept with everything in them.

    >>> rewrite((Node(kind=Kind.RULE), Node(kind=Kind.TEXT, text="a")),
    ...     lambda node: (), only={Kind.RULE})[0].text
    'a'
    """
    if not holds(tree, only):
        return tree  # as it often is; a look is cheaper than a copy

    def leave(node: Node, children: Tree) -> Iterable[Node]:
        whole = with_children(node, children)
        return change(whole) if node.kind in only else (whole,)

    return by_root(
        tree,
        [holds((root,), only) for root in tree],
        lambda root: _rebuilt(root, change, leave, leaves=only, closed=closed),
    )


def by_root(
    tree: Tree, concerned: Iterable[bool], change: Callable[[Tree], Tree]
) -> Tree:
    """Change the roots that are `concerned`; each is a tree of its own to `change`."""
    made: list[Node] = []
    for root, is_concerned in zip(tree, concerned, strict=True):
        if is_concerned:
            made += change((root,))
        else:
            made.append(root)
    return tuple(made)


def with_children(node: Node, children: Tree) -> Node:
    """Give a node these children; it is the same object if they are the same objects."""
    if len(children) == len(node.children) and all(map(is_, children, node.children)):
        return node
    return replace(node, children=children)


def rewrite_siblings(
    tree: Tree,
    change: Callable[[Node, Tree], Iterable[Node]],
    *,
    closed: Collection[Kind] = (),
) -> Tree:
    """Change every run of siblings as a whole, innermost first.

    `change` gets the parent as it was (a bare `Node` of kind CONTENTS above the roots)
    and its children as they are, and returns the new ones.
    """

    def leave(node: Node, children: Tree) -> tuple[Node]:
        return (with_children(node, tuple(change(node, children))),)

    inside = _rebuilt(tree, _unchanged, leave, leaves=(), closed=closed)
    return tuple(change(Node(kind=Kind.CONTENTS), inside))


def _unchanged(leaf: Node) -> tuple[Node]:
    return (leaf,)


def _rebuilt(
    tree: Tree,
    change: Change,
    leave: Callable[[Node, Tree], Iterable[Node]],
    *,
    leaves: Collection[Kind],
    closed: Collection[Kind],
) -> Tree:
    """Change the leaves of these kinds, and `leave` each parent with what is in it."""
    around: list[tuple[Node, Iterator[Node], list[Node]]] = []
    children, made = iter(tree), list[Node]()
    while True:
        for node in children:
            if node.kind in closed:
                made.append(node)
            elif node.children:
                around.append((node, children, made))
                children, made = iter(node.children), []
                break
            elif node.kind in leaves:
                made.extend(change(node))
            else:
                made.append(node)
        else:
            if not around:
                return tuple(made)
            inside = tuple(made)
            node, children, made = around.pop()
            made.extend(leave(node, inside))
