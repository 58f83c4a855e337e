"""All that rendering sees of an edition: so its content depends on nothing else of it."""

from dataclasses import dataclass, field
from pathlib import PurePath

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """A text to be rendered, with what it may say of itself and of the newsletter."""

    path: PurePath = field(compare=False)
    """As findings shall print it."""
    name: str
    """Its path below the newsletter's folder, with slashes."""
    body: str
    """Markdown."""
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


def manuscript_of(edition: Edition, publication: Publication) -> Manuscript:
    """Take from an edition what is rendered."""
    front_matter = edition.post.front_matter
    return Manuscript(
        path=edition.post.path,
        name=_below(edition.post.path, publication.folder),
        body=edition.post.body,
        body_line=edition.post.body_line,
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
