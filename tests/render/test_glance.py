"""A first look at a tree sees all that a walk sees."""

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.glance import holds, inventory, letters, nodes_of
from distribute.render.tree import Kind, Node, Tree, walk

_NODES: st.SearchStrategy[Node] = st.recursive(
    st.builds(Node, kind=st.sampled_from(Kind), text=st.sampled_from("ab")),
    lambda nodes: st.builds(
        Node,
        kind=st.sampled_from(Kind),
        children=st.lists(nodes, max_size=3).map(tuple),
    ),
    max_leaves=8,
)
TREES: st.SearchStrategy[Tree] = st.lists(_NODES, max_size=3).map(tuple)
KINDS = st.frozensets(st.sampled_from(Kind), max_size=3)


@settings(max_examples=100, deadline=None)
@given(TREES, KINDS)
def test_what_is_there_is_found(tree: Tree, kinds: frozenset[Kind]) -> None:
    """All nodes of some kinds are collected in the order of a walk."""
    found = [node for node in walk(tree) if node.kind in kinds]
    assert nodes_of(tree, kinds) == found
    assert holds(tree, kinds) is bool(found)


@settings(max_examples=100, deadline=None)
@given(st.lists(TREES, max_size=4))
def test_the_inventory_of_a_tree_is_its_own(trees: list[Tree]) -> None:
    """All its nodes in reading order, whichever trees were looked at in between."""
    for tree in (*trees, *trees):
        there = inventory(tree)
        assert [*there] == [*dict.fromkeys(node.kind for node in walk(tree))]
        for kind, nodes in there.items():
            assert list(map(id, nodes)) == [id(n) for n in walk(tree) if n.kind is kind]


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_all_letters_are_collected(tree: Tree) -> None:
    """In whatever order, and those of two nodes apart."""
    written = [node.text for node in walk(tree) if node.text]
    assert sorted(letters(tree).split()) == sorted(written)


def test_depth_costs_no_recursion() -> None:
    """Three thousand levels are no more than a loop."""
    node = Node(kind=Kind.RULE, text="deepest")
    for _ in range(3000):
        node = Node(kind=Kind.QUOTE, children=(node,))
    assert letters((node,)) == "deepest"
    assert holds((node,), {Kind.RULE})
    assert len(nodes_of((node,), {Kind.RULE})) == 1
