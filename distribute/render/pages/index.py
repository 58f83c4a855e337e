"""The index of a language: all its editions, newest first, by years once there are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

from distribute.editions.edition import Edition
from distribute.editions.order import newest_first
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Page
from distribute.render.layout.bidi import in_direction
from distribute.render.pages.frame import (
    file_at,
    frame,
    home_alternates,
    home_door,
    picture_from,
    way_up,
)
from distribute.render.theme.theme import Theme

MANY = 12
"""A longer list is grouped by years, if there is more than one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One edition, as the index shows it."""

    number: int | None
    day: date
    href: str
    """Relative."""
    heading: str
    """Escaped."""
    excerpt: str
    """Escaped; may be empty."""
    image: str
    """Of the cover; empty where there is none."""


Group = tuple[int | None, tuple[Listed, ...]]
"""A year and its editions; no year where the list is short."""


def render_index(
    language: Language,
    editions_with_excerpts: Sequence[tuple[Edition, str]],
    *,
    publication: Publication,
    theme: Theme,
) -> Page:
    """Make the list of all editions in one language, newest first.

    Each comes with the excerpt of what it says, as plain text.
    """
    path = f"{language.folder}/"
    root = way_up(path)
    in_order = sorted(editions_with_excerpts, key=lambda pair: newest_first(pair[0]))
    entries = [_listed(*pair, root, publication) for pair in in_order]
    values = frame(publication, language, theme, root) | {
        "url": publication.home_url(language),
        "count": len(entries),
        "newest": entries[0] if entries else None,
        "years": _by_year(entries),
        "image": in_order[0][0].image if in_order else "",
        "alternates": home_alternates(publication),
        "translations": tuple(
            home_door(other, publication, root)
            for other in publication.languages
            if other != language
        ),
    }
    return Page(
        path=f"{path}index.html",
        html=theme.render("page/index.html", language, values),
    )


def _listed(
    edition: Edition, excerpt: str, root: str, publication: Publication
) -> Listed:
    return Listed(
        number=edition.number,
        day=edition.day,
        href=root + file_at(edition),
        heading=in_direction(escape(edition.title), edition.language),
        excerpt=in_direction(escape(excerpt), edition.language),
        image=picture_from(root, edition.image, publication),
    )


def _by_year(entries: Sequence[Listed]) -> Sequence[Group]:
    """Group what follows the newest by years; a short list stays in one piece."""
    rest = tuple(entries[1:])
    years = [(year, tuple(them)) for year, them in groupby(rest, lambda e: e.day.year)]
    if len(entries) > MANY and len(years) > 1:
        return years
    return [(None, rest)] if rest else []
