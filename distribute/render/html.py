"""The tree written as an HTML fragment; `distribute.render.sanitise` comes after it.

It is plain HTML that mail programs and feed readers understand: no form controls, no
script, alignment as ``text-align``, formulas as their TeX.
"""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Final

from distribute.render.tree import Kind, Node, Tree

Piece = Node | str

_TAGS: Final = {
    Kind.PARAGRAPH: "p",
    Kind.QUOTE: "blockquote",
    Kind.DEFINITIONS: "dl",
    Kind.TERM: "dt",
    Kind.DEFINITION: "dd",
    Kind.EMPHASIS: "em",
    Kind.STRONG: "strong",
    Kind.DELETED: "del",
    Kind.ABBREVIATION: "abbr",
}
_ROOMY = frozenset({Kind.QUOTE, Kind.DEFINITIONS})
"""Blocks that hold blocks: these begin on a line of their own."""
_INLINE = frozenset({Kind.EMPHASIS, Kind.STRONG, Kind.DELETED, Kind.ABBREVIATION})
_TASK = {True: "☑ ", False: "☐ "}
_BACK = "\u21a9\ufe0e"


def to_html(tree: Tree, *, base: str = "") -> str:
    """Write the tree as HTML; raw HTML nodes pass through as they are.

    `base` is the page's URL: footnotes lead to it, because a feed or an e-mail has no
    address of its own. However deep the tree is, nothing recurses.
    """
    writer = _Writer(base)
    out: list[str] = []
    stack: list[Piece] = list(reversed(tree))
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            out.append(piece)
        else:
            stack.extend(reversed(list(writer.pieces(piece))))
    return "".join(out)


class _Writer:
    def __init__(self, base: str) -> None:
        self._base = base.partition("#")[0]
        self._marks: dict[int, int] = {}

    def pieces(self, node: Node) -> Iterator[Piece]:
        """Take a node apart into strings and the nodes that are still to be written."""
        if tag := _TAGS.get(node.kind):
            yield from _element(tag, node)
            return
        match node.kind:
            case Kind.FOOTNOTE_MARK:
                yield self._mark(node.index)
            case Kind.FOOTNOTES:
                yield '<section class="footnotes" role="doc-endnotes">\n<ol>\n'
                yield from node.children
                yield "</ol>\n</section>\n"
            case Kind.FOOTNOTE:
                yield f'<li id="fn-{node.index}">\n'
                yield from _with_back(node.children, self._back(node.index))
                yield "</li>\n"
            case _:
                yield from _container(node)

    def _mark(self, index: int) -> str:
        count = self._marks[index] = self._marks.get(index, 0) + 1
        return (
            f'<sup id="{_mark_id(index, count)}" class="footnote-ref">'
            f'<a href="{escape(self._base)}#fn-{index}">{index}</a></sup>'
        )

    def _back(self, index: int) -> str:
        links = (
            f'<a href="{escape(self._base)}#{_mark_id(index, count)}"'
            f' class="footnote-back" role="doc-backlink">{_BACK}</a>'
            for count in range(1, self._marks.get(index, 0) + 1)
        )
        return " ".join(links)


def _mark_id(index: int, count: int) -> str:
    return f"fnref-{index}" if count == 1 else f"fnref-{index}-{count}"


def _with_back(blocks: Tree, back: str) -> Iterator[Piece]:
    """Put the way back at the end of the note's last paragraph."""
    if blocks and blocks[-1].kind is Kind.PARAGRAPH:
        yield from blocks[:-1]
        yield from ("<p>", *blocks[-1].children, f" {back}</p>\n")
    else:
        yield from (*blocks, f"<p>{back}</p>\n")


def _container(node: Node) -> Iterator[Piece]:
    match node.kind:
        case Kind.HEADING:
            yield from _element(f"h{min(max(node.level, 1), 6)}", node)
        case Kind.PLAIN:
            yield from node.children
        case Kind.LIST:
            yield from _list(node)
        case Kind.ITEM:
            yield from _item(node)
        case Kind.CONTENTS:
            yield '<nav class="contents">\n'
            yield from node.children
            yield "</nav>\n"
        case Kind.TABLE:
            yield from _table(node)
        case Kind.ROW:
            yield from ("<tr>\n", *node.children, "</tr>\n")
        case Kind.CELL:
            yield from _cell(node)
        case Kind.LINK:
            href = f' href="{escape(node.url)}"'
            yield from (f"<a{href}{_attributes(node)}>", *node.children, "</a>")
        case _:
            yield _leaf(node)


