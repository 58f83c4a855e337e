"""What an edition becomes: content, a page, an e-mail. And the letters beside these."""

from dataclasses import dataclass

from distribute.finding import Finding
from distribute.language import Language


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the table of contents: `level` from 2, `id` the fragment on the page."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an edition says, ready for pages, feeds and e-mails.

    Its plain text, which only e-mails need, is made by `distribute.render.content.plain`.
    """

    html: str
    """Clean fragment: sanitised, URLs absolute (fragments too), headings from level 2."""
    excerpt: str
    """One or two plain sentences, at most about 280 characters: the feeds' summary."""
    preheader: str
    """What an inbox shows behind the subject: at most 110 characters, 55 in CJK."""
    headings: tuple[Heading, ...] = ()
    links: tuple[str, ...] = ()
    """Where the author's links lead, in reading order, repeated ones too: absolute, but
    those that cannot be followed are as written, and no links in `html`. Addresses that
    were merely written out are links in `html`, and not listed here."""
    images: tuple[str, ...] = ()
    """Absolute URLs of the images, in reading order."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the site."""

    path: str
    """Below ``out/site``: ``en/some-post/index.html``."""
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """One edition as an e-mail, the same for every reader but for its tokens.

    Personal values stand in `html` and `text` as the tokens of `distribute.render.email.personal`;
    they are put in when a message is composed, never before the CSS is inlined.
    """

    language: Language
    subject: str
    preheader: str
    html: str
    text: str
    salt: str
    """What its tokens end in; derived from the content, so that no post holds one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to one person about their own subscription; see `distribute.render.email.letter`.

    It is theirs from the start: there are no tokens in it.
    """

    language: Language
    subject: str
    html: str
    text: str
