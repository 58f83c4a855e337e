"""Line ends inside a block: which stay, which go, and which are a space.

An author's line end is a space to the reader, except between two Chinese or Japanese
characters, where it is nothing. A forced break at either end of a block says nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from distribute.render.cjk import joins_lines
from distribute.render.rewrite import rewrite
from distribute.render.tree import Kind, Node, Tree, walk

BREAKS = frozenset({Kind.SOFT_BREAK, Kind.LINE_BREAK})
_CONTAINERS = frozenset(
    {Kind.EMPHASIS, Kind.STRONG, Kind.DELETED, Kind.LINK, Kind.ABBREVIATION}
)
WHITE = " \t"
"""Blanks that say nothing beside a break."""


def settle_breaks(spans: Tree) -> Tree:
    """Settle the breaks among the spans of one block, however deep they are."""
    leaves = [node for node in walk(spans) if node.kind not in _CONTAINERS]
    settled = iter(_settled(leaves))

    def settle(node: Node) -> Iterator[Node]:
        if node.kind not in _CONTAINERS:
            kept = next(settled)
            if kept is not None:
                yield kept
        elif node.children or node.kind is Kind.LINK:
            yield node

    return rewrite(spans, settle)


def _settled(leaves: list[Node]) -> list[Node | None]:
    kept: list[Node | None] = list(leaves)
    _trim_text(kept)
    shown = [index for index, node in enumerate(kept) if not _is_white(node)]
    ends = [-1, *shown, len(kept)]
    for left, right in pairwise(ends):
        between = [
            index for index in range(left + 1, right) if leaves[index].kind in BREAKS
        ]
        if not between:
            continue
        one = _one_break([leaves[index] for index in between])
        for index in range(left + 1, right):
            kept[index] = None
        at_an_end = left < 0 or right == len(kept)
        if not at_an_end and not _is_nothing(one, kept[left], kept[right]):
            kept[between[0]] = one
    return kept


def _trim_text(nodes: list[Node | None]) -> None:
    """Take the blanks off text that stands beside a break."""
    for index, node in enumerate(nodes):
        if node is None or node.kind is not Kind.TEXT:
            continue
        text = node.text
        if index and _is_break(nodes[index - 1]):
            text = text.lstrip(WHITE)
        if index + 1 < len(nodes) and _is_break(nodes[index + 1]):
            text = text.rstrip(WHITE)
        if text != node.text:
            nodes[index] = replace(node, text=text)


def _is_break(node: Node | None) -> bool:
    return node is not None and node.kind in BREAKS


def _is_white(node: Node | None) -> bool:
    if node is None or node.kind in BREAKS:
        return True
    return node.kind is Kind.TEXT and not node.text.strip(WHITE)


def _one_break(breaks: list[Node]) -> Node:
    forced = [node for node in breaks if node.kind is Kind.LINE_BREAK]
    return (forced or breaks)[0]


def _is_nothing(one: Node, before: Node | None, after: Node | None) -> bool:
    if one.kind is Kind.LINE_BREAK or before is None or after is None:
        return False
    return joins_lines(before.text[-1:]) and joins_lines(after.text[:1])
