"""Which characters may leave the house."""

import re

_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufdd0-\ufdef"
    "\ufffe\uffff]"
)
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_ILLEGAL_BEYOND = re.compile(
    "["
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}"
        for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]"
)
"""Apart, because a set that reaches beyond the first plane is slow to search for."""
_NEXT_LINE = "\x85"


def clean(text: str) -> str:
    r"""Remove what XML, HTML or a terminal cannot carry; line ends become LF.

    Gone are control characters (a tab stays, NEL is a space), surrogates, U+FEFF and
    noncharacters (XML 1.0 section 2.2). Private-use characters stay.

    >>> clean("a\x00b\r\nc")
    'ab\nc'
    """
    if text.replace("\n", "").isprintable():
        return text  # nothing below is printable, and this is asked much faster
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace(_NEXT_LINE, " ")
    legal = _ILLEGAL.sub("", unified)
    return _ILLEGAL_BEYOND.sub("", legal) if _BEYOND.search(legal) else legal
