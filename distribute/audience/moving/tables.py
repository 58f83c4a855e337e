"""Tell which tables of a database hold the state of the house, and how they depend.

The database itself is asked, so that none is forgotten that a later version makes. On a
server other programs may have tables beside ours, which are none of our business.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import engine_of
from distribute.audience.database.marks import MOVED_TO
from distribute.errors import AudienceError

NOTE = "copied from"
"""The row of ``meta`` that says where its own database comes from (`moving.note`)."""
_OWN = f"\"key\" NOT IN ('{NOTE}', '{MOVED_TO}')"
"""Tells what everybody has in ``meta`` from what a database says of itself."""

_LEFT_OUT = {"house", "queue_migration", "pace", "worker", "worker_share", "setback"}
"""Which scripts have run, and who works just now: what a database says of itself."""

_SQLITE_COLUMNS = """
    SELECT t.name, c.name, c.pk, 0
    FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid
"""
_SQLITE_PARENTS = """
    SELECT t.name, f."table"
    FROM sqlite_schema AS t JOIN pragma_foreign_key_list(t.name) AS f
    WHERE t.type = 'table'
"""
_COLUMNS = """
    SELECT t.relname, a.attname, coalesce(array_position(k.conkey, a.attnum), 0),
           CASE WHEN a.attidentity = '' THEN 0 ELSE 1 END
    FROM pg_class AS t
    JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_constraint AS k ON k.conrelid = t.oid AND k.contype = 'p'
    WHERE t.relkind = 'r' AND t.relnamespace = to_regnamespace(current_schema()::text)
    ORDER BY t.relname COLLATE "C", a.attnum
"""
_PARENTS = """
    SELECT child.relname, parent.relname
    FROM pg_constraint AS k
    JOIN pg_class AS child ON child.oid = k.conrelid
    JOIN pg_class AS parent ON parent.oid = k.confrelid
    WHERE k.contype = 'f'
      AND child.relnamespace = to_regnamespace(current_schema()::text)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; the names are as the database has them."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    """The columns of its primary key, in their order."""
    parents: frozenset[str]
    """Names of the tables that its rows refer to."""
    counter: str = ""
    """The column that PostgreSQL numbers by itself."""

    @property
    def quoted(self) -> Sequence[str]:
        """The columns as they stand in a statement."""
        return [f'"{column}"' for column in self.columns]

    def select(self, *, after_key: bool = False) -> str:
        """Give the statement that reads it in the order of its key.

        If it begins `after_key`, the values of a key are the statement's.
        """
        key = _list(self.key)
        conditions = [_OWN] if self.name == "meta" else []
        if after_key:
            conditions.append(f"({key}) > ({', '.join('?' for _ in self.key)})")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        read = f'SELECT {_list(self.columns)} FROM "{self.name}"'  # noqa: S608 - names of ours
        return f"{read}{where} ORDER BY {key}"

    def select_last_key(self) -> str:
        """Give the statement that reads the greatest key."""
        own = f" WHERE {_OWN}" if self.name == "meta" else ""
        backwards = ", ".join(f'"{column}" DESC' for column in self.key)
        read = f'SELECT {_list(self.key)} FROM "{self.name}"'  # noqa: S608 - names of ours
        return f"{read}{own} ORDER BY {backwards} LIMIT 1"


def tables_of(connection: Connection) -> Sequence[Table]:
    """List the tables of the house; whatever a row refers to comes before it."""
    is_sqlite = engine_of(connection) == "sqlite"
    found = connection.execute(_SQLITE_COLUMNS if is_sqlite else _COLUMNS).fetchall()
    links = connection.execute(_SQLITE_PARENTS if is_sqlite else _PARENTS).fetchall()
    tables = []
    for name, rows in groupby(found, key=lambda row: str(row[0])):
        if is_sqlite or _is_state(name):
            tables.append(_table(name, list(rows), links))
    return _in_order(tables)


def in_both(source: Iterable[Table], target: Iterable[Table]) -> Sequence[Table]:
    """Give those tables that both have, as the target has them.

    Raises `AudienceError` if one of them has other columns there.
    """
    here: Mapping[str, Table] = {table.name: table for table in source}
    both = [table for table in target if table.name in here]
    for table in both:
        if set(here[table.name].columns) != set(table.columns):
            raise AudienceError(
                f"the table {table.name} has other columns there than here",
                hint="Both were not made by this version of distribute; report it.",
            )
    return both


def with_children(names: Collection[str], tables: Iterable[Table]) -> Sequence[Table]:
    """Give these tables and all that refer to them; each before those that do."""
    chosen: list[Table] = []
    for table in tables:
        if table.name in names or table.parents & {each.name for each in chosen}:
            chosen.append(table)
    return chosen


def _is_state(name: str) -> bool:
    """Tell a table of ours from those of other programs and of the queue (PostgreSQL)."""
    from distribute.audience.database.postgres.migrate import our_tables

    return name in our_tables() and name not in _LEFT_OUT


def _table(
    name: str,
    rows: Sequence[tuple[str, str, int, int]],
    links: Iterable[tuple[str, str]],
) -> Table:
    key = sorted((place, column) for _, column, place, _ in rows if place)
    return Table(
        name=name,
        columns=tuple(column for _, column, _, _ in rows),
        key=tuple(column for _, column in key),
        parents=frozenset(parent for child, parent in links if child == name),
        counter=next((column for _, column, _, counts in rows if counts), ""),
    )


def _in_order(tables: Sequence[Table]) -> Sequence[Table]:
    names, placed = {table.name for table in tables}, list[Table]()
    while len(placed) < len(tables):
        done = {table.name for table in placed}
        placed += [
            table
            for table in tables
            if table.name not in done and (table.parents & names) <= done
        ]
    return placed


def _list(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
