"""A correction: an edition as it is now, with a note above it that says what was wrong."""

from dataclasses import replace

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.render.content.excerpt import preheader_of
from distribute.render.document import Content, Email
from distribute.render.email.email import render_email
from distribute.render.text.width import display_width
from distribute.render.text.wrap import wrap
from distribute.render.theme.theme import Theme

_WIDTH = 72
"""Columns of the text part."""


class Corrector:
    """Makes the mails of a correction for one newsletter."""

    def __init__(self, publication: Publication, theme: Theme) -> None:
        self._publication = publication
        self._theme = theme

    def render(
        self, edition: Edition, content: Content, issue: Issue, *, text: str, words: str
    ) -> Email:
        """Make the mail of one edition, as `render_email` does, with a note and a subject.

        `words` are plain text in the edition's language; a blank line parts paragraphs.
        The note stands above the text, whatever the newsletter's own template looks like.
        """
        render, language = self._theme.render, edition.language
        paragraphs = paragraphs_of(words)
        lines = ["\n".join(wrap(each, _WIDTH, display_width)) for each in paragraphs]
        note = render("email/correction.html", language, {"paragraphs": paragraphs})
        said = render("email/correction.txt", language, {"paragraphs": lines})
        noted = replace(
            content,
            html=f"{note}\n{content.html}",
            preheader=preheader_of((), words),
        )
        email = render_email(
            edition,
            noted,
            issue,
            text=f"{said}\n{text}",
            publication=self._publication,
            theme=self._theme,
        )
        say = self._theme.catalogue(language).say
        subject = say("correction.subject", {"title": edition.title})
        return replace(email, subject=subject)


def paragraphs_of(words: str) -> tuple[str, ...]:
    r"""Part a text at its blank lines.

    >>> paragraphs_of("One\nline.\n\nAnother.")
    ('One line.', 'Another.')
    """
    parts = (" ".join(part.split()) for part in words.split("\n\n"))
    return tuple(part for part in parts if part)
