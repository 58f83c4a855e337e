"""How heavy a mail is, against what mailbox providers take of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from distribute.audience.reception.token import KEY_SIZE, Signer
from distribute.campaign.message.links import Linking
from distribute.mailbox import Mailbox
from distribute.render.document import Email
from distribute.render.email.personal import personalise, values_of

GMAIL_CLIPS = 102_400
"""Octets of HTML behind which Gmail shows "[Message clipped]" and no footer."""
GMAIL_STYLES = 16_000
"""Characters of all ``<style>`` that Gmail reads; what is longer it drops as a whole."""

_LONGEST = Mailbox("a" * 64 + "@" + ".".join(["b" * 61, "c" * 61, "d" * 61, "org"]))
"""As long as an address may be (RFC 5321 section 4.5.3.1)."""
_NAME = "N" * 80
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.IGNORECASE | re.DOTALL)
_HEADLINE = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Weight:
    """A size and its limit, in octets or in characters."""

    size: int
    limit: int

    @property
    def share(self) -> float:
        """What part of the limit it is; more than 1 is too much."""
        return self.size / self.limit


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one headline of a mail, in octets of HTML."""

    headline: str
    level: int
    size: int


def weight_of_html(email: Email, public_url: str) -> Weight:
    """Weigh the decoded HTML as the reader with the longest name and address gets it.

    `public_url` is where personal links lead, as in `distribute.checks.proof.Proof`.
    """
    links = Linking(Signer(bytes(KEY_SIZE)), public_url)(_LONGEST)
    values = values_of(
        name=_NAME,
        address=_LONGEST.address,
        unsubscribe_url=links.unsubscribe,
        preferences_url=links.preferences,
    )
    html, _ = personalise(email, values)
    return Weight(len(html.encode("utf-8", "replace")), GMAIL_CLIPS)


def weight_of_styles(html: str) -> Weight:
    """Count the characters of every ``<style>`` of a mail together.

    >>> weight_of_styles("<style>p{}</style><p>x</p><style>b{}</style>").size
    6
    """
    return Weight(sum(map(len, _STYLE.findall(html))), GMAIL_STYLES)


def sections_of(html: str) -> Sequence[Section]:
    """Cut a mail at its headlines of the second level, the heaviest part first.

    Where there are none, at those of the next level that there are. Behind the last one
    everything counts, the footer too; what stands before the first has no headline.

    >>> [(s.headline, s.size) for s in sections_of("<h2>A</h2>x<h2>B</h2><p>long</p>")]
    [('B', 21), ('A', 11)]
    """
    found = [match for match in _HEADLINE.finditer(html) if int(match[1]) > 1]
    level = min((int(match[1]) for match in found), default=0)
    cuts = [match for match in found if int(match[1]) == level]
    ends = [*(match.start() for match in cuts[1:]), len(html)]
    sections = [
        Section(_words(match[2]), level, len(html[match.start() : end].encode()))
        for match, end in zip(cuts, ends, strict=bool(cuts))
    ]
    return sorted(sections, key=lambda section: -section.size)


def _words(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())
