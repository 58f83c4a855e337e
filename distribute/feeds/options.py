"""How the feeds are made: what ``[feeds]`` in ``distribute.toml`` may change."""

from dataclasses import dataclass
from typing import Literal

IdStyle = Literal["tag", "jekyll", "hugo"]

LIMIT = 20
SIZE = 512 * 1024
"""Octets of one document; readers fetch it every hour, and some give up on more."""
MOST_OCTETS = 5_000_000
"""What the W3C's validator still reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedOptions:
    """The same for the feeds of all languages."""

    limit: int = LIMIT
    """The most entries of one document, at least 1."""
    size: int = SIZE
    """The most octets of one document; a single entry may be longer."""
    hub: str = ""
    """Address of a WebSub hub; empty: there is none."""
    ids: IdStyle = "tag"
    """How entries are called; see `distribute.feeds.tag_uri`."""
    combined: bool = False
    """Whether there is one more feed, ``all``, with the entries of every language."""
    editor: str = ""
    """Who answers for the content, as RSS wants it: ``mail (Name)``; or nobody."""
    rights: str = ""
    """What may be done with the text, in a sentence; may be empty."""
    icon: str = ""
    """Address of a square picture; may be empty."""
    logo: str = ""
    """Address of a picture twice as wide as high; may be empty."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a feed says in its own language, in the words of the catalogue."""

    also_in: str = ""
    """Introduces the links to the translations, with its punctuation: ``Also in:``."""
    explanation: str = ""
    """Tells somebody who sees the document in a browser what it is."""
    home: str = ""
    """The link to the page for people."""
