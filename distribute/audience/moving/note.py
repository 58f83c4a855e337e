"""What a copy says of itself: where it comes from, and whether it is complete."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Self

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import transaction
from distribute.audience.database.marks import UNFINISHED
from distribute.audience.moving.checksum import Sum
from distribute.audience.moving.marking import put_mark
from distribute.audience.moving.tables import NOTE

_READ = "SELECT value FROM meta WHERE key = ?"
_WRITE = """
    INSERT INTO meta (key, value) VALUES (?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Stands in the target's ``meta``; what is not complete is marked as well."""

    source: str
    """The place it comes from, without any password."""
    began: str
    """ISO 8601, in UTC."""
    finished: str = ""
    """Likewise; empty as long as it is not complete."""
    sums: Mapping[str, Sum] = field(default_factory=dict)
    """Of the tables as they were then, by their names."""

    @classmethod
    def read(cls, connection: Connection) -> Self | None:
        """Read it; `None` in what is no copy."""
        row = connection.execute(_READ, (NOTE,)).fetchone()
        if row is None:
            return None
        said = json.loads(bytes(row[0]))
        sums = {name: Sum(*each) for name, each in said.pop("sums").items()}
        return cls(**said, sums=sums)

    def write(self, connection: Connection) -> None:
        """Write it, and mark the database unless all is there, both or none of it."""
        with transaction(connection):
            value = json.dumps(asdict(self)).encode()
            connection.execute(_WRITE, (NOTE, value))
            put_mark(connection, None if self.finished else UNFINISHED)
