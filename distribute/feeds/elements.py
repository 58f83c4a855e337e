"""What RSS and Atom have in common as XML: names of foreign elements, and their order.

Elements are those of the tree that feedgen builds, which has the standard library's
interface. Nothing is imported for them; `distribute.feeds.xml` stays the only door.
"""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from distribute.feeds.feed import Feed, Picture
from distribute.language import Language

MEDIA = "http://search.yahoo.com/mrss/"
"""Media RSS; its ``content`` shows the cover in both formats."""
WORK_TRANSLATION = "https://schema.org/workTranslation"
"""Relation of a link to the same text in another language (RFC 8288 section 2.1.2).

Not ``alternate``: given several of those, readers open the first or the last one, and
so a page in a language that nobody asked for.
"""
ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
"""Of ``archive``, which marks a page of the archive (RFC 5005 section 4)."""
ARCHIVE = f"{{{HISTORY}}}archive"
PICTURE = f"{{{MEDIA}}}content"
_XHTML = "http://www.w3.org/1999/xhtml"


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


def add_self(parent: Element, tag: str, feed: Feed, name: str, *, kind: str) -> None:
    """Link to the document itself; `name` is the current one's: ``rss.xml``."""
    add(parent, tag, rel="self", type=kind, href=feed.url(name))


def add_others(parent: Element, tag: str, feed: Feed, name: str, *, kind: str) -> None:
    """Link to hub, archive and translations; names and types are those of `add_self`.

    Of the archive that is the page before this one, and for such a page the document
    that readers subscribe to (RFC 5005 section 4).
    """
    if feed.hub and not feed.page:
        add(parent, tag, rel="hub", href=feed.hub)
    if feed.page:
        add(parent, tag, rel="current", type=kind, href=feed.current_url(name))
    if feed.older:
        add(parent, tag, rel="prev-archive", type=kind, href=feed.older_url(name))
    feeds = {other: f"{url}{name}" for other, url in feed.translations.items()}
    add_translations(parent, tag, feeds, kind=kind)


def add_explanation(parent: Element, feed: Feed) -> None:
    """Tell people what this is: all that a style sheet can show them with a link."""
    if not feed.explanation:
        return
    language = feed.language
    block = add(parent, "div", xmlns=_XHTML, lang=language.tag, dir=language.direction)
    add(block, "p", feed.explanation)
    add(add(block, "p"), "a", feed.home or feed.title, href=feed.link)


def add_image(entry: Element, picture: Picture) -> None:
    """Show the cover (Media RSS); never in a group, which wants alternatives in it."""
    known = {
        "type": picture.media_type,
        "fileSize": str(picture.octets or ""),
        "width": str(picture.width or ""),
        "height": str(picture.height or ""),
    }
    facts = {name: value for name, value in known.items() if value}
    add(entry, PICTURE, url=picture.url, medium="image", **facts)
