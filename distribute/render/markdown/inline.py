"""The text of one block becomes nodes: at once if it is plain, else rule by rule."""

from collections.abc import MutableMapping
from functools import cache
from typing import Any, Final

from distribute.render.markdown.breaks import BREAKS, settle_breaks
from distribute.render.markdown.elements import show_unpaired
from distribute.render.markdown.plainspans import plain_spans
from distribute.render.markdown.spanrules import SpanRules
from distribute.render.markdown.spans import span_nodes
from distribute.render.tree import Kind, Tree, walk

_BLANKS: Final = " \r\n\t\f"


def read_spans(text: str, line: int, env: MutableMapping[str, Any]) -> Tree:
    """Read the text of a block that begins at a line; `env` is that of its `State`."""
    stripped = text.lstrip(_BLANKS)
    line += text.count("\n", 0, len(text) - len(stripped))
    stripped = stripped.rstrip(_BLANKS)
    plain = plain_spans(stripped, line, has_references=bool(env["ref_links"]))
    return read_all_spans(stripped, line, env) if plain is None else plain


def read_all_spans(text: str, line: int, env: MutableMapping[str, Any]) -> Tree:
    """Read any text that has no blanks around it, by all the rules there are."""
    nodes = span_nodes(_span_rules().spans(text, line, env))
    kinds = {node.kind for node in walk(nodes)}
    if Kind.HTML in kinds:
        nodes = show_unpaired(nodes)
    return nodes if kinds.isdisjoint(BREAKS) else settle_breaks(nodes)


@cache
def _span_rules() -> SpanRules:
    return SpanRules()
