"""What stands inside a line, as plain text: words, and numbers for the links."""

import re
from dataclasses import replace
from urllib.parse import unquote

from distribute.render.characters import clean
from distribute.render.cjk import joins_lines
from distribute.render.markdown.elements import TAG, is_block
from distribute.render.text.wrap import BREAK, GLUE, TIE
from distribute.render.tree import Kind, Node, Tree, walk

_SPACES = re.compile("[ \t\u2000-\u200a\u205f\u3000]+")
_ODD_SPACE = re.compile("[\t\u2000-\u200a\u205f\u3000]")
_LINE_END = re.compile(r"[ \t]*\n[ \t\n]*")
_REFERENCE = re.compile(r"\[([0-9]{1,3})\]")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_AROUND = {Kind.DELETED: "~~"}
_CLOSED = frozenset({*_AROUND, Kind.ABBREVIATION, Kind.LINK})
_WORDS = frozenset({Kind.TEXT, Kind.CODE, Kind.CODE_BLOCK, Kind.ABBREVIATION})
_SIGNS = _AROUND | {
    Kind.SOFT_BREAK: "\n",
    Kind.LINE_BREAK: BREAK,
    Kind.PARAGRAPH: BREAK,
    Kind.PLAIN: BREAK,
    Kind.HEADING: BREAK,
    Kind.ITEM: BREAK,
}


class Lines:
    """Writes the inside of lines, and remembers which link got which number.

    Numbers begin behind the references, ``[12]``, that the author made by hand.
    """

    def __init__(self, tree: Tree) -> None:
        self.numbers: dict[str, int] = {}
        self._first = 1 + max(_references(tree), default=0)
        self._expanded: set[str] = set()

    def write(self, nodes: Tree, *, numbered: bool = True) -> str:
        """Write nodes as one line; only a `BREAK` in it ends a line."""
        out: list[str] = []
        starts: list[int] = []
        todo = [(node, False) for node in reversed(_apart(nodes))]
        while todo:
            node, complete = todo.pop()
            if complete:
                start = starts.pop()
                words = "".join(out[start:])
                out[start:] = [self._closed(node, words, numbered=numbered)]
                continue
            out.append(_edge(node, out) or _start(node))
            if node.kind in _CLOSED:
                starts.append(len(out))
                todo.append((node, True))
            todo.extend((child, False) for child in reversed(node.children))
        return _tidy("".join(out))

    def _closed(self, node: Node, words: str, *, numbered: bool) -> str:
        """End the words that stand in a node."""
        if node.kind is not Kind.LINK:
            return words + self._end(node)
        return self._link(words, node) if numbered else words

    def _end(self, node: Node) -> str:
        """Close what was struck out; say what a short form means, the first time."""
        if node.kind is not Kind.ABBREVIATION:
            return _AROUND[node.kind]
        if not node.title or node.title in self._expanded:
            return ""
        self._expanded.add(node.title)
        meaning = clean(node.title).strip()
        return f"（{meaning}）" if joins_lines(meaning[-1:]) else f" ({meaning})"

    def _link(self, words: str, node: Node) -> str:
        shown = words.strip(" \n" + BREAK)
        if not node.url:
            return words
        if not shown or _names(shown, node.url):
            return node.url.removeprefix("mailto:").removeprefix("tel:")
        number = self.numbers.setdefault(node.url, self._first + len(self.numbers))
        words = words.rstrip()
        return f"{words}{TIE if joins_lines(words[-1:]) else GLUE}[{number}]"


def _edge(node: Node, before: list[str]) -> str:
    """Begin a new line where a browser does: at the tags of blocks, also within text.

    However many of them meet, there is one empty line at most.
    """
    tag = TAG.match(node.text) if node.kind is Kind.HTML else None
    is_edge = tag is not None and is_block(tag["name"].lower())
    return BREAK if is_edge and before[-2:] != [BREAK, BREAK] else ""


def _apart(nodes: Tree) -> Tree:
    """Put pictures that begin lines of a paragraph of pictures on lines of their own."""
    if not _is_picture(nodes[0] if nodes else None):
        return nodes
    pairs = zip(nodes, (*nodes[1:], None), strict=True)
    return tuple(
        replace(node, kind=Kind.LINE_BREAK)
        if node.kind is Kind.SOFT_BREAK and _is_picture(following)
        else node
        for node, following in pairs
    )


def _is_picture(node: Node | None) -> bool:
    if node is None:
        return False
    inside = node.children[0] if node.kind is Kind.LINK and node.children else node
    return inside.kind is Kind.IMAGE


def _start(node: Node) -> str:
    """Write what a node says itself, or begins with."""
    if node.kind in _WORDS:
        return clean(node.text)
    match node.kind:
        case Kind.MATH:
            return clean(node.signs or node.text)
        case Kind.IMAGE:
            return f"[{clean(node.alt).strip()}]" if node.alt.strip() else ""
        case Kind.FOOTNOTE_MARK:
            return raised(node.index)
        case _:
            return _SIGNS.get(node.kind, "")


def raised(number: int) -> str:
    """Write the number of a footnote: ``¹²``."""
    return str(number).translate(_RAISED)


def _names(shown: str, url: str) -> bool:
    """Tell whether what is shown is the address itself, spelt one way or another."""
    return _bare(shown) == _bare(url)


def _bare(url: str) -> str:
    spelt = re.sub(r"^(?:https?://|mailto:|tel:)(?:www\.)?", "", unquote(url.strip()))
    return spelt.removeprefix("www.").rstrip("/").casefold()


def _references(tree: Tree) -> set[int]:
    return {
        int(number)
        for node in walk(tree)
        if "[" in node.text and node.kind is Kind.TEXT
        for number in _REFERENCE.findall(node.text)
    }


def _tidy(text: str) -> str:
    """Join lines, without a space between characters that know none."""
    first, *others = _LINE_END.split(text) if "\n" in text else (text,)
    pieces = [first]
    for other in others:
        joined = joins_lines(pieces[-1][-1:]) and joins_lines(other[:1])
        pieces.append(other if joined else f" {other}")
    text = "".join(pieces).strip()
    odd = "  " in text or _ODD_SPACE.search(text)
    return _SPACES.sub(" ", text).strip() if odd else text
