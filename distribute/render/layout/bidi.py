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

_VERBATIM = re.compile(r"<(/?)(?:code|kbd|pre|samp)[\s>]")
_TRAILING = re.compile(r"(?<=[A-Za-z])[+#*/]+(?=[\s<)\].,:;!?»،؛؟]|$)")
_LEADING = re.compile(r"[.@#$~]+(?=[A-Za-z])")
_UNSUSPECTED = re.compile(
    r"(?:<[^<>]*>?|[^<+#*/.@$~]+|(?<![A-Za-z])[+*/]|[.@$~](?![A-Za-z])"
    r"|(?<![A-Za-z])#(?![A-Za-z]))*"
)
"""Tags, and text where neither of the two can match: nearly all there is."""
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
    verbatim = end = 0
    while (place := _next_suspect(html, end)) < len(html):
        start = html.rfind(">", end, place) + 1 or end
        verbatim += _deeper(html, end, start)
        out.append(html[end:start])
        end = _text_end(html, place)
        text = html[start:end]
        out.append(text if verbatim else _hold(text))
    return "".join([*out, html[end:]])


def _next_suspect(html: str, start: int) -> int:
    unsuspected = _UNSUSPECTED.match(html, start)
    return unsuspected.end() if unsuspected else start


def _text_end(html: str, start: int) -> int:
    tag = html.find("<", start)
    return len(html) if tag < 0 else tag


def _deeper(html: str, start: int, end: int) -> int:
    """Count the elements that begin in between and are shown as they stand."""
    return sum(-1 if tag[1] else 1 for tag in _VERBATIM.finditer(html, start, end))


def _hold(text: str) -> str:
    text = _TRAILING.sub(rf"\g<0>{LEFT_TO_RIGHT_MARK}", text)
    return _LEADING.sub(_led, text)


def _led(signs: re.Match[str]) -> str:
    # What stands before is looked at here: a pattern that begins with it is slow.
    before = signs.string[max(signs.start() - 1, 0) : signs.start()]
    begins_word = not before or before.isspace() or before in _OPENING
    return f"{LEFT_TO_RIGHT_MARK}{signs[0]}" if begins_word else signs[0]
