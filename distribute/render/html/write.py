"""The tree written as an HTML fragment; `distribute.render.html.sanitise` comes after it.

It is plain HTML that mail programs and feed readers understand: no form controls, no
script, alignment as ``text-align``, formulas in signs or as their TeX.
"""

from collections.abc import Callable, Iterable, Iterator
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
_OF_FOOTNOTES = frozenset({Kind.FOOTNOTE_MARK, Kind.FOOTNOTES, Kind.FOOTNOTE})
_MOST_WAYS_BACK = 20
_BACK = "\u21a9\ufe0e"


def to_html(tree: Tree, *, base: str = "") -> str:
    """Write the tree as HTML; raw HTML nodes pass through as they are.

    `base` is the page's URL: footnotes lead to it, because a feed or an e-mail has no
    address of its own. However deep the tree is, nothing recurses.
    """
    footnotes = _Footnotes(base.partition("#")[0])
    out: list[str] = []
    stack: list[Piece] = list(reversed(tree))
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            out.append(piece)
        elif piece.kind in _LEAVES:
            out.append(_leaf(piece))
        else:
            pieces = footnotes.pieces(piece) or _pieces(piece)
            stack.extend(reversed(list(pieces)))
    return "".join(out)


class _Footnotes:
    """Writes marks and notes, and the ways between them."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._marks: dict[int, int] = {}

    def pieces(self, node: Node) -> Iterable[Piece]:
        """Take a node apart if it is of footnotes; nothing else gives any pieces."""
        if node.kind not in _OF_FOOTNOTES:
            return ()
        match node.kind:
            case Kind.FOOTNOTE_MARK:
                return (self._mark(node.index),)
            case Kind.FOOTNOTES:
                before = '<section class="footnotes" role="doc-endnotes">\n<ol>\n'
                return (before, *node.children, "</ol>\n</section>\n")
            case _:
                blocks = _with_back(node.children, self._back(node.index))
                return (f'<li id="fn-{node.index}">\n', *blocks, "</li>\n")

    def _mark(self, index: int) -> str:
        count = self._marks[index] = self._marks.get(index, 0) + 1
        return (
            f'<sup id="{_mark_id(index, count)}" class="footnote-ref">'
            f'<a href="{escape(self._base)}#fn-{index}">{index}</a></sup>'
        )

    def _back(self, index: int) -> str:
        """Lead back to the marks; nobody follows more ways than a few."""
        links = (
            f'<a href="{escape(self._base)}#{_mark_id(index, count)}"'
            f' class="footnote-back" role="doc-backlink">{_BACK}</a>'
            for count in range(1, min(self._marks.get(index, 0), _MOST_WAYS_BACK) + 1)
        )
        return " ".join(links)


def _mark_id(index: int, count: int) -> str:
    return f"fnref-{index}" if count == 1 else f"fnref-{index}-{count}"


def _with_back(blocks: Tree, back: str) -> Iterator[Piece]:
    """Put the way back at the end of the note's last paragraph."""
    if blocks and blocks[-1].kind is Kind.PARAGRAPH:
        yield from blocks[:-1]
        yield "<p>"
        yield from blocks[-1].children
        yield f" {back}</p>\n"
    else:
        yield from blocks
        yield f"<p>{back}</p>\n"


def _pieces(node: Node) -> Iterator[Piece]:
    """Take a node apart into strings and the nodes that are still to be written."""
    if tag := _TAGS.get(node.kind):
        yield f"<{tag}{_attributes(node)}>" + ("\n" if node.kind in _ROOMY else "")
        yield from node.children
        yield f"</{tag}>" + ("" if node.kind in _INLINE else "\n")
    elif write := _WRITERS.get(node.kind):
        yield from write(node)
    else:
        yield node.text


def _leaf(node: Node) -> str:
    text = escape(node.text, quote=False)
    return _LEAVES[node.kind].format(text, _attributes(node))


def _heading(node: Node) -> Iterator[Piece]:
    tag = f"h{min(max(node.level, 1), 6)}"
    yield f"<{tag}{_attributes(node)}>"
    yield from node.children
    yield f"</{tag}>\n"


def _children(node: Node) -> Iterator[Piece]:
    yield from node.children


