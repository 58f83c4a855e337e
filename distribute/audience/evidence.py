"""Keep what people agreed to, and when, how and from where: the evidence of consent."""

from distribute.audience.consent import Act, Consent, version_of
from distribute.audience.database.connection import Connection
from distribute.audience.database.database import explained, from_text, to_text
from distribute.audience.database.place import Place

ActRow = tuple[str, str, str, str, str]
"""What the table holds of an act of consent: see `act_row`."""

NOTE = """
    INSERT INTO consent (subscriber, at, act, source, wording, network)
    SELECT id, ?, ?, ?, ?, ? FROM subscriber WHERE key = ?
"""
"""Takes an `ActRow` and the subscriber's key."""
_LIST = """
    SELECT at, act, source, wording, network FROM consent
    WHERE subscriber = (SELECT id FROM subscriber WHERE key = ?)
    ORDER BY at, id
"""
_KEEP = """
    INSERT INTO wording (version, language, words) VALUES (?, ?, ?)
    ON CONFLICT DO NOTHING
"""


class Evidence:
    """What is on record of everybody's consent, in an open database."""

    def __init__(self, place: Place, connection: Connection) -> None:
        self._place = place
        self._connection = connection

    def note(self, key: str, consent: Consent) -> bool:
        """Record an act of the subscriber with this key; false if there is none."""
        row = (*act_row(consent), key)
        with explained(self._place):
            return self._connection.execute(NOTE, row).rowcount > 0

    def of(self, key: str) -> tuple[Consent, ...]:
        """List what a subscriber did, oldest first."""
        with explained(self._place):
            rows = self._connection.execute(_LIST, (key,)).fetchall()
        return tuple(from_act_row(row) for row in rows)

    def keep_wording(self, language: str, words: str) -> str:
        """Keep the words that people agree to; gives the version that names them."""
        version = version_of(words)
        with explained(self._place):
            self._connection.execute(_KEEP, (version, language, words))
        return version

    def wording(self, version: str) -> str | None:
        """Find the words of a version; `None` if they were never kept."""
        query = "SELECT words FROM wording WHERE version = ?"
        with explained(self._place):
            row = self._connection.execute(query, (version,)).fetchone()
        return str(row[0]) if row else None


def act_row(consent: Consent) -> ActRow:
    """Write an act of consent as a row of the table has it."""
    c = consent
    return to_text(c.at), c.act.value, c.source, c.wording, c.network


def from_act_row(row: ActRow) -> Consent:
    """Read it out of there."""
    at, act, source, wording, network = row
    return Consent(
        at=from_text(at), act=Act(act), source=source, wording=wording, network=network
    )
