"""The header of a newsletter's message: who, what, when, and how to leave.

Most of it is the same for all readers of an edition. Three fields are a reader's own: To
(`headers.mailbox`), Message-ID and List-Unsubscribe.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from distribute.campaign.campaign import Campaign
from distribute.campaign.message import headers
from distribute.campaign.message.delivery_ids import ID_LENGTH
from distribute.campaign.message.links import Links
from distribute.errors import MailboxError, PlanError
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Email

_ID = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
_UNSAFE_IN_ID = re.compile(r"[^A-Za-z0-9]+")
_ESCAPE = re.compile(r"%[0-9A-F]{2}")
_MESSAGE_ID_LINE = 78
_LIST_ID = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
_FEEDBACK_SENDER = range(5, 16)
"""How many characters large mailbox providers take as a sender's id."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What goes into the headers of one edition's messages.

    Its methods raise `PlanError` for what would befall every reader.
    """

    campaign: Campaign
    email: Email
    archive_url: str
    """Where this edition can be read on the web (RFC 5064)."""
    list_archive_url: str = ""
    """Where all issues of this language are; may be empty."""

    def sender_fields(self) -> bytes:
        """Write From and, where there is one, Reply-To: what stands before To."""
        sender = self.campaign.sender
        for mailbox in (sender.mailbox, sender.reply_to or sender.mailbox):
            own_address(mailbox)
        written = headers.mailbox("From", sender.mailbox)
        if sender.reply_to:
            written += headers.mailbox("Reply-To", sender.reply_to)
        return written

    def edition_fields(self) -> bytes:
        """Write what stands between To and Message-ID."""
        campaign, language = self.campaign, self.email.language
        contact = self._mailto()
        fields = [
            headers.subject(self.email.subject),
            headers.date(campaign.started),
            headers.field("Content-Language", language.tag),
            headers.list_id(
                f"{campaign.list_name} ({language.tag})",
                f"{language.folder}.{_list_id(campaign)}",
            ),
            headers.urls("List-Help", f"{contact}?subject=help"),
            headers.urls("List-Owner", contact),
            headers.field("List-Post", "NO"),
        ]
        if self.list_archive_url:
            archive = _lower_escapes(self.list_archive_url)
            fields.append(headers.urls("List-Archive", archive))
        return b"".join(
            (
                *fields,
                headers.urls("Archived-At", _lower_escapes(self.archive_url)),
                headers.field("Feedback-ID", self._feedback_id()),
            )
        )

    def message_id(self, delivery_id: str) -> str:
        """Derive the Message-ID of a delivery; see `message_id_of`."""
        return message_id_of(self.campaign, self.email.language, delivery_id)

    def unsubscribe_fields(self, delivery_id: str, url: str) -> bytes:
        """Write the way out: List-Unsubscribe, and where it may, the promise of one click."""
        by_mail = self.mail_links(delivery_id).unsubscribe
        if self.campaign.by_mail:
            return headers.urls("List-Unsubscribe", by_mail)
        written = headers.urls("List-Unsubscribe", url, by_mail)
        return written + (one_click_field() if has_one_click(url) else b"")

    def mail_links(self, delivery_id: str) -> Links:
        """Give what a reader follows to write to us instead; the delivery says who it is."""
        start = f"{self._mailto()}?subject="
        id_ = checked_id(delivery_id)
        tag = self.email.language.tag
        return Links(
            unsubscribe=f"{start}unsubscribe%20{id_}",
            preferences=f"{start}subscribe%20{id_}%20{tag}",
        )

    def links(self, delivery_id: str, links: Links) -> Links:
        """Give the links that stand in the message: these, or those to write to us."""
        return self.mail_links(delivery_id) if self.campaign.by_mail else links

    def _mailto(self) -> str:
        sender = self.campaign.sender
        local, _, domain = own_address(sender.reply_to or sender.mailbox).rpartition(
            "@"
        )
        return f"mailto:{quote(local, safe='+')}@{domain}"

    def _feedback_id(self) -> str:
        campaign = self.campaign
        return ":".join(
            (
                _atom(campaign.issue),
                self.email.language.folder,
                _atom(campaign.list_id),
                _feedback_sender(_domain(campaign.sender.mailbox)),
            )
        )


def has_one_click(url: str) -> bool:
    """Tell whether one click may be promised, which needs HTTPS (RFC 8058 section 3.1)."""
    return url.startswith("https://")


def is_by_mail(url: str) -> bool:
    """Tell whether a link begins a letter to us, rather than lead to the web."""
    return url.startswith("mailto:")


def one_click_field() -> bytes:
    """Promise that a POST to the URL is all it takes to leave."""
    return headers.field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")


def content_fields(boundary: str) -> bytes:
    """Write what says how the body is made; it ends the header."""
    return headers.field("MIME-Version", "1.0") + headers.field(
        "Content-Type", f'multipart/alternative;{headers.FOLD}boundary="{boundary}"'
    )


def message_id_of(campaign: Campaign, language: Language, delivery_id: str) -> str:
    """Derive the Message-ID: ``<5-pt-br.2cf24dba5fb0a30e26e83b2a@example.org>``.

    It fits into one line (it cannot be folded): a long issue id is shortened, for the
    delivery's own id already tells messages apart.
    """
    end = f".{checked_id(delivery_id)}@{_domain(campaign.sender.mailbox)}>"
    start = _atom(f"{campaign.issue}-{language.folder}")
    room = _MESSAGE_ID_LINE - len("Message-ID: <") - len(end)
    return f"<{start[: max(room, 8)].strip('-')}{end}"


def checked_id(delivery_id: str) -> str:
    """Give the id of a delivery as it is; raises `PlanError` if it is none."""
    if not _ID.fullmatch(delivery_id):
        raise PlanError(
            f"{delivery_id!r} is not the id of a delivery",
            hint=f"It is {ID_LENGTH} hexadecimal digits.",
        )
    return delivery_id


def own_address(mailbox: Mailbox) -> str:
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
    return own_address(mailbox).rpartition("@")[2]


def _lower_escapes(url: str) -> str:
    """Write the same address with ``%bc`` for ``%BC`` (RFC 3986 section 2.1).

    Filters take the latter for the sign of a template that somebody forgot to fill in.
    """
    return _ESCAPE.sub(lambda found: found[0].lower(), url)


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