def _link(node: Node) -> Iterator[Piece]:
    yield f'<a href="{escape(node.url)}"{_attributes(node)}>'
    yield from node.children
    yield "</a>"


def _image(node: Node) -> Iterator[Piece]:
    source = f'src="{escape(node.url)}" alt="{escape(node.alt)}"'
    yield f"<img {source}{_attributes(node)}>"


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
    first, *others = node.children or (Node(kind=Kind.PLAIN),)
    if first.kind is Kind.PLAIN:
        yield task
        yield from first.children
        yield "\n" if others else ""
    elif first.kind is Kind.PARAGRAPH:
        yield f"\n<p{_attributes(first)}>{task}"
        yield from first.children
        yield "</p>\n"
    else:
        yield f"{task}\n"
        yield first
    for node_ in others:
        yield node_
        yield "\n" if node_.kind is Kind.PLAIN else ""
    yield "</li>\n"


def _contents(node: Node) -> Iterator[Piece]:
    yield '<nav class="contents">\n'
    yield from node.children
    yield "</nav>\n"


def _table(node: Node) -> Iterator[Piece]:
    yield f"<table{_attributes(node)}>\n"
    for is_head, rows in groupby(node.children, key=lambda row: row.head):
        part = "thead" if is_head else "tbody"
        yield f"<{part}>\n"
        yield from rows
        yield f"</{part}>\n"
    yield "</table>\n"


def _row(node: Node) -> Iterator[Piece]:
    yield "<tr>\n"
    yield from node.children
    yield "</tr>\n"


def _cell(node: Node) -> Iterator[Piece]:
    tag = "th" if node.head else "td"
    align = node.align in ("left", "center", "right")
    style = f' style="text-align: {node.align}"' if align else ""
    yield f"<{tag}{style}{_attributes(node)}>"
    yield from node.children
    yield f"</{tag}>\n"


def _code_block(node: Node) -> Iterator[Piece]:
    language = f' class="language-{escape(node.info)}"' if node.info else ""
    text = escape(node.text, quote=False)
    yield f"<pre{_attributes(node)}><code{language}>{text}\n</code></pre>\n"


def _formula(node: Node) -> Iterator[Piece]:
    """Write signs, which run from the left in any text, or else TeX."""
    if node.signs:
        signs = escape(node.signs, quote=False)
        yield f'<span class="formula" dir="ltr">{signs}</span>'
    else:
        yield f'<code class="math">{escape(node.text, quote=False)}</code>'


def _formula_block(node: Node) -> Iterator[Piece]:
    if node.signs:
        signs = escape(node.signs, quote=False)
        yield f'<p class="formula" dir="ltr">{signs}</p>\n'
    else:
        tex = escape(node.text, quote=False)
        yield f'<pre class="math"><code>{tex}</code></pre>\n'


def _html_block(node: Node) -> Iterator[Piece]:
    yield f"{node.text}\n"


_LEAVES: Final = {
    Kind.TEXT: "{0}",
    Kind.CODE: "<code{1}>{0}</code>",
    Kind.LINE_BREAK: "<br>\n",
    Kind.SOFT_BREAK: "\n",
    Kind.RULE: "<hr{1}>\n",
}
_WRITERS: Final[dict[Kind, Callable[[Node], Iterator[Piece]]]] = {
    Kind.HEADING: _heading,
    Kind.PLAIN: _children,
    Kind.LINK: _link,
    Kind.IMAGE: _image,
    Kind.LIST: _list,
    Kind.ITEM: _item,
    Kind.CONTENTS: _contents,
    Kind.TABLE: _table,
    Kind.ROW: _row,
    Kind.CELL: _cell,
    Kind.CODE_BLOCK: _code_block,
    Kind.MATH: _formula,
    Kind.MATH_BLOCK: _formula_block,
    Kind.HTML_BLOCK: _html_block,
}


def _attributes(node: Node) -> str:
    if not (node.id or node.classes or node.title or node.attributes):
        return ""
    named = [("id", node.id), ("class", " ".join(node.classes)), ("title", node.title)]
    given = [(name, value) for name, value in named if value]
    pairs = [*given, *node.attributes]
    return "".join(f' {name}="{escape(value)}"' for name, value in pairs)
