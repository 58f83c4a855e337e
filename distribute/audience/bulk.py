"""Look up and write many subscribers at a time, within the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from distribute.audience.consent import Act, Consent, Wording
from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    explained,
    insert_rows,
)
from distribute.audience.database.place import Place
from distribute.audience.evidence import NOTE, ActRow, from_act_row
from distribute.audience.rows import COLUMNS, Row, from_row
from distribute.audience.subscriber import Subscriber

MOST = 500
"""How many may be looked up at once."""

_WRITTEN = ("key", *COLUMNS.split(", "))
"""What is written of somebody, in the order of `insert`."""
_FIND = "SELECT key, {columns} FROM subscriber WHERE key IN ({marks})"
_FIND_CONSENTS = """
    SELECT s.key, c.at, c.act, c.source, c.wording, c.network
    FROM consent AS c JOIN subscriber AS s ON s.id = c.subscriber
    WHERE s.key IN ({marks}) AND c.act IN ({acts})
    ORDER BY c.at, c.id
"""
_FIND_WORDINGS = (
    "SELECT version, language, words FROM wording WHERE version IN ({marks})"
)
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
        return self.acts(keys, tuple(Act))

    def wordings(self, versions: Sequence[str]) -> Mapping[str, Wording]:
        """Find the words of these versions, as far as they were kept; at most `MOST`."""
        query = _FIND_WORDINGS.format(marks=_marks(len(versions)))
        with explained(self._place):
            return {
                version: Wording(language, words)
                for version, language, words in self._connection.execute(
                    query, versions
                )
            }

    def acts(
        self, keys: Sequence[str], acts: Sequence[Act]
    ) -> Mapping[str, Sequence[Consent]]:
        """Find when these people did any of this, oldest first; at most `MOST` keys."""
        found: dict[str, list[Consent]] = defaultdict(list)
        query = _FIND_CONSENTS.format(marks=_marks(len(keys)), acts=_marks(len(acts)))
        with explained(self._place):
            for key, *row in self._connection.execute(query, (*keys, *acts)):
                found[key].append(from_act_row(row))
        return found

    def insert(self, newcomers: Iterable[tuple[str, Row]]) -> None:
        """Add people who are not on the list, each with their key."""
        rows = ((key, *row) for key, row in newcomers)
        with explained(self._place):
            insert_rows(self._connection, "subscriber", _WRITTEN, rows)

    def note(self, acts: Iterable[tuple[str, ActRow]]) -> None:
        """Record what subscribers agreed to, each with their key."""
        with explained(self._place):
            self._connection.executemany(NOTE, ((*act, key) for key, act in acts))

    def note_of_all(self, keys: Sequence[str], act: ActRow) -> None:
        """Record the same of all these people; at most `MOST` keys."""
        query = _NOTE_OF_ALL.format(marks=_marks(len(keys)))
        with explained(self._place):
            self._connection.execute(query, (*act, *keys))


def _marks(count: int) -> str:
    """Mark the places of values; nothing is in a list of NULL alone."""
    return ", ".join("?" * count) or "NULL"
