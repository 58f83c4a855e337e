"""Text that begins no block, known at a look: most lines of most posts are such."""

import re

SPACERS = re.compile(r"(?:[ \t]*\\{1,3}[ \t\u00a0\u200b]*(?:\n|$))+")
"""Lines of backslashes, which are a break in a text, and nothing anywhere else."""

TEXT = r"""
    (?: [^\s\d\\`~\#=\-_*+$@{^[:><|]
    |   \*(?!\[)\**+[^\s*]                 # emphasis: no item, rule or abbreviation
    |   \[[^]^[\\\n][^][\\\n]*+\](?!:)      # a link: no footnote and no reference
    )
"""
"""How text begins that is no block, if no pipe follows it in its line (verbose)."""


def text_lines(source: str) -> re.Pattern[str]:
    """Give the pattern of a paragraph's `lines`, and of what is `blank` below them."""
    return _UNPIPED_LINES if "|" in source else _LINES


def _lines(rest: str) -> re.Pattern[str]:
    return re.compile(
        rf"""
        (?P<lines>(?:
            (?: \\\\\n )?+                  # a spacer, if there is text below it
            [ ]{{0,3}}+ {TEXT} {rest} (?: \n | \Z )
        )++)
        (?P<blank> \n (?: [ \t\v\f]*+ \n )*+ )?
        """,
        re.VERBOSE,
    )


_LINES = _lines(r".*+")
_UNPIPED_LINES = _lines(r"[^\n|]*+")
"""For a source that may have tables; it takes much longer."""
