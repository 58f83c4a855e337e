"""What stands inside a line: the parser's span tokens become nodes."""

import html
import re
from collections.abc import Callable, Iterable
from html.entities import html5

from distribute.render.markdown.attributes import adorn
from distribute.render.markdown.state import Token
from distribute.render.tree import Kind, Node, Tree, plain_text

_ENTITY = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));"
)
_CONTAINERS = {
    "emphasis": Kind.EMPHASIS,
    "strong": Kind.STRONG,
    "deleted": Kind.DELETED,
}
_LEAVES = {
    "codespan": Kind.CODE,
    "inline_html": Kind.HTML,
    "inline_math": Kind.MATH,
    "linebreak": Kind.LINE_BREAK,
    "softbreak": Kind.SOFT_BREAK,
}


def decode_entities(text: str) -> str:
    """Replace character references, which must end in a semicolon.

    >>> decode_entities("R&amp;D &copy and &#65; &notathing;")
    'R&D &copy and A &notathing;'
    """
    if "&" not in text:
        return text
    return _ENTITY.sub(_decoded, text)


def _decoded(match: re.Match[str]) -> str:
    known = match[1] is None or f"{match[1]};" in html5
    return html.unescape(match[0]) if known else match[0]


def span_nodes(tokens: Iterable[Token]) -> Tree:
    """Turn span tokens into nodes; neighbouring text is joined.

    A token with ``"literal": True`` holds text to be taken as it is.
    """
    nodes: list[Node] = []
    words: list[str] = []
    for token in tokens:
        is_list = token["type"] == "attributes"
        if is_list and not words and _can_be_adorned(nodes):
            nodes.append(adorn(nodes.pop(), token["raw"][2:-1], token["named"]))
        elif is_list or token["type"] == "text":
            words.append(_words(token))
        else:
            nodes += _joined(words)
            words.clear()
            nodes.append(_span(token))
    return (*nodes, *_joined(words))


def _joined(words: list[str]) -> Tree:
    text = "".join(words)
    return (Node(kind=Kind.TEXT, text=text),) if text else ()


def _words(token: Token) -> str:
    raw: str = token["raw"]
    return raw if token.get("literal") else decode_entities(raw)


def _can_be_adorned(nodes: list[Node]) -> bool:
    return bool(nodes) and nodes[-1].kind is not Kind.SOFT_BREAK


def _span(token: Token) -> Node:
    kind = token["type"]
    if kind in _CONTAINERS:
        return Node(kind=_CONTAINERS[kind], children=span_nodes(token["children"]))
    if kind in _LEAVES:
        text, line = token.get("raw", ""), token.get("line", 0)
        return Node(kind=_LEAVES[kind], text=text, line=line)
    return _SPANS[kind](token)


def _link(token: Token) -> Node:
    return Node(
        kind=Kind.LINK,
        url=token["attrs"]["url"],
        title=decode_entities(token["attrs"].get("title") or ""),
        children=span_nodes(token["children"]),
        line=token["line"],
    )


def _image(token: Token) -> Node:
    return Node(
        kind=Kind.IMAGE,
        url=token["attrs"]["url"],
        title=decode_entities(token["attrs"].get("title") or ""),
        alt=plain_text(span_nodes(token["children"])),
        line=token["line"],
    )


def _footnote_mark(token: Token) -> Node:
    return Node(kind=Kind.FOOTNOTE_MARK, key=token["raw"], index=token["index"])


_SPANS: dict[str, Callable[[Token], Node]] = {
    "link": _link,
    "image": _image,
    "footnote_mark": _footnote_mark,
}
