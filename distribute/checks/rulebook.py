"""All rules in one book; whatever is found anywhere is an instance of one of them."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import chain
from types import MappingProxyType

from distribute.checks import finished
from distribute.checks.rule import Rule
from distribute.checks.rules import editions, feeds, links, markdown, posts, waivers
from distribute.checks.source import families as source

_BOOKS: Sequence[Sequence[Rule]] = (
    posts.RULES,
    editions.RULES,
    markdown.RULES,
    links.RULES,
    feeds.RULES,
    finished.RULES,
    source.RULES,
    waivers.RULES,
)
"""A family of checks adds its ``RULES`` here when it is registered in `inspect`."""

RULEBOOK: Mapping[str, Rule] = MappingProxyType(
    {rule.id: rule for rule in sorted(chain(*_BOOKS), key=lambda rule: rule.id)}
)
"""Every rule by its id, in the order of the alphabet."""


def meant(written: str) -> str:
    """Give the id of the rule that a misspelt one was meant for; empty if none is near.

    >>> meant("link-boken")
    'link-broken'
    """
    close = get_close_matches(written.strip().lower(), RULEBOOK, n=1)
    return close[0] if close else ""
