"""Look up and write many subscribers at a time, within the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from distribute.audience.consent import Act, Consent
from distribute.audience.database.connection import Connection
from distribute.audience.database.database import explained, from_text, to_text
from distribute.audience.database.place import Place
from distribute.audience.rows import COLUMNS, Row, from_row
from distribute.audience.subscriber import Subscriber

MOST = 500
"""How many may be looked up at once."""

ActRow = tuple[str, str, str, str, str]
"""What the table holds of an act of consent, as `act_row` writes it."""

_FIND = "SELECT key, {columns} FROM subscriber WHERE key IN ({marks})"
_FIND_CONSENTS = """
    SELECT s.key, c.at, c.act, c.source, c.wording, c.network
    FROM consent AS c JOIN subscriber AS s ON s.id = c.subscriber
    WHERE s.key IN ({marks})
    ORDER BY c.at, c.id
"""
_FIND_ACTS = """
    SELECT s.key, c.at, c.act, c.source, c.wording, c.network
    FROM consent AS c JOIN subscriber AS s ON s.id = c.subscriber
    WHERE s.key IN ({marks}) AND c.act IN ({acts})
    ORDER BY c.at, c.id
"""
_INSERT = """
    INSERT INTO subscriber (key, {columns}) VALUES ({marks})
"""
_NOTE = """
    INSERT INTO consent (subscriber, at, act, source, wording, network)
    SELECT id, ?, ?, ?, ?, ? FROM subscriber WHERE key = ?
"""
_NOTE_OF_ALL = """
    INSERT INTO consent (subscriber, at, act, source, wording, network)
    SELECT id, ?, ?, ?, ?, ? FROM subscriber WHERE key IN ({marks})
"""


class Bulk:
    """The subscribers in an open database, by the hundreds."""

    def __init__(self, place: Place, connection: Connection) -> None:
        self._place = place
        self._connection = connection
        with explained(place):
            found = connection.execute("SELECT 1 FROM subscriber LIMIT 1").fetchone()
        self._has_any = found is not None

    def known(self, keys: Sequence[str]) -> Mapping[str, Subscriber]:
        """Find those who are on the list, by `Mailbox.key`; at most `MOST` keys."""
        if not self._has_any:
            return {}
        query = _FIND.format(columns=COLUMNS, marks=_marks(len(keys)))
        with explained(self._place):
            return {
                key: from_row(row)
                for key, *row in self._connection.execute(query, keys)
            }

    def consents(self, keys: Sequence[str]) -> Mapping[str, Sequence[Consent]]:
        """Find what these people agreed to, oldest first; at most `MOST` keys."""
        found: dict[str, list[Consent]] = defaultdict(list)
        query = _FIND_CONSENTS.format(marks=_marks(len(keys)))
        with explained(self._place):
            for key, *row in self._connection.execute(query, keys):
                found[key].append(_consent(*row))
        return found

    def acts(
        self, keys: Sequence[str], acts: Sequence[Act]
    ) -> Mapping[str, Sequence[Consent]]:
        """Find when these people did any of this, oldest first; at most `MOST` keys."""
        found: dict[str, list[Consent]] = defaultdict(list)
        query = _FIND_ACTS.format(marks=_marks(len(keys)), acts=_marks(len(acts)))
        with explained(self._place):
            for key, *row in self._connection.execute(query, (*keys, *acts)):
                found[key].append(_consent(*row))
        return found

    def insert(self, newcomers: Iterable[tuple[str, Row]]) -> None:
        """Add people who are not on the list, each with their key."""
        query = _INSERT.format(
            columns=COLUMNS, marks=_marks(1 + COLUMNS.count(",") + 1)
        )
        with explained(self._place):
            self._connection.executemany(query, ((k, *row) for k, row in newcomers))

    def note(self, acts: Iterable[tuple[str, ActRow]]) -> None:
        """Record what subscribers agreed to, each with their key."""
        with explained(self._place):
            self._connection.executemany(_NOTE, ((*act, key) for key, act in acts))

    def note_of_all(self, keys: Sequence[str], act: ActRow) -> None:
        """Record the same of all these people; at most `MOST` keys."""
        query = _NOTE_OF_ALL.format(marks=_marks(len(keys)))
        with explained(self._place):
            self._connection.execute(query, (*act, *keys))


def act_row(consent: Consent) -> ActRow:
    """Write an act of consent as a row of the table has it."""
    c = consent
    return to_text(c.at), c.act.value, c.source, c.wording, c.network


def _marks(count: int) -> str:
    """Mark the places of values; nothing is in a list of NULL alone."""
    return ", ".join("?" * count) or "NULL"


def _consent(at: str, act: str, source: str, wording: str, network: str) -> Consent:
    return Consent(
        at=from_text(at), act=Act(act), source=source, wording=wording, network=network
    )
