"""How wide a text is on a screen; the one door to wcwidth."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def display_width(text: str) -> int:
    """Count the columns a text takes up on a screen.

    >>> display_width("abc"), display_width("語")
    (3, 2)
    """
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth, wcwidth

    width = wcswidth(text)
    return width if width >= 0 else sum(max(wcwidth(char), 0) for char in text)
