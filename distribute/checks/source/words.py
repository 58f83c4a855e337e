"""Words as they are compared: without what stands around them and how they are set."""

import re
import unicodedata
from collections.abc import Iterable

_VOWELS = re.compile("[\u0640\u064b-\u0652\u0670\u05b0-\u05bd\u05bf-\u05c2]")
"""Points that Arabic and Hebrew may have or not, and the stroke that stretches a word."""
_PARTS_OF_WORDS = frozenset("LMN")
"""Letters, the marks on them, and numbers, by their general category."""


def folded(text: str) -> str:
    """Write words in lower case, composed, without points and the punctuation around.

    >>> folded("  “Click\u00a0here!” "), folded("→")
    ('click here', '')
    """
    bare = _VOWELS.sub("", unicodedata.normalize("NFC", text))
    words = " ".join(bare.split()).lower()
    start = _outside(words)
    return words[start : len(words) - _outside(reversed(words[start:]))]


def _outside(characters: Iterable[str]) -> int:
    """Count what comes before the first character that is part of a word."""
    count = 0
    for character in characters:
        if unicodedata.category(character)[0] in _PARTS_OF_WORDS:
            break
        count += 1
    return count
