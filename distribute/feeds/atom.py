"""What feedgen does not write into Atom, or not rightly (RFC 4287): links and languages.

Links of entries lose all but their address there, so that a second one makes the feed
invalid; entries and contents get no language; and nothing has a picture.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from distribute.feeds.elements import (
    MEDIA,
    WORK_TRANSLATION,
    add,
    add_image,
    arrange,
    remove,
)
from distribute.feeds.feed import Entry, Feed

ATOM_TYPE = "application/atom+xml"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_FEED_ORDER = ("id", "title", "subtitle", "updated", "link", "author", "generator")
_PICTURE = f"{{{MEDIA}}}content"
_ENTRY_ORDER = (
    *("id", "title", "link", "published", "updated", "author", "category"),
    *("summary", "content", _PICTURE),
)


class AtomFeed:
    """Completes the ``feed`` element; feedgen calls it before it adds the entries."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def extend_ns(self) -> Mapping[str, str]:
        """Declare the namespaces of foreign elements."""
        return {"media": MEDIA}

    def extend_atom(self, root: Element) -> None:
        """Write the links: the feed itself, its one home page, its translations."""
        feed = self._feed
        remove(root, "link")
        add(root, "link", rel="self", type=ATOM_TYPE, href=f"{feed.folder_url}atom.xml")
        add(
            root,
            "link",
            rel="alternate",
            type="text/html",
            hreflang=feed.language.tag,
            href=feed.link,
        )
        for language, folder_url in feed.translations.items():
            add(
                root,
                "link",
                rel=WORK_TRANSLATION,
                type=ATOM_TYPE,
                hreflang=language.tag,
                title=language.autonym,
                href=f"{folder_url}atom.xml",
            )
        if not feed.subtitle:
            remove(root, "subtitle")
        arrange(root, _FEED_ORDER)


class AtomEntry:
    """Completes one ``entry`` element."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def extend_atom(self, root: Element) -> None:
        """Write languages, links and the cover.

        The title stays plain text (``type="text"`` is the default): as HTML it would
        come back from half of the readers with its entities showing.
        """
        entry = self._entry
        root.set(f"{_XML}lang", entry.language.tag)
        self._place_content(root)
        remove(root, "link")
        add(
            root,
            "link",
            rel="alternate",
            type="text/html",
            hreflang=entry.language.tag,
            href=entry.link,
        )
        for language, url in entry.translations.items():
            add(
                root,
                "link",
                rel=WORK_TRANSLATION,
                type="text/html",
                hreflang=language.tag,
                title=language.autonym,
                href=url,
            )
        if entry.image:
            add_image(root, entry.image)
        arrange(root, _ENTRY_ORDER)

    def _place_content(self, root: Element) -> None:
        for content in root.findall("content"):
            content.set(f"{_XML}lang", self._entry.language.tag)
            content.set(f"{_XML}base", self._entry.link)
