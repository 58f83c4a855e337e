"""Make the tables of the job queue (Procrastinate), and keep them up to date.

Procrastinate has migrations of its own, one SQL file each, in the order of their names.
The table ``queue_migration`` holds the names of those that a database has seen.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

from distribute.errors import AudienceError

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

_MAKE = "CREATE TABLE IF NOT EXISTS queue_migration (name TEXT PRIMARY KEY)"


def schema() -> LiteralString:
    """Give the SQL that makes the tables of the installed Procrastinate, in one script.

    It has many statements and no parameters (a ``%`` stands for itself).
    """
    from procrastinate.schema import SchemaManager

    return SchemaManager.get_schema()


def scripts() -> Mapping[str, str]:
    """Give Procrastinate's own migrations by file name, in their order."""
    from procrastinate.schema import SchemaManager

    folder = Path(SchemaManager.get_migrations_path())
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.sql"))}


def is_up_to_date(connection: "Connection[Any]") -> bool:
    """Tell whether there is nothing to do; needs no right but to read."""
    from psycopg.rows import tuple_row

    with connection.cursor(row_factory=tuple_row) as cursor:
        return _seen(cursor) == set(scripts())


def bring_up_to_date(connection: "Connection[Any]") -> Sequence[str]:
    """Make Procrastinate's tables, or run those of its migrations they have not seen.

    ``queue_migration`` holds the file names of those they have; gives the names of those
    that were new. Runs within the caller's transaction, which is the only one at it (the
    lock of our own migrations). A migration may drop what workers with an older
    Procrastinate still call, so stop them before another is installed. Raises
    `AudienceError` for tables of a newer Procrastinate and for those of somebody else.
    """
    from psycopg.rows import tuple_row

    with connection.cursor(row_factory=tuple_row) as cursor:
        if (seen := _seen(cursor)) is None:
            cursor.execute(_MAKE)
            seen = set()
        known = scripts()
        _refuse_strangers(cursor, seen, known)
        new = [name for name in known if name not in seen]
        for script in [known[name] for name in new] if seen else [schema()]:
            cursor.execute(script.encode())  # bytes: nobody but Procrastinate wrote it
        row = "INSERT INTO queue_migration (name) VALUES (%s)"
        cursor.executemany(row, [(name,) for name in new])
    return new


def _seen(cursor: "Cursor[Any]") -> set[str] | None:
    """Name the migrations that the database has seen; None if it has no queue of ours."""
    row = cursor.execute("SELECT to_regclass('queue_migration')").fetchone()
    if row is None or row[0] is None:
        return None
    return {name for (name,) in cursor.execute("SELECT name FROM queue_migration")}


def _refuse_strangers(
    cursor: "Cursor[Any]", seen: set[str], known: Mapping[str, str]
) -> None:
    if newer := sorted(seen - known.keys()):
        raise AudienceError(
            f"the job queue was made by a newer Procrastinate ({newer[-1]})",
            hint="Install the Procrastinate that the other machines have, or a newer one.",
        )
    row = cursor.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
    if not seen and row and row[0] is not None:
        raise AudienceError(
            "the database has a job queue (Procrastinate) of another program",
            hint="Name another database in [store] url.",
        )
