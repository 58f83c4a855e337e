"""Short posts and trees, and the plain text written of them."""

from distribute.render.markdown.parse import parse
from distribute.render.text.write import to_text
from distribute.render.tree import Kind, Node


def text_of(markdown: str, *, width: int = 40) -> str:
    """Write a post, on a page narrower than in a mail."""
    return to_text(parse(markdown), width=width)


def node_of(
    kind: Kind, *children: Node, text: str = "", index: int = 0, signs: str = ""
) -> Node:
    """Make a node with what tests of text give one."""
    return Node(kind=kind, children=children, text=text, index=index, signs=signs)


def paragraph_of(text: str) -> Node:
    """Make a paragraph of words without any marks."""
    return node_of(Kind.PARAGRAPH, node_of(Kind.TEXT, text=text))
