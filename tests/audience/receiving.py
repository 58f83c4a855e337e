"""A reception in a database of its own, and what tests look at in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from distribute.audience.database.database import open_database
from distribute.audience.reception.application import Application, Applications
from distribute.audience.reception.letters import Letters
from distribute.audience.reception.reception import Decision, Reception
from distribute.audience.reception.token import Signer
from distribute.audience.reception.visits import Visits
from distribute.audience.store import Store
from distribute.audience.suppression.suppression import Hasher, Suppressions
from distribute.language import Language
from distribute.mailbox import Mailbox

EN, AR = Language("en"), Language("ar")
ADA = Mailbox("Ada@example.org")
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
NET = "203.0.113.0/24"
SIGNER = Signer(bytes(range(32)))


@dataclass(frozen=True)
class House:
    """The parts of one reception."""

    reception: Reception
    store: Store
    suppressions: Suppressions
    applications: Applications
    letters: Letters
    visits: Visits

    def ask(self, mailbox: Mailbox = ADA, at: datetime = NOW) -> None:
        """Fill in the form."""
        application = Application(
            mailbox=mailbox,
            languages=(AR, EN),
            at=at,
            source="form",
            wording="0123456789ab",
            network=NET,
        )
        self.reception.ask(application, language=EN, now=at)

    def decide(self, at: datetime = NOW) -> list[Decision]:
        """Decide about all letters that are due."""
        return [self.reception.decide(each, at) for each in self.letters.claim(at)]


@contextmanager
def house(path: Path) -> Iterator[House]:
    """Open a database with nobody in it."""
    connection = open_database(path)
    try:
        store = Store.sharing(path, connection)
        suppressions = store.suppressions(Hasher(SIGNER.subkeys("suppression")))
        parts = (
            store,
            suppressions,
            Applications(path, connection),
            Letters(path, connection),
            Visits(path, connection, SIGNER.subkey("visit")),
        )
        yield House(Reception(*parts), *parts)
    finally:
        connection.close()
