"""Raw HTML read as nodes, for where no HTML can be shown: what a reader would see."""

import re
from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser

from distribute.render.html.sanitise import sanitise
from distribute.render.tree import Kind, Node, Tree, walk

_KINDS = {
    "p": Kind.PARAGRAPH,
    "blockquote": Kind.QUOTE,
    "ul": Kind.LIST,
    "ol": Kind.LIST,
    "li": Kind.ITEM,
    "table": Kind.TABLE,
    "tr": Kind.ROW,
    "td": Kind.CELL,
    "th": Kind.CELL,
    "pre": Kind.CODE_BLOCK,
    "a": Kind.LINK,
    "del": Kind.DELETED,
    "s": Kind.DELETED,
} | {f"h{level}": Kind.HEADING for level in range(1, 7)}
_VOID = {"br": Kind.LINE_BREAK, "hr": Kind.RULE, "img": Kind.IMAGE}
_TEXTUAL = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.CELL, Kind.LINK, Kind.DELETED})
_INLINE = frozenset({Kind.TEXT, Kind.LINE_BREAK, Kind.IMAGE, Kind.LINK, Kind.DELETED})
_NUMBER = re.compile(r"[0-9]{1,9}")
_BOXES = frozenset(
    {"div", "section", "article", "aside", "figure", "figcaption", "details", "summary"}
    | {"center", "dl", "dt", "dd", "caption", "nav"}
)


def read_html(html: str) -> Tree:
    """Read a fragment of HTML as blocks; it is sanitised first, so scripts are gone."""
    reader = _Reader()
    reader.feed(sanitise(html))
    reader.close()
    return reader.tree()


class _Reader(HTMLParser):
    """Builds nodes from the tags of a fragment that is well-formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.made: list[list[Node]] = [[]]
        self.verbatim = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a node, or add one that has no end."""
        attributes = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self._add(_void(_VOID[tag], attributes))
        elif tag in _KINDS or tag in _BOXES:
            self.open.append((tag, attributes))
            self.verbatim += tag == "pre"
            self.made.append([])

    def handle_endtag(self, tag: str) -> None:
        """Close a node; what is around it gets it."""
        if self.open and self.open[-1][0] == tag:
            self._close()

    def handle_data(self, data: str) -> None:
        """Add text, its white space folded unless it is code."""
        if self.verbatim:
            self._add(Node(kind=Kind.TEXT, text=data))
        elif data.strip() or self.made[-1]:
            self._add(Node(kind=Kind.TEXT, text=data.replace("\n", " ")))

    def tree(self) -> Tree:
        """Give the blocks, whatever is still open closed."""
        while self.open:
            self._close()
        return tuple(_blocks(self.made[0]))

    def _add(self, node: Node) -> None:
        self.made[-1].append(node)

    def _close(self) -> None:
        tag, attributes = self.open.pop()
        self.verbatim -= tag == "pre"
        children = self.made.pop()
        if tag in _BOXES:
            self.made[-1].extend(_blocks(children))
        else:
            self.made[-1].extend(_nodes(tag, attributes, children))


def _void(kind: Kind, attributes: dict[str, str]) -> Node:
    return Node(kind=kind, url=attributes.get("src", ""), alt=attributes.get("alt", ""))


def _nodes(
    tag: str, attributes: dict[str, str], children: list[Node]
) -> Iterable[Node]:
    """Make the node of an element; what a table cannot hold comes before it."""
    node = _node(tag, attributes, children)
    match node.kind:
        case Kind.LIST:
            yield replace(node, children=_in_items(node.children))
        case Kind.TABLE | Kind.ROW:
            part = Kind.ROW if node.kind is Kind.TABLE else Kind.CELL
            yield from (child for child in node.children if child.kind is not part)
            parts = (child for child in node.children if child.kind is part)
            yield replace(node, children=tuple(parts))
        case _:
            yield node


def _in_items(children: Tree) -> Tree:
    """Put what stands loose in a list, such as another list, into the item before it."""
    runs: list[list[Node]] = []
    for child in children:
        if child.kind is Kind.ITEM or not runs:
            runs.append([])
        runs[-1].append(child)
    return tuple(map(_item, runs))


def _item(run: list[Node]) -> Node:
    first, *others = run
    if first.kind is not Kind.ITEM:
        return Node(kind=Kind.ITEM, children=tuple(run))
    return replace(first, children=(*first.children, *others))


def _node(tag: str, attributes: dict[str, str], children: list[Node]) -> Node:
    kind = _KINDS[tag]
    if kind is Kind.CODE_BLOCK:
        return Node(kind=kind, text="".join(map(_verbatim, walk(tuple(children)))))
    textual = kind in _TEXTUAL and all(child.kind in _INLINE for child in children)
    content = children if textual else _blocks(children)
    return Node(
        kind=kind,
        children=tuple(content),
        url=attributes.get("href", ""),
        level=int(tag[1]) if kind is Kind.HEADING else 0,
        ordered=tag == "ol",
        start=_start(attributes.get("start", "")),
        head=tag == "th",
    )


def _verbatim(node: Node) -> str:
    return "\n" if node.kind is Kind.LINE_BREAK else node.text


def _start(number: str) -> int:
    """Read where a list begins to count; what is no number counts as 1."""
    return int(number) if _NUMBER.fullmatch(number) else 1


def _blocks(nodes: Iterable[Node]) -> Iterable[Node]:
    """Put each run of inline nodes into a paragraph of its own."""
    run: list[Node] = []
    for node in nodes:
        if node.kind in _INLINE:
            run.append(node)
            continue
        yield from _paragraph(run)
        run = []
        yield node
    yield from _paragraph(run)


def _paragraph(run: list[Node]) -> Iterable[Node]:
    if any(node.kind is not Kind.TEXT or node.text.strip() for node in run):
        yield Node(kind=Kind.PLAIN, children=tuple(run))
