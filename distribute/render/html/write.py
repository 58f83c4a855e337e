"""The tree written as an HTML fragment; `distribute.render.content.fragment` sees that it is safe.

It is plain HTML that mail programs and feed readers understand: no form controls, no
script, alignment as ``text-align``, formulas in signs or as their TeX.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final

from distribute.render.html.footnotes import Footnotes, Piece
from distribute.render.html.spelling import as_text, as_value
from distribute.render.tree import Kind, Node, Tree

_TASK = {True: "☑ ", False: "☐ "}
_ALIGNED = frozenset({"left", "center", "right"})

_TAGS: Final = {
    Kind.PARAGRAPH: ("<p", ">", "</p>\n"),
    Kind.QUOTE: ("<blockquote", ">\n", "</blockquote>\n"),
    Kind.DEFINITIONS: ("<dl", ">\n", "</dl>\n"),
    Kind.TERM: ("<dt", ">", "</dt>\n"),
    Kind.DEFINITION: ("<dd", ">", "</dd>\n"),
    Kind.EMPHASIS: ("<em", ">", "</em>"),
    Kind.STRONG: ("<strong", ">", "</strong>"),
    Kind.DELETED: ("<del", ">", "</del>"),
    Kind.ABBREVIATION: ("<abbr", ">", "</abbr>"),
}
"""What stands before and behind the attributes of a start tag, and the end tag."""


def to_html(tree: Tree, *, base: str = "") -> str:
    """Write the tree as HTML; raw HTML nodes pass through as they are.

    `base` is the page's URL: footnotes lead to it, because a feed or an e-mail has no
    address of its own. However deep the tree is, nothing recurses.
    """
    footnotes = Footnotes(base)
    out: list[str] = []
    around: list[tuple[Iterator[Piece], str]] = []
    pieces: Iterator[Piece] = iter(tree)
    end = ""
    while True:
        for piece in pieces:
            if isinstance(piece, str):
                out.append(piece)
            elif piece.kind in _TEXT:
                out.append(as_text(piece.text))
            elif enclosing := _ENCLOSING.get(piece.kind):
                around.append((pieces, end))
                start, end = enclosing(piece)
                out.append(start)
                pieces = iter(piece.children)
                break
            else:
                around.append((pieces, end))
                pieces, end = _pieces(piece, footnotes), ""
                break
        else:
            out.append(end)
            if not around:
                return "".join(out)
            pieces, end = around.pop()


def _pieces(node: Node, footnotes: Footnotes) -> Iterator[Piece]:
    """Take a node apart into strings and the nodes that are still to be written."""
    if write := _WRITERS.get(node.kind):
        return write(node)
    return iter(footnotes.pieces(node) or (node.text,))


def _tagged(node: Node) -> tuple[str, str]:
    """Give what comes before the children of a node, and what comes after them."""
    before, behind, end = _TAGS[node.kind]
    return before + _attributes(node) + behind, end


def _plain(_: Node) -> tuple[str, str]:
    return "", ""


def _heading(node: Node) -> tuple[str, str]:
    tag = f"h{min(max(node.level, 1), 6)}"
    return f"<{tag}{_attributes(node)}>", f"</{tag}>\n"


def _link(node: Node) -> tuple[str, str]:
    return f'<a href="{as_value(node.url)}"{_attributes(node)}>', "</a>"


def _list(node: Node) -> tuple[str, str]:
    tag = "ol" if node.ordered else "ul"
    start = f' start="{node.start}"' if node.ordered and node.start != 1 else ""
    return f"<{tag}{start}{_attributes(node)}>\n", f"</{tag}>\n"


def _contents(_: Node) -> tuple[str, str]:
    return '<nav class="contents">\n', "</nav>\n"


def _row(_: Node) -> tuple[str, str]:
    return "<tr>\n", "</tr>\n"


def _cell(node: Node) -> tuple[str, str]:
    tag = "th" if node.head else "td"
    style = f' style="text-align:{node.align}"' if node.align in _ALIGNED else ""
    return f"<{tag}{style}{_attributes(node)}>", f"</{tag}>\n"


def _image(node: Node) -> Iterator[Piece]:
    source = f'src="{as_value(node.url)}" alt="{as_value(node.alt)}"'
    yield f"<img {source}{_attributes(node)}>"


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


def _table(node: Node) -> Iterator[Piece]:
    yield f"<table{_attributes(node)}>\n"
    for is_head, rows in groupby(node.children, key=lambda row: row.head):
        part = "thead" if is_head else "tbody"
        yield f"<{part}>\n"
        yield from rows
        yield f"</{part}>\n"
    yield "</table>\n"


def _code(node: Node) -> Iterator[Piece]:
    yield f"<code{_attributes(node)}>{as_text(node.text)}</code>"


def _line_break(_: Node) -> Iterator[Piece]:
    yield "<br>\n"


def _soft_break(_: Node) -> Iterator[Piece]:
    yield "\n"


def _rule(node: Node) -> Iterator[Piece]:
    yield f"<hr{_attributes(node)}>\n"


def _code_block(node: Node) -> Iterator[Piece]:
    language = f' class="language-{as_value(node.info)}"' if node.info else ""
    text = as_text(node.text)
    yield f"<pre{_attributes(node)}><code{language}>{text}\n</code></pre>\n"


def _formula(node: Node) -> Iterator[Piece]:
    """Write signs, which run from the left in any text, or else TeX."""
    if node.signs:
        signs = as_text(node.signs)
        yield f'<span class="formula" dir="ltr">{signs}</span>'
    else:
        yield f'<code class="math">{as_text(node.text)}</code>'


def _formula_block(node: Node) -> Iterator[Piece]:
    if node.signs:
        signs = as_text(node.signs)
        yield f'<p class="formula" dir="ltr">{signs}</p>\n'
    else:
        tex = as_text(node.text)
        yield f'<pre class="math"><code>{tex}</code></pre>\n'


def _html_block(node: Node) -> Iterator[Piece]:
    yield f"{node.text}\n"


_TEXT = frozenset({Kind.TEXT})
_ENCLOSING: Final[dict[Kind, Callable[[Node], tuple[str, str]]]] = {
    **dict.fromkeys(_TAGS, _tagged),
    Kind.PLAIN: _plain,
    Kind.HEADING: _heading,
    Kind.LINK: _link,
    Kind.LIST: _list,
    Kind.CONTENTS: _contents,
    Kind.ROW: _row,
    Kind.CELL: _cell,
}
"""Kinds that are a start tag, their children, and an end tag: nearly all."""
_WRITERS: Final[dict[Kind, Callable[[Node], Iterator[Piece]]]] = {
    Kind.CODE: _code,
    Kind.LINE_BREAK: _line_break,
    Kind.SOFT_BREAK: _soft_break,
    Kind.RULE: _rule,
    Kind.IMAGE: _image,
    Kind.ITEM: _item,
    Kind.TABLE: _table,
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
    return "".join(f' {name}="{as_value(value)}"' for name, value in pairs)
