"""Captions, told by their look: Markdown has none.

Authors write a slanted line under a picture, or a link to where it comes from.
"""

import re

from distribute.render.layout.pieces import words_of

_SET_APART = re.compile(r"<(em|i|small)\b[^>]*>.*?</\1>", re.DOTALL)
_LINK = re.compile(r"<a\b[^>]*>.*?</a>", re.DOTALL)
_LONGEST_CAPTION = 280
_LONGEST_SOURCE = 40
"""A link under a picture that is neither slanted nor short is a text of its own."""
_LONGEST_LABEL = 20
"""What may stand upright beside it: ``Source:``, or a dash."""
_LONGEST_MARKUP = 4000
_NEVER = ("<strong", "<img", ' class="button')


def is_caption(html: str) -> bool:
    """Tell a slanted line, or a short link with its label, from running text.

    >>> is_caption("<em>A boat</em>"), is_caption("A <em>boat</em> that has sunk today")
    (True, False)
    """
    if "<" not in html or len(html) > _LONGEST_MARKUP:
        return False
    if any(sign in html for sign in _NEVER):
        return False
    words = words_of(html)
    if not words or len(words) > _LONGEST_CAPTION:
        return False
    upright = _SET_APART.sub("", html)
    label = words_of(_LINK.sub("", upright))
    source = len(words_of(upright)) - len(label)
    return (
        len(label) <= _LONGEST_LABEL
        and source <= _LONGEST_SOURCE
        and len(label) < len(words)
    )
