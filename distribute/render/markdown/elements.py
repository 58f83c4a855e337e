"""The elements of HTML: what between angle brackets is markup, and what is text."""

import re
from collections.abc import Iterable
from dataclasses import replace

from distribute.render.rewrite import rewrite
from distribute.render.tree import Kind, Node, Tree, walk

TAG = re.compile(
    r"<(?P<end>/)?(?P<name>[A-Za-z][A-Za-z0-9]*)"
    r"(?P<attributes>(?:\s+[A-Za-z_:@][\w:.@-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*+)"
    r"\s*(?P<empty>/)?>"
)
"""A whole tag, by the grammar of CommonMark section 6.6."""

BLOCKS = frozenset(
    "address article aside blockquote body caption center col colgroup dd details dialog"
    " dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5"
    " h6 head header hgroup hr html iframe legend li main menu nav noframes noscript"
    " object ol optgroup option p pre script search section style summary table tbody td"
    " textarea tfoot th thead title tr ul video audio".split()
)
"""Elements that make a block of their own where they begin a line."""
VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)
_SPANS = frozenset(
    "a abbr acronym b bdi bdo big button canvas cite code data datalist del dfn em font i"
    " ins kbd label map mark marquee math meter nobr output picture progress q rb rp rt"
    " rtc ruby s samp select slot small span strike strong sub sup svg template time tt u"
    " var xmp noembed plaintext".split()
)
_BARE_VOID = frozenset({"br", "hr", "wbr"})
"""Void elements that mean something without attributes."""
_OPTIONAL_END = frozenset(
    "p li dt dd tr td th thead tbody tfoot colgroup caption option optgroup rb rt rtc rp"
    " body head html".split()
)


def is_markup(tag: re.Match[str]) -> bool:
    """Tell whether a match of `TAG` is a tag that browsers know, and not text.

    >>> [is_markup(TAG.match(text)) for text in ("<b>", "<model name>", "<source>")]
    [True, False, False]
    """
    name = tag["name"].lower()
    if name in VOID:
        return not tag["end"] and (
            name in _BARE_VOID or bool(tag["attributes"].strip())
        )
    return name in BLOCKS or name in _SPANS


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

    return rewrite(spans, show) if lonely else spans


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
        if name not in _OPTIONAL_END:
            lonely += nodes
    return lonely


_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "svg", "math"})


def raw_end(source: str, tag: re.Match[str]) -> int:
    """Find where a tag ends, together with the content that is not for readers."""
    name = tag["name"].lower()
    if name not in _RAW or tag["end"]:
        return tag.end()
    closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(source, tag.end())
    return closing.end() if closing else tag.end()
