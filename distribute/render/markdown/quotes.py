"""Where a quotation ends, of which kramdown has another opinion than mistune."""

import re
from collections.abc import Callable

_MARKED = re.compile(r" {0,3}>")
_EMPTY = re.compile(r" {0,3}>[ \t]*(?:\n|$)")
_CODE = re.compile(r" {0,3}> ?(?: {4}| {0,3}\t| {0,3}(?:```|~~~))")
"""What may begin a quotation of which each line is marked."""

Matcher = Callable[[str, int], re.Match[str] | None]


def early_end(source: str, start: int, ending: Matcher, others: Matcher) -> int | None:
    """Find what ends a quotation because it has no ``>``: attributes, or a list.

    Attributes are about the whole quotation, whatever stands in that at its end; and a
    list is not for a quotation to read, which may itself have ended a list, and so on.
    `None` where something else comes before: an empty line, or what `others` finds. No
    further than mistune reads is looked, lest many quotations take for ever.
    """
    may_lack_mark = not (_CODE.match(source, start) or _EMPTY.match(source, start))
    after_empty = False
    while start < len(source):
        if _MARKED.match(source, start):
            after_empty = _EMPTY.match(source, start) is not None
        elif (found := ending(source, start)) and not _is_empty_item(found):
            return start
        elif after_empty or not may_lack_mark or others(source, start):
            return None
        start = source.find("\n", start) + 1 or len(source)
    return None


def _is_empty_item(found: re.Match[str]) -> bool:
    """Tell a mark of a list without any words, which goes on with the text above it."""
    return found["list_3"] is not None and not found["list_3"].strip()
