"""The links, pictures and texts of a post, each with the place where it stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from distribute.render.html.read import read_html
from distribute.render.tree import TEXT_BLOCKS, Kind, Node, Tree


@dataclass(frozen=True, slots=True)
class Spot:
    """A node and where it stands."""

    node: Node
    line: int
    """Line in the file where it stands, or where the block begins that holds it."""
    block: Node
    """The block of text that holds it."""
    link: Node | None = None
    """The link around it."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What stands in a tree, in reading order; raw HTML is read too."""

    links: tuple[Spot, ...]
    images: tuple[Spot, ...]
    blocks: tuple[Spot, ...]
    """Paragraphs, headings, cells and the like, each as its own block."""


def survey(tree: Tree) -> Survey:
    """List what a tree holds; nothing in it depends on how deep the tree is."""
    links: list[Spot] = []
    images: list[Spot] = []
    blocks: list[Spot] = []
    for spot in _spots(tree):
        if spot.node.kind is Kind.LINK:
            links.append(spot)
        elif spot.node.kind is Kind.IMAGE:
            images.append(spot)
        else:
            blocks.append(spot)
    return Survey(tuple(links), tuple(images), tuple(blocks))


_SOUGHT = TEXT_BLOCKS | {Kind.LINK, Kind.IMAGE}


def _spots(tree: Tree) -> Iterator[Spot]:
    root = Node(kind=Kind.PARAGRAPH)
    stack: list[tuple[Node, int, Node, Node | None]] = [
        (node, 0, root, None) for node in reversed(tree)
    ]
    while stack:
        node, line, block, link = stack.pop()
        line = node.line or line
        children: Tree = node.children
        if node.kind is Kind.HTML_BLOCK:
            children = read_html(node.text)
        if node.kind in TEXT_BLOCKS:
            block = node
        if node.kind in _SOUGHT:
            yield Spot(node, line, block, link)
        if node.kind is Kind.LINK:
            link = node
        stack += [(child, line, block, link) for child in reversed(children)]


def words_at(lines: Sequence[str], index: int, *sought: str) -> tuple[int, str]:
    """Find which of these words stands in a paragraph, and how many lines further down.

    The first that is there counts; ``(0, "")`` if none is. `index` is that of the
    line where the paragraph begins, or any of its lines.
    """
    if not 0 <= index < len(lines):
        return 0, ""
    for words in filter(None, sought):
        for below, line in enumerate(_paragraph(lines, index)):
            if words in line:
                return below, words
    return 0, ""


def _paragraph(lines: Sequence[str], index: int) -> Iterator[str]:
    for line in lines[index:]:
        yield line
        if not line.strip():
            return


def bracketed(line: str, address: str, words: str = "") -> str:
    """Cut a link or an image out of a line as it is written, found by its address.

    Where several have it, the first with these words is meant.

    >>> bracketed("See [the *boat*](b.html), or sail.", "b.html")
    '[the *boat*](b.html)'
    """
    middle = _middle(line, address, words)
    if not address or middle < 0:
        return ""
    start, depth = middle, 1
    while depth and start:
        start -= 1
        depth += (line[start] == "]") - (line[start] == "[")
    if depth:
        return ""
    end = middle + len(address) + 2
    end += line[end : end + 1] == ")"
    start -= line[start - 1 : start] == "!"
    return line[start:end]


_SET = r"[*_`~]{0,3}"
"""What emphasis or code is written with."""


def _middle(line: str, address: str, words: str) -> int:
    """Find the ``](`` before an address that does not go on there."""
    if f"]({address}" not in line:
        return -1
    plain = line.find(f"[{words}]({address})")
    if plain >= 0:
        return plain + len(words) + 1
    end = rf"\]\({re.escape(address)}(?=[)\s])"
    exact = rf"\[{_SET}{re.escape(words)}{_SET}({end})"
    found = re.search(exact, line) or re.search(f"({end})", line)
    return found.start(1) if found else line.find(f"]({address}")
