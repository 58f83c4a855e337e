"""The page that a server shows instead of one that is not there."""

from urllib.parse import urlsplit

from distribute.editions.publication import Publication
from distribute.render.document import Page
from distribute.render.pages.frame import frame, home_door
from distribute.render.theme.theme import Theme


def render_not_found(publication: Publication, theme: Theme) -> Page:
    """Make ``404.html``, in all languages, as nobody knows which one was wanted.

    It appears at any depth, so its links count from the top of the server.
    """
    language = publication.default_language
    root = f"{urlsplit(publication.url).path}/"
    values = frame(publication, language, theme, root) | {
        "doors": [
            {
                "door": home_door(each, publication, root),
                "says": theme.catalogue(each).say("page.not_found", {}),
                "all": theme.catalogue(each).say("page.all_issues", {}),
            }
            for each in publication.languages
        ],
        "alternates": (),
        "translations": (),
    }
    return Page(
        path="404.html", html=theme.render("page/not_found.html", language, values)
    )
