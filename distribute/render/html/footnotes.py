"""Footnotes as HTML: marks, notes, and the ways between them."""

from collections.abc import Iterable, Iterator

from distribute.render.html.spelling import as_value
from distribute.render.tree import Kind, Node, Tree

Piece = Node | str

_MOST_WAYS_BACK = 20
_BACK = "\u21a9\ufe0e"


class Footnotes:
    """Writes marks and notes, and knows how often each note was referred to."""

    def __init__(self, base: str) -> None:
        self._base = as_value(base.partition("#")[0])
        self._marks: dict[int, int] = {}

    def pieces(self, node: Node) -> Iterable[Piece]:
        """Take a node apart if it is of footnotes; nothing else gives any pieces."""
        match node.kind:
            case Kind.FOOTNOTE_MARK:
                return (self._mark(node.index),)
            case Kind.FOOTNOTES:
                before = '<section class="footnotes" role="doc-endnotes">\n<ol>\n'
                return (before, *node.children, "</ol>\n</section>\n")
            case Kind.FOOTNOTE:
                blocks = _with_back(node.children, self._back(node.index))
                return (f'<li id="fn-{node.index}">\n', *blocks, "</li>\n")
            case _:
                return ()

    def _mark(self, index: int) -> str:
        count = self._marks[index] = self._marks.get(index, 0) + 1
        return (
            f'<sup id="{_mark_id(index, count)}" class="footnote-ref">'
            f'<a href="{self._base}#fn-{index}">{index}</a></sup>'
        )

    def _back(self, index: int) -> str:
        """Lead back to the marks; nobody follows more ways than a few."""
        links = (
            f'<a href="{self._base}#{_mark_id(index, count)}"'
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
