"""Tags: words that the house gives to people, to choose among them.

A tag is written one way however it came: ``Press Office`` and ``press office`` are both
``press-office``.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from distribute.errors import AudienceError

LONGEST_TAG = 64
"""Characters of one tag."""
MOST_TAGS = 50
"""Tags of one person."""

_LIST_MARKS = re.compile(r"[,;،؛、]")


@lru_cache(maxsize=1024)
def parse_tags(text: str) -> tuple[str, ...]:
    """Read tags with a comma or semicolon between them: sorted, each once.

    >>> parse_tags("VIP; Press  Office, vip")
    ('press-office', 'vip')

    Raises `AudienceError` for too many, too long ones, and such as cannot be printed.
    """
    marked = _LIST_MARKS.split(unicodedata.normalize("NFKC", text))
    tags = sorted({tag for tag in map(_tag, marked) if tag})
    if len(tags) > MOST_TAGS:
        raise AudienceError(f"more than {MOST_TAGS} tags")
    return tuple(tags)


def format_tags(tags: Sequence[str]) -> str:
    """Write what `parse_tags` reads.

    >>> format_tags(("press-office", "vip"))
    'press-office; vip'
    """
    return "; ".join(tags)


def _tag(text: str) -> str:
    """Give the one way to write a tag; empty if nothing is there.

    Folding the case may leave what NFKC would write in another way.
    """
    folded = unicodedata.normalize("NFKC", text.casefold())
    tag = "-".join(folded.split())
    if not tag.isprintable():
        raise AudienceError(f"the tag {tag[:LONGEST_TAG]!r} cannot be printed")
    if len(tag) > LONGEST_TAG:
        raise AudienceError(
            f"the tag {tag[:20]!r}… is longer than {LONGEST_TAG} characters"
        )
    return tag
