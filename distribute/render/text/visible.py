"""Raw HTML read as nodes, for where no HTML can be shown: what a reader would see."""

from collections.abc import Iterable
from html.parser import HTMLParser

from distribute.render.html.sanitise import sanitise
from distribute.render.tree import Kind, Node, Tree

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
_ONLY = {
    Kind.LIST: frozenset({Kind.ITEM}),
    Kind.TABLE: frozenset({Kind.ROW}),
    Kind.ROW: frozenset({Kind.CELL}),
}
_BOXES = frozenset(
    {"div", "section", "article", "aside", "figure", "figcaption", "details", "summary"}
    | {"center", "dl", "dt", "dd", "caption", "nav"}
)


def visible_tree(html: str) -> Tree:
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a node, or add one that has no end."""
        attributes = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self._add(_void(_VOID[tag], attributes))
        elif tag in _KINDS or tag in _BOXES:
            self.open.append((tag, attributes))
            self.made.append([])

    def handle_endtag(self, tag: str) -> None:
        """Close a node; what is around it gets it."""
        if self.open and self.open[-1][0] == tag:
            self._close()

    def handle_data(self, data: str) -> None:
        """Add text, its white space folded unless it is code."""
        if any(tag == "pre" for tag, _ in self.open[-1:]):
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
        children = self.made.pop()
        if tag in _BOXES:
            self.made[-1].extend(_blocks(children))
        else:
            self._add(_node(tag, attributes, children))


def _void(kind: Kind, attributes: dict[str, str]) -> Node:
    return Node(kind=kind, url=attributes.get("src", ""), alt=attributes.get("alt", ""))


def _node(tag: str, attributes: dict[str, str], children: list[Node]) -> Node:
    kind = _KINDS[tag]
    if kind is Kind.CODE_BLOCK:
        return Node(kind=kind, text="".join(child.text for child in children))
    textual = kind in _TEXTUAL and all(child.kind in _INLINE for child in children)
    content = children if textual else _blocks(children)
    if kind in _ONLY:
        content = (child for child in content if child.kind in _ONLY[kind])
    return Node(
        kind=kind,
        children=tuple(content),
        url=attributes.get("href", ""),
        level=int(tag[1]) if kind is Kind.HEADING else 0,
        ordered=tag == "ol",
        start=int(attributes["start"]) if attributes.get("start", "").isdigit() else 1,
        head=tag == "th",
    )


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
