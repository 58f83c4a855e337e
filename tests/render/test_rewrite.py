"""Trees are changed from their leaves up, at any depth."""

from dataclasses import replace

from distribute.render.rewrite import rewrite, rewrite_siblings
from distribute.render.tree import Kind, Node, walk


def _deep(depth: int) -> Node:
    node = Node(kind=Kind.TEXT, text="x")
    for _ in range(depth):
        node = Node(kind=Kind.QUOTE, children=(node,))
    return node


def test_a_node_may_become_none_one_or_several() -> None:
    """What the function returns takes the place of the node, children first."""
    text = Node(kind=Kind.TEXT, text="a")
    tree = (Node(kind=Kind.LINK, children=(text, Node(kind=Kind.LINE_BREAK))),)
    unlinked = rewrite(tree, lambda n: n.children if n.kind is Kind.LINK else (n, n))
    assert [node.kind for node in unlinked] == [Kind.TEXT] * 2 + [Kind.LINE_BREAK] * 2


def test_untouched_parts_are_the_same_objects() -> None:
    """Nothing is copied that does not change."""
    tree = (_deep(3),)
    assert rewrite(tree, lambda node: (node,))[0] is tree[0]


def test_closed_nodes_are_kept_with_all_in_them() -> None:
    """The function never sees what is closed, nor what stands in it."""
    tree = (Node(kind=Kind.LINK, children=(Node(kind=Kind.TEXT, text="a"),)),)
    kept = rewrite(tree, lambda _: (), closed={Kind.LINK})
    assert kept == tree


def test_depth_costs_no_recursion() -> None:
    """Three thousand levels are no more than a loop."""
    tree = rewrite((_deep(3000),), lambda node: (replace(node, line=1),))
    assert sum(node.line for node in walk(tree)) == 3001


def test_siblings_are_changed_together() -> None:
    """Each run of siblings is seen whole, the roots too."""
    two = (Node(kind=Kind.TEXT, text="a"), Node(kind=Kind.TEXT, text="b"))
    tree = (Node(kind=Kind.PARAGRAPH, children=two), Node(kind=Kind.RULE))
    turned = rewrite_siblings(tree, lambda _, run: reversed(run))
    assert turned[0].kind is Kind.RULE
    assert [node.text for node in turned[1].children] == ["b", "a"]


def test_only_some_kinds_are_changed() -> None:
    """The function sees nodes of these kinds, however deep; all others stay."""
    deep = Node(kind=Kind.QUOTE, children=(Node(kind=Kind.RULE), _deep(2)))
    changed = rewrite((deep,), lambda _: (), only={Kind.RULE})
    assert [node.kind for node in walk(changed)] == [Kind.QUOTE] * 3 + [Kind.TEXT]
    assert rewrite((deep,), lambda _: (), only={Kind.IMAGE})[0] is deep
