"""Text that hangs under a mark: the body of a footnote or of a definition."""

import re

_STARTS_BLOCK = re.compile(
    r" {0,3}(?:[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|>|`{3}|~{3}|\[[^\]\n]+\]:|:[ \t]"
    r"|\{:|\||\\+[ \t]*$|</?[A-Za-z]|([-_*])[ \t]*(?:\1[ \t]*){2,}$)",
    re.MULTILINE,
)
_BEFORE_DEFINITION = re.compile(r"[^\n]*\n {0,3}:[ \t]")
_INDENT = re.compile(r"^(?: {1,4}|\t)", re.MULTILINE)


def hanging_end(source: str, start: int) -> int:
    """Find where the text ends whose first line ends at `start`.

    What is indented belongs to it, blank lines in between too; so does, without a blank
    line, a line that starts nothing else.
    """
    end = at = start
    lazy = True
    while at < len(source):
        next_line = source.find("\n", at) + 1 or len(source)
        line = source[at:next_line]
        if not line.strip():
            lazy = False
        elif line.startswith(("  ", "\t")) or (lazy and _goes_on(source, at)):
            end = next_line
        else:
            break
        at = next_line
    return end


def _goes_on(source: str, at: int) -> bool:
    starts = _STARTS_BLOCK.match(source, at) or _BEFORE_DEFINITION.match(source, at)
    return not starts


def dedented(text: str) -> str:
    """Take one level of indentation off every line but the first."""
    first, newline, rest = text.partition("\n")
    return first + newline + _INDENT.sub("", rest)
