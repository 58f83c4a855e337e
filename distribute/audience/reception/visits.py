"""How often somebody asked, so that nobody is flooded with letters on another's behalf.

Counted by keyed hashes, in the database: limits hold across restarts and processes, and
the table says neither who asked nor about whom.
"""

import hmac
from datetime import datetime, timedelta
from typing import NamedTuple

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import explained, transaction
from distribute.audience.database.place import Place

_LOOK = "SELECT count FROM visit WHERE who = ? AND slot = ?"
_COUNT = """
    INSERT INTO visit (who, slot, count) VALUES (?, ?, 1)
    ON CONFLICT (who, slot) DO UPDATE SET count = visit.count + 1
"""
_HASH = 16


class Limit(NamedTuple):
    """So many in a span of time; spans follow each other without a gap."""

    name: str
    most: int
    span: timedelta


ASKING = (
    Limit("asking by network, shortly", 30, timedelta(minutes=10)),
    Limit("asking by network, in a day", 300, timedelta(days=1)),
)
"""How often forms are taken from one network, as `consent.shortened` gives it."""
ASKING_AT_ALL = (Limit("asking at all", 20_000, timedelta(hours=1)),)
LETTERS = (
    Limit("letters to one, shortly", 3, timedelta(hours=1)),
    Limit("letters to one, in a day", 6, timedelta(days=1)),
)
"""How many letters go to one mailbox."""
LETTERS_AT_ALL = (Limit("letters at all", 2_000, timedelta(hours=1)),)


class Visits:
    """Counts who asked how often, in an open database."""

    def __init__(self, place: Place, connection: Connection, key: bytes) -> None:
        """Take the key of the hashes, as `Signer.subkey` gives it."""
        self._database = place
        self._connection = connection
        self._key = key

    def count(
        self, who: str, limits: tuple[Limit, ...], now: datetime
    ) -> timedelta | None:
        """Count one more if there is room for it; else tell how long to wait."""
        at = int(now.timestamp())
        with explained(self._database), transaction(self._connection):
            places = [self._place(who, limit, at) for limit in limits]
            waits = [
                end - at
                for (hashed, end), limit in zip(places, limits, strict=True)
                if self._found(hashed, end) >= limit.most
            ]
            if waits:
                return timedelta(seconds=max(waits))
            self._connection.executemany(_COUNT, places)
        return None

    def purge(self, now: datetime) -> int:
        """Forget what no longer counts; gives how many rows."""
        with explained(self._database):
            query, at = "DELETE FROM visit WHERE slot < ?", int(now.timestamp())
            return self._connection.execute(query, (at,)).rowcount

    def _place(self, who: str, limit: Limit, at: int) -> tuple[bytes, int]:
        """Say under which hash somebody is counted, and until when; in seconds."""
        seconds = int(limit.span.total_seconds())
        text = f"{limit.name}\0{who}".encode()
        hashed = hmac.digest(self._key, text, "sha256")[:_HASH]
        return hashed, (at // seconds + 1) * seconds

    def _found(self, hashed: bytes, end: int) -> int:
        row = self._connection.execute(_LOOK, (hashed, end)).fetchone()
        return int(row[0]) if row else 0
