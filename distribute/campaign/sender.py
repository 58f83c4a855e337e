"""Whom the mails come from; apart from the campaign, for the settings know it as well."""

from dataclasses import dataclass

from distribute.mailbox import Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who the newsletter comes from."""

    mailbox: Mailbox
    """The From header."""
    bounces: Mailbox
    """The envelope's sender, where delivery reports go (RFC 5321 reverse-path)."""
    reply_to: Mailbox | None = None
    verp: bool = False
    """Whether each delivery has an envelope's sender of its own, which names it, so that a
    report says by its address alone what it is about (RFC 5233 section 4)."""
