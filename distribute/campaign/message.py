"""One delivery as a message: RFC 5322 bytes, the same on every run.

Dates, ids and boundaries come from the campaign, the delivery and the content, so a dry
run, a retry and a send write the very same bytes. One recipient each, no pixel, no
rewritten link, nothing about the machine that made it.
"""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import quote

from distribute.campaign import headers
from distribute.campaign.campaign import Campaign, Delivery, Envelope
from distribute.campaign.mime import boundary_for, multipart, text_part
from distribute.errors import MailboxError, PlanError
from distribute.mailbox import Mailbox
from distribute.render.document import Email
from distribute.render.personal import personalise

_UNSAFE_IN_ID = re.compile(r"[^A-Za-z0-9]+")
_MESSAGE_ID_LINE = 78
_LIST_ID = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
_FEEDBACK_SENDER = range(5, 16)
"""How many characters large mailbox providers take as a sender's id."""


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes the messages of one edition; what they share is written once."""

    campaign: Campaign
    email: Email
    archive_url: str
    """Where this edition can be read on the web (RFC 5064)."""
    list_archive_url: str = ""
    """Where all issues of this language are; may be empty."""
    _sender: bytes = field(init=False, repr=False)
    _shared: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sender", _sender_headers(self.campaign))
        object.__setattr__(self, "_shared", _shared_headers(self))

    def compose(self, delivery: Delivery, *, unsubscribe_url: str) -> bytes:
        """Write the message of one delivery.

        Raises `MailboxError` if the subscriber's address cannot be written to, and
        `PlanError` or `RenderError` if the message cannot be written for anybody.
        """
        to = delivery.subscriber.mailbox
        html, text = personalise(
            self.email,
            name=to.name,
            address=to.address,
            unsubscribe_url=unsubscribe_url,
        )
        message_id = message_id_of(self.campaign, delivery)
        parts = (text_part("plain", text), text_part("html", html))
        boundary = boundary_for(parts, seed=message_id.encode("ascii"))
        return b"".join(
            (
                self._sender,
                headers.mailbox("To", to),
                self._shared,
                headers.field("Message-ID", message_id),
                _unsubscribe_headers(self.campaign, delivery, unsubscribe_url),
                headers.field("MIME-Version", "1.0"),
                headers.field(
                    "Content-Type",
                    f'multipart/alternative;{headers.FOLD}boundary="{boundary}"',
                ),
                b"\r\n",
                multipart(parts, boundary),
            )
        )


def compose(
    campaign: Campaign,
    delivery: Delivery,
    email: Email,
    *,
    unsubscribe_url: str,
    archive_url: str,
    list_archive_url: str = "",
) -> bytes:
    """Write the message of one delivery; for many of one edition keep a `Composer`."""
    composer = Composer(campaign, email, archive_url, list_archive_url)
    return composer.compose(delivery, unsubscribe_url=unsubscribe_url)


def envelope_of(campaign: Campaign, delivery: Delivery) -> Envelope:
    """Address one delivery for a sink.

    Raises `MailboxError` if the subscriber's address cannot be written to, `PlanError` if
    the address for bounces cannot.
    """
    to = delivery.subscriber.mailbox
    return Envelope(
        id=f"{campaign.issue}/{delivery.language.folder}/{delivery.id}",
        mail_from=_own_address(campaign.sender.bounces),
        rcpt_to=headers.checked_address(to),
        smtputf8=to.needs_smtputf8,
    )


def message_id_of(campaign: Campaign, delivery: Delivery) -> str:
    """Derive the Message-ID: ``<5-pt-br.2cf24dba5fb0a30e26e83b2a@example.org>``.

    It fits into one line (it cannot be folded): a long issue id is shortened, for the
    delivery's own id already tells messages apart.
    """
    end = f".{_atom(delivery.id)}@{_domain(campaign.sender.mailbox)}>"
    start = _atom(f"{campaign.issue}-{delivery.language.folder}")
    room = _MESSAGE_ID_LINE - len("Message-ID: <") - len(end)
    return f"<{start[: max(room, 8)].strip('-')}{end}"


def _sender_headers(campaign: Campaign) -> bytes:
    sender = campaign.sender
    for mailbox in (sender.mailbox, sender.reply_to or sender.mailbox):
        _own_address(mailbox)
    written = headers.mailbox("From", sender.mailbox)
    if sender.reply_to:
        written += headers.mailbox("Reply-To", sender.reply_to)
    return written


def _shared_headers(composer: Composer) -> bytes:
    campaign, language = composer.campaign, composer.email.language
    domain = _domain(campaign.sender.mailbox)
    contact = _mailto(campaign)
    fields = [
        headers.subject(composer.email.subject),
        headers.date(campaign.started),
        headers.field("Content-Language", language.tag),
        headers.list_id(
            f"{campaign.list_name} ({language.tag})",
            f"{language.folder}.{_list_id(campaign)}",
        ),
        headers.urls("List-Help", f"{contact}?subject=help"),
        headers.urls("List-Owner", contact),
        headers.field("List-Post", "NO"),
        headers.urls("Archived-At", composer.archive_url),
        headers.field(
            "Feedback-ID",
            ":".join(
                (
                    _atom(campaign.issue),
                    language.folder,
                    _atom(campaign.list_id),
                    _feedback_sender(domain),
                )
            ),
        ),
    ]
    if composer.list_archive_url:
        fields.insert(-2, headers.urls("List-Archive", composer.list_archive_url))
    return b"".join(fields)


def _unsubscribe_headers(
    campaign: Campaign, delivery: Delivery, unsubscribe_url: str
) -> bytes:
    """Write the way out; one-click needs HTTPS (RFC 8058 section 3.1)."""
    mailto = f"{_mailto(campaign)}?subject=unsubscribe%20{_atom(delivery.id)}"
    written = headers.urls("List-Unsubscribe", unsubscribe_url, mailto)
    if unsubscribe_url.startswith("https://"):
        written += headers.field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    return written


def _mailto(campaign: Campaign) -> str:
    address = _own_address(campaign.sender.reply_to or campaign.sender.mailbox)
    local, _, domain = address.rpartition("@")
    return f"mailto:{quote(local, safe='+')}@{domain}"


def _own_address(mailbox: Mailbox) -> str:
    """Give an address of the newsletter itself, which every server must take."""
    try:
        address = headers.checked_address(mailbox)
    except MailboxError as error:
        raise PlanError(error.reason, hint="Correct it in [sender].") from error
    if not address.isascii():
        raise PlanError(
            f"the newsletter cannot send as {address}",
            hint="Use an address whose part before the @ is ASCII in [sender].",
        )
    return address


def _domain(mailbox: Mailbox) -> str:
    return _own_address(mailbox).rpartition("@")[2]


def _list_id(campaign: Campaign) -> str:
    if not _LIST_ID.fullmatch(campaign.list_id):
        raise PlanError(
            f"{campaign.list_id!r} cannot be a List-Id",
            hint="Use ASCII labels with dots between them, such as news.example.org.",
        )
    return campaign.list_id


def _feedback_sender(domain: str) -> str:
    if len(domain) in _FEEDBACK_SENDER:
        return domain
    return sha256(domain.encode("ascii")).hexdigest()[: _FEEDBACK_SENDER[-1]]


def _atom(text: str) -> str:
    """Keep ASCII letters and digits; the rest becomes hyphens, or a hash if none is left."""
    kept = _UNSAFE_IN_ID.sub("-", text).strip("-")
    return kept or sha256(text.encode("utf-8")).hexdigest()[:12]
