"""What a feed is, in the words of RFC 4287 and of RFC 5005 (archived feeds)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from distribute.editions.edition import Author
from distribute.language import Language


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and what is known about its file; empty and 0 where nothing is."""

    url: str
    media_type: str = ""
    width: int = 0
    height: int = 0
    octets: int = 0


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file to be fetched along with an entry; `octets` is its true length."""

    url: str
    media_type: str
    octets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One edition in a feed. All instants are aware, all URLs absolute and ASCII."""

    id: str
    """The same in every format; see `distribute.feeds.tag_uri`."""
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
    image: Picture | None = None
    enclosure: Enclosure | None = None
    rights: str = ""
    """Where other rights hold for it than for the feed."""
    translations: Mapping[Language, str] = field(default_factory=dict)
    """Page address of the same issue in each other language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One document of a feed: the newest entries, or a page of its archive."""

    id: str
    """The same for all documents of the feed."""
    title: str
    subtitle: str
    language: Language
    """Of the feed's own words; of the entries too, unless they are `mixed`."""
    link: str
    """The home page of this language."""
    folder_url: str
    """Where its documents are published, with a trailing slash."""
    published: datetime
    """When the newest entry was published."""
    updated: datetime
    """When the entry was changed that was changed last."""
    entries: tuple[Entry, ...]
    """At least one, newest first."""
    category_scheme: str = ""
    """URI of the list that the categories belong to."""
    translations: Mapping[Language, str] = field(default_factory=dict)
    """`folder_url` of each other language's feed."""
    mixed: bool = False
    """Whether its entries are in several languages, and it is in none."""
    page: int = 0
    """Number of this page of the archive, from the oldest; 0 for the current document."""
    older: int = 0
    """Number of the archive page with what came before; 0 if there is none."""
    hub: str = ""
    """Address of the WebSub hub; empty: there is none."""
    editor: str = ""
    """Who answers for it, ``mail (Name)``; may be empty."""
    rights: str = ""
    icon: str = ""
    logo: str = ""
    explanation: str = ""
    """What somebody reads who opens the document in a browser; may be empty."""
    home: str = ""
    """Words of the link to `link` behind the explanation."""

    def url(self, name: str) -> str:
        """Give the address of this document in the format that ``rss.xml`` stands for."""
        return self.folder_url + document_name(name, self.page)

    def current_url(self, name: str) -> str:
        """Give the address of the document that a reader subscribes to."""
        return self.folder_url + name

    def older_url(self, name: str) -> str:
        """Give the address of the archive page before this document; empty if none."""
        return self.folder_url + document_name(name, self.older) if self.older else ""


def document_name(name: str, page: int) -> str:
    """Name a document of a feed: ``rss.xml``, and ``rss-2.xml`` in the archive."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{page}.{suffix}" if page else name
