"""One letter as a message: the RFC 5322 bytes of `distribute.render.document.Letter`.

Its id and the time it was asked for make everything in it that is not the letter's own,
so a second attempt writes the very same bytes. It belongs to no list: nobody can leave
one by it, so it promises no way out, and says that a machine wrote it (RFC 3834), which
keeps other machines from answering.
"""

import re
from datetime import datetime
from hashlib import sha256

from distribute.campaign.campaign import Envelope, Message
from distribute.campaign.message import headers
from distribute.campaign.message.canonical import relaxed_end, relaxed_field
from distribute.campaign.message.dkim import DkimSigner
from distribute.campaign.message.heading import content_fields, own_address
from distribute.campaign.message.mime import (
    boundary_for,
    encode,
    encoding_of,
    lines_of,
    multipart,
    text_part,
)
from distribute.campaign.message.reverse_path import reverse_path
from distribute.campaign.sender import Sender
from distribute.errors import PlanError
from distribute.mailbox import Mailbox
from distribute.render.document import Letter

FOLDER = "letters"
"""Ids of letters' envelopes begin so, as those of deliveries do with their issue."""
_ID = re.compile(r"[A-Za-z0-9]{1,40}")


def compose_letter(
    letter: Letter,
    *,
    sender: Sender,
    mailbox: Mailbox,
    id_: str,
    at: datetime,
    dkim: DkimSigner | None = None,
) -> Message:
    """Write a letter to one mailbox; `at` is aware and becomes its Date.

    `id_`, letters and digits, makes its Message-ID: no two letters have the same. Raises
    `MailboxError` if the mailbox cannot be written to, `PlanError` or `RenderError` if
    the letter cannot be written to anybody, `ConfigError` if `dkim` cannot sign.
    """
    parts = [
        _part("plain", lines_of(letter.text)),
        _part("html", lines_of(letter.html)),
    ]
    boundary = boundary_for(parts, f"letter\0{checked_id(id_)}".encode())
    body = multipart(parts, boundary)
    header = b"".join(
        (
            *_sender_fields(sender),
            headers.mailbox("To", mailbox),
            headers.subject(letter.subject),
            headers.date(at),
            headers.field("Message-ID", message_id_of(id_, sender)),
            headers.field("Content-Language", letter.language.tag),
            headers.field("Auto-Submitted", "auto-generated"),
            content_fields(boundary),
        )
    )
    signed = _signature(dkim, header, body) if dkim else b""
    written = b"%b%b\r\n%b" % (signed, header, body)
    return Message((written,), len(written), tidy=True)


def letter_envelope(
    letter: Letter, *, sender: Sender, mailbox: Mailbox, id_: str
) -> Envelope:
    """Address a letter; raises as `compose_letter` does.

    The reverse-path is the newsletter's own: what bounces shall be known of. With VERP
    it names the letter.
    """
    rcpt_to = headers.checked_address(mailbox)
    return Envelope(
        id=f"{FOLDER}/{letter.language.folder}/{checked_id(id_)}",
        mail_from=reverse_path(sender, id_),
        rcpt_to=rcpt_to,
        smtputf8=not rcpt_to.isascii(),
    )


def message_id_of(id_: str, sender: Sender) -> str:
    """Name a letter: ``<letter.2cf24dba5fb0a30e@example.org>``."""
    domain = own_address(sender.mailbox).rpartition("@")[2]
    return f"<letter.{checked_id(id_)}@{domain}>"


def checked_id(id_: str) -> str:
    """Give the id of a letter as it is; raises `PlanError` if it is none."""
    if not _ID.fullmatch(id_):
        raise PlanError(
            f"{id_!r} is not the id of a letter", hint="It is letters and digits."
        )
    return id_


def _sender_fields(sender: Sender) -> list[bytes]:
    for own in (sender.mailbox, sender.reply_to or sender.mailbox):
        own_address(own)
    fields = [headers.mailbox("From", sender.mailbox)]
    if sender.reply_to:
        fields.append(headers.mailbox("Reply-To", sender.reply_to))
    return fields


def _part(kind: str, lines: bytes) -> bytes:
    encoding = encoding_of([lines])
    return text_part(kind, encoding, encode([lines], [], encoding))


def _signature(dkim: DkimSigner, header: bytes, body: bytes) -> bytes:
    fields = [relaxed_field(raw) for raw in headers.fields_of(header)]
    return dkim.sign(fields, sha256(relaxed_end(body)).digest())
