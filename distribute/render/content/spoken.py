"""A sentence of the front matter, written in Markdown, as one line of plain text."""

import re
from collections.abc import Iterator
from pathlib import PurePath

from distribute.render.content.formula import settle_formulas
from distribute.render.html.read import read_html
from distribute.render.html.settle import settle_html
from distribute.render.liquid.resolve import LiquidContext, resolve_liquid
from distribute.render.markdown.parse import parse
from distribute.render.tree import TEXT_BLOCKS, Kind, Tree, own_spans, plain_text, walk

_NUMBER = re.compile(r"\A(\d+)([.)] )")
"""What would begin a list, but in a sentence is a number."""
_SPACER = re.compile(r"\A\s*\\\\\s+")
"""A spacer line that YAML has folded into the line below it."""
_LEAVES = TEXT_BLOCKS | {Kind.CODE_BLOCK, Kind.MATH_BLOCK}


def spoken(markdown: str, context: LiquidContext) -> str:
    """Take Markdown, HTML, comments and Liquid out of what an author wrote.

    >>> spoken("A *new* <b>issue</b> &amp; more", LiquidContext())
    'A new issue & more'
    """
    if not markdown.strip():
        return ""
    resolved, _ = resolve_liquid(markdown, context)
    sentence = _NUMBER.sub(r"\1\\\2", _SPACER.sub("", resolved).strip())
    tree, _ = settle_html(parse(sentence), path=PurePath())
    return " ".join(" ".join(_texts(settle_formulas(tree))).split())


def _texts(tree: Tree) -> Iterator[str]:
    for block in walk(tree):
        if block.kind is Kind.HTML_BLOCK:
            yield from _texts(read_html(block.text))
        elif block.kind in _LEAVES:
            yield block.signs or block.text or plain_text(own_spans(block))
