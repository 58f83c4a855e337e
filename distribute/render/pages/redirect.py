"""Old addresses: a page at each that leads on, and the list of them for servers."""

from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import unquote, urlsplit

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.render.document import Page
from distribute.render.layout.bidi import in_direction
from distribute.render.pages.frame import STYLE_SHEET, file_at, page_file, way_up
from distribute.render.theme.theme import Theme

REDIRECTS = "_redirects"
_MEANT_AS_IT_IS = str.maketrans({"*": "%2A", ":": "%3A"})
"""What stands for other text in a list of redirects, written so that it does not."""


def render_redirect(
    former: str, edition: Edition, *, publication: Publication, theme: Theme
) -> Page:
    """Make the page at an old address of an edition, one of its `Edition.former`.

    It leads on at once and without a script, and tells search engines where to look.
    """
    root = way_up(former)
    values = {
        "edition": edition,
        "heading": in_direction(escape(edition.title), edition.language),
        "newsletter": publication.title_in(edition.language),
        "href": root + file_at(edition),
        "style_sheet": root + STYLE_SHEET,
    }
    return Page(
        path=file_at_former(former),
        html=theme.render("page/redirect.html", edition.language, values),
    )


def file_at_former(former: str) -> str:
    """Name the file of an old address below ``out/site``, as a disk has it."""
    return unquote(page_file(former))


def render_redirects(editions: Iterable[Edition], publication: Publication) -> Page:
    """List all old addresses in a ``_redirects`` file, which some hosts answer by.

    A folder is listed with its slash and without, for not all hosts take them for one.
    """
    top = f"{urlsplit(publication.url).path}/"
    lines = sorted(
        f"{_meant(top + former)} {_meant(top + edition.path)} 301\n"
        for edition in editions
        for path in edition.former
        for former in _spellings(path)
    )
    return Page(path=REDIRECTS, html="".join(lines))


def _spellings(path: str) -> Iterator[str]:
    yield path
    if path.endswith("/"):
        yield path.removesuffix("/")


def _meant(path: str) -> str:
    return path.translate(_MEANT_AS_IT_IS)
