"""Addresses that an author wrote out become links, and nothing around them does.

An address is ASCII. It ends before white space, brackets, quotation marks, an asterisk,
anything of another script, a closing parenthesis that nobody opened, and punctuation
that ends a sentence.
"""

import re
from collections.abc import Iterator

from distribute.render.glance import inventory, letters
from distribute.render.links.addresses import is_web_address, resolve
from distribute.render.rewrite import by_root, rewrite_siblings
from distribute.render.tree import Kind, Node, Tree, walk

_BARE = re.compile(
    r"(?<![A-Za-z0-9])https?://(?:[A-Za-z0-9\-._~:/?#@!$&()+=%]|[,;](?!https?://))+",
    re.IGNORECASE,
)
_CUT = re.compile(r"/(?:\*\*|__|\Z)")
"""What else a text has in it in which an address is cut."""
_LEFT_OUT = ".,;:!?("
_CLOSED = frozenset({Kind.LINK, Kind.CODE, Kind.HTML_BLOCK, Kind.CODE_BLOCK, Kind.MATH})
_LOUD = frozenset({Kind.EMPHASIS, Kind.STRONG})
_RAW_CLOSED = re.compile(r"<(/?)(a|code|pre|samp|kbd|tt)\b", re.IGNORECASE)


def linkify(tree: Tree) -> Tree:
    """Turn addresses in running text into links; the author's own links stay.

    An address that runs into bold or slanted text is cut off and leads elsewhere: it is
    a link as far as it goes, and `cut_addresses` tells of it.
    """
    spans = inventory(tree).get(Kind.TEXT, ())
    if not any("://" in span.text for span in spans):
        return tree
    if Kind.HTML in inventory(tree):
        return _linked(tree)  # in one piece: a tag may be open from block to block
    concerned = ["://" in letters((root,)) for root in tree]
    return by_root(tree, concerned, _linked)


def cut_addresses(tree: Tree) -> Iterator[tuple[int, str]]:
    """Find the addresses that Markdown has cut in two, with the line of their block."""
    spans = inventory(tree).get(Kind.TEXT, ())
    if not any("://" in span.text and _CUT.search(span.text) for span in spans):
        return
    line = 0
    for parent in walk(tree):
        line = parent.line or line
        if parent.kind not in _CLOSED:
            for index, node in enumerate(parent.children):
                if "://" in node.text and node.kind is Kind.TEXT:
                    follower = next(iter(parent.children[index + 1 : index + 2]), None)
                    yield from ((line, cut) for cut in _cuts(node.text, follower))


def _linked(tree: Tree) -> Tree:
    return rewrite_siblings(tree, _linked_run, closed=_CLOSED)


def _linked_run(_: Node, run: Tree) -> Iterator[Node]:
    inside = False
    for node in run:
        inside = _still_inside(node, inside=inside)
        if node.kind is Kind.TEXT and not inside and "://" in node.text:
            yield from _pieces(node)
        else:
            yield node


def _still_inside(node: Node, *, inside: bool) -> bool:
    """Tell whether raw HTML has opened a link, or code, that is still open."""
    tag = _RAW_CLOSED.match(node.text) if node.kind is Kind.HTML else None
    return not tag[1] if tag else inside


def _pieces(node: Node) -> Iterator[Node]:
    text, done = node.text, 0
    for start, end in _addresses(text):
        if start > done:
            yield Node(kind=Kind.TEXT, text=text[done:start])
        address = text[start:end]
        words = Node(kind=Kind.TEXT, text=address)
        yield Node(
            kind=Kind.LINK,
            url=resolve(address, address),
            line=node.line,
            children=(words,),
        )
        done = end
    if done < len(text):
        yield node if not done else Node(kind=Kind.TEXT, text=text[done:])


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Find where each address that can be followed begins and ends."""
    for match in _BARE.finditer(text):
        length = _length(match[0])
        if is_web_address(match[0][:length]):
            yield match.start(), match.start() + length


def _length(candidate: str) -> int:
    """Measure the address at the start of a run of characters that one may have."""
    if ")" not in candidate:
        return len(candidate.rstrip(_LEFT_OUT))
    depth = 0
    end = len(candidate)
    for position, character in enumerate(candidate):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            end = position
            break
    return len(candidate[:end].rstrip(_LEFT_OUT))


def _cuts(text: str, follower: Node | None) -> Iterator[str]:
    for start, end in _addresses(text):
        if _is_cut(text, end, follower):
            yield text[start:end]


def _is_cut(text: str, end: int, follower: Node | None) -> bool:
    """Tell whether a path goes on behind the address in what Markdown made of it."""
    if text[end - 1] != "/":
        return False
    if end < len(text):
        return text.startswith(("**", "__"), end)
    return follower is not None and follower.kind in _LOUD
