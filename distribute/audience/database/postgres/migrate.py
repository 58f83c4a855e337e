"""Make the tables in PostgreSQL, and bring them up to date, by the numbered scripts.

Two that start at once wait for each other: all of it happens in one transaction that
holds the lock of writing.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from distribute.audience.database import marks
from distribute.audience.database.place import PostgresUrl
from distribute.errors import AudienceError

_IS_THERE = (
    "SELECT to_regclass('house') IS NOT NULL, to_regclass('subscriber') IS NOT NULL"
)
_HIDDEN = """
    SELECT concat_ws(', ', quote_ident(n.nspname), current_setting('search_path'))
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid = to_regclass('house') AND n.nspname <> current_schema()
"""
_ENCODING = "SELECT current_setting('server_encoding')"
_VERSION = "SELECT coalesce(max(version), 0) FROM house"
_VERSION_BELOW = "SELECT coalesce(max(version), 0) FROM house WHERE version < ?"
_MARKS = {mark.version: mark for mark in marks.ALL}
_MADE = re.compile(r"^CREATE (?:UNLOGGED )?TABLE (\w+)", re.MULTILINE)
_MAKE_HOUSE = """
    CREATE TABLE IF NOT EXISTS house (
        version INTEGER NOT NULL PRIMARY KEY,  -- number of a script that has run
        at      TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
    )
"""


class _Database(Protocol):
    """What is needed of a `distribute.audience.database.postgres.connection.PostgresConnection`."""

    def execute(self, sql: str, parameters: tuple[object, ...] = (), /) -> Any: ...

    def run(self, script: str) -> None: ...

    def rollback(self) -> None: ...


def migrate(
    connection: _Database, url: PostgresUrl, *, despite: marks.Marks = ()
) -> None:
    """Run the scripts that the database has not seen, unless another process just does.

    Needs no right to change anything where there is nothing to do. Raises `AudienceError`
    for a database that is not ours, or is newer than we are, and for one that is marked
    (`marks`), unless it is opened `despite` that. One that was moved away stays as it is.
    """
    _look_there_first(connection)
    if _seen(connection, url, despite) == len(_scripts()):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_MAKE_HOUSE)
        seen = _seen(connection, url, despite) or _begin(connection, url)
        for number, script in enumerate(_scripts()[seen:], start=seen + 1):
            connection.run(script)
            connection.execute("INSERT INTO house (version) VALUES (?)", (number,))
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


@cache
def our_tables() -> frozenset[str]:
    """Name the tables that the scripts make; others in the schema are somebody else's."""
    return frozenset(name for each in _scripts() for name in _MADE.findall(each))


def _look_there_first(connection: _Database) -> None:
    """Have the schema come first in which our tables are.

    One that came later, such as that of the role, may stand before it in the path. Then an
    update would make a second house there, which hides the first one.
    """
    if hidden := connection.execute(_HIDDEN).fetchone():
        connection.execute(f"SET search_path = {hidden[0]}")


def _seen(connection: _Database, url: PostgresUrl, despite: marks.Marks) -> int:
    is_ours, is_taken = connection.execute(_IS_THERE).fetchone()
    if not is_ours:
        if is_taken:
            raise AudienceError(
                f"{url} has tables of another program",
                hint="Make a database for the newsletter, and name it in [store] url.",
            )
        return 0
    (version,) = connection.execute(_VERSION).fetchone()
    if mark := _MARKS.get(version):
        marks.refuse(url, connection, mark, despite)
        if mark is marks.MOVED:
            return len(_scripts())
        (version,) = connection.execute(_VERSION_BELOW, (version,)).fetchone()
    if version > len(_scripts()):
        raise AudienceError(
            f"{url} was written by a newer distribute "
            f"(version {version} of its tables, this one knows {len(_scripts())})",
            hint="Install the newer distribute.",
        )
    return int(version)


def _begin(connection: _Database, url: PostgresUrl) -> int:
    """See that a new database can hold every name there is."""
    (encoding,) = connection.execute(_ENCODING).fetchone()
    if encoding != "UTF8":
        raise AudienceError(
            f"{url} holds text as {encoding}, which has not room for every name",
            hint="Make another: createdb --encoding=UTF8 --template=template0.",
        )
    return 0


@cache
def _scripts() -> Sequence[str]:
    folder = files("distribute.audience.database.postgres") / "migrations"
    scripts = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return [s.read_text("utf-8") for s in sorted(scripts, key=lambda s: s.name)]
