"""The whole post as plain text, written from its tree."""

from itertools import groupby

from distribute.render.characters import clean
from distribute.render.html.read import read_html
from distribute.render.text.line import Lines, raised
from distribute.render.text.table import table_lines
from distribute.render.text.width import display_width
from distribute.render.text.wrap import wrap
from distribute.render.tree import Kind, Node, Tree

_NARROWEST = 24
_INDENT = "    "
_INLINE = frozenset(
    {Kind.TEXT, Kind.EMPHASIS, Kind.STRONG, Kind.DELETED, Kind.CODE, Kind.LINK}
    | {Kind.IMAGE, Kind.SOFT_BREAK, Kind.LINE_BREAK, Kind.HTML, Kind.ABBREVIATION}
    | {Kind.FOOTNOTE_MARK, Kind.MATH}
)
_CONTAINERS = frozenset(
    {Kind.QUOTE, Kind.LIST, Kind.ITEM, Kind.DEFINITIONS, Kind.DEFINITION}
    | {Kind.FOOTNOTES, Kind.FOOTNOTE, Kind.CONTENTS}
)


def to_text(tree: Tree, *, width: int = 72) -> str:
    """Write a tree as plain text with LF line ends and no white space at line ends.

    Lines are filled to `width` columns, where an East Asian character takes two; an
    address is never broken. A link is ``its words [3]``, and the numbers are resolved
    at the end, each address once; an address written out stands for itself.
    """
    page = _Page(tree, width)
    page.write(tree)
    page.write_links()
    return "\n".join(page.sheet.lines) + "\n" if page.sheet.lines else ""


class _Sheet:
    """Lines with a margin: what quotes and lists put before the text in them."""

    def __init__(self, width: int) -> None:
        self.lines: list[str] = []
        self.gap = False
        self._width = width
        self._margins: list[tuple[str, str]] = []
        self._rests = [""]
        self._fresh = 0

    @property
    def room(self) -> int:
        """Columns left for text."""
        return max(self._width - display_width(self._rests[-1]), _NARROWEST)

    def indent(self, first: str, rest: str) -> None:
        """Put `first` before the next line and `rest` before those that follow."""
        deep = display_width(self._rests[-1] + rest) > self._width - _NARROWEST
        self._margins.append((first, rest))
        self._rests.append(self._rests[-1] + ("" if deep else rest))

    def dedent(self) -> None:
        """Take the last margin away; one that stands before nothing gets its line."""
        if self._fresh < len(self._margins) and self._margins[-1][0].strip():
            self.add([""])
        self._margins.pop()
        self._rests.pop()
        self._fresh = min(self._fresh, len(self._margins))

    def add(self, lines: list[str]) -> None:
        """Add a block, an empty line before it if there is to be a gap."""
        if not lines:
            return
        if self.gap and self.lines:
            self.lines.append(self._rests[self._fresh].rstrip())
        first, *others = lines
        firsts = "".join(mark for mark, _ in self._margins[self._fresh :])
        self.lines.append((self._rests[self._fresh] + firsts + first).rstrip())
        self._fresh = len(self._margins)
        rest = self._rests[self._fresh]
        self.lines.extend((rest + line).rstrip() for line in others)
        self.gap = True


