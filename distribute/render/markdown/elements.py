"""The elements of HTML: what between angle brackets is markup, and what is text."""

import re
from collections.abc import Iterable
from dataclasses import replace

from distribute.render.rewrite import rewrite
from distribute.render.tree import Kind, Node, Tree, walk

TAG = re.compile(
    r"<(?P<end>/)?(?P<name>[A-Za-z][A-Za-z0-9]*)"
    r"(?P<attributes>(?:\s+[A-Za-z_:@][\w:.@-]*"
    r"(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*)"
    r"\s*(?P<empty>/)?>"
)
"""A whole tag, by the grammar of CommonMark section 6.6."""

_BLOCK = re.compile(
    r"address|article|aside|audio|blockquote|body|caption|center|col|colgroup|dd|details"
    r"|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]"
    r"|head|header|hgroup|hr|html|iframe|legend|li|main|menu|nav|noframes|noscript|object"
    r"|ol|optgroup|option|p|pre|script|search|section|style|summary|table|tbody|td"
    r"|textarea|tfoot|th|thead|title|tr|ul|video"
)
_SPAN = re.compile(
    r"a|abbr|acronym|b|bdi|bdo|big|button|canvas|cite|code|data|datalist|del|dfn|em|font"
    r"|i|ins|kbd|label|map|mark|marquee|math|meter|nobr|noembed|output|picture|plaintext"
    r"|progress|q|rb|rp|rt|rtc|ruby|s|samp|select|slot|small|span|strike|strong|sub|sup"
    r"|svg|template|time|tt|u|var|xmp"
)
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link"}
    | {"meta", "param", "source", "track", "wbr"}
)
"""Elements with neither content nor end."""
NOT_FOR_READERS = frozenset(
    {"script", "style", "iframe", "object", "template", "noframes", "noembed"}
    | {"textarea", "select", "title", "xmp", "plaintext", "svg", "math", "noscript"}
)
"""Elements whose content is not for readers, or is no HTML."""
_BARE_VOID = frozenset({"br", "hr", "wbr"})
"""Void elements that mean something without attributes."""
_OPTIONAL_END = re.compile(
    r"body|caption|colgroup|d[dt]|head|html|li|optgroup|option|p|r[bpt]|rtc|t[dhr]"
    r"|tbody|tfoot|thead"
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "svg", "math"})


def is_block(name: str) -> bool:
    """Tell whether an element makes a block of its own where it begins a line."""
    return bool(_BLOCK.fullmatch(name))


def is_markup(tag: re.Match[str]) -> bool:
    """Tell whether a match of `TAG` is a tag that browsers know, and not text.

    >>> [is_markup(TAG.match(text)) for text in ("<b>", "<model name>", "<source>")]
    [True, False, False]
    """
    name = tag["name"].lower()
    if name in VOID:
        return not tag["end"] and (name in _BARE_VOID or "=" in tag["attributes"])
    return is_block(name) or bool(_SPAN.fullmatch(name))


def without_comments(html: str) -> str:
    """Take comments out of raw HTML; one that never ends is shown as text.

    >>> without_comments("<p>a<!-- b -->c<!-- d</p>")
    '<p>ac&lt;!-- d</p>'
    """
    end = html.rfind("-->") + 3 if "-->" in html else 0
    return _COMMENT.sub("", html[:end]) + html[end:].replace("<!--", "&lt;!--")


def show_unpaired(spans: Tree) -> Tree:
    """Turn tags that have no partner among these spans into text.

    A lone ``<s>`` is a token of a language model more often than an author's wish, and
    as markup it would strike out the rest of the page.
    """
    tags = [node for node in walk(spans) if node.kind is Kind.HTML]
    if not tags:
        return spans
    lonely = {id(node) for node in _lonely(tags)}

    def show(node: Node) -> tuple[Node]:
        return (replace(node, kind=Kind.TEXT) if id(node) in lonely else node,)

    return rewrite(spans, show, only={Kind.HTML}) if lonely else spans


def _lonely(tags: Iterable[Node]) -> list[Node]:
    lonely = []
    opened: dict[str, list[Node]] = {}
    for node in tags:
        tag = TAG.fullmatch(node.text)
        name = tag["name"].lower() if tag else ""
        if tag is None or name in VOID or tag["empty"]:
            continue
        if not tag["end"]:
            opened.setdefault(name, []).append(node)
        elif opened.get(name):
            opened[name].pop()
        else:
            lonely.append(node)
    for name, nodes in opened.items():
        if not _OPTIONAL_END.fullmatch(name):
            lonely += nodes
    return lonely


def raw_end(source: str, tag: re.Match[str]) -> int:
    """Find where a tag ends, together with the content that is not for readers."""
    name = tag["name"].lower()
    if name not in _RAW or tag["end"]:
        return tag.end()
    closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(source, tag.end())
    return closing.end() if closing else tag.end()
