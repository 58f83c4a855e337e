"""Names that never change: the ``tag:`` URIs of feeds and entries (RFC 4151).

Readers recognise an entry by its id alone, some across all feeds. So the id has the
language in it, and nothing that may change later: no title, no address, no folder.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import count
from urllib.parse import quote, unquote

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.errors import SourceError
from distribute.language import Language
from distribute.render.characters import clean


def feed_id(language: Language, publication: Publication) -> str:
    """Name the feed of one language, in every format."""
    return f"tag:{publication.tag}:feed/{language.folder}"


def entry_ids(
    editions: Iterable[Edition], publication: Publication
) -> Mapping[str, str]:
    """Name all editions of one language: `Edition.url` to id, the same in every format.

    An id is ``tag:<authority>:<lang>/<slug>``. Where two have the same slug, the one
    published first keeps it, because its readers know it; the later one's has the day
    behind it. ``guid`` in the front matter wins, letter for letter: that is how a
    newsletter keeps the ids it had before it moved here.

    Raises `SourceError` where two posts have the same ``guid``: readers would show only
    one of them.
    """
    in_order = sorted(editions, key=lambda each: (each.published, each.path))
    owners: dict[str, Edition] = {}
    for edition in (each for each in in_order if _guid(each)):
        owner = owners.setdefault(_guid(edition), edition)
        if owner is not edition:
            raise _doubled(edition, owner)
    for edition in (each for each in in_order if not _guid(each)):
        owners[_first_free(_names(edition, publication), owners)] = edition
    return {edition.url: name for name, edition in owners.items()}


def category_scheme(publication: Publication) -> str:
    """Name the list that the tags of all posts belong to (RFC 4287 section 4.2.2.2)."""
    return f"tag:{publication.tag}:tags"


def _guid(edition: Edition) -> str:
    return " ".join(clean(edition.post.front_matter.guid).split())


def _names(edition: Edition, publication: Publication) -> Iterator[str]:
    """Give the ids an edition may have, the one to prefer first."""
    folder = edition.language.folder
    name = f"tag:{publication.tag}:{folder}/{_specific(edition.slug)}"
    yield name
    yield f"{name}/{edition.day}"
    yield from (f"{name}/{edition.day}/{number}" for number in count(2))


def _specific(slug: str) -> str:
    """Write a slug as RFC 4151 wants it: ASCII, the same however it was composed."""
    return quote(unicodedata.normalize("NFC", unquote(slug)), safe="/")


def _first_free(names: Iterator[str], taken: Collection[str]) -> str:
    return next(name for name in names if name not in taken)


def _doubled(edition: Edition, owner: Edition) -> SourceError:
    front_matter = edition.post.front_matter
    return SourceError(
        f"the guid {front_matter.guid!r} belongs to {owner.post.path} already",
        path=edition.post.path,
        line=front_matter.lines.get("guid", 0),
        hint="Give it another one, or none: then it gets one of its own.",
    )
