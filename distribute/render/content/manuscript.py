"""All that rendering sees of an edition: so its content depends on nothing else of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.posts.post import digest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """A text to be rendered, with what it may say of itself and of the newsletter."""

    path: PurePath = field(compare=False)
    """As findings shall print it."""
    name: str
    """Its path below the newsletter's folder, with slashes."""
    read: Callable[[], str] = field(compare=False, repr=False)
    """Gives its Markdown; the digest stands for it, as most are known by that alone."""
    digest: str
    """The `distribute.posts.post.digest_of` its Markdown."""
    body_line: int
    """Line of the file on which the body begins, from 1."""
    excerpt: str
    """As its author wrote it; may be empty, as may the preheader."""
    preheader: str
    title: str
    url: str
    """Where its page is published."""
    site_title: str
    """The newsletter's title in the language of the text."""
    site_url: str

    @property
    def body(self) -> str:
        """Its Markdown."""
        return self.read()


def manuscript_of(edition: Edition, publication: Publication) -> Manuscript:
    """Take from an edition what is rendered."""
    post = edition.post
    front_matter = post.front_matter
    return Manuscript(
        path=post.path,
        name=_below(post.path, publication.folder),
        read=lambda: post.body,
        digest=post.digest or digest_of(post.body),
        body_line=post.body_line,
        excerpt=front_matter.excerpt or edition.excerpt,
        preheader=front_matter.preheader,
        title=edition.title,
        url=edition.url,
        site_title=publication.title_in(edition.language),
        site_url=publication.url,
    )


def _below(path: PurePath, folder: PurePath) -> str:
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return path.as_posix()
