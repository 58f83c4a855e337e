"""Messages compiled once per edition, and written in a few microseconds per delivery.

All that the messages of an edition share is encoded once, as stretches of whole lines
and of fields with something of each reader's own between them. To write one message is
to encode what is the reader's own, which may be done in another process, and to put it
between. The bytes are those of `distribute.campaign.message.message.compose`.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from distribute.campaign.campaign import Campaign, Message
from distribute.campaign.message.delivery_ids import ID_LENGTH
from distribute.campaign.message.dkim import DkimSigner
from distribute.campaign.message.headers import FOLD
from distribute.campaign.message.heading import Heading, content_fields
from distribute.campaign.message.links import Links, PlainLinks
from distribute.campaign.message.mime import part_fields
from distribute.campaign.message.own import own_of
from distribute.campaign.message.parts import Part, boundary_of, parts_of
from distribute.campaign.message.seal import Seal
from distribute.campaign.message.slots import Slots, compiled
from distribute.mailbox import Mailbox
from distribute.render.document import Email

_SMALL = 16 * 1024
"""Octets of a message below which one copy costs less than several pieces."""
_LARGE_PIECE = 4 * 1024
"""Octets of a piece from which on sharing it costs less than copying it."""
_SAMPLE_ID = "f" * ID_LENGTH
_SAMPLE = (
    "",
    "a@example.org",
    _SAMPLE_ID,
    Links("https://example.org/", "https://example.org/"),
)

Filling = tuple[bytes, ...]
"""What is one reader's own in a message, in the order in which it stands there.

The signature, To, delivery, URL, delivery, one click; then what goes into the text and
into the HTML. Plain bytes, and few of them. A small message is in one piece: itself.
"""
_IN_HEADER = 6


class CompiledMessage:
    """The messages of one edition. Can be pickled; writing one leaves it as it is."""

    __slots__ = ("_blank", "_by_mail", "_cuts", "_html", "_signing", "_text")

    def __init__(
        self,
        stretches: Sequence[bytes],
        text: Slots,
        html: Slots,
        signing: "_Signing | None",
        by_mail: Links | None,
    ) -> None:
        self._by_mail = by_mail
        self._blank = _between(stretches, [b""] * (len(stretches) - 1))
        self._text = text
        self._html = html
        self._signing = signing
        _, sample = self._own(*_SAMPLE)
        self._cuts = _cuts([*map(len, _between(stretches, sample))])

    def write(
        self, mailbox: Mailbox, delivery_id: str, links: Links | PlainLinks
    ) -> Message:
        """Write the message of one delivery.

        A large one shares most of its pieces with all others of the edition. The links
        are those of a `Links`, and do not count if all go by mail. Raises `MailboxError`
        if the address cannot be written to, `PlanError` if the delivery's id is not 24
        hexadecimal digits or a link is none.
        """
        name, address = mailbox.name, mailbox.address
        _, filling = self.fill(name, address, delivery_id, links)
        return self.put_together(filling)

    def fill(
        self, name: str, address: str, delivery_id: str, links: Links | PlainLinks
    ) -> tuple[str, Filling]:
        """Encode what is one reader's own: for the envelope, and for `put_together`.

        Raises what `write` raises.
        """
        rcpt_to, filling = self._own(name, address, delivery_id, links)
        if self._cuts:
            return rcpt_to, filling
        return rcpt_to, (b"".join(self._filled(filling)),)

    def put_together(self, filling: Filling) -> Message:
        """Put what is one reader's own between what all share."""
        if self._cuts:
            pieces = self._filled(filling)
            filling = tuple([b"".join(pieces[cut]) for cut in self._cuts])
            return Message(filling, sum(map(len, filling)), tidy=True)
        return tuple.__new__(Message, (filling, len(filling[0]), True))

    def _own(
        self, name: str, address: str, delivery_id: str, links: Links | PlainLinks
    ) -> tuple[str, Filling]:
        if self._by_mail is not None:
            links = _named(self._by_mail, delivery_id)
        rcpt_to, to, id_, url, one_click, text, html = own_of(
            name, address, delivery_id, links
        )
        in_text, in_html = self._text.filled(text), self._html.filled(html)
        filling = (b"", to, id_, url, id_, one_click, *in_text, *in_html)
        if self._signing is not None:
            filling = (self._signing.sign(filling), *filling[1:])
        return rcpt_to, filling

    def _filled(self, filling: Filling) -> list[bytes]:
        pieces = self._blank.copy()
        pieces[1::2] = filling
        return pieces


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
    header = _header(heading, boundary)
    body, (text, html) = _body(parts, boundary)
    signing = _signing(header, body, dkim) if dkim else None
    stretches = _end_to_end(header.stretches(), body)
    by_mail = heading.mail_links(_SAMPLE_ID) if campaign.by_mail else None
    return CompiledMessage(stretches, text, html, signing, by_mail)


