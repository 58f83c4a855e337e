"""An office that sends letters, by a sink that a test chooses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.reception.application import Application
from distribute.audience.reception.letters import Fate, Kind
from distribute.audience.reception.token import Signer
from distribute.cli.newsletter.front import Front
from distribute.cli.public import postage as module
from distribute.cli.public.postage import Postage, Posted
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.sinks.memory import MemorySink
from distribute.web.public.registry import Books

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SIGNER = Signer(bytes(range(32)))
GRACE, ADA = Mailbox("grace@example.org"), Mailbox("ada@example.org")


@dataclass
class Office:
    """An outbox with a sink that a test chooses."""

    books: Books
    postage: Postage
    sink: MemorySink = field(default_factory=MemorySink)
    now: datetime = NOW
    mails: list[str] = field(default_factory=list)

    def ask(self, mailbox: Mailbox = GRACE) -> None:
        """Fill in the form."""
        application = Application(mailbox=mailbox, at=self.now, source="form")
        self.books.reception.ask(application, language=Language("ar"), now=self.now)

    def send(self, sink: MemorySink | None = None, **after: float) -> Posted:
        """Send what is due a while later, by a new sink."""
        self.now += timedelta(**after)
        self.sink = sink or MemorySink()
        posted = self.postage.send_due()
        self.mails += [data.decode() for _, data in self.sink.messages]
        return posted

    def fates(self, mailbox: Mailbox = GRACE) -> list[tuple[Kind, Fate]]:
        """Look up what became of somebody's letters."""
        return [(each.kind, each.fate) for each in self.books.letters.of(mailbox.key)]


@contextmanager
def office_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Open the outbox of a newsletter that is there."""
    front = Front(folder)
    path = front.settings.database
    connection = open_database(path)
    books = Books.over(path, connection, SIGNER)
    postage = Postage(
        front,
        books.reception,
        books.letters,
        SIGNER,
        sink="smtp",
        clock=lambda: office.now,
    )
    office = Office(books, postage)

    @contextmanager
    def outlet(*_: object) -> Iterator[MemorySink]:
        if office.sink.closed:
            office.sink = MemorySink()
        yield office.sink
        office.sink.close()

    monkeypatch.setattr(module, "open_outlet", outlet)
    yield office
    connection.close()
