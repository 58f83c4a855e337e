"""Indented code: where it ends, and what it says."""

import re

from mistune.util import expand_leading_tab

INDENTED = r"(?: {4}| *\t)[^\n]"
"""How a line of code begins."""
_LINES = re.compile(rf"(?:{INDENTED}+(?:\n|\Z)|[^\S\n]*\n|[^\S\n]+\Z)*")
_INDENT = re.compile(r"^ {1,4}", re.MULTILINE)


def read_indented(source: str, start: int) -> tuple[str, int]:
    r"""Read the code that begins at `start`, and tell where it ends.

    Blank lines between its lines belong to it; those around it do not.

    >>> read_indented("    a\n\n\tb\nc", 0)
    ('a\n\nb', 10)
    """
    lines = _LINES.match(source, start)
    end = lines.end() if lines else start
    return _INDENT.sub("", expand_leading_tab(source[start:end])).strip("\n"), end
