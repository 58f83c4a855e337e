"""Editions become a feed: which ones, in which order, and what each entry says."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from html import escape

from distribute.editions.edition import Author, Edition, Issue
from distribute.editions.order import newest_first
from distribute.editions.publication import Publication
from distribute.errors import DistributeError
from distribute.feeds.feed import Entry, Feed
from distribute.feeds.tag_uri import category_scheme, entry_ids, feed_id
from distribute.language import Language
from distribute.render.characters import clean
from distribute.render.document import Content
from distribute.render.html.sanitise import sanitise_for_feed
from distribute.render.links.addresses import encode

Material = tuple[Edition, Content, Issue]
"""What an entry is made of: the edition, what it says, the issue it belongs to."""

_SPACES = re.compile(r"[\t\n ]+")


def feed_of(
    language: Language,
    entries: Sequence[Material],
    *,
    publication: Publication,
    limit: int = 20,
    also_in: Callable[[Language], str] = lambda _: "",
    languages: Collection[Language] = (),
) -> Feed:
    """Make the feed of one language from all its editions that are public.

    `limit` is the number of entries it holds; older ones are left to the archive pages.
    `also_in` gives the words that introduce the links to the translations, in the given
    language and with their punctuation: ``Also in:``. `languages` are those that have a
    feed; the feed points to the others among them.

    Raises `DistributeError` where there is no edition: an empty feed tells nobody
    anything; `SourceError` where two editions have the same ``guid``.
    """
    syndicated = in_order(filter(_is_syndicated, entries))
    if not syndicated:
        raise DistributeError(
            f"there is no edition in {language} to put into its feed",
            hint="Publish one, or take the language out of the configuration.",
        )
    ids = entry_ids((edition for edition, _, _ in entries), publication)
    newest = tuple(
        _entry(each, ids[each[0].url], publication, also_in)
        for each in syndicated[:limit]
    )
    home = publication.home_url(language)
    return Feed(
        id=feed_id(language, publication),
        title=_one_line(publication.title_in(language)),
        subtitle=_one_line(publication.descriptions.get(language, "")),
        language=language,
        link=home,
        folder_url=home,
        updated=max(entry.updated for entry in newest),
        entries=newest,
        category_scheme=category_scheme(publication),
        translations={
            other: publication.home_url(other)
            for other in languages
            if other != language
        },
    )


def has_feed(entries: Iterable[Material]) -> bool:
    """Whether there is anything to syndicate; ``feed: false`` keeps a post out."""
    return any(map(_is_syndicated, entries))


def in_order(entries: Iterable[Material]) -> list[Material]:
    """Sort entries the way a feed lists them."""
    return sorted(entries, key=lambda entry: newest_first(entry[0]))


def _is_syndicated(material: Material) -> bool:
    choice = material[0].post.front_matter.extra.get("feed", True)
    return str(choice).strip().lower() not in {"false", "no", "off"}


def _entry(
    material: Material,
    name: str,
    publication: Publication,
    also_in: Callable[[Language], str],
) -> Entry:
    edition, content, issue = material
    translations = {
        language: other.url
        for language, other in issue.editions.items()
        if language != edition.language
    }
    title = _one_line(edition.title) or edition.slug
    line = _translations_line(translations, _one_line(also_in(edition.language)))
    return Entry(
        id=name,
        title=title,
        link=edition.url,
        language=edition.language,
        published=edition.published,
        updated=edition.updated,
        authors=_authors(edition, publication),
        categories=_distinct(edition.tags),
        summary=_one_line(content.excerpt) or title,
        content=_content(edition.language, content.html, line),
        image=_web_address(edition.image),
        translations=translations,
    )


def _content(language: Language, html: str, last_line: str) -> str:
    """Say in the content itself what language it is: few readers look elsewhere."""
    attributes = f'lang="{language}" dir="{language.direction}"'
    body = sanitise_for_feed(html).strip("\n")
    return f"<div {attributes}>\n{body}\n{last_line}</div>"


def _translations_line(translations: Mapping[Language, str], words: str) -> str:
    """Offer the other languages where everybody can see them.

    Every link says its direction, so that names do not run into each other where
    Arabic stands beside English.
    """
    if not translations:
        return ""
    links = " · ".join(
        f'<a href="{escape(url)}" hreflang="{language}" lang="{language}"'
        f' dir="{language.direction}">{escape(language.autonym)}</a>'
        for language, url in translations.items()
    )
    return f"<p>{escape(words)} {links}</p>\n" if words else f"<p>{links}</p>\n"


def _authors(edition: Edition, publication: Publication) -> tuple[Author, ...]:
    """Clean the names; where nobody signed, the newsletter itself speaks."""
    named = tuple(
        Author(name, _web_address(author.url))
        for author in edition.authors
        if (name := _one_line(author.name))
    )
    language = edition.language
    house = Author(
        _one_line(publication.title_in(language)), publication.home_url(language)
    )
    return named or (house,)


def _distinct(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(_one_line, tags))))


def _web_address(url: str) -> str:
    """Percent-encode an address of the web (RFC 3986); anything else is no address."""
    address = encode(_one_line(url))
    return address if address.startswith(("https://", "http://")) else ""


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", clean(text)).strip(" ")
