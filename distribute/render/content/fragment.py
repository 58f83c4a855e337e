"""A tree as the clean HTML that pages, feeds and e-mails hold.

`sanitise` reads HTML as a browser does, whoever wrote it; that takes longer than all
else that is done to a tree. What we write ourselves from nodes that are nested as HTML
wants them, with attributes and addresses of the plainest kind, comes out of it as it
went in, so it need not go in. One doubt about one node, and the whole text does.
"""

from collections.abc import Mapping

from distribute.render.characters import clean
from distribute.render.html.sanitise import ID, LANGUAGE, sanitise
from distribute.render.html.write import to_html
from distribute.render.links.addresses import is_plain
from distribute.render.tree import Kind, Node, Tree

_PUNYCODE = "xn--"
"""Begins a label that may be wrong in ways of which only `sanitise` knows."""
_LEAVES = frozenset(
    {Kind.CODE, Kind.IMAGE, Kind.MATH, Kind.FOOTNOTE_MARK}
    | {Kind.CODE_BLOCK, Kind.RULE, Kind.MATH_BLOCK}
)
_BARE = frozenset({Kind.TEXT, Kind.SOFT_BREAK, Kind.LINE_BREAK})
"""What is written without attributes or children, whatever it has."""
_SPANS = frozenset(
    {Kind.TEXT, Kind.EMPHASIS, Kind.STRONG, Kind.DELETED, Kind.CODE, Kind.LINK}
    | {Kind.IMAGE, Kind.SOFT_BREAK, Kind.LINE_BREAK, Kind.ABBREVIATION, Kind.MATH}
    | {Kind.FOOTNOTE_MARK}
)
_IN_LINKS = _SPANS - {Kind.LINK, Kind.FOOTNOTE_MARK}
"""What may stand in a link, which holds no other."""
_BLOCKS = frozenset(
    {Kind.HEADING, Kind.PARAGRAPH, Kind.PLAIN, Kind.QUOTE, Kind.LIST, Kind.CODE_BLOCK}
    | {Kind.RULE, Kind.TABLE, Kind.DEFINITIONS, Kind.MATH_BLOCK, Kind.FOOTNOTES}
    | {Kind.CONTENTS}
)
_WITHIN: Mapping[Kind, frozenset[Kind]] = {
    **dict.fromkeys(_LEAVES, frozenset()),
    **dict.fromkeys((Kind.HEADING, Kind.PARAGRAPH, Kind.PLAIN), _SPANS),
    **dict.fromkeys((Kind.CELL, Kind.TERM), _SPANS),
    **dict.fromkeys((Kind.QUOTE, Kind.ITEM, Kind.DEFINITION, Kind.FOOTNOTE), _BLOCKS),
    Kind.LINK: _IN_LINKS,
    Kind.LIST: frozenset({Kind.ITEM}),
    Kind.TABLE: frozenset({Kind.ROW}),
    Kind.ROW: frozenset({Kind.CELL}),
    Kind.DEFINITIONS: frozenset({Kind.TERM, Kind.DEFINITION}),
    Kind.FOOTNOTES: frozenset({Kind.FOOTNOTE}),
    Kind.CONTENTS: frozenset({Kind.LIST}),
}
"""What each kind may hold for a browser to read it as it was written; all others, such
as emphasis, what may stand where they stand."""
_ADDRESSED = frozenset({Kind.LINK, Kind.IMAGE})


def fragment_of(tree: Tree, *, base: str) -> str:
    """Write a tree as clean HTML; `base` is the address of its page."""
    html = to_html(tree, base=base)
    if clean(html) == html and _is_followed(base) and is_clean(tree):
        return html
    return sanitise(html)


def is_clean(tree: Tree) -> bool:
    """Tell whether all nodes are where they may be, and hold nothing to be cleaned."""
    runs = [(tree, _BLOCKS)]
    while runs:
        run, allowed = runs.pop()
        for node in run:
            if node.kind not in allowed:
                return False
            if node.kind in _BARE:
                continue
            if not _is_plain(node):
                return False
            if node.children:
                runs.append((node.children, _WITHIN.get(node.kind, allowed)))
    return True


def _is_plain(node: Node) -> bool:
    """Tell whether a node has only such attributes as no text could make harmful."""
    if node.classes or node.attributes:
        return False
    if node.kind in _ADDRESSED and not _is_followed(node.url):
        return False
    if node.id and not ID.fullmatch(node.id):
        return False
    return not node.info or bool(LANGUAGE.fullmatch(f"language-{node.info}"))


def _is_followed(url: str) -> bool:
    return is_plain(url) and _PUNYCODE not in url.lower()
