"""How a subscriber is written in a row of the table, and read back out of it."""

from datetime import date, datetime
from functools import lru_cache

from distribute.audience.database.database import from_text, to_text
from distribute.audience.subscriber import Status, Subscriber
from distribute.language import Language
from distribute.mailbox import Mailbox

COLUMNS = "address, name, languages, only_these, status, joined, source, tags, paused"
"""What `to_row` writes and `from_row` reads, in this order."""

Row = tuple[str, str, str, int, str, str | None, str, str, str]


def to_row(subscriber: Subscriber, now: datetime) -> Row:
    """Write a row; who has not said when they joined joins now."""
    return (
        subscriber.mailbox.address,
        subscriber.mailbox.name,
        " ".join(language.tag for language in subscriber.languages),
        int(bool(subscriber.only_these and subscriber.languages)),
        subscriber.status,
        to_text(subscriber.joined or now),
        subscriber.source,
        " ".join(subscriber.tags),
        _day(subscriber),
    )


def from_row(row: Row) -> Subscriber:
    """Read a row."""
    address, name, languages, only_these, status, joined, source, tags, paused = row
    return Subscriber(
        mailbox=Mailbox(address, name),
        languages=_languages(languages),
        only_these=bool(only_these),
        status=Status(status),
        joined=from_text(joined) if joined else None,
        source=source,
        tags=tuple(tags.split()),
        paused_until=date.fromisoformat(paused) if paused else None,
    )


def tracked(subscriber: Subscriber) -> dict[str, str]:
    """Write out what the history keeps track of."""
    return {
        "address": subscriber.mailbox.address,
        "name": subscriber.mailbox.name,
        "languages": " ".join(language.tag for language in subscriber.languages),
        "only_these": "yes" if subscriber.only_these else "no",
        "status": subscriber.status,
        "tags": " ".join(subscriber.tags),
        "paused": _day(subscriber),
    }


@lru_cache(maxsize=1024)
def _languages(text: str) -> tuple[Language, ...]:
    """Read what `to_row` wrote; a large list holds few different wishes."""
    return tuple(Language(tag) for tag in text.split())


def _day(subscriber: Subscriber) -> str:
    """Write the day they pause until; empty if they do not."""
    day = subscriber.paused_until
    return day.isoformat() if day else ""
