"""What the forms hold: as it was typed, as it is kept, and the words people agree to."""

from dataclasses import dataclass
from datetime import date

from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.theme.theme import Theme

PLACES = ("first", "second", "third")
"""The fields for languages, in the order of preference; any may be empty."""
PAUSES = (30, 90, 180)
"""Days that can be chosen in the field ``pause``."""
GO_ON = "0"
"""In the field ``pause``: not any more. Nothing there changes nothing."""
LONGEST_NAME = 100
"""Characters."""
LONGEST_ADDRESS = 254
"""Octets (RFC 5321 section 4.5.3.1.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinForm:
    """The form for joining, as somebody has filled it in so far."""

    email: str = ""
    """As it was typed, whatever that is."""
    name: str = ""
    languages: tuple[Language, ...] = ()
    """In order of preference; those that the newsletter does not have are not shown."""
    only_these: bool = False
    begun: str = ""
    """When the page was made, signed by whoever shows it; goes through the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a subscriber may choose."""

    name: str = ""
    languages: tuple[Language, ...] = ()
    only_these: bool = False
    paused_until: date | None = None


def wording_of(language: Language, *, publication: Publication, theme: Theme) -> str:
    """Give the words somebody agrees to by joining, as plain text.

    They are those beside the button, and the address of the privacy policy if there is
    one; keep them as evidence under `distribute.audience.consent.version_of`.
    """
    say = theme.catalogue(language).say
    newsletter = publication.title_in(language)
    words = say("public.agree", {"newsletter": newsletter})
    if not publication.privacy:
        return words
    policy = {"label": say("public.privacy", {}), "value": publication.privacy}
    return f"{words}\n{say('text.labelled', policy)}"
