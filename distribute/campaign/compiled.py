"""Messages compiled once per edition, and written in a few microseconds per delivery.

All that the messages of an edition share is encoded once, as pieces of whole lines with
slots between them. To write one message is to fill in what is one reader's own, and to
put the pieces together. The bytes are those of `distribute.campaign.message.compose`.
"""

from collections.abc import Sequence
from itertools import pairwise

from distribute.campaign.campaign import Campaign, Message
from distribute.campaign.dkim import DkimSigner
from distribute.campaign.headers import FOLD
from distribute.campaign.heading import (
    ID_LENGTH,
    Heading,
    content_fields,
    one_click_field,
)
from distribute.campaign.mime import part_fields
from distribute.campaign.own import Own, own_of
from distribute.campaign.parts import boundary_of, parts_of
from distribute.campaign.seal import Seal
from distribute.campaign.slots import Slots, compiled
from distribute.mailbox import Mailbox
from distribute.render.document import Email

_SMALL = 16 * 1024
"""Octets of a message below which one copy costs less than several pieces."""
_LARGE_PIECE = 4 * 1024
"""Octets of a piece from which on sharing it costs less than copying it."""
_SIGNATURE, _TO, _ID, _URL, _MAILTO_ID, _ONE_CLICK = 0, 2, 5, 8, 10, 12
"""Places of the header's slots among the pieces of a message; see `_header`."""
_MESSAGE_ID, _UNSUBSCRIBE = slice(4, 7), slice(7, 12)
"""Places of fields in which there are slots."""
_SAMPLE_ID = "0" * ID_LENGTH
_SAMPLE_URL = "https://example.org/"


class CompiledMessage:
    """The messages of one edition. Can be pickled; writing one leaves it as it is."""

    __slots__ = ("_cuts", "_html", "_pieces", "_seal", "_text")

    def __init__(
        self, pieces: list[bytes], text: Slots, html: Slots, seal: Seal | None
    ) -> None:
        self._pieces = pieces
        self._text = text
        self._html = html
        self._seal = seal
        sample = own_of(Mailbox("a@example.org"), _SAMPLE_ID, _SAMPLE_URL)
        self._cuts = _cuts(list(map(len, self._filled(pieces, sample))))

    def write(
        self, mailbox: Mailbox, delivery_id: str, unsubscribe_url: str
    ) -> Message:
        """Write the message of one delivery.

        A large one shares most of its pieces with all others of the edition. Raises
        `MailboxError` if the address cannot be written to, `PlanError` if the delivery's
        id is not 24 hexadecimal digits or the URL is none.
        """
        own = own_of(mailbox, delivery_id, unsubscribe_url)
        pieces = self._filled(self._pieces, own)
        pieces[_TO], pieces[_URL], has_one_click, _, _ = own
        pieces[_ID] = pieces[_MAILTO_ID] = delivery_id.encode()
        if not has_one_click:
            pieces[_ONE_CLICK] = b""
        if self._seal is not None:
            pieces[_SIGNATURE] = self._signature(self._seal, pieces, own)
        joined = tuple([b"".join(pieces[cut]) for cut in self._cuts])
        return Message(joined, sum(map(len, joined)), tidy=True)

    def _filled(self, pieces: Sequence[bytes], own: Own) -> list[bytes]:
        """Copy pieces, and fill in the body's values."""
        filled = [*pieces]
        self._text.fill(filled, own.text)
        self._html.fill(filled, own.html)
        return filled

    def _signature(self, seal: Seal, pieces: Sequence[bytes], own: Own) -> bytes:
        fields = (
            own.to,
            b"".join(pieces[_MESSAGE_ID]),
            b"".join(pieces[_UNSUBSCRIBE]),
            pieces[_ONE_CLICK],
        )
        return seal.sign(fields, self._filled(seal.body, own))


def compile_message(
    campaign: Campaign,
    email: Email,
    *,
    archive_url: str,
    list_archive_url: str = "",
    dkim: DkimSigner | None = None,
) -> CompiledMessage:
    """Compile the messages of one edition.

    `archive_url` is where it can be read on the web, `list_archive_url` where all issues
    of its language are. Raises `PlanError` or `RenderError` if the message cannot be
    written for anybody, `ConfigError` if `dkim` cannot sign.
    """
    heading = Heading(campaign, email, archive_url, list_archive_url)
    parts = parts_of(email)
    boundary = boundary_of(campaign, email, parts)
    delimiter = f"--{boundary}".encode()
    header = _header(heading, boundary)
    pieces, slots = header.copy(), []
    for part in parts:
        fields = part_fields(part.kind, part.encoding)
        pieces.append(b"%b\r\n%b\r\n" % (delimiter, fields))
        encoded, places = compiled(part, len(pieces))
        pieces += encoded
        slots.append(places)
    pieces.append(delimiter + b"--\r\n")
    seal = _seal(dkim, pieces, len(header)) if dkim else None
    text, html = slots
    return CompiledMessage(pieces, text, html, seal)


def _header(heading: Heading, boundary: str) -> list[bytes]:
    """Write the header as pieces with empty slots, and the empty line behind it."""
    nobody = heading.message_id(_SAMPLE_ID)
    start, end = nobody.split(_SAMPLE_ID, 1)
    mailto = heading.unsubscribe_mailto(_SAMPLE_ID).removesuffix(_SAMPLE_ID)
    own = b""
    return [
        *(own, heading.sender_fields()),
        *(own, heading.edition_fields()),
        *(b"Message-ID: " + start.encode(), own, end.encode() + b"\r\n"),
        *(b"List-Unsubscribe: <", own, f">,{FOLD}<{mailto}".encode(), own, b">\r\n"),
        one_click_field(),
        content_fields(boundary),
        b"\r\n",
    ]


def _seal(dkim: DkimSigner, pieces: Sequence[bytes], body: int) -> Seal:
    """Prepare to sign; the body's pieces begin at place `body`."""
    dkim.load()
    shared = (pieces[_TO - 1], pieces[_TO + 1], b"", b"", pieces[_ONE_CLICK + 1])
    empty = [b""] * body
    first = next((n for n in range(body, len(pieces)) if not pieces[n]), len(pieces))
    return Seal(dkim, shared, [*empty, *pieces[body:]], first)


def _cuts(sizes: Sequence[int]) -> tuple[slice, ...]:
    """Say which pieces to join: all of a small message, else all but the large ones."""
    if sum(sizes) < _SMALL:
        return (slice(0, len(sizes)),)
    large = [place for place, size in enumerate(sizes) if size >= _LARGE_PIECE]
    ends = sorted({0, len(sizes), *large, *(place + 1 for place in large)})
    return tuple(slice(start, end) for start, end in pairwise(ends))
