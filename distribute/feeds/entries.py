"""An edition becomes an entry: first all that is known about it, then what it says.

They are apart because content takes long to render: which documents there are, and what
is new in them, can be told without it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from html import escape
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from distribute.editions.edition import Author, Edition, Issue
from distribute.editions.files import asset_of
from distribute.editions.publication import Publication
from distribute.feeds.enclosure import enclosure_of
from distribute.feeds.feed import Entry, Picture
from distribute.feeds.marks import without_marks
from distribute.feeds.slots import is_sayable
from distribute.language import Language
from distribute.render.characters import clean
from distribute.render.document import Content
from distribute.render.links.addresses import encode

_IMAGE_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_SPACES = re.compile(r"[\t\n ]+")


def blank_entry(
    edition: Edition, issue: Issue, *, name: str, publication: Publication, also_in: str
) -> Entry:
    """Make an entry that says nothing yet; `name` is its id.

    Its content is the line that will come last, which links to the translations behind
    the words `also_in`.
    """
    translations = {
        language: other.url
        for language, other in issue.editions.items()
        if language != edition.language
    }
    return Entry(
        id=name,
        title=one_line(edition.title) or edition.slug,
        link=edition.url,
        language=edition.language,
        published=edition.published,
        updated=edition.updated,
        authors=_authors(edition, publication),
        categories=_distinct(edition.tags),
        summary="",
        content=_translations_line(translations, one_line(also_in)),
        image=_picture(edition, publication),
        enclosure=enclosure_of(edition, publication),
        rights=_rights(edition),
        translations=translations,
    )


def filled(entry: Entry, content: Content) -> Entry:
    """Put into a blank entry what the edition says."""
    html = without_marks(content.html)
    said = _in_its_language(html, entry)
    if not is_sayable(said):
        said = _in_its_language(clean(html), entry)
    summary = one_line(content.excerpt) or entry.title
    return replace(entry, summary=summary, content=said)


def _in_its_language(html: str, entry: Entry) -> str:
    """Let the content itself say what language it is in: few readers look elsewhere."""
    attributes = f'lang="{entry.language}" dir="{entry.language.direction}"'
    body = html.strip("\n")
    return f"<div {attributes}>\n{body}\n{entry.content}</div>"


@lru_cache(maxsize=4096)
def one_line(text: str) -> str:
    """Fold a text into one line, without what XML cannot carry."""
    return _SPACES.sub(" ", clean(text)).strip(" ")


@lru_cache(maxsize=1024)
def web_address(url: str) -> str:
    """Percent-encode an address of the web (RFC 3986); anything else is no address."""
    address = encode(one_line(url))
    return address if address.startswith(("https://", "http://")) else ""


def _translations_line(translations: Mapping[Language, str], words: str) -> str:
    """Offer the other languages where everybody can see them.

    Every link says its direction, so that names do not run into each other where
    Arabic stands beside English.
    """
    if not translations:
        return ""
    links = " · ".join(
        f'<a href="{escape(url)}" {_described(language)}</a>'
        for language, url in translations.items()
    )
    return f"<p>{escape(words)} {links}</p>\n" if words else f"<p>{links}</p>\n"


@lru_cache(maxsize=128)
def _described(language: Language) -> str:
    """Write what a link says about a language: three attributes and its name."""
    return (
        f'hreflang="{language}" lang="{language}" dir="{language.direction}">'
        f"{escape(language.autonym)}"
    )


def _authors(edition: Edition, publication: Publication) -> tuple[Author, ...]:
    """Clean the names; where nobody signed, the newsletter itself speaks."""
    named = tuple(
        Author(name, web_address(author.url))
        for author in edition.authors
        if (name := one_line(author.name))
    )
    language = edition.language
    house = Author(
        one_line(publication.title_in(language)), publication.home_url(language)
    )
    return named or (house,)


def _picture(edition: Edition, publication: Publication) -> Picture | None:
    """Describe the cover; what is elsewhere is known by the suffix of its name alone."""
    url = web_address(edition.image)
    if not url:
        return None
    asset = asset_of(edition.image, publication)
    if asset is None:
        suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
        return Picture(url, _IMAGE_TYPES.get(suffix, ""))
    return Picture(url, asset.media_type, asset.width, asset.height, asset.length)


def _rights(edition: Edition) -> str:
    written = edition.post.front_matter.extra.get("rights", "")
    return one_line(written) if isinstance(written, str) else ""


def _distinct(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(one_line, tags))))
