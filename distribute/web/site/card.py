"""What one file tells about an edition besides its text, and about the newsletter."""

from dataclasses import fields
from operator import attrgetter

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.posts.post import FrontMatter
from distribute.web.fingerprint import fingerprint_of

_OF_THE_TEXT = frozenset({"post", "decisions"})
_OF_THE_DISK = frozenset({"folder", "files", "assets", "line_of"})
"""What lies in the newsletter's folder; what is shown of it, contents and covers say."""

_facts_of = attrgetter(
    *(each.name for each in fields(Edition) if each.name not in _OF_THE_TEXT)
)
_head_of = attrgetter(
    *(each.name for each in fields(FrontMatter) if each.name != "lines")
)

_MASTHEAD = tuple(
    each.name for each in fields(Publication) if each.name not in _OF_THE_DISK
)


def card_of(edition: Edition) -> str:
    """Fingerprint what was decided about an edition and what its front matter says."""
    return fingerprint_of(_facts_of(edition), _head_of(edition.post.front_matter))


def masthead_of(publication: Publication) -> str:
    """Fingerprint what all files of the site say about the newsletter."""
    return fingerprint_of({name: getattr(publication, name) for name in _MASTHEAD})
