"""Put a mark on a database that nobody may use, and take it off again."""

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import engine_of
from distribute.audience.database.marks import ALL, Mark
from distribute.audience.database.sqlite import APPLICATION_ID

_MARK = "INSERT INTO house (version) VALUES (?)"
_UNMARK = "DELETE FROM house WHERE version IN (?, ?)"


def put_mark(connection: Connection, mark: Mark | None) -> None:
    """Mark it so and no otherwise, within the caller's transaction."""
    if engine_of(connection) == "sqlite":
        number = mark.application_id if mark else APPLICATION_ID
        connection.execute(f"PRAGMA application_id = {number}")
        return
    connection.execute(_UNMARK, [each.version for each in ALL])
    if mark:
        connection.execute(_MARK, (mark.version,))
