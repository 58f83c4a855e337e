"""What a text is made of, after Markdown and before HTML or plain text.

`distribute.render.markdown` makes this tree; links are resolved, excerpts taken, HTML and
plain text written from it. No library: the parser can be replaced without touching them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a node is; blocks first, then what stands inside a line."""

    HEADING = "heading"  # level 1-6; children are inline
    PARAGRAPH = "paragraph"
    PLAIN = "plain"  # inline content of a tight list item or definition
    QUOTE = "quote"
    LIST = "list"  # ordered, start, tight; children are ITEM
    ITEM = "item"  # checked: True, False, or None where it is no task
    CODE_BLOCK = "code-block"  # text, info (language)
    RULE = "rule"
    TABLE = "table"  # children are ROW; the head rows first
    ROW = "row"  # head
    CELL = "cell"  # head, align: left, center, right or ""
    DEFINITIONS = "definitions"  # children are TERM and DEFINITION in turn
    TERM = "term"
    DEFINITION = "definition"
    HTML_BLOCK = "html-block"  # text: raw HTML, not yet sanitised
    MATH_BLOCK = "math-block"  # text: TeX; signs
    FOOTNOTES = "footnotes"  # children are FOOTNOTE
    FOOTNOTE = "footnote"  # key, index
    CONTENTS = "contents"  # where a {:toc} stood; children are one LIST of links

    TEXT = "text"
    EMPHASIS = "emphasis"
    STRONG = "strong"
    DELETED = "deleted"
    CODE = "code"
    LINK = "link"  # url, title
    IMAGE = "image"  # url, title, alt (plain text); no children
    SOFT_BREAK = "soft-break"  # a line end in the source
    LINE_BREAK = "line-break"
    HTML = "html"  # text: one raw tag, not yet sanitised
    ABBREVIATION = "abbreviation"  # title
    FOOTNOTE_MARK = "footnote-mark"  # key, index
    MATH = "math"  # text: TeX; signs


ALL = frozenset(Kind)


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Node:
    """One block or span. Fields that its kind does not name stay at their defaults.

    A value like all others, and never changed: `replace` makes another. It is not frozen
    only because a frozen one takes five times as long to make, and there are thousands.
    """

    kind: Kind
    children: tuple["Node", ...] = ()
    text: str = ""
    line: int = 0
    """Line in the file, from 1, of a block, a link or an image; 0 where unknown."""
    level: int = 0
    url: str = ""
    title: str = ""
    alt: str = ""
    signs: str = ""
    """A formula in the signs of Unicode, where it has been found to have such."""
    info: str = ""
    align: str = ""
    key: str = ""
    index: int = 0
    start: int = 1
    ordered: bool = False
    tight: bool = True
    head: bool = False
    checked: bool | None = None
    id: str = ""
    classes: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    """Further attributes of a kramdown list, ``{: width="320"}``."""


Tree = tuple[Node, ...]


def walk(tree: Tree) -> Iterator[Node]:
    """Every node, parents before children, in reading order; no recursion limit."""
    stack = list(reversed(tree))
    while stack:
        node = stack.pop()
        yield node
        if node.children:
            stack += node.children[::-1]


TEXT_BLOCKS = frozenset(
    {Kind.PARAGRAPH, Kind.PLAIN, Kind.HEADING, Kind.CELL, Kind.TERM}
)
"""The blocks whose children are inline, or were meant to be."""


def own_spans(block: Node) -> Tree:
    """Leave out the blocks of text that stand in another, as raw HTML may have it."""
    return tuple(node for node in block.children if node.kind not in TEXT_BLOCKS)


def plain_text(tree: Tree) -> str:
    """Collect the visible words of inline nodes; breaks are spaces, images their alt.

    >>> plain_text((Node(kind=Kind.TEXT, text="a"), Node(kind=Kind.SOFT_BREAK)))
    'a '
    """
    return "".join(_visible(node) for node in walk(tree))


def _visible(node: Node) -> str:
    match node.kind:
        case Kind.TEXT | Kind.CODE:
            return node.text
        case Kind.MATH:
            return node.signs or node.text
        case Kind.IMAGE:
            return node.alt
        case Kind.SOFT_BREAK | Kind.LINE_BREAK:
            return " "
        case _:
            return ""
