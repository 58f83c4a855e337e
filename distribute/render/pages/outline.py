"""The table of contents of a long post."""

import re
from collections.abc import Sequence

from distribute.language import Language
from distribute.render.document import Content, Heading

LONG = 6000
"""Letters that take about five minutes to read."""
LONG_IN_CHARACTERS = 2500
"""The same where a character is a syllable or a word."""
_IN_CHARACTERS = frozenset({"ja", "ko", "zh"})
_FEWEST = 3
_MOST = 14
"""Where both levels together have more entries, the upper one is enough."""
_TAG = re.compile(r"<[^>]*>")
_OWN = re.compile(r'<[a-z]+ [^>]*class="(?:[^"]* )?(?:toc|contents)[ "]')


def outline_of(content: Content, language: Language) -> Sequence[Heading]:
    """List the headings that lead through a long post, of its two upper levels.

    Nothing for a post that is soon read, that has hardly any headings, or whose author
    made a table of contents.
    """
    long = LONG_IN_CHARACTERS if language.primary in _IN_CHARACTERS else LONG
    shown = _upper(content.headings)
    if not shown or _is_shorter(content.html, long) or _OWN.search(content.html):
        return ()
    return shown


def _is_shorter(html: str, length: int) -> bool:
    """Tell whether so much is not left without the tags; the beginning mostly tells."""
    beginning = html[: 2 * length].rpartition("<")[0]
    return all(len(_TAG.sub("", part)) < length for part in (beginning, html))


def _upper(headings: Sequence[Heading]) -> Sequence[Heading]:
    linked = [heading for heading in headings if heading.id]
    top = [heading for heading in linked if heading.level == 2]
    two = [heading for heading in linked if heading.level <= 3]
    shown = top if len(two) > _MOST and len(top) >= _FEWEST else two
    return shown if len(shown) >= _FEWEST else ()
