"""Change a tree from its leaves up, however deep it is: no recursion."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from distribute.render.tree import Kind, Node, Tree

Change = Callable[[Node], Iterable[Node]]


def rewrite(
    tree: Tree, change: Change, *, enter: Callable[[Node], bool] = bool
) -> Tree:
    """Put what `change` makes of each node in its place, children first.

    A node becomes none, one or several. Nodes that `enter` refuses are kept with
    everything in them, and `change` never sees those.

    >>> from distribute.render.tree import Kind
    >>> rewrite((Node(kind=Kind.RULE), Node(kind=Kind.TEXT, text="a")),
    ...     lambda node: () if node.kind is Kind.RULE else (node,))[0].text
    'a'
    """
    made: list[list[Node]] = [[]]
    todo: list[tuple[Node, bool]] = [(node, False) for node in reversed(tree)]
    while todo:
        node, complete = todo.pop()
        if complete:
            children = tuple(made.pop())
            same = len(children) == len(node.children) and all(
                new is old for new, old in zip(children, node.children, strict=True)
            )
            made[-1].extend(change(node if same else replace(node, children=children)))
        elif not enter(node):
            made[-1].append(node)
        elif not node.children:
            made[-1].extend(change(node))
        else:
            made.append([])
            todo.append((node, True))
            todo.extend((child, False) for child in reversed(node.children))
    return tuple(made[0])


def rewrite_siblings(
    tree: Tree,
    change: Callable[[Node, Tree], Iterable[Node]],
    *,
    enter: Callable[[Node], bool] = bool,
) -> Tree:
    """Change every run of siblings as a whole, innermost first.

    `change` gets the parent (a bare `Node` of kind CONTENTS above the roots) and its
    children, and returns the new children.
    """

    def of_parent(node: Node) -> tuple[Node]:
        if not node.children:
            return (node,)
        return (replace(node, children=tuple(change(node, node.children))),)

    inside = rewrite(tree, of_parent, enter=enter)
    return tuple(change(Node(kind=Kind.CONTENTS), inside))
