"""A mailbox with an ordered list of languages, a status and the evidence of consent."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from distribute.language import Language
from distribute.mailbox import Mailbox


class Status(StrEnum):
    """Where a subscriber stands. Only the confirmed receive anything."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    SUPPRESSED = "suppressed"

    @property
    def gravity(self) -> int:
        """How far they are from receiving, the confirmed at 0; an import only adds to it."""
        return _GRAVITY[self]

    @property
    def may_leave(self) -> bool:
        """Whether leaving changes anything; nobody is nearer to receiving for it."""
        return self in {Status.CONFIRMED, Status.PENDING, Status.BOUNCED}


_GRAVITY = {
    Status.CONFIRMED: 0,
    Status.PENDING: 1,
    Status.UNSUBSCRIBED: 2,
    Status.BOUNCED: 3,
    Status.COMPLAINED: 4,
    Status.SUPPRESSED: 5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One person on the list."""

    mailbox: Mailbox
    languages: tuple[Language, ...] = ()
    """In order of preference; empty means: whatever the newsletter's default is."""
    only_these: bool = False
    """Whether they rather get nothing than another language."""
    status: Status = Status.CONFIRMED
    joined: datetime | None = None
    """When they were added; aware."""
    source: str = ""
    """How they came: ``import people.csv``, ``form``."""
    tags: tuple[str, ...] = ()
    """Sorted, each once; written as `audience.tags.parse_tags` gives them."""
    paused_until: date | None = None
    """Nothing is sent to them before this day; `None` if they do not pause."""
