"""An edition as an e-mail: HTML with its CSS inlined, and the same in plain text.

Both are the same for every reader but for the tokens of `distribute.render.email.personal`.
There is no pixel and no rewritten link: every address in it is the author's, the
newsletter's or an edition's own.
"""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content, Email
from distribute.render.email.inline import inline_css
from distribute.render.email.personal import Slot, salt_of, token
from distribute.render.layout.bidi import in_direction
from distribute.render.layout.fit import fit_for_mail
from distribute.render.layout.sizes import with_sizes
from distribute.render.masthead import sign_of
from distribute.render.theme.fonts import SCRIPTS, for_word
from distribute.render.theme.style import Style
from distribute.render.theme.theme import Theme

_TYPEFACES = {
    ("zh", "Hans"): "hans cjk upright",
    ("zh", "Hant"): "hant cjk upright",
    ("ja", ""): "japanese cjk upright",
    ("ko", ""): "korean cjk upright",
    ("he", ""): "hebrew",
    ("yi", ""): "hebrew",
}


def render_email(
    edition: Edition,
    content: Content,
    issue: Issue,
    *,
    text: str,
    publication: Publication,
    theme: Theme,
) -> Email:
    """Make the e-mail of one edition; its subject is the title, exactly.

    `text` is the post in plain text, see `distribute.render.content.plain`. Raises `RenderError`
    if the theme is broken or does not speak the language.
    """
    laid_out = lay_out_email(
        edition, content, issue, text=text, publication=publication, theme=theme
    )
    return inlined(laid_out)


def lay_out_email(
    edition: Edition,
    content: Content,
    issue: Issue,
    *,
    text: str,
    publication: Publication,
    theme: Theme,
) -> Email:
    """Make the e-mail of one edition, but for its CSS, which is still in one place.

    With `inlined` this is `render_email` in two steps, for those who count memory: no
    library is needed by both. Raises as that does.
    """
    salt = _salt(edition, content, text, publication)
    language = edition.language
    values = frame_of_mail(language, publication=publication, theme=theme) | {
        "edition": edition,
        "content": content,
        "text": text,
        "issue": issue,
        "translations": translations_of(edition, issue),
        "heading": in_direction(escape(edition.title), language),
        "body": _body(edition, content, publication, theme),
        "reader": _reader(salt),
    }
    return Email(
        language=edition.language,
        subject=edition.title,
        preheader=content.preheader,
        html=theme.render("email/email.html", edition.language, values),
        text=theme.render("email/email.txt", edition.language, values),
        salt=salt,
    )


def frame_of_mail(
    language: Language, *, publication: Publication, theme: Theme
) -> dict[str, object]:
    """Give a mail what the frame around it needs, that of a letter as well."""
    return {
        "publication": publication,
        "newsletter": publication.title_in(language),
        "home": publication.home_url(language),
        "sender": _sender(language, publication),
        "typeface": typeface(language),
        "sign": sign_of(theme.style.logo, publication),
        "fonts_of_word": _fonts_of_word(theme.style, language),
    }


def inlined(email: Email) -> Email:
    """Write its CSS into the elements of an e-mail; raises `RenderError` if it cannot."""
    return replace(email, html=inline_css(email.html))


def translations_of(edition: Edition, issue: Issue) -> tuple[Edition, ...]:
    """List the other editions of an issue, in the order of its languages."""
    return tuple(
        other for other in issue.editions.values() if other.language != edition.language
    )


def typeface(language: Language) -> str:
    """Name the classes that choose fonts and line height for a language's script.

    >>> typeface(Language("zh-Hans")), typeface(Language("fa")), typeface(Language("tr"))
    ('hans cjk upright', 'arabic upright', 'latin')
    """
    script = language.script if language.primary == "zh" else ""
    chosen = _TYPEFACES.get((language.primary, script))
    if chosen is not None:
        return chosen
    return "arabic upright" if language.direction == "rtl" else "latin"


def _body(
    edition: Edition, content: Content, publication: Publication, theme: Theme
) -> str:
    """Lay out the content as wide as the theme has it; its own pictures know their size."""
    language = edition.language
    return fit_for_mail(
        in_direction(with_sizes(content.html, publication), language),
        width=theme.style.image_width,
        direction=language.direction,
    )


def _fonts_of_word(style: Style, language: Language) -> Mapping[str, str]:
    """Name the fonts for Word, which shows mail in Outlook, by what they are for."""
    script = typeface(language).partition(" ")[0]
    suffix = f"-{script}" if script in SCRIPTS else ""
    tokens = {"text": f"text{suffix}", "display": f"display{suffix}", "mono": "mono"}
    return {use: for_word(style.fonts[token]) for use, token in tokens.items()}


def _sender(language: Language, publication: Publication) -> tuple[str, ...]:
    """List the lines of the postal address, the newsletter's name on top, once."""
    name = publication.title_in(language)
    address = [line.strip() for line in publication.address.splitlines()]
    lines = tuple(line for line in address if line)
    named = bool(lines) and lines[0].casefold().startswith(name.casefold())
    return lines if named else (name, *lines)


def _reader(salt: str) -> Mapping[str, str]:
    """Give templates the tokens as ``reader.name`` and so on."""
    return {slot.value: token(slot, salt) for slot in Slot}


def _salt(
    edition: Edition, content: Content, text: str, publication: Publication
) -> str:
    """Derive the salt from all that the e-mail will say."""
    authors = (part for author in edition.authors for part in (author.name, author.url))
    return salt_of(
        edition.language.tag,
        edition.title,
        edition.url,
        content.preheader,
        content.html,
        text,
        publication.title_in(edition.language),
        publication.address,
        *authors,
    )
