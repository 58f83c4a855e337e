"""Which characters may leave the house."""

import re

_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufdd0-\ufdef\ufffe\uffff"
    "\U00010000-\U0010ffff]"
)
"""What must not be, and all that lies beyond the first plane: to name the noncharacters
there one by one would take ten times as long as to look at what is found."""
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
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    illegal = filter(_is_illegal, {odd[0] for odd in _ODD.finditer(text)})
    changes = {ord(char): " " if char == _NEXT_LINE else None for char in illegal}
    return text.translate(changes) if changes else text


def _is_illegal(odd: str) -> bool:
    return ord(odd) <= 0xFFFF or ord(odd) & 0xFFFE == 0xFFFE
