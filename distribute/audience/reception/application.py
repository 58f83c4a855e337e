"""Who asks to join, or to come back, and has yet to confirm it from their mailbox."""

from dataclasses import dataclass
from datetime import datetime

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import explained, from_text, to_text
from distribute.audience.database.place import Place
from distribute.language import Language
from distribute.mailbox import Mailbox

_NOTE = """
    INSERT INTO application (key, address, name, languages, only_these, at, source,
                             wording, network)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET
        address = excluded.address, name = excluded.name,
        languages = excluded.languages, only_these = excluded.only_these,
        at = excluded.at, source = excluded.source, wording = excluded.wording,
        network = excluded.network
"""
_GET = """
    SELECT address, name, languages, only_these, at, source, wording, network
    FROM application WHERE key = ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What somebody asked for, whoever they are: anybody can write any address there."""

    mailbox: Mailbox
    languages: tuple[Language, ...] = ()
    """In order of preference; empty means: whatever the newsletter's default is."""
    only_these: bool = False
    at: datetime
    source: str
    """How it came: ``form``, ``mail``."""
    wording: str = ""
    """Which words they agreed to; see `distribute.audience.consent.version_of`."""
    network: str = ""
    """Where from, as `distribute.audience.consent.shortened` gives it."""


class Applications:
    """Those that wait to be confirmed, in an open database; one per mailbox, the latest.

    Every method raises `AudienceError` when the file cannot be used.
    """

    def __init__(self, place: Place, connection: Connection) -> None:
        self._place = place
        self._connection = connection

    def note(self, application: Application) -> None:
        """Keep an application in the place of an earlier one."""
        mailbox = application.mailbox
        row = (
            mailbox.key,
            mailbox.address,
            mailbox.name,
            " ".join(language.tag for language in application.languages),
            int(application.only_these and bool(application.languages)),
            to_text(application.at),
            application.source,
            application.wording,
            application.network,
        )
        with explained(self._place):
            self._connection.execute(_NOTE, row)

    def get(self, key: str) -> Application | None:
        """Find what waits for the mailbox with this key."""
        with explained(self._place):
            row = self._connection.execute(_GET, (key,)).fetchone()
        return _application(*row) if row else None

    def remove(self, key: str) -> bool:
        """Forget what waits for a mailbox; false if nothing did."""
        with explained(self._place):
            query = "DELETE FROM application WHERE key = ?"
            return self._connection.execute(query, (key,)).rowcount > 0

    def purge(self, before: datetime) -> int:
        """Forget those that nobody has confirmed since; gives how many."""
        with explained(self._place):
            query = "DELETE FROM application WHERE at < ?"
            return self._connection.execute(query, (to_text(before),)).rowcount


def _application(address: str, name: str, languages: str, *rest: str) -> Application:
    only_these, at, source, wording, network = rest
    return Application(
        mailbox=Mailbox(address, name),
        languages=tuple(map(Language, languages.split())),
        only_these=bool(only_these),
        at=from_text(at),
        source=source,
        wording=wording,
        network=network,
    )
