"""What stands around every page of the public side: the newsletter, and other languages."""

from collections.abc import Iterable
from dataclasses import dataclass

from distribute.editions.publication import Publication
from distribute.language import Language, best_match
from distribute.render.document import Page
from distribute.render.pages.frame import frame
from distribute.render.theme.theme import Theme

STYLE_SHEET = "public.css"


@dataclass(frozen=True, slots=True)
class Switch:
    """A link to the same page in another language."""

    language: Language
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where pages are, as a beginning of links that ends in a slash."""

    root: str
    """Leads to the style sheet."""
    site: str
    """Leads to the archive."""


def public_style_sheet(theme: Theme) -> Page:
    """Give the one style sheet of all pages, to lie at the root of the public side."""
    shared, own = theme.source("page/style.css"), theme.source("public/style.css")
    return Page(path=STYLE_SHEET, html=f"{shared}\n{own}")


def around(
    language: Language,
    place: Place,
    *,
    publication: Publication,
    theme: Theme,
    switches: Iterable[Switch] = (),
) -> dict[str, object]:
    """Give a page what stands around it.

    Its language may be one that the newsletter is not in; the archive then is shown in
    the nearest that it is in.
    """
    archive = best_match([language], publication.languages)
    shown = archive[1] if archive else publication.default_language
    return frame(publication, shown, theme, place.site) | {
        "newsletter": publication.title_in(language),
        "description": publication.descriptions.get(language, ""),
        "style_sheet": f"{place.root}{STYLE_SHEET}",
        "address": [line for line in publication.address.splitlines() if line.strip()],
        "privacy": publication.privacy,
        "switches": list(switches),
        "alternates": (),
        "feeds": (),
    }
