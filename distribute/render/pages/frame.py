"""What all pages of the archive share: the ways to feeds, languages and other pages.

Links between pages are relative and name files, so that the site also works from a
folder; what machines read (canonical, feeds, translations) is absolute.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Page
from distribute.render.masthead import Sign, sign_of
from distribute.render.theme.theme import Theme

STYLE_SHEET = "style.css"
_FEEDS = (
    ("rss.xml", "application/rss+xml", "RSS"),
    ("atom.xml", "application/atom+xml", "Atom"),
    ("feed.json", "application/feed+json", "JSON Feed"),
)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """One feed, as the head of a page announces it."""

    language: Language
    url: str
    type: str
    format: str
    """``RSS``, ``Atom`` or ``JSON Feed``."""
    title: str


@dataclass(frozen=True, slots=True)
class Door:
    """A link to another language: its page here, and its public address."""

    language: Language
    href: str
    """Relative, for people."""
    url: str
    """Absolute, for machines."""


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page for readers of another language, as machines are told."""

    hreflang: str
    """A language tag, or ``x-default`` for readers of none of them."""
    url: str


def stylesheet(theme: Theme) -> Page:
    """Give the style sheet that all pages share, as a file of the site."""
    return Page(path=STYLE_SHEET, html=theme.source("page/style.css"))


def feed_links(language: Language, publication: Publication) -> tuple[FeedLink, ...]:
    """List all feeds for autodiscovery: this language's first, then the others'."""
    others = [each for each in publication.languages if each != language]
    return tuple(
        FeedLink(
            language=each,
            url=publication.home_url(each) + file,
            type=media_type,
            format=name,
            title=f"{publication.title_in(each)} – {each.autonym} ({name})",
        )
        for each in (language, *others)
        for file, media_type, name in _FEEDS
    )


def frame(
    publication: Publication, language: Language, theme: Theme, root: str = ""
) -> dict[str, object]:
    """Give a page what the frame around it needs; `root` leads to the site's root."""
    return {
        "sign": _sign_from(root, publication, theme),
        "publication": publication,
        "newsletter": publication.title_in(language),
        "description": publication.descriptions.get(language, ""),
        "subscribe": _way_in(language, publication, root),
        "root": root,
        "home": f"{root}{language.folder}/index.html",
        "style_sheet": f"{root}{STYLE_SHEET}",
        "feeds": feed_links(language, publication),
        "own_feeds": [
            {"href": f"{root}{language.folder}/{file}", "type": type_, "name": name}
            for file, type_, name in _FEEDS
        ],
    }


def _way_in(language: Language, publication: Publication, root: str) -> str:
    """Find where people subscribe: where its owner says, or at our own form or page."""
    if publication.subscribe:
        return publication.subscribe
    if publication.has_by_mail:
        return root + page_file(publication.by_mail_path(language))
    return f"{publication.joins_at}?lang={language}" if publication.joins_at else ""


def _sign_from(root: str, publication: Publication, theme: Theme) -> Sign | None:
    """Find the logo from here, as every picture of the site."""
    sign = sign_of(theme.style.logo, publication)
    return sign and replace(
        sign,
        src=picture_from(root, sign.src, publication),
        dark=picture_from(root, sign.dark, publication),
    )


def home_door(language: Language, publication: Publication, root: str = "") -> Door:
    """Lead to the index of a language."""
    return Door(
        language=language,
        href=f"{root}{language.folder}/index.html",
        url=publication.home_url(language),
    )


def home_alternates(publication: Publication) -> tuple[Alternate, ...]:
    """List the indexes of all languages, and the root for readers of none of them."""
    return alternates(
        ((each, publication.home_url(each)) for each in publication.languages),
        default=f"{publication.url}/",
    )


def edition_alternates(
    editions: Iterable[Edition], publication: Publication
) -> tuple[Alternate, ...]:
    """List the editions of an issue; readers of none of its languages get the default's."""
    urls = {edition.language: edition.url for edition in editions}
    default = urls.get(publication.default_language, "")
    return alternates(urls.items(), default=default)


def alternates(
    pages: Iterable[tuple[Language, str]], *, default: str
) -> tuple[Alternate, ...]:
    """Name each page by its language; one page alone has no alternates.

    Every one names itself as well: search engines believe a set only if all its pages
    tell the same.
    """
    named = [Alternate(language.tag, url) for language, url in pages]
    if len(named) < 2:
        return ()
    return (*named, Alternate("x-default", default)) if default else tuple(named)


def way_up(path: str) -> str:
    """Lead from a page back to the root: ``../../`` for ``en/some-post/``."""
    return "../" * path.count("/") or "./"


def file_at(edition: Edition) -> str:
    """Name the file of an edition's page, percent-encoded."""
    return page_file(edition.path)


def page_file(path: str) -> str:
    """Name the file that answers for an address below the site; a folder is its index."""
    return path if path.lower().endswith((".html", ".htm")) else f"{path}index.html"


def picture_from(root: str, url: str, publication: Publication) -> str:
    """Find a picture from here if it lies on the site, so that a folder shows it too."""
    own = f"{publication.url}/"
    return root + url.removeprefix(own) if url.startswith(own) else url
