"""What a feed is, in the words of RFC 4287."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from distribute.editions.edition import Author
from distribute.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One edition in a feed. All instants are aware, all URLs absolute and ASCII."""

    id: str
    """``tag:`` URI with the language in it (RFC 4151), the same in every format."""
    title: str
    """Plain text; ``<`` and ``&`` are themselves."""
    link: str
    language: Language
    published: datetime
    updated: datetime
    authors: tuple[Author, ...]
    """At least one."""
    categories: tuple[str, ...]
    summary: str
    """Plain text."""
    content: str
    """HTML, inside a ``div`` with ``lang`` and ``dir``."""
    image: str = ""
    translations: Mapping[Language, str] = field(default_factory=dict)
    """Page address of the same issue in each other language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The newest entries of one language, newest first."""

    id: str
    title: str
    subtitle: str
    language: Language
    link: str
    """The home page of this language."""
    folder_url: str
    """Where its documents are published, with a trailing slash; ``rss.xml``, ``atom.xml``
    and ``feed.json`` follow."""
    updated: datetime
    """Of the entry that was changed last."""
    entries: tuple[Entry, ...]
    """At least one."""
    category_scheme: str = ""
    """URI of the list that the categories belong to."""
    translations: Mapping[Language, str] = field(default_factory=dict)
    """`folder_url` of each other language's feed."""

    @property
    def published(self) -> datetime:
        """When the newest entry was published."""
        return max(entry.published for entry in self.entries)
