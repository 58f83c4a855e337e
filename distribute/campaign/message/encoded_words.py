"""Text beyond ASCII in a header: RFC 2047 encoded words, exact in every decoder.

The B encoding, for decoders disagree about underscores and spaces in Q. A word never
ends inside a character (section 5), nor inside what readers see as one where another
place is to be had. All but the last hold a multiple of three octets, so that none has
padding in the middle of the text: GMime joins words before it decodes them, and stops
at the first padding.
"""

import unicodedata
from binascii import b2a_base64
from collections.abc import Iterable, Iterator
from itertools import accumulate

_FRAME = len("=?utf-8?b??=")
_WORD = 75
"""Longest encoded word, frame included (RFC 2047 section 2)."""
_LINE = 76
"""Longest line that holds one (same section)."""
_JOINER = "\u200d"


def encoded_words(text: str, *, column: int) -> list[str]:
    """Write a text as encoded words, each meant for a line of its own.

    `column` is how much of the first line is taken already; the following lines begin
    with the one space that folds them. The text must be free of lone surrogates.

    >>> encoded_words("Ünïcode", column=9)
    ['=?utf-8?b?w5xuw69jb2Rl?=']
    """
    words: list[str] = []
    longest = min(_WORD, _LINE - column)
    while len(text.encode("utf-8")) > _octets(longest):
        head, word = _first_word(text, longest)
        words.append(word)
        text = text.removeprefix(head)
        longest = _WORD
    return [*words, _base64(text)]


def _octets(characters: int) -> int:
    """Count the octets that base64 fits in an encoded word of so many characters."""
    return (characters - _FRAME) // 4 * 3


def _base64(text: str) -> str:
    encoded = b2a_base64(text.encode("utf-8"), newline=False).decode("ascii")
    return f"=?utf-8?b?{encoded}?="


def _quoted(text: str) -> str:
    """Write a word in the Q encoding, which never has padding."""
    encoded = "".join(f"={octet:02X}" for octet in text.encode("utf-8"))
    return f"=?utf-8?q?{encoded}?="


def _first_word(text: str, longest: int) -> tuple[str, str]:
    """Cut off what goes into the next word, as it is and encoded.

    As many clusters as fit and make a multiple of three octets. Where there is no such
    place, as in an ``a`` before letters of three octets, one cluster in Q; and if that
    is too long for it, the same with characters.
    """
    window = text[: longest + 1]  # its last cluster may be cut off
    choices: tuple[Iterable[str], ...] = (clusters(window), window)
    for units in choices:
        heads = list(accumulate(units))
        aligned = [head for head in heads if _is_aligned(head, longest)]
        if aligned and aligned[-1] != window:
            return aligned[-1], _base64(aligned[-1])
        if len(word := _quoted(heads[0])) <= longest:
            return heads[0], word
    raise AssertionError("one character always fits")


def _is_aligned(head: str, longest: int) -> bool:
    size = len(head.encode("utf-8"))
    return size <= _octets(longest) and size % 3 == 0


def clusters(text: str) -> Iterator[str]:
    """Cut a text into what readers see as one character each.

    Close to the extended grapheme clusters of Unicode Annex 29, without its tables:
    combining marks, emoji sequences, flags and Hangul syllables stay whole.

    >>> len(list(clusters("e\u0301👩🏽\u200d💻🇧🇷")))
    3
    """
    cluster = ""
    for character in text:
        if cluster and not _continues(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _continues(cluster: str, character: str) -> bool:
    if character < "\u0300":
        return False
    if _is_regional(character):
        return len(cluster) == 1 and _is_regional(cluster)
    return cluster[-1] == _JOINER or _extends(character)


def _is_regional(character: str) -> bool:
    """Tell whether it is one of the letters that make a flag in pairs."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _extends(character: str) -> bool:
    return (
        character == _JOINER
        or unicodedata.category(character)[0] == "M"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags of regional flags
        or "\u1160" <= character <= "\u11ff"  # Hangul vowels and finals
    )
