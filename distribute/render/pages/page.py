"""An edition as a page of the web archive."""

from collections.abc import Mapping
from html import escape
from urllib.parse import unquote

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.render.document import Content, Page
from distribute.render.email.email import translations_of
from distribute.render.layout.bidi import in_direction
from distribute.render.layout.fit import fit_for_page
from distribute.render.layout.sizes import with_sizes
from distribute.render.pages.frame import (
    Door,
    edition_alternates,
    file_at,
    frame,
    way_up,
)
from distribute.render.pages.outline import outline_of
from distribute.render.theme.theme import Theme


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
    root = way_up(edition.path)
    older, newer = neighbours
    values = frame(publication, language, theme, root) | {
        "edition": edition,
        "content": content,
        "issue": issue,
        "heading": in_direction(escape(edition.title), language),
        "outline": [
            {
                "level": heading.level,
                "id": heading.id,
                "text": in_direction(escape(heading.text), language),
            }
            for heading in outline_of(content, language)
        ],
        "body": _body(edition, content, publication),
        "older": _neighbour(older, root),
        "newer": _neighbour(newer, root),
        "alternates": edition_alternates(issue.editions.values(), publication),
        "translations": tuple(
            Door(other.language, root + file_at(other), other.url)
            for other in translations_of(edition, issue)
        ),
    }
    return Page(
        path=unquote(file_at(edition)),
        html=theme.render("page/edition.html", language, values),
    )


def _neighbour(edition: Edition | None, root: str) -> Mapping[str, str] | None:
    """Describe the link to the issue before or after."""
    if edition is None:
        return None
    return {
        "href": root + file_at(edition),
        "url": edition.url,
        "heading": in_direction(escape(edition.title), edition.language),
    }


def _body(edition: Edition, content: Content, publication: Publication) -> str:
    """Fit the content to its page, wherever the site lies, on a server or a disk.

    So links within the page are ``#place``, and its own pictures are found from here,
    with their sizes.
    """
    within = f' href="{escape(edition.url)}#'
    own_picture = f' src="{escape(publication.url)}/'
    html = with_sizes(content.html, publication).replace(within, ' href="#')
    html = html.replace(own_picture, f' src="{way_up(edition.path)}')
    return in_direction(fit_for_page(html), edition.language)
