"""One issue in one language, with everything about it decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from distribute.editions.wall_time import WallTime
from distribute.language import Language
from distribute.posts.post import Post


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided fact and where it came from: ``language``, ``pt-BR``, ``title tag``."""

    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote or translated; `url` may be empty."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A post with its language, issue, date and address decided."""

    issue: str
    """Id of the issue it belongs to: its number, or a slug where there is none."""
    number: int | None
    language: Language
    title: str
    """As subjects and pages show it: the front matter's, to the last double space."""
    slug: str
    url: str
    """Where its page is published: absolute, ASCII, percent-encoded."""
    path: str
    """The part of `url` below the site's address: ``en/some-post/``, never with a ``..``."""
    published: datetime
    """Aware."""
    updated: datetime
    """Aware; `published` unless the front matter has ``modified``."""
    authors: tuple[Author, ...]
    tags: tuple[str, ...]
    excerpt: str
    """The front matter's, as plain text; empty when there is none."""
    image: str
    """Cover as an absolute URL; empty when there is none."""
    original: bool
    """Whether it is the text the others were translated from: in the default language."""
    post: Post
    decisions: tuple[Decision, ...]
    former: tuple[str, ...] = ()
    """Old addresses that lead to its page, written as `path` is."""

    @property
    def day(self) -> date:
        """The day of publication, in the newsletter's own time zone."""
        return self.published.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of the newsletter: its editions, keyed by language."""

    id: str
    """``5``, or a slug where the newsletter does not number its issues."""
    number: int | None
    editions: Mapping[Language, Edition]
    """In the order of the configured languages."""
    send: WallTime | None = None
    """When it shall be sent, if its posts say so."""
