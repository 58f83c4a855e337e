"""Keep the punctuation of Latin words at their side in a text that runs from the right.

By the rules of Unicode (UAX 9), the plus signs of ``C++`` and the point of ``.NET`` belong
to the Arabic around them, and are shown on the far side of the word: ``++C``. A
left-to-right mark beside them, which shows nothing, makes them part of the word. It does
so in every mail program, unlike ``<bdi>``, and does not tear "Visual C++" apart, as
wrapping the word alone would.
"""

import re

from distribute.language import Language

LEFT_TO_RIGHT_MARK = "\u200e"

_TAG = re.compile(r"""(<(/?)([a-z][a-z0-9]*)(?:\s+[^\s"'<>/=]+(?:="[^"]*")?)*\s*/?>)""")
_VERBATIM = frozenset({"code", "kbd", "pre", "samp"})
_TRAILING = re.compile(r"(?<=[A-Za-z])[+#*/]+(?=[\s<)\].,:;!?»،؛؟]|$)")
_LEADING = re.compile(r"[.@#$~]+(?=[A-Za-z])")
_SUSPECT = re.compile(r"[A-Za-z][+#*/]|[.@#$~][A-Za-z]")
"""Where one of the two may match, and cheaper to look for."""
_OPENING = frozenset("([>«")


def in_direction(html: str, language: Language) -> str:
    """Mark a clean fragment where its language runs from right to left."""
    return hold_latin(html) if language.direction == "rtl" else html


def hold_latin(html: str) -> str:
    """Mark the words of a clean HTML fragment that need it; code stays as it is.

    >>> hold_latin("<p>لغة C++ أو C</p>").count(LEFT_TO_RIGHT_MARK)
    1
    """
    out: list[str] = []
    verbatim = 0
    end = 0
    for tag in _TAG.finditer(html):
        text = html[end : tag.start()]
        out += (text if verbatim else _hold(text), tag[0])
        if tag[3] in _VERBATIM:
            verbatim += -1 if tag[2] else 1
        end = tag.end()
    return "".join([*out, _hold(html[end:])])


def _hold(text: str) -> str:
    if _SUSPECT.search(text) is None:
        return text
    text = _TRAILING.sub(rf"\g<0>{LEFT_TO_RIGHT_MARK}", text)
    return _LEADING.sub(_led, text)


def _led(signs: re.Match[str]) -> str:
    # What stands before is looked at here: a pattern that begins with it is slow.
    before = signs.string[max(signs.start() - 1, 0) : signs.start()]
    begins_word = not before or before.isspace() or before in _OPENING
    return f"{LEFT_TO_RIGHT_MARK}{signs[0]}" if begins_word else signs[0]