class _Header(NamedTuple):
    """The header of an edition's messages, cut where something is a reader's own."""

    sender: bytes
    """What stands before To."""
    edition: bytes
    """What stands between To and Message-ID."""
    message_id: tuple[bytes, bytes]
    """What stands around the delivery."""
    unsubscribe: tuple[bytes, bytes, bytes]
    """What stands around the URL and the delivery."""
    content: bytes
    """What stands behind them all."""

    def stretches(self) -> list[bytes]:
        """Give what is shared, with the empty line behind the header."""
        (start, end), (opening, joint, ending) = self.message_id, self.unsubscribe
        edition, content = self.edition + start, self.content + b"\r\n"
        return [b"", self.sender, edition, end + opening, joint, ending, content]

    def own_fields(self, filling: Filling) -> Sequence[bytes]:
        """Write the fields that are a reader's own."""
        _, to, delivery, url, _, one_click, *_ = filling
        message_id = _between(self.message_id, [delivery])
        unsubscribe = _between(self.unsubscribe, [url, delivery])
        return to, b"".join(message_id), b"".join(unsubscribe), one_click


class _Signing(NamedTuple):
    """What signs the messages of an edition."""

    header: _Header
    seal: Seal

    def sign(self, filling: Filling) -> bytes:
        """Write the signature of one message."""
        body = self.seal.body.copy()
        body[1::2] = filling[_IN_HEADER:]
        return self.seal.sign(self.header.own_fields(filling), body)


def _header(heading: Heading, boundary: str) -> _Header:
    start, end = heading.message_id(_SAMPLE_ID).split(_SAMPLE_ID, 1)
    return _Header(
        sender=heading.sender_fields(),
        edition=heading.edition_fields(),
        message_id=(b"Message-ID: " + start.encode(), end.encode() + b"\r\n"),
        unsubscribe=_unsubscribe(heading),
        content=content_fields(boundary),
    )


def _unsubscribe(heading: Heading) -> tuple[bytes, bytes, bytes]:
    """Write List-Unsubscribe around the URL and the delivery; by mail there is no URL."""
    mailto = heading.mail_links(_SAMPLE_ID).unsubscribe.removesuffix(_SAMPLE_ID)
    if heading.campaign.by_mail:
        return b"List-Unsubscribe: ", f"<{mailto}".encode(), b">\r\n"
    return b"List-Unsubscribe: <", f">,{FOLD}<{mailto}".encode(), b">\r\n"


def _named(links: Links, delivery_id: str) -> Links:
    """Put a delivery into links by mail that were made for none."""
    unsubscribe, preferences = links
    return Links(
        unsubscribe.replace(_SAMPLE_ID, delivery_id),
        preferences.replace(_SAMPLE_ID, delivery_id),
    )


def _body(parts: Sequence[Part], boundary: str) -> tuple[list[bytes], list[Slots]]:
    """Encode what is shared of the parts, and say how to fill them."""
    delimiter = f"--{boundary}".encode()
    stretches, slots = [b""], []
    for part in parts:
        fields = part_fields(part.kind, part.encoding)
        encoded, places = compiled(part)
        start = b"%b\r\n%b\r\n" % (delimiter, fields)
        stretches = _end_to_end(stretches, _end_to_end([start], encoded))
        slots.append(places)
    return _end_to_end(stretches, [delimiter + b"--\r\n"]), slots


def _signing(header: _Header, body: Sequence[bytes], dkim: DkimSigner) -> _Signing:
    dkim.load()
    shared = (header.sender, header.edition, b"", b"", header.content)
    blank = _between(body, [b""] * (len(body) - 1))
    return _Signing(header, Seal(dkim, shared, blank, first=1))


def _between(stretches: Sequence[bytes], own: Sequence[bytes]) -> list[bytes]:
    """Put each of one's own between two stretches."""
    pieces = [b""] * (len(stretches) + len(own))
    pieces[::2] = stretches
    pieces[1::2] = own
    return pieces


def _end_to_end(first: Sequence[bytes], second: Sequence[bytes]) -> list[bytes]:
    """Put stretches behind others, with nothing of one's own in between."""
    return [*first[:-1], first[-1] + second[0], *second[1:]]


def _cuts(sizes: Sequence[int]) -> tuple[slice, ...]:
    """Say which pieces to join: all but the large ones; nothing for a small message."""
    if sum(sizes) < _SMALL:
        return ()
    large = [place for place, size in enumerate(sizes) if size >= _LARGE_PIECE]
    ends = sorted({0, len(sizes), *large, *(place + 1 for place in large)})
    return tuple(slice(start, end) for start, end in pairwise(ends))
