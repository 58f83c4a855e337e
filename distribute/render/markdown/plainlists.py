"""Plain lists, read at once: each item is one line of text, as in most lists."""

import re

from distribute.render.markdown.state import Token
from distribute.render.markdown.textlines import TEXT

_BLANKS = " \t\v\f"
_BLANK_LINE = rf"(?: [{_BLANKS}]*+ \n )"
_ITEM = rf"[ ]{{1,4}} {TEXT} [^\n]*+ \n"
_LIST = re.compile(
    rf"""
    (?: (?P<bullet> [-*+] ) | (?P<start> \d{{1,9}} ) (?P<dot> [.)] ) ) {_ITEM}
    (?: {_BLANK_LINE}*+ (?(bullet) (?P=bullet) | \d{{1,9}} (?P=dot) ) {_ITEM} )*+
    (?: \Z | {_BLANK_LINE}++ (?= \Z | [\\\#] | --- | {TEXT} ) )
    """,
    re.VERBOSE,
)
"""The whole list, if what stands below it is surely no part of it."""


def read_plain_list(source: str, start: int, line: int) -> tuple[Token, int] | None:
    """Read the list at `start`, in this line, if it is plain, and tell where it ends.

    The token is what mistune would make of it, but for what nobody asks for.
    """
    found = _LIST.match(source, start)
    if found is None:
        return None
    lines = enumerate(found[0].split("\n"), line)
    items = [(number, item) for number, item in lines if item.strip(_BLANKS)]
    tight = items[-1][0] - line < len(items)
    kind = "block_text" if tight else "paragraph"
    token = {
        "type": "list",
        "tight": tight,
        "attrs": {"ordered": not found["bullet"], "start": int(found["start"] or 1)},
        "children": [_item(kind, item, number) for number, item in items],
    }
    return token, found.end()


def _item(kind: str, item: str, line: int) -> Token:
    text = item.partition(" ")[2].lstrip(" ") + "\n"
    return {
        "type": "list_item",
        "children": [{"type": kind, "text": text, "line": line}],
    }
