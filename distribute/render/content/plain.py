"""An edition as plain text: the other half of its e-mail."""

from distribute.editions.edition import Edition
from distribute.render.content.content import read_tree
from distribute.render.content.surroundings import Surroundings
from distribute.render.text.write import to_text


def render_text(edition: Edition, surroundings: Surroundings) -> str:
    """Write the whole post as plain text with numbered links, LF line ends.

    It reads the post once more, apart from `render_content`: only mails need it, those of
    one issue at a time, while pages and feeds are made of every post. Pure, and it never
    fails on what an author wrote.
    """
    return to_text(read_tree(edition, surroundings).tree)
