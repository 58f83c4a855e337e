"""What feedgen does not write into Atom, or not rightly (RFC 4287): links and languages.

Links of entries lose all but their address there, so that a second one makes the feed
invalid; entries and contents get no language; and nothing has a picture.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from distribute.feeds.elements import (
    ARCHIVE,
    HISTORY,
    MEDIA,
    PICTURE,
    add,
    add_explanation,
    add_image,
    add_others,
    add_self,
    add_translations,
    arrange,
    remove,
)
from distribute.feeds.feed import Enclosure, Entry, Feed
from distribute.language import Language

ATOM_TYPE = "application/atom+xml"
_PAGE_TYPE = "text/html"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_FEED_ORDER = (
    *("div", "id", "title", "subtitle", "updated", "link", ARCHIVE, "author"),
    *("generator", "icon", "logo", "rights"),
)
_ENTRY_ORDER = (
    *("id", "title", "link", "published", "updated", "author", "category"),
    *("summary", "content", PICTURE, "rights"),
)


class AtomFeed:
    """Completes the ``feed`` element; feedgen calls it before it adds the entries."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def extend_ns(self) -> Mapping[str, str]:
        """Declare the namespaces of foreign elements."""
        return {"media": MEDIA} | ({"fh": HISTORY} if self._feed.page else {})

    def extend_atom(self, root: Element) -> None:
        """Write the links, the one home page among them, and its pictures."""
        feed = self._feed
        remove(root, "link")
        add_explanation(root, feed)
        add_self(root, "link", feed, "atom.xml", kind=ATOM_TYPE)
        _add_page(root, feed.link, feed.language)
        add_others(root, "link", feed, "atom.xml", kind=ATOM_TYPE)
        if feed.page:
            add(root, ARCHIVE)
        if not feed.subtitle:
            remove(root, "subtitle")
        for name, url in (("icon", feed.icon), ("logo", feed.logo)):
            if url:
                add(root, name, url)
        arrange(root, _FEED_ORDER)


class AtomEntry:
    """Completes one ``entry`` element."""

    def __init__(self, entry: Entry, _: Feed) -> None:
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
        _add_page(root, entry.link, entry.language)
        add_translations(root, "link", entry.translations, kind=_PAGE_TYPE)
        if entry.enclosure:
            _add_file(root, entry.enclosure)
        if entry.image:
            add_image(root, entry.image)
        if entry.rights:
            add(root, "rights", entry.rights)
        arrange(root, _ENTRY_ORDER)

    def _place_content(self, root: Element) -> None:
        for content in root.findall("content"):
            content.set(f"{_XML}lang", self._entry.language.tag)
            content.set(f"{_XML}base", self._entry.link)


def _add_file(parent: Element, file: Enclosure) -> None:
    add(
        parent,
        "link",
        rel="enclosure",
        type=file.media_type,
        length=str(file.octets),
        href=file.url,
    )


def _add_page(parent: Element, url: str, language: Language) -> None:
    """Link to the page that says the same: the one that readers open."""
    add(
        parent,
        "link",
        rel="alternate",
        type=_PAGE_TYPE,
        hreflang=language.tag,
        href=url,
    )
