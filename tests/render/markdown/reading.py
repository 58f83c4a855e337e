"""Markdown as tests read it: its HTML on one line, its nodes of a kind."""

from distribute.render.html.write import to_html
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, Node, Tree, walk


def html(markdown: str) -> str:
    """Write Markdown as HTML on one line."""
    return to_html(parse(markdown)).replace("\n", "").replace("<br>", "<br> ")


def nodes(tree: Tree, kind: Kind) -> list[Node]:
    """Collect the nodes of a kind."""
    return [node for node in walk(tree) if node.kind is kind]
