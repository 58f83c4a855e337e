"""What RSS and Atom have in common as XML: names of foreign elements, and their order.

Elements are those of the tree that feedgen builds, which has the standard library's
interface. Nothing is imported for them; `distribute.feeds.xml` stays the only door.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from distribute.language import Language

MEDIA = "http://search.yahoo.com/mrss/"
"""Media RSS; its ``content`` shows the cover in both formats."""
WORK_TRANSLATION = "https://schema.org/workTranslation"
"""Relation of a link to the same text in another language (RFC 8288 section 2.1.2).

Not ``alternate``: given several of those, readers open the first or the last one, and
so a page in a language that nobody asked for.
"""
_IMAGE_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """Append a child; a tag in a namespace is written ``{namespace}name``."""
    child = parent.makeelement(tag, attributes)
    child.text = text or None
    parent.append(child)
    return child


def remove(parent: Element, tag: str) -> None:
    """Take all children of this name away."""
    for child in parent.findall(tag):
        parent.remove(child)


def arrange(parent: Element, order: Sequence[str]) -> None:
    """Put the children into the order of their tags; those of one tag stay as they are."""
    parent[:] = sorted(parent, key=lambda child: order.index(child.tag))


def add_translations(
    parent: Element, tag: str, addresses: Mapping[Language, str], *, kind: str
) -> None:
    """Link to the same in other languages; `tag` is a link's, `kind` the media type."""
    for language, url in addresses.items():
        add(
            parent,
            tag,
            rel=WORK_TRANSLATION,
            type=kind,
            hreflang=language.tag,
            title=language.autonym,
            href=url,
        )


def add_image(entry: Element, url: str) -> None:
    """Show the cover (Media RSS); never in a group, which wants alternatives in it."""
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    kind = {"type": _IMAGE_TYPES[suffix]} if suffix in _IMAGE_TYPES else {}
    add(entry, f"{{{MEDIA}}}content", url=url, medium="image", **kind)
