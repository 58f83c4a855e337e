"""Words of any language, to be compared and counted."""

import re

_APART = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
"""Chinese and Japanese: each character by itself, for they have no spaces."""
_BETWEEN = r"\s!-/:-@\[-`{-~\u00a1-\u00bf\u2000-\u206f"
"""What parts words. Marks do not: Hindi and Thai write vowels with them."""
_LETTER = f"[^{_APART}{_BETWEEN}]"
_WORD = re.compile(
    rf"[{_APART}]|{_LETTER}+(?:['’-]{_LETTER}+)*\s*|\s+|.",
    re.DOTALL,
)
_URL = re.compile(r"https?://[!-~]+")


def split_words(text: str) -> list[str]:
    """Part a text into words, each with the space behind it, and what is between them.

    >>> split_words("Don’t say NLP简报!")
    ['Don’t ', 'say ', 'NLP', '简', '报', '!']
    """
    return _WORD.findall(text)


def count_words(text: str) -> int:
    """Count words, or characters where each stands by itself; addresses are none.

    >>> count_words("Two words, 三个字: https://example.org/a-b")
    5
    """
    return sum(map(is_word, split_words(_URL.sub(" ", text))))


def is_word(piece: str) -> bool:
    """Tell a word from what is between words."""
    return piece[0].isalnum()
