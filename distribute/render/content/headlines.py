"""Lines that serve as headings, where only their look says so.

Few authors use all levels of headings. They write a bold line above a text, mostly bold
and slanted, ``***Boats***``. For readers who hear a post, or look for a place in it, that
is a heading only if it is marked as one.
"""

import re
from dataclasses import replace

from distribute.render.markdown.headings import heading_id
from distribute.render.tree import Kind, Node, Tree, plain_text

BELOW_ALL = 7
"""The level of such a line: deeper than all that Markdown has."""
_LOOKS = frozenset({Kind.STRONG, Kind.EMPHASIS})
_HEADED = frozenset(
    {Kind.PARAGRAPH, Kind.LIST, Kind.DEFINITIONS, Kind.CODE_BLOCK, Kind.QUOTE}
    | {Kind.TABLE, Kind.MATH_BLOCK}
)
"""What a line can be the heading of."""
_STATEMENT = re.compile(r"[.!。！…,，;；]\W*$|[，；。]")
"""How a sentence, or a salutation, is told from a title."""
_LONGEST = 200
_UNTITLED = "section"


def raise_headlines(tree: Tree) -> Tree:
    """Make headings of the bold lines that stand above a text of their own.

    They are of level `BELOW_ALL`, and have ids that no heading has. Statements, long
    lines, and lines that the author gave a class or that nothing follows stay as
    they are.
    """
    if not any(map(_is_marked, tree)):
        return tree  # as in most posts; a look is cheaper than a copy
    parts = [part for node in tree for part in _apart(node)]
    following = [*parts[1:], Node(kind=Kind.RULE)]
    names = _Names(tree)
    return tuple(
        _raised(node, names) if _heads(node, next_) else node
        for node, next_ in zip(parts, following, strict=True)
    )


class _Names:
    """The ids of headings, which have to differ."""

    def __init__(self, tree: Tree) -> None:
        self._taken = {node.id for node in tree if node.id}
        self._counts: dict[str, int] = {}

    def new(self, words: str) -> str:
        """Make an id of the words, the way headings get theirs."""
        stem = heading_id(words) or _UNTITLED
        while True:
            count = self._counts.get(stem, 0)
            self._counts[stem] = count + 1
            name = f"{stem}-{count}" if count else stem
            if name not in self._taken:
                self._taken.add(name)
                return name


def _is_marked(node: Node) -> bool:
    """Tell whether a paragraph begins in bold or slanted letters; most do not."""
    return (
        node.kind is Kind.PARAGRAPH
        and not (node.classes or node.attributes)
        and bool(node.children)
        and node.children[0].kind in _LOOKS
    )


def _apart(node: Node) -> Tree:
    """Part a bold and slanted first line from the text in the lines below it."""
    if not _is_marked(node) or len(node.children) < _WITH_TEXT:
        return (node,)
    line, end, *text = node.children
    if end.kind is not Kind.SOFT_BREAK or not _is_title(line, both=True):
        return (node,)
    if not plain_text(tuple(text))[:1].isupper():
        return (node,)
    return replace(node, children=(line,)), replace(node, id="", children=tuple(text))


_WITH_TEXT = 3
"""A first line, its end, and what follows."""


def _heads(node: Node, following: Node) -> bool:
    if not _is_marked(node) or following.kind not in _HEADED:
        return False
    line, *others = node.children
    return not plain_text(tuple(others)).strip() and _is_title(line, both=False)


def _is_title(line: Node, *, both: bool) -> bool:
    """Tell a title from a statement by its end, unless it is bold *and* slanted."""
    looks, _ = _stripped(line)
    words = plain_text((line,)).strip()
    if not (looks == _LOOKS or (not both and Kind.STRONG in looks)):
        return False
    if len(words) > _LONGEST or not any(map(str.isalnum, words)):
        return False
    return looks == _LOOKS or not _STATEMENT.search(words)


def _stripped(line: Node) -> tuple[frozenset[Kind], Tree]:
    """Take bold and slanted off a line; name what was taken."""
    looks: set[Kind] = set()
    inside: Tree = (line,)
    while len(inside) == 1 and inside[0].kind in _LOOKS:
        looks.add(inside[0].kind)
        inside = inside[0].children
    return frozenset(looks), inside


def _raised(node: Node, names: _Names) -> Node:
    _, words = _stripped(node.children[0])
    # A marked paragraph has nothing else; `replace` would take four times as long.
    return Node(
        kind=Kind.HEADING,
        line=node.line,
        level=BELOW_ALL,
        id=node.id or names.new(plain_text(words)),
        children=words,
    )
