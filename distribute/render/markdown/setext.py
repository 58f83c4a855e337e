"""Underlines: those of titles, and rules that came too close to the text above."""

import re

_SPACER = re.compile(r"^[ \t]*\\+[ \t]*(?:\n|$)", re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LONGEST = 120
_SENTENCE_END = (".", ",", ";", ":", "。", "，", "；", "：", "…", ")")


def is_title(paragraph: str, underline: str) -> bool:
    """Tell whether a paragraph is a title over its underline.

    kramdown takes one line for a title, however long; here it must also look like one,
    for many a rule stands right below a sentence or a picture.
    """
    text = _SPACER.sub("", paragraph).strip()
    if "\n" in text or not text:
        return False
    if "=" in underline:
        return True
    return (
        len(underline.strip()) > 1
        and len(text) <= _LONGEST
        and not text.endswith(_SENTENCE_END)
        and not _PICTURE.fullmatch(text)
    )
