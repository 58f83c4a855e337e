"""How wide a text is on a screen; the one door to wcwidth."""

import re
from functools import lru_cache

ONE_COLUMN = (
    " -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482\u048a-\u052f"
    "\u05d0-\u05ea\u060c\u061b\u061f-\u064a\u0660-\u066f\u0671-\u06d3\u2010-\u2027"
)
TWO_COLUMNS = "、-〩ぁ-ゖァ-ヺ㐀-䶿一-鿿！-｠"
"""Characters of so many columns each, whatever stands beside them, as a regular
expression has them between brackets.
"""
_PLAIN = re.compile(f"[\u00a0{ONE_COLUMN}{TWO_COLUMNS}]*")
_WIDE = re.compile(f"[{TWO_COLUMNS}]")


@lru_cache(maxsize=4096)
def display_width(text: str) -> int:
    """Count the columns a text takes up on a screen.

    >>> display_width("abc"), display_width("語")
    (3, 2)
    """
    if text.isascii():
        return len(text)
    if _PLAIN.fullmatch(text):
        return len(text) + len(_WIDE.findall(text))
    from wcwidth import wcswidth, wcwidth

    width = wcswidth(text)
    return width if width >= 0 else sum(max(wcwidth(char), 0) for char in text)
