"""How a ``style`` lets an element be seen: its colours, the size of its letters, or not."""

import re
from functools import lru_cache

from distribute.errors import RenderError
from distribute.render.theme.colours import parse_colour

_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([#\w]+)\s*(?=[;!]|$)", re.IGNORECASE)
_GROUND = re.compile(
    r"(?:^|;)\s*background(?:-color)?\s*:\s*([#\w]+)\s*(?=[;!]|$)", re.IGNORECASE
)
_LETTERS = re.compile(r"(?:^|;)\s*font-size\s*:\s*(\d+(?:\.\d+)?)px", re.IGNORECASE)
_HIDDEN = re.compile(
    r"(?:^|;)(?:display:none|visibility:hidden|(?:opacity|max-height):0(?:px)?(?=[;!]|$))"
)
"""What keeps an element from being seen, in a style without spaces."""


@lru_cache(maxsize=1024)
def colours_in(style: str) -> tuple[str, str]:
    """Read the colour of text and of its ground, in six digits; empty where it has none.

    >>> colours_in("color:navy; background:#fff; color:#112233")
    ('#112233', '#ffffff')
    """
    colour, ground = _COLOUR.findall(style), _GROUND.findall(style)
    return six_digits(*colour[-1:]), six_digits(*ground[-1:])


@lru_cache(maxsize=1024)
def six_digits(written: str = "") -> str:
    """Write a colour in six digits; empty for words that are none, such as ``inherit``."""
    try:
        return parse_colour(written) if written else ""
    except RenderError:
        return ""


@lru_cache(maxsize=1024)
def letters_in(style: str) -> float:
    """Read how large letters are; 0 if it is not said in pixels."""
    sizes = _LETTERS.findall(style)
    return float(sizes[-1]) if sizes else 0


@lru_cache(maxsize=1024)
def is_hiding(style: str) -> bool:
    """Tell whether an element is there without being seen."""
    return _HIDDEN.search("".join(style.split()).lower()) is not None
