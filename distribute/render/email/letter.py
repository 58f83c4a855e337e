"""Letters to single people about their own subscription: confirm it, or change it.

They look as the issues do, and go through the same door to the inliner. There is no
pixel in them, and the one link is the one that somebody asked for.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from urllib.parse import parse_qsl, unquote, urlsplit

from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Letter
from distribute.render.email.email import frame_of_mail
from distribute.render.email.inline import inline_css
from distribute.render.layout.bidi import in_direction
from distribute.render.layout.fit import fit_for_mail
from distribute.render.theme.catalogue import Catalogue
from distribute.render.theme.theme import Theme


class LetterKind(StrEnum):
    """What a letter is for; the texts are ``letter.<kind>`` of the catalogues."""

    CONFIRM = "confirm"
    """To who asked to join: the link makes them a subscriber."""
    KNOWN = "known"
    """To who asked to join and is a subscriber: the link leads to their choices."""
    PREFERENCES = "preferences"
    """To a subscriber who asked for it: the link leads to their choices."""


def render_letter(
    kind: LetterKind,
    language: Language,
    *,
    link: str,
    publication: Publication,
    theme: Theme,
) -> Letter:
    """Make a letter with a link, which is an https or a mailto URL.

    Without one, since nothing answers on the web, subscribers are told what they can do
    by the links in every issue. Raises `RenderError` if the theme is broken or does not
    speak the language.
    """
    if not link:
        kind = LetterKind.KNOWN
    say = partial(
        _said, kind, theme.catalogue(language), publication.title_in(language)
    )
    values = frame_of_mail(language, publication=publication, theme=theme) | {
        "kind": kind,
        "link": link,
        "mail": _mail_behind(link),
        "title": say("subject"),
        "preheader": say("preheader"),
        "heading": say("title"),
    }
    body = theme.render("letter/body.html", language, values)
    laid_out = fit_for_mail(
        in_direction(body, language),
        width=theme.style.image_width,
        direction=language.direction,
    )
    html = theme.render("letter/letter.html", language, values | {"body": laid_out})
    return Letter(
        language=language,
        subject=say("subject"),
        html=inline_css(html),
        text=theme.render("letter/letter.txt", language, values),
    )


def _mail_behind(link: str) -> Mapping[str, str] | None:
    """Take a mailto URL (RFC 6068) apart, for those whose browser opens no mail."""
    parts = urlsplit(link)
    if parts.scheme != "mailto":
        return None
    fields = dict(parse_qsl(parts.query))
    return {"address": unquote(parts.path), "subject": fields.get("subject", "")}


def _said(kind: LetterKind, catalogue: Catalogue, newsletter: str, what: str) -> str:
    return catalogue.say(f"letter.{kind}.{what}", {"newsletter": newsletter})
