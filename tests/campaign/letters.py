"""One edition, one reader, and the message between them, written in both ways."""

import email
import email.policy
from email.message import EmailMessage, Message

import pytest

from distribute.audience.subscriber import Subscriber
from distribute.campaign.campaign import Campaign, Delivery
from distribute.campaign.message.compiled import CompiledMessage, compile_message
from distribute.campaign.message.heading import Heading
from distribute.campaign.message.links import Links
from distribute.campaign.message.message import compose
from distribute.errors import MailboxError, PlanError
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Email
from tests.readers import CAMPAIGN, SALT

UNSUBSCRIBE = "https://news.example.org/u/opaque-token?l=pt-br"
PREFERENCES = "https://news.example.org/p/opaque-token"
ARCHIVE = "https://news.example.org/pt-br/a-post/"


def email_of(text: str, html: str = "", subject: str = "Olá, edição cinco") -> Email:
    """Make the e-mail of an edition in Brazilian Portuguese."""
    return Email(
        language=Language("pt-BR"),
        subject=subject,
        preheader="",
        html=html or f"<!DOCTYPE html>\n<p>{text}</p>\n",
        text=text,
        salt=SALT,
    )


def delivery_to(mailbox: Mailbox) -> Delivery:
    """Make the delivery of that edition to somebody."""
    return Delivery(
        id="2cf24dba5fb0a30e26e83b2a",
        subscriber=Subscriber(mailbox=mailbox),
        language=Language("pt-BR"),
        reason="asked for pt-BR",
    )


ADA = delivery_to(Mailbox("ada@example.net", "Ada Lovelace"))


def composed(
    delivery: Delivery = ADA,
    content: Email | None = None,
    campaign: Campaign = CAMPAIGN,
    unsubscribe_url: str = UNSUBSCRIBE,
    list_archive_url: str = "",
) -> bytes:
    """Compose with everything that a test does not care about filled in."""
    content = content or email_of("Olá!\n")
    links = Links(unsubscribe_url, PREFERENCES)
    own = delivery.subscriber.mailbox, delivery.id, links
    try:
        plain = compose(Heading(campaign, content, ARCHIVE, list_archive_url), *own)
    except (MailboxError, PlanError) as error:
        with pytest.raises(type(error)):
            compiled(content, campaign, list_archive_url).write(*own)
        raise
    written = compiled(content, campaign, list_archive_url).write(*own)
    assert b"".join(written.pieces) == plain
    assert written.size == len(plain)
    return plain


def compiled(
    content: Email, campaign: Campaign, list_archive_url: str
) -> CompiledMessage:
    """Compile the same."""
    return compile_message(
        campaign, content, archive_url=ARCHIVE, list_archive_url=list_archive_url
    )


def parse(message: bytes) -> EmailMessage:
    """Read a message with Python's new parser."""
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def content_of(part: Message) -> str:
    """Decode the text of a part, as it was before its line ends became CRLF."""
    decoded = part.get_payload(decode=True)
    assert isinstance(decoded, bytes)
    return decoded.decode().replace("\r\n", "\n")
