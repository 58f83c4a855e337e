"""The sending of one issue: what is sent, to whom, how it ended, and the two ports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from distribute.audience.subscriber import Subscriber
from distribute.language import Language
from distribute.mailbox import Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who the newsletter comes from."""

    mailbox: Mailbox
    """The From header."""
    bounces: Mailbox
    """The envelope's sender, where delivery reports go (RFC 5321 reverse-path)."""
    reply_to: Mailbox | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """The sending of one issue to the audience."""

    id: str
    """``issue-5``: the same on every run."""
    issue: str
    sender: Sender
    list_id: str
    """Identifies the newsletter to mail programs (RFC 2919): ``news.example.org``."""
    list_name: str
    started: datetime
    """The Date of every message: when the campaign began, as `Ledger.started` has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One subscriber, one edition, in one campaign."""

    id: str
    """24 hexadecimal digits, derived from campaign, address and language."""
    subscriber: Subscriber
    language: Language
    """Of the edition they get."""
    reason: str
    """Why this language: ``asked for pt-PT, pt-BR is nearest``."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Somebody passed over, and why."""

    subscriber: Subscriber
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who gets which edition, and who gets none and why."""

    campaign: str
    deliveries: tuple[Delivery, ...]
    """Ordered by language, then address: the same on every run."""
    skipped: tuple[Skip, ...]
    digest: str
    """Changes with whoever gets what, and with what the editions say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a sink needs besides the bytes (RFC 5321 section 2.3.1)."""

    id: str
    """``<issue>/<language>/<delivery id>``; a sink may name files or ENVID after it."""
    mail_from: str
    rcpt_to: str
    smtputf8: bool = False


class Outcome(StrEnum):
    """How a delivery ended, or why it has not ended yet."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How one attempt at a delivery ended, with the server's words."""

    outcome: Outcome
    code: int = 0
    """SMTP reply code; 0 where there is none."""
    enhanced: str = ""
    """Enhanced status code, ``5.1.1`` (RFC 3463)."""
    text: str = ""


class Sink(Protocol):
    """Where messages go.

    A refusal of this recipient is a `Receipt`; a failure that would befall any recipient
    is a `distribute.errors.DeliveryError`. A message is never changed.
    """

    def send(self, envelope: Envelope, message: bytes) -> Receipt:
        """Hand over one message; returns when the far side has answered for it."""
        ...

    def close(self) -> None:
        """Say goodbye; the sink can not be used again."""
        ...


class Ledger(Protocol):
    """What has been tried, and how it ended; outlives the process.

    A delivery opened and never closed is one that a crash interrupted: it may or may not
    have been sent, and only a person or a policy can decide to try it again.
    """

    def started(self, campaign: str, now: datetime) -> datetime:
        """When the campaign began: `now` on its first run, the recorded instant later.

        A ledger that knows several sinks may let a campaign begin at one when it has just
        begun at another, so that a rehearsal has the same bytes.
        """
        ...

    def open(self, campaign: str, delivery: Delivery, now: datetime) -> None:
        """Record that a delivery is about to be handed to the sink; durable on return."""
        ...

    def close(self, delivery_id: str, receipt: Receipt, now: datetime) -> None:
        """Record how it ended; durable on return."""
        ...

    def states(self, campaign: str) -> Mapping[str, Outcome]:
        """Outcome of every delivery ever opened, by id; open ones are uncertain."""
        ...

    def recipients(self, campaign: str) -> Mapping[str, Outcome]:
        """Give the same by `Mailbox.key`: whoever is here has had their message."""
        ...
