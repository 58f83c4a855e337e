"""What fills lines of its own: the parser's block tokens become nodes."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from distribute.render.markdown.attributes import Attributes, adorn, read_attributes
from distribute.render.markdown.elements import without_comments
from distribute.render.markdown.state import Token
from distribute.render.tree import Kind, Node, Tree

_TASK = re.compile(r"\[([ xX])\][ \t]+")
_HEADING_ID = re.compile(r"[ \t]+\{#([A-Za-z][\w:.-]*)\}[ \t]*$")
_OWN_LIST = re.compile(r"\{:[^\n}]*\}[ \t]*")
_LANGUAGE = re.compile(r"\{?\.?([^\s{}?,]*)")


@dataclass(frozen=True, slots=True)
class Blocks:
    """Writes nodes from tokens; `spans` parses the text that begins at a line."""

    spans: Callable[[str, int], Tree]
    named: Mapping[str, Attributes]
    """Attribute lists with a name."""

    def nodes(self, tokens: Iterable[Token]) -> Tree:
        """Turn block tokens into nodes, and give them the attributes beside them."""
        nodes: list[Node] = []
        waiting: list[str] = []
        touches = False
        for token in tokens:
            if token["type"] == "block_attributes":
                if touches:
                    nodes[-1] = self._adorned(nodes[-1], token["raw"])
                else:
                    waiting.append(token["raw"])
                continue
            make = _MAKERS.get(token["type"])
            node = make(self, token) if make else None
            touches = node is not None
            if node is not None:
                for raw in waiting:
                    node = self._adorned(node, raw)
                waiting.clear()
                nodes.append(node)
        return tuple(nodes)

    def _adorned(self, node: Node, raw: str) -> Node:
        text = raw.strip()[2:-1]
        if node.kind is Kind.LIST and "toc" in read_attributes(text).names:
            return Node(kind=Kind.CONTENTS, line=node.line)
        return adorn(node, text, self.named)

    def paragraph(self, token: Token, kind: Kind = Kind.PARAGRAPH) -> Node | None:
        """Make a paragraph, or nothing where nothing is left of it."""
        line = _line(token)
        children = self.spans(token["text"], line)
        return Node(kind=kind, children=children, line=line) if children else None

    def plain(self, token: Token) -> Node | None:
        """Make the text of a tight item."""
        return self.paragraph(token, Kind.PLAIN)

    def heading(self, token: Token) -> Node:
        """Make a heading; ``{#id}`` at its end names it."""
        text, id_, line = token["text"], "", _line(token)
        if match := _HEADING_ID.search(text):
            text, id_ = text[: match.start()], match[1]
        return Node(
            kind=Kind.HEADING,
            level=token["attrs"]["level"],
            id=id_,
            children=self.spans(text, line),
            line=line,
        )

    def quote(self, token: Token) -> Node:
        """Make a quotation."""
        children = self.nodes(token["children"])
        return Node(kind=Kind.QUOTE, children=children, line=_line(token))

    def list(self, token: Token) -> Node:
        """Make a list; a list of attributes right behind it is its own."""
        items = token["children"]
        raw = _trailing_attributes(items[-1]["children"] if items else [])
        node = Node(
            kind=Kind.LIST,
            ordered=token["attrs"]["ordered"],
            start=token["attrs"].get("start", 1),
            tight=token["tight"],
            children=tuple(self.item(item) for item in items),
            line=_line(token),
        )
        return self._adorned(node, raw) if raw else node

    def item(self, token: Token) -> Node:
        """Make an item, or a task where it begins with a box."""
        checked = None
        first = token["children"][0] if token["children"] else {}
        if match := _TASK.match(first.get("text", "")):
            checked = match[1] != " "
            first["text"] = first["text"][match.end() :]
        own = _OWN_LIST.match(first.get("text", ""))
        if own:
            first["text"] = first["text"][own.end() :]
        children = self.nodes(token["children"])
        node = Node(kind=Kind.ITEM, checked=checked, children=children)
        return adorn(node, own[0].strip()[2:-1], self.named) if own else node

    def code(self, token: Token) -> Node:
        """Make a block of code; `info` is the language alone."""
        info = token.get("attrs", {}).get("info", "")
        language = _LANGUAGE.match(info)
        return Node(
            kind=Kind.CODE_BLOCK,
            text=token["raw"].removesuffix("\n"),
            info=language[1] if language else "",
            line=_line(token),
        )

    def table(self, token: Token) -> Node:
        """Make a table."""
        line = _line(token)
        aligns = token["table"].aligns
        rows = []
        for row in token["table"].rows:
            cells = tuple(
                Node(
                    kind=Kind.CELL,
                    head=row.head,
                    align=aligns[column] if column < len(aligns) else "",
                    children=self.spans(text, line + row.line),
                    line=line + row.line,
                )
                for column, text in enumerate(row.cells)
            )
            rows.append(
                Node(kind=Kind.ROW, head=row.head, children=cells, line=line + row.line)
            )
        return Node(kind=Kind.TABLE, children=tuple(rows), line=line)

    def definitions(self, token: Token) -> Node:
        """Make a list of terms and definitions."""
        children = []
        for part in token["children"]:
            line = part["line"]
            if "text" in part:
                spans = self.spans(part["text"], line)
                children.append(Node(kind=Kind.TERM, children=spans, line=line))
            else:
                nodes = self.nodes(part["children"])
                children.append(Node(kind=Kind.DEFINITION, children=nodes, line=line))
        return Node(kind=Kind.DEFINITIONS, children=tuple(children), line=_line(token))

    def html(self, token: Token) -> Node | None:
        """Pass raw HTML on, without its comments."""
        raw = without_comments(token["raw"])
        node = Node(kind=Kind.HTML_BLOCK, text=raw, line=_line(token))
        return node if raw.strip() else None

    def rule(self, token: Token) -> Node:
        """Make a rule."""
        return Node(kind=Kind.RULE, line=_line(token))

    def formula(self, token: Token) -> Node:
        """Make a formula that is a block."""
        return Node(kind=Kind.MATH_BLOCK, text=token["raw"], line=_line(token))


def _line(token: Token) -> int:
    line: int = token.get("line", 0)
    return line


def _trailing_attributes(tokens: list[Token]) -> str:
    """Take the attributes off the end, which belong to the whole."""
    last = tokens[-1] if tokens else {}
    if last.get("type") == "block_attributes" and len(tokens) > 1:
        raw: str = tokens.pop()["raw"]
        return raw
    return ""


_MAKERS: dict[str, Callable[[Blocks, Token], Node | None]] = {
    "paragraph": Blocks.paragraph,
    "block_text": Blocks.plain,
    "heading": Blocks.heading,
    "block_quote": Blocks.quote,
    "list": Blocks.list,
    "block_code": Blocks.code,
    "table": Blocks.table,
    "definitions": Blocks.definitions,
    "block_html": Blocks.html,
    "thematic_break": Blocks.rule,
    "block_math": Blocks.formula,
}
