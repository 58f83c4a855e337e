"""The sending of one issue: what is sent, to whom, how it ended, and the two ports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from distribute.audience.subscriber import Subscriber
from distribute.campaign.sender import Sender
from distribute.language import Language


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
    by_mail: bool = False
    """Whether readers leave and choose by writing to us, as nothing answers on the web."""


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


class Envelope(NamedTuple):
    """What a sink needs besides the bytes (RFC 5321 section 2.3.1)."""

    id: str
    """``<issue>/<language>/<delivery id>``; a sink may name files or ENVID after it."""
    mail_from: str
    rcpt_to: str
    smtputf8: bool = False


class Message(NamedTuple):
    """RFC 5322 bytes, in the pieces they were put together from.

    Most pieces are shared by all messages of an edition, so that a large message costs
    no more memory per reader than what is their own.
    """

    pieces: tuple[bytes, ...]
    """Joined they are the message, which ends in CRLF."""
    size: int
    """Octets in all."""
    tidy: bool = False
    """Whether its maker vouches that every line ends in CRLF and none begins with a dot.

    Such bytes travel over SMTP as they are; others are looked through and dot-stuffed.
    """


class Outcome(StrEnum):
    """How a delivery ended, or why it has not ended yet."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"


class Stage(StrEnum):
    """Where in the SMTP transaction an answer came."""

    NONE = ""
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    """Before the message: nothing of it has left."""
    END = "end"
    """After the final dot."""


class Receipt(NamedTuple):
    """How one attempt at a delivery ended, with the server's words."""

    outcome: Outcome
    code: int = 0
    """SMTP reply code; 0 where there is none."""
    enhanced: str = ""
    """Enhanced status code, ``5.1.1`` (RFC 3463)."""
    text: str = ""
    stage: Stage = Stage.NONE


class Parcel(NamedTuple):
    """One delivery, claimed and written, on its way to a sink.

    Tuples instead of dataclasses here and above: these are made for every single
    delivery, and a frozen dataclass takes four times as long to make.
    """

    key: str
    """`Mailbox.key`; with the campaign it says which delivery this is."""
    id: str
    """`Delivery.id`."""
    address: str
    """As written for people."""
    choice: int
    """Number of the language and its reason; see `Ledger.name_choices`."""
    attempt: int
    """How many attempts there were before this one."""
    since: int
    """When the first of them began, in milliseconds since 1970; 0 if there was none."""
    envelope: Envelope
    message: Message


class Turn(NamedTuple):
    """What one look at the far side brought."""

    ready: Sequence[Parcel] = ()
    """Whose message may leave as soon as it is released; nothing of it has left yet."""
    receipts: Sequence[tuple[Parcel, Receipt]] = ()
    """Who has been answered for."""


class Sink(Protocol):
    """Where messages go, many at a time.

    A parcel is taken, becomes ready, is released, and ends in one receipt. Until it is
    released nothing of its message leaves, so a caller can write down in between that it
    is about to. A refusal of this recipient is a `Receipt`, and may come without the
    parcel ever being ready; a failure that would befall any recipient is a
    `distribute.errors.DeliveryError`. A message is never changed.
    """

    def room(self) -> int:
        """Count how many parcels more it can do something with at the moment."""
        ...

    def take(self, parcels: Sequence[Parcel]) -> None:
        """Accept parcels to deliver, no more than there is room for."""
        ...

    def turn(self, wait: float) -> Turn:
        """Wait for something to happen, `wait` seconds at most, and say what did.

        Raises `DeliveryError` if the sink can do nothing more for anybody; whoever was
        released before still gets a receipt from `halt`.
        """
        ...

    def release(self, ready: Sequence[Parcel]) -> None:
        """Let messages leave that a turn said were ready."""
        ...

    def halt(self) -> Turn:
        """Give up at once: receipts for all that were released and have none yet.

        What was never released simply comes back to nobody; nothing of it has left.
        """
        ...

    def close(self) -> None:
        """Say goodbye; the sink can not be used again."""
        ...


class State(StrEnum):
    """Where a delivery stands in the ledger."""

    CLAIMED = "claimed"
    """Taken up by a sender; nothing of it has left."""
    STARTED = "started"
    """Released: it may leave at any moment, or have left."""
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"
    """Passed over at the last look, with a reason; looked at again by the next run."""


class Entry(NamedTuple):
    """How an attempt ended, as it is to be recorded."""

    parcel: Parcel
    receipt: Receipt
    due: int = 0
    """When to try again if it is deferred, in milliseconds since 1970."""


class Batch(NamedTuple):
    """A page of people who are due, decided about and written to."""

    parcels: Sequence[Parcel]
    choices: Mapping[int, tuple[str, str]]
    """Language tag and reason of the choices that the parcels and the skipped name."""
    skipped: Sequence[tuple[str, str, int]] = ()
    """Key, address and choice of those passed over; their language tag is empty."""
    refused: Sequence[tuple[Parcel, Receipt]] = ()
    """Who cannot be written to at all; their message is empty."""


class Ledger(Protocol):
    """What has been tried, and how it ended; outlives the process.

    Knows each mailbox once per campaign. A delivery that was started and has no entry is
    one that a crash interrupted: it may or may not have been sent, and only a person or a
    policy can decide to try it again. All instants are milliseconds since 1970.
    """

    def name_choices(self, choices: Mapping[int, tuple[str, str]]) -> None:
        """Record which language tag and reason the numbers of choices stand for.

        The numbers come from a hash of the two, so they are the same in every run.
        """
        ...

    def claim(self, parcels: Sequence[Parcel], now: int) -> None:
        """Record that these are about to be handed over.

        Survives the process on return, and a power cut before any of them is recorded as
        started. Raises `LockedError` if another sender works on the campaign.
        """
        ...

    def record(
        self, started: Sequence[Parcel], ended: Sequence[Entry], now: int
    ) -> None:
        """Record whose message is let go now, and how others ended, in one commit.

        Survives the process on return; a power cut may forget the last of them, but not
        the claims. Whoever the server says is gone (`distribute.campaign.verdict`)
        becomes a bounced subscriber in the same commit, which can be taken back until it
        is believed.
        """
        ...

    def believe(self, now: int) -> None:
        """Let it stand that those have bounced whom the server did not know."""
        ...

    def take_back(self, now: int) -> None:
        """Put those back on the list whom the server did not know: it may be the wrong one.

        In one commit; they are deferred, and due at once. Of a long run that is true of
        the latest ones. Where a sender ends before either is said, the next one to take
        the campaign up does this.
        """
        ...

    def skip(self, people: Sequence[tuple[str, str, int]]) -> None:
        """Record who was passed over: key, address, and the choice with the reason."""
        ...

    def give_back(self, now: int) -> None:
        """Undo the claims that were never started; survives a power cut on return."""
        ...
