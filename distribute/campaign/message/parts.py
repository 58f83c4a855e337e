"""The two texts of an edition, cut where a reader's own values go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from distribute.campaign.campaign import Campaign
from distribute.campaign.message.mime import (
    Encoding,
    boundary_for,
    encode,
    encoding_of,
    lines_of,
)
from distribute.render.document import Email
from distribute.render.email.personal import Slot, form_of


@dataclass(frozen=True, slots=True)
class Part:
    """One text of an edition, and how it travels."""

    kind: str
    """``plain`` or ``html``, of the media type text."""
    shared: tuple[bytes, ...]
    """UTF-8 in lines of LF: what stands before, between and behind the values."""
    slots: tuple[Slot, ...]
    encoding: Encoding
    """The same for all readers, whatever their values are."""

    def encoded(self, values: Mapping[Slot, str]) -> bytes:
        """Put one reader's values in, escaped where they have to be, and encode."""
        own = [lines_of(values[slot]) for slot in self.slots]
        return encode(self.shared, own, self.encoding)


def parts_of(email: Email) -> tuple[Part, Part]:
    """Cut an e-mail's text and HTML, in this order.

    Raises `RenderError` if they cannot be written in UTF-8.
    """
    return _part("plain", email.text, email.salt), _part("html", email.html, email.salt)


def boundary_of(campaign: Campaign, email: Email, parts: Sequence[Part]) -> str:
    """Derive the boundary between the parts of an e-mail: one per edition and campaign.

    It is in neither part as far as readers share it. In a value it cannot be: these are
    in quoted-printable or base64.
    """
    shared = [stretch for part in parts for stretch in part.shared]
    seed = "\0".join((campaign.id, email.language.tag, email.salt))
    return boundary_for(shared, seed.encode("utf-8"))


def _part(kind: str, document: str, salt: str) -> Part:
    form = form_of(document, salt)
    shared = tuple(map(lines_of, form.shared))
    return Part(kind, shared, form.slots, encoding_of(shared))
