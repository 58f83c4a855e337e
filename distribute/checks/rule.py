"""What a finding is an instance of: why the rule exists, and how one keeps to it."""

from dataclasses import dataclass
from enum import StrEnum

from distribute.finding import Severity


class Place(StrEnum):
    """Where a preview shows the findings of a rule."""

    INBOX = "inbox"  # sender, subject, preheader
    MAIL = "mail"  # the HTML part, and what it shows
    TEXT = "text"  # the text part
    HEADERS = "headers"
    FEED = "feed"  # feeds and the archive
    SOURCE = "source"  # the Markdown and its front matter
    NEWSLETTER = "newsletter"  # settings, templates, audience: every issue's


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, as ``distribute check --explain`` tells it."""

    id: str
    """Stable, in kebab-case: ``link-vague``."""
    severity: Severity
    """What its findings usually are; a single one may weigh more or less."""
    place: Place
    title: str
    """What it finds, as a phrase without a full stop: ``a link whose words say nothing``."""
    why: str
    """Why it matters and to whom, in one to three sentences, with figures where known."""
    fix: str
    """How to keep to it, in one to three sentences."""
    source: str = ""
    """Where that is known from: a section of an RFC, a criterion of WCAG, a provider."""
    mended: bool = False
    """Whether ``distribute check --fix`` can mend it."""
    firm: bool = False
    """Whether it cannot be switched off: what it finds is no matter of opinion."""