class _Page:
    def __init__(self, tree: Tree, width: int) -> None:
        self.sheet = _Sheet(width)
        self.line = Lines(tree)
        self._counters: list[tuple[Node, int]] = []
        self._unnumbered = 0

    def write(self, tree: Tree) -> None:
        """Write blocks in reading order, however deep they are."""
        todo = [(node, False) for node in reversed(_with_paragraphs(tree))]
        while todo:
            node, complete = todo.pop()
            if complete:
                self._leave(node)
            elif node.kind in _CONTAINERS:
                self._enter(node)
                todo.append((node, True))
                inside = reversed(_with_paragraphs(node.children))
                todo.extend((child, False) for child in inside)
            elif node.kind is Kind.HTML_BLOCK:
                inside = reversed(read_html(node.text))
                todo.extend((child, False) for child in inside)
            else:
                self.sheet.add(self._block(node))
                self.sheet.gap = self.sheet.gap and not self._is_tight(node)

    def _is_tight(self, node: Node) -> bool:
        """Tell whether what follows a block follows without an empty line."""
        in_tight_list = bool(self._counters) and self._counters[-1][0].tight
        return node.kind is Kind.TERM or (node.kind is Kind.PLAIN and in_tight_list)

    def write_links(self) -> None:
        """Resolve the numbers of the links."""
        self.sheet.gap = True
        self.sheet.add(
            [f"[{number}] {url}" for url, number in self.line.numbers.items()]
        )

    def _block(self, node: Node) -> list[str]:
        match node.kind:
            case Kind.CODE_BLOCK | Kind.MATH_BLOCK:
                return _as_code(node)
            case Kind.RULE:
                return ["-" * 24]
            case Kind.TABLE:
                return table_lines(
                    node, self.sheet.room, line=self.line.write, measure=display_width
                )
            case Kind.HEADING:
                return self._heading(node)
            case _:
                return self._filled(node.children)

    def _heading(self, node: Node) -> list[str]:
        lines = self._filled(node.children)
        stroke = "=" if node.level <= 2 else "-"
        longest = max(map(display_width, lines), default=0)
        return [*lines, stroke * longest] if lines and node.level <= 3 else lines

    def _filled(self, nodes: Tree) -> list[str]:
        text = self.line.write(nodes, numbered=not self._unnumbered)
        return wrap(text, self.sheet.room, display_width)

    def _enter(self, node: Node) -> None:
        match node.kind:
            case Kind.LIST:
                self._counters.append((node, node.start))
            case Kind.CONTENTS:
                self._unnumbered += 1
            case Kind.FOOTNOTES:
                self.sheet.add(["-" * 24])
            case Kind.DEFINITIONS:
                pass
            case _:
                self.sheet.indent(*self._margin(node))

    def _margin(self, node: Node) -> tuple[str, str]:
        match node.kind:
            case Kind.QUOTE:
                return "> ", "> "
            case Kind.ITEM:
                marker = self._marker(node)
            case Kind.FOOTNOTE:
                marker = f"{raised(node.index)} "
            case _:
                marker = _INDENT
        return marker, " " * display_width(marker)

    def _marker(self, node: Node) -> str:
        box = "" if node.checked is None else "[x] " if node.checked else "[ ] "
        parent, number = self._counters[-1] if self._counters else (node, 1)
        if not parent.ordered:
            return f"- {box}"
        self._counters[-1] = (parent, number + 1)
        return f"{number}. {box}"

    def _leave(self, node: Node) -> None:
        match node.kind:
            case Kind.LIST:
                self._counters.pop()
                self.sheet.gap = True
            case Kind.CONTENTS:
                self._unnumbered -= 1
            case Kind.FOOTNOTES | Kind.DEFINITIONS:
                self.sheet.gap = True
            case _:
                self.sheet.dedent()
                if node.kind is Kind.ITEM and self._counters:
                    self.sheet.gap = not self._counters[-1][0].tight


def _as_code(node: Node) -> list[str]:
    code = clean(node.signs or node.text).strip("\n").expandtabs(4)
    return [_INDENT + line for line in code.split("\n")]


def _with_paragraphs(nodes: Tree) -> list[Node]:
    """Put inline nodes that stand among blocks into a paragraph."""
    blocks: list[Node] = []
    for inline, run in groupby(nodes, key=lambda node: node.kind in _INLINE):
        together = tuple(run)
        blocks.extend([_plain(together)] if inline else together)
    return blocks


def _plain(inline: Tree) -> Node:
    return Node(kind=Kind.PLAIN, children=inline)
