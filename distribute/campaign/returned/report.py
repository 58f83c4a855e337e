"""What a message that came back says, parsed; nothing is decided here."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a message that came back is about."""

    FAILED = "failed"
    """It could not be delivered, and nobody tries any more."""
    DELAYED = "delayed"
    """It could not be delivered yet; whoever says so goes on trying."""
    DELIVERED = "delivered"
    """It arrived, was relayed or expanded."""
    COMPLAINT = "complaint"
    """Its reader says that it is abuse (RFC 5965)."""
    AUTOMATIC = "automatic"
    """A machine answers: out of office, received, vacation (RFC 3834)."""
    LEAVE = "leave"
    """Somebody writes to unsubscribe."""
    JOIN = "join"
    """Somebody writes to subscribe."""
    CONFIRM = "confirm"
    """Somebody answers a letter that asks them to confirm."""
    UNKNOWN = "unknown"
    """Anything else: a person ought to read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One statement about one recipient. Every field is hostile text, shortened and clean.

    A message may hold several: a delivery report has one per recipient (RFC 3464).
    """

    kind: Kind
    recipient: str = ""
    """Whom it is about, as the report names them: Final-Recipient, or the sender of a
    letter. May be another address than ours, where mail was forwarded."""
    original: str = ""
    """Original-Recipient, or To of the returned message; empty if neither is there."""
    delivery: str = ""
    """`Delivery.id` that it is about, from the envelope, ENVID or the returned header."""
    status: str = ""
    """Enhanced status code (RFC 3463), ``5.1.1``; empty if none is told."""
    code: int = 0
    """SMTP reply code, 0 if none is told."""
    text: str = ""
    """The far server's words, or why it is taken for this kind."""
    token: str = ""
    """The token in a letter that leaves or confirms."""
    wishes: str = ""
    """The languages that somebody who joins asks for, as they wrote them."""
    server: str = ""
    """The host that refused it, as the report names it; empty if it names none."""
    source: str = ""
    """Which format told it: ``dsn``, ``arf``, a server known by its words (``exim``,
    ``exchange``, ``gmail``, ``qmail``, ``yahoo``, …), ``flufl``, ``verp`` (only the
    address told it), ``automatic``, ``letter``, or a provider: ``ses``, ``postmark``,
    ``mailgun``. Empty if nobody understood it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A message or notification that came back, with all it says."""

    identity: bytes
    """SHA-256 of what makes it this message, so that it is judged once wherever it lies."""
    reports: tuple[Report, ...]
    """At least one."""
    message_id: str = ""
    """Its own Message-ID, for people to find it again; may be empty."""
