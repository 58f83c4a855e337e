"""One delivery as a message: RFC 5322 bytes, the same on every run.

Dates, ids and boundaries come from the campaign, the edition and the delivery, so a dry
run, a retry and a send write the very same bytes. One recipient each, no pixel, no
rewritten link, nothing about the machine that made it.

`compose` is the plain way to make one, and says what a message is. For whoever writes to
many `distribute.campaign.message.compiled` makes the same bytes in a few microseconds.
"""

from collections.abc import Sequence
from hashlib import sha256

from distribute.campaign.campaign import Campaign, Delivery, Envelope
from distribute.campaign.message import headers
from distribute.campaign.message.canonical import relaxed_end, relaxed_field
from distribute.campaign.message.dkim import DkimSigner
from distribute.campaign.message.heading import (
    Heading,
    content_fields,
    own_address,
)
from distribute.campaign.message.links import Links
from distribute.campaign.message.mime import multipart, text_part
from distribute.campaign.message.parts import Part, boundary_of, parts_of
from distribute.campaign.message.reverse_path import halves_of
from distribute.mailbox import Mailbox
from distribute.render.email.personal import escaped, values_of

"""Characters before the @ (RFC 5321 section 4.5.3.1.1)."""


def compose(
    heading: Heading,
    mailbox: Mailbox,
    delivery_id: str,
    links: Links,
    *,
    dkim: DkimSigner | None = None,
) -> bytes:
    """Write the message of one delivery; the links do not count if all go by mail.

    Raises `MailboxError` if the address cannot be written to, and `PlanError` or
    `RenderError` if the message cannot be written for anybody.
    """
    parts = parts_of(heading.email)
    boundary = boundary_of(heading.campaign, heading.email, parts)
    links = heading.links(delivery_id, links)
    fields = (
        heading.sender_fields(),
        headers.mailbox("To", mailbox),
        heading.edition_fields(),
        headers.field("Message-ID", heading.message_id(delivery_id)),
        heading.unsubscribe_fields(delivery_id, links.unsubscribe),
        content_fields(boundary),
    )
    header = b"".join(fields)
    body = multipart(_encoded(parts, mailbox, links), boundary)
    signature = _signature(dkim, header, body) if dkim else b""
    return signature + header + b"\r\n" + body


class Addressing:
    """Addresses the deliveries of a campaign; can be pickled.

    Raises `PlanError` if the address for bounces is none, or too long to name a delivery.
    """

    __slots__ = ("_bounces", "_issue", "_verp")

    def __init__(self, campaign: Campaign) -> None:
        sender = campaign.sender
        self._issue = campaign.issue
        self._bounces = own_address(sender.bounces)
        self._verp = halves_of(sender)

    def envelope(self, mailbox: Mailbox, folder: str, delivery_id: str) -> Envelope:
        """Address one delivery of the edition whose `Language.folder` it is.

        Raises `MailboxError` if the address cannot be written to.
        """
        return self.envelope_to(headers.checked_address(mailbox), folder, delivery_id)

    def envelope_to(self, rcpt_to: str, folder: str, delivery_id: str) -> Envelope:
        """Address the same to what `headers.checked_address` gave before."""
        id_ = f"{self._issue}/{folder}/{delivery_id}"
        mail_from = self._mail_from(delivery_id) if self._verp else self._bounces
        return tuple.__new__(Envelope, (id_, mail_from, rcpt_to, not rcpt_to.isascii()))

    def _mail_from(self, delivery_id: str) -> str:
        """Name the delivery in the sender, where that is wished for."""
        if self._verp is None:
            return self._bounces
        local, domain = self._verp
        return f"{local}{delivery_id}{domain}"


def envelope_of(campaign: Campaign, delivery: Delivery) -> Envelope:
    """Address one delivery; for many of a campaign keep an `Addressing`."""
    return Addressing(campaign).envelope(
        delivery.subscriber.mailbox, delivery.language.folder, delivery.id
    )


def _encoded(
    parts: tuple[Part, Part], mailbox: Mailbox, links: Links
) -> Sequence[bytes]:
    """Write text and HTML with one reader's values, escaped in HTML alone."""
    text, html = parts
    values = values_of(
        name=headers.display_name(mailbox.name),
        address=mailbox.address,
        unsubscribe_url=links.unsubscribe,
        preferences_url=links.preferences,
    )
    return (
        text_part(text.kind, text.encoding, text.encoded(values)),
        text_part(html.kind, html.encoding, html.encoded(escaped(values))),
    )


def _signature(dkim: DkimSigner, header: bytes, body: bytes) -> bytes:
    fields = [relaxed_field(raw) for raw in headers.fields_of(header)]
    return dkim.sign(fields, sha256(relaxed_end(body)).digest())
