"""The page at the root, which offers the languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.language import Language, format_date
from distribute.render.document import Page
from distribute.render.layout.bidi import in_direction
from distribute.render.pages.frame import Door, frame, home_alternates, home_door
from distribute.render.theme.theme import Theme


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a language says for itself, in its own words."""

    door: Door
    title: str
    description: str
    label: str
    """``Latest issue``; empty where there is none."""
    newest: str
    """Title of the latest issue, escaped."""
    day: str
    """Its date in words."""
    datetime: str


def render_root(
    publication: Publication,
    theme: Theme,
    newest: Mapping[Language, Edition] | None = None,
) -> Page:
    """Make the page at the root; `newest` is the latest edition in each language.

    A newsletter in one language needs no choice: its page leads on at once.
    """
    language = publication.default_language
    welcomes = tuple(
        _welcome(each, publication, theme, (newest or {}).get(each))
        for each in publication.languages
    )
    values = frame(publication, language, theme) | {
        "url": f"{publication.url}/",
        "image": newest[language].image if newest and language in newest else "",
        "welcomes": welcomes,
        "alternates": home_alternates(publication),
        "translations": (),
    }
    return Page(
        path="index.html", html=theme.render("page/root.html", language, values)
    )


def _welcome(
    language: Language, publication: Publication, theme: Theme, edition: Edition | None
) -> Welcome:
    say = theme.catalogue(language).say
    return Welcome(
        door=home_door(language, publication),
        title=publication.title_in(language),
        description=publication.descriptions.get(language, ""),
        label=say("page.latest", {}) if edition else "",
        newest=in_direction(escape(edition.title), language) if edition else "",
        day=format_date(edition.day, language) if edition else "",
        datetime=edition.day.isoformat() if edition else "",
    )