def _leaf(node: Node) -> str:
    match node.kind:
        case Kind.TEXT:
            return escape(node.text, quote=False)
        case Kind.CODE:
            return f"<code{_attributes(node)}>{escape(node.text, quote=False)}</code>"
        case Kind.CODE_BLOCK:
            return _code_block(node)
        case Kind.IMAGE:
            source = f' src="{escape(node.url)}" alt="{escape(node.alt)}"'
            return f"<img{source}{_attributes(node)}>"
        case _:
            return _bare_leaf(node)


def _bare_leaf(node: Node) -> str:
    match node.kind:
        case Kind.LINE_BREAK:
            return "<br>\n"
        case Kind.SOFT_BREAK:
            return "\n"
        case Kind.RULE:
            return f"<hr{_attributes(node)}>\n"
        case Kind.MATH:
            return f'<code class="math">{escape(node.text, quote=False)}</code>'
        case Kind.MATH_BLOCK:
            text = escape(node.text, quote=False)
            return f'<pre class="math"><code>{text}</code></pre>\n'
        case Kind.HTML_BLOCK:
            return f"{node.text}\n"
        case _:
            return node.text


def _element(tag: str, node: Node) -> Iterator[Piece]:
    yield f"<{tag}{_attributes(node)}>" + ("\n" if node.kind in _ROOMY else "")
    yield from node.children
    yield f"</{tag}>" + ("" if node.kind in _INLINE else "\n")


def _list(node: Node) -> Iterator[Piece]:
    tag = "ol" if node.ordered else "ul"
    start = f' start="{node.start}"' if node.ordered and node.start != 1 else ""
    yield f"<{tag}{start}{_attributes(node)}>\n"
    yield from node.children
    yield f"</{tag}>\n"


def _item(node: Node) -> Iterator[Piece]:
    """Write an item; a task's box is a character, for mail has no forms."""
    task = "" if node.checked is None else _TASK[node.checked]
    kind = ' class="task-list-item"' if task and not node.classes else ""
    yield f"<li{kind}{_attributes(node)}>"
    for number, child in enumerate(node.children):
        if child.kind is not Kind.PLAIN and not number:
            yield "\n"
        if task and not number and child.kind in (Kind.PARAGRAPH, Kind.PLAIN):
            yield from _beginning_with(task, child)
            task = ""
        else:
            yield child
        if child.kind is Kind.PLAIN and number + 1 < len(node.children):
            yield "\n"
    yield f"{task.strip()}</li>\n"


def _beginning_with(text: str, block: Node) -> Iterator[Piece]:
    is_paragraph = block.kind is Kind.PARAGRAPH
    yield f"<p{_attributes(block)}>{text}" if is_paragraph else text
    yield from block.children
    yield "</p>\n" if is_paragraph else ""


def _table(node: Node) -> Iterator[Piece]:
    yield f"<table{_attributes(node)}>\n"
    for is_head, rows in groupby(node.children, key=lambda row: row.head):
        part = "thead" if is_head else "tbody"
        yield from (f"<{part}>\n", *rows, f"</{part}>\n")
    yield "</table>\n"


def _cell(node: Node) -> Iterator[Piece]:
    tag = "th" if node.head else "td"
    align = node.align in ("left", "center", "right")
    style = f' style="text-align: {node.align}"' if align else ""
    yield from (f"<{tag}{style}{_attributes(node)}>", *node.children, f"</{tag}>\n")


def _code_block(node: Node) -> str:
    language = f' class="language-{escape(node.info)}"' if node.info else ""
    text = escape(node.text, quote=False)
    return f"<pre{_attributes(node)}><code{language}>{text}\n</code></pre>\n"


def _attributes(node: Node) -> str:
    named = [("id", node.id), ("class", " ".join(node.classes)), ("title", node.title)]
    given = [(name, value) for name, value in named if value]
    return "".join(_pairs([*given, *node.attributes]))


def _pairs(attributes: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in attributes:
        yield f' {name}="{escape(value)}"'
