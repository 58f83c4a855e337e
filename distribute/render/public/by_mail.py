"""The page for joining by mail alone, for a site behind which nothing answers."""

from dataclasses import dataclass
from urllib.parse import quote

from distribute.editions.publication import Publication
from distribute.errors import RenderError
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Page
from distribute.render.pages.frame import page_file
from distribute.render.public.around import Place, Switch, around
from distribute.render.theme.theme import Theme

ASKS = "subscribe"
"""The first word of a subject that asks to join; the language's tag follows."""
_UP = "../../"


@dataclass(frozen=True, slots=True)
class Way:
    """A mail that asks for the newsletter in one language."""

    language: Language
    href: str
    """A mailto: URL."""
    subject: str
    """What it says, for those whose browser knows of no mail program."""


def render_by_mail(language: Language, publication: Publication, theme: Theme) -> Page:
    """Make the page in one language of the newsletter, which has a `joins_by`."""
    mailbox = publication.joins_by
    if mailbox is None:
        raise RenderError("nobody can join by mail: there is nobody to write to")
    others = (each for each in publication.languages if each != language)
    switches = [Switch(each, _UP + _file(each, publication)) for each in others]
    own_first = sorted(publication.languages, key=lambda each: each != language)
    values = around(
        language,
        Place(root=_UP, site=_UP),
        publication=publication,
        theme=theme,
        switches=switches,
    ) | {
        "url": f"{publication.url}/{publication.by_mail_path(language)}",
        "mailbox": mailbox.address,
        "mailto": _mailto(mailbox),
        "ways": [_way(each, mailbox) for each in own_first],
    }
    return Page(
        path=_file(language, publication),
        html=theme.render("public/by_mail.html", language, values),
    )


def _file(language: Language, publication: Publication) -> str:
    return page_file(publication.by_mail_path(language))


def _way(language: Language, mailbox: Mailbox) -> Way:
    subject = f"{ASKS} {language}"
    return Way(language, f"{_mailto(mailbox)}?subject={quote(subject)}", subject)


def _mailto(mailbox: Mailbox) -> str:
    """Write an address as a URL (RFC 6068)."""
    local, _, domain = mailbox.wire_address.rpartition("@")
    return f"mailto:{quote(local, safe='+')}@{domain}"
