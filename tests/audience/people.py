"""Somebody on the list, and how they get there."""

from datetime import UTC, datetime, timedelta

from distribute.audience.store import Store
from distribute.audience.subscriber import Subscriber
from distribute.language import Language
from distribute.mailbox import Mailbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
EN, FR, PT, PT_BR = (Language(tag) for tag in ("en", "fr", "pt", "pt-BR"))
ADA = Subscriber(
    mailbox=Mailbox("Ada@example.org", "Ada"),
    languages=(PT_BR, EN),
    only_these=True,
    joined=NOW,
    source="import people.csv",
)


def fill(store: Store, *people: Subscriber) -> None:
    """Put people on the list."""
    for person in people:
        store.put(person, by="test", now=NOW)
