"""Which entries stand in which document: the current one, and the archive (RFC 5005).

The archive is cut from the oldest entry on, and only what is full becomes a page. So a
new entry changes no page: it joins those that are in no page yet, or, where they are
full, it closes them into a new one. These always fit into the current document.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from distribute.feeds.feed import Entry
from distribute.render.document import Content

_HEAD = 16 * 1024
"""Octets kept free for the head of a document, which grows with the languages."""
_MARKUP = 1200
"""More than the markup of an entry in any format."""
_ITEM = 250
"""More than the markup of one author, category or translation."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Entries by their place in a list that begins with the newest."""

    current: range
    archive: tuple[range, ...]
    """The oldest page first."""


def paginate(weights: Sequence[int], *, limit: int, size: int) -> Pages:
    """Cut a list of entries, newest first, given by their weights.

    No document has more than `limit` entries or weighs more than `size`, unless it is a
    single entry that does. Whatever is in no page of the archive is in the current one.

    >>> paginate([1] * 5, limit=2, size=100_000).archive
    (range(3, 5), range(1, 3))
    """
    most = room_for_entries(size)
    archive: list[range] = []
    end = len(weights)
    for place in reversed(range(len(weights))):
        members = range(place, end)
        if not _fits(weights, members, limit, most):
            archive.append(range(place + 1, end))
            end = place + 1
    count = 1
    while count < len(weights) and _fits(weights, range(count + 1), limit, most):
        count += 1
    return Pages(range(min(count, len(weights))), tuple(archive))


def room_for_entries(size: int) -> int:
    """Say how much the entries of a document may weigh, of all its octets."""
    return size - min(_HEAD, size // 4)


def content_weight(content: Content) -> int:
    """Count the octets that text takes at most, whatever the format escapes in it."""
    return _octets(content.html) + 2 * _octets(content.excerpt)


def entry_weight(entry: Entry) -> int:
    """Count the octets that all else in an entry takes at most."""
    files = (each.url for each in (entry.image, entry.enclosure) if each)
    facts = (entry.id, entry.title, entry.link, entry.rights, *files)
    lists = (
        *(author.name + author.url for author in entry.authors),
        *(2 * category for category in entry.categories),
        *entry.translations.values(),
    )
    texts = "".join((*facts, *facts, *lists, entry.content))
    return _MARKUP + _ITEM * len(lists) + 2 * _octets(texts)


def _fits(weights: Sequence[int], members: range, limit: int, most: int) -> bool:
    if len(members) > limit:
        return False
    return len(members) == 1 or sum(weights[place] for place in members) <= most


def _octets(text: str) -> int:
    """Count octets once escaped: ``&`` becomes five, ``<`` and ``>`` four, others two."""
    escapes = 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))
    doubled = text.count('"') + text.count("\\") + text.count("\n")
    return len(text.encode("utf-8", "replace")) + escapes + doubled
