"""Chinese, Japanese and Korean writing, where Markdown was made for spaces."""

import re

_WIDE = (
    (0x1100, 0x11FF),  # Hangul Jamo
    (0x2E80, 0x303F),  # radicals, CJK symbols and punctuation
    (0x3040, 0x33FF),  # kana, bopomofo, compatibility Jamo, enclosed forms
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),  # Hangul syllables
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),  # vertical forms
    (0xFF01, 0xFF60),  # full-width forms
    (0xFF61, 0xFF9F),
    (0xFFE0, 0xFFE6),
    (0x20000, 0x3FFFF),
)
_HANGUL = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF))


def _one_of(ranges: tuple[tuple[int, int], ...]) -> str:
    return "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges) + "]"


JOINING = f"(?!{_one_of(_HANGUL)}){_one_of(_WIDE)}"
"""Pattern of one character for which `joins_lines` holds."""
_CJK = re.compile(_one_of(_WIDE))
_JOINING = re.compile(JOINING)
_FIRST = "\u1100"


def is_cjk(char: str) -> bool:
    """Tell whether a character, or "", belongs to East Asian writing, marks included.

    >>> [is_cjk(char) for char in ("語", "「", "，", "한", "a", "“", "")]
    [True, True, True, True, False, False, False]
    """
    return char >= _FIRST and _CJK.match(char) is not None


def count_cjk(text: str) -> int:
    """Count the characters for which `is_cjk` holds.

    >>> count_cjk("a语言 b")
    2
    """
    return len(_CJK.findall(text))


def joins_lines(char: str) -> bool:
    """Tell whether a line may end at this character without a space: not in Korean.

    >>> [joins_lines(char) for char in ("語", "。", "한", "a", "")]
    [True, True, False, False, False]
    """
    return char >= _FIRST and _JOINING.match(char) is not None
