"""Names that never change: the ``tag:`` URIs of feeds and entries (RFC 4151).

Readers recognise an entry by its id alone, some across all feeds. So the id has the
language in it, and nothing that may change later: no title, no address, no folder.

Who came from elsewhere can keep the ids that readers know: those of jekyll-feed and of
Hugo are addresses, so that these must stay.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import count
from urllib.parse import quote, unquote

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.errors import SourceError
from distribute.feeds.options import IdStyle
from distribute.render.characters import clean

_IN_PATH = "!$&'()*+,;=:@~-._"
"""What RFC 3986 allows in a path beside letters and digits."""


def feed_id(folder: str, publication: Publication) -> str:
    """Name the feed of one language, given by its folder, in every format."""
    return f"tag:{publication.tag}:feed/{folder}"


def entry_ids(
    editions: Iterable[Edition], publication: Publication, *, style: IdStyle = "tag"
) -> Mapping[str, str]:
    """Name all editions of one language: `Edition.url` to id, the same in every format.

    An id is ``tag:<authority>:<lang>/<slug>``. Where two have the same slug, the one
    published first keeps it, because its readers know it; the later one's has the day
    behind it. ``guid`` in the front matter wins, letter for letter: that is how a
    newsletter keeps the ids it had before it moved here. `style` lets it have all of them
    as jekyll-feed or Hugo made them.

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
        names = _names(edition, publication, style)
        owners[_first_free(names, owners)] = edition
    return {edition.url: name for name, edition in owners.items()}


def category_scheme(publication: Publication) -> str:
    """Name the list that the tags of all posts belong to (RFC 4287 section 4.2.2.2)."""
    return f"tag:{publication.tag}:tags"


def _guid(edition: Edition) -> str:
    return " ".join(clean(edition.post.front_matter.guid).split())


def _names(edition: Edition, publication: Publication, style: IdStyle) -> Iterator[str]:
    """Give the ids an edition may have, the one to prefer first."""
    if style == "jekyll":
        yield _as_jekyll(edition, publication)
    if style != "tag":
        yield edition.url  # what Hugo's template calls Permalink
    folder = edition.language.folder
    name = f"tag:{publication.tag}:{folder}/{_specific(edition.slug)}"
    yield name
    yield f"{name}/{edition.day}"
    yield from (f"{name}/{edition.day}/{number}" for number in count(2))


def _as_jekyll(edition: Edition, publication: Publication) -> str:
    """Write what jekyll-feed makes of ``post.id``.

    That is the folder of its address, and then the name of its file as it is, without
    the date and the last suffix; or the slug that the front matter gives it. It is read
    as a URL then, so that ``#4`` in a name is a fragment, and what stands behind it.
    """
    post = edition.post
    folder = edition.path.rstrip("/").rpartition("/")[0]
    slug = post.front_matter.slug or post.file_name.title.rstrip(".")
    path, _, fragment = unicodedata.normalize("NFC", clean(slug)).partition("#")
    path, _, query = path.partition("?")
    name = quote(unquote(path.rstrip()), safe=_IN_PATH)
    for mark, part in (("?", query), ("#", fragment)):
        name += mark + quote(unquote(part), safe=f"{_IN_PATH}/?") if part else ""
    return (
        f"{publication.url}/{folder}/{name}" if folder else f"{publication.url}/{name}"
    )


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
