"""Make the tables in PostgreSQL, and bring them up to date, by the numbered scripts.

Two that start at once wait for each other: all of it happens in one transaction that
holds the lock of writing.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from distribute.audience.database import unfinished
from distribute.audience.database.place import PostgresUrl
from distribute.errors import AudienceError

_IS_THERE = (
    "SELECT to_regclass('house') IS NOT NULL, to_regclass('subscriber') IS NOT NULL"
)
_ENCODING = "SELECT current_setting('server_encoding')"
_VERSION = "SELECT coalesce(max(version), 0) FROM house"
_VERSION_BELOW = "SELECT coalesce(max(version), 0) FROM house WHERE version < ?"
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
    connection: _Database, url: PostgresUrl, *, takes_unfinished: bool = False
) -> None:
    """Run the scripts that the database has not seen, unless another process just does.

    Needs no right to change anything where there is nothing to do. Raises `AudienceError`
    for a database that is not ours, or is newer than we are, and for one into which a copy
    was begun and not finished, but for who `takes_unfinished`.
    """
    if _seen(connection, url, takes_unfinished) == len(_scripts()):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_MAKE_HOUSE)
        seen = _seen(connection, url, takes_unfinished) or _begin(connection, url)
        for number, script in enumerate(_scripts()[seen:], start=seen + 1):
            connection.run(script)
            connection.execute("INSERT INTO house (version) VALUES (?)", (number,))
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _seen(connection: _Database, url: PostgresUrl, takes_unfinished: bool) -> int:  # noqa: FBT001 - handed on
    is_ours, is_taken = connection.execute(_IS_THERE).fetchone()
    if not is_ours:
        if is_taken:
            raise AudienceError(
                f"{url} has tables of another program",
                hint="Make a database for the newsletter, and name it in [store] url.",
            )
        return 0
    (version,) = connection.execute(_VERSION).fetchone()
    if version == unfinished.VERSION:
        if not takes_unfinished:
            raise unfinished.refusal(url)
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
