"""Headings get the ids that Jekyll gives them, so that old links keep working.

The ids are those of kramdown's GitHub dialect, in any script; a table of contents is
made where ``{:toc}`` stands.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from distribute.render.rewrite import rewrite
from distribute.render.tree import TEXT_BLOCKS, Kind, Node, Tree, plain_text, walk

_TYPOGRAPHY = re.compile(r"-{2,3}")
"""Typed dashes, which kramdown sets as – and — before it makes an id."""
_KEPT = re.compile(r"[\w\- \t]+", re.ASCII)
"""What `_is_kept` keeps, as far as ASCII goes."""
_UNTITLED = "section"


def heading_id(text: str) -> str:
    """Make an id of a heading's words the way kramdown's GitHub dialect does.

    >>> heading_id("Où & Quand? 2.1 概要")
    'où--quand-21-概要'
    """
    plain = _TYPOGRAPHY.sub("", text.lower())
    kept = filter(_is_kept, plain) if not plain.isascii() else _KEPT.findall(plain)
    return "".join(kept).replace(" ", "-").replace("\t", "-")


@lru_cache(maxsize=4096)
def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LM" or category in ("Nd", "Pc") or char in "- \t"


def name_headings(tree: Tree) -> Tree:
    """Give every heading an id of its own; the author's ids stay as they are."""
    taken = {node.id for node in _blocks(tree) if node.kind is Kind.HEADING and node.id}
    counts: dict[str, int] = {}

    def name(node: Node) -> tuple[Node]:
        if node.id:
            return (node,)
        stem = heading_id(_words(node.children)) or _UNTITLED
        return (replace(node, id=_unused(stem, counts, taken)),)

    return rewrite(tree, name, only={Kind.HEADING}, closed=TEXT_BLOCKS - {Kind.HEADING})


def _words(spans: Tree) -> str:
    """Collect a heading's own words: kramdown leaves pictures out."""
    return "".join(
        plain_text((node,))
        for node in walk(spans)
        if not node.children and node.kind is not Kind.IMAGE
    )


def _unused(stem: str, counts: dict[str, int], taken: set[str]) -> str:
    name = stem
    while True:
        count = counts.get(stem, 0)
        counts[stem] = count + 1
        name = f"{stem}-{count}" if count else stem
        if name not in taken:
            taken.add(name)
            return name


def fill_contents(tree: Tree) -> Tree:
    """Put the list of headings into the first CONTENTS node; further ones go."""
    places = [node for node in _blocks(tree) if node.kind is Kind.CONTENTS]
    if not places:
        return tree
    listed = _nested(
        node
        for node in _blocks(tree)
        if node.kind is Kind.HEADING and "no_toc" not in node.classes
    )

    def fill(node: Node) -> tuple[Node, ...]:
        children = (listed,) if listed.children else ()
        return (replace(node, children=children),) if node is places[0] else ()

    return rewrite(tree, fill, only={Kind.CONTENTS})


def _blocks(tree: Tree) -> Iterator[Node]:
    """Walk through a tree as `walk` does, but not into the text of its blocks."""
    stack = list(reversed(tree))
    while stack:
        node = stack.pop()
        yield node
        if node.children and node.kind not in TEXT_BLOCKS:
            stack += node.children[::-1]


def _nested(headings: Iterable[Node]) -> Node:
    """Nest links to the headings by level; a skipped level opens one list, not two."""
    open_lists: list[tuple[int, list[Node]]] = [(0, [])]
    for heading in headings:
        while len(open_lists) > 1 and heading.level <= open_lists[-1][0]:
            _close(open_lists)
        open_lists.append((heading.level, [_entry(heading)]))
    while len(open_lists) > 1:
        _close(open_lists)
    return Node(kind=Kind.LIST, children=tuple(open_lists[0][1]))


def _close(open_lists: list[tuple[int, list[Node]]]) -> None:
    _, (entry, *below) = open_lists.pop()
    nested = (Node(kind=Kind.LIST, children=tuple(below)),) if below else ()
    item = Node(kind=Kind.ITEM, children=(entry, *nested))
    open_lists[-1][1].append(item)


def _entry(heading: Node) -> Node:
    words = Node(kind=Kind.TEXT, text=" ".join(plain_text(heading.children).split()))
    link = Node(
        kind=Kind.LINK, url=f"#{heading.id}", children=(words,), line=heading.line
    )
    return Node(kind=Kind.PLAIN, children=(link,))
