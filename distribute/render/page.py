"""An edition as a page of the web archive, and the pages that lead to it.

Links between pages are relative and name files, so that the site also works from a
folder; what machines read (canonical, feeds, translations) is absolute.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote

from distribute.editions.edition import Edition, Issue
from distribute.editions.order import newest_first
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content, Page
from distribute.render.email import translations_of
from distribute.render.layout.bidi import in_direction
from distribute.render.layout.fit import fit_for_page
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


def render_page(
    edition: Edition,
    content: Content,
    issue: Issue,
    *,
    neighbours: tuple[Edition | None, Edition | None] = (None, None),
    publication: Publication,
    theme: Theme,
) -> Page:
    """Make the page of one edition.

    `neighbours` are the older and the newer edition in the same language. Every language
    of the publication is taken to have an index and feeds.
    """
    language = edition.language
    root = _way_up(edition.path)
    older, newer = neighbours
    values = _common(publication, language, root) | {
        "edition": edition,
        "content": content,
        "issue": issue,
        "heading": in_direction(escape(edition.title), language),
        "body": _body(edition, content, publication),
        "older": _neighbour(older, root),
        "newer": _neighbour(newer, root),
        "translations": tuple(
            Door(other.language, _href(root, other), other.url)
            for other in translations_of(edition, issue)
        ),
    }
    return Page(
        path=unquote(_file(edition)),
        html=theme.render("page/edition.html", language, values),
    )


def render_index(
    language: Language,
    editions_with_contents: Sequence[tuple[Edition, Content]],
    *,
    publication: Publication,
    theme: Theme,
) -> Page:
    """Make the list of all editions in one language, newest first."""
    path = f"{language.folder}/"
    root = _way_up(path)
    in_order = sorted(editions_with_contents, key=lambda pair: newest_first(pair[0]))
    values = _common(publication, language, root) | {
        "url": publication.home_url(language),
        "entries": [
            {
                "edition": edition,
                "href": _href(root, edition),
                "heading": in_direction(escape(edition.title), language),
                "excerpt": in_direction(escape(content.excerpt), language),
            }
            for edition, content in in_order
        ],
        "cover": _cover(in_order[0][0], root, publication) if in_order else "",
        "translations": tuple(
            _door(other, root, publication)
            for other in publication.languages
            if other != language
        ),
    }
    return Page(
        path=f"{path}index.html",
        html=theme.render("page/index.html", language, values),
    )


def render_root(publication: Publication, theme: Theme) -> Page:
    """Make the page at the root, which offers the languages."""
    language = publication.default_language
    values = _common(publication, language, "") | {
        "url": f"{publication.url}/",
        "doors": tuple(_door(each, "", publication) for each in publication.languages),
    }
    return Page(
        path="index.html", html=theme.render("page/root.html", language, values)
    )


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


def _common(
    publication: Publication,
    language: Language,
    root: str,
) -> dict[str, object]:
    """Give every page what the frame around it needs."""
    return {
        "publication": publication,
        "newsletter": publication.title_in(language),
        "description": publication.descriptions.get(language, ""),
        "root": root,
        "home": f"{root}{language.folder}/index.html",
        "style_sheet": f"{root}{STYLE_SHEET}",
        "feeds": feed_links(language, publication),
        "own_feeds": [
            {
                "href": f"{root}{language.folder}/{file}",
                "type": media_type,
                "name": name,
            }
            for file, media_type, name in _FEEDS
        ],
    }


def _door(language: Language, root: str, publication: Publication) -> Door:
    return Door(
        language=language,
        href=f"{root}{language.folder}/index.html",
        url=publication.home_url(language),
    )


def _way_up(path: str) -> str:
    """Lead from a page back to the root: ``../../`` for ``en/some-post/``."""
    return "../" * path.count("/") or "./"


def _file(edition: Edition) -> str:
    """Name the file of an edition, percent-encoded; a folder is its index."""
    path = edition.path
    return path if path.lower().endswith((".html", ".htm")) else f"{path}index.html"


def _href(root: str, edition: Edition) -> str:
    return f"{root}{_file(edition)}"


def _cover(edition: Edition, root: str, publication: Publication) -> str:
    """Find the cover from here if it lies on the site, so that a folder shows it too."""
    own = f"{publication.url}/"
    if edition.image.startswith(own):
        return root + edition.image.removeprefix(own)
    return edition.image


def _neighbour(edition: Edition | None, root: str) -> Mapping[str, str] | None:
    """Describe the link to the issue before or after."""
    if edition is None:
        return None
    return {
        "href": _href(root, edition),
        "url": edition.url,
        "heading": in_direction(escape(edition.title), edition.language),
    }


def _body(edition: Edition, content: Content, publication: Publication) -> str:
    """Fit the content to its page, wherever the site lies, on a server or a disk.

    So links within the page are ``#place``, and its own pictures are found from here.
    """
    within = f' href="{escape(edition.url)}#'
    own_picture = f' src="{escape(publication.url)}/'
    html = content.html.replace(within, ' href="#')
    html = html.replace(own_picture, f' src="{_way_up(edition.path)}')
    return in_direction(fit_for_page(html), edition.language)
