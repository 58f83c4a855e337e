"""The tables in PostgreSQL: made once, and the same as those of a file of SQLite."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from threading import Thread

import pytest

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres import migrate
from distribute.audience.database.sqlite import open_file
from distribute.errors import AudienceError
from tests.postgres import Server

_TYPES = {"TEXT": "text", "BLOB": "bytea"}
_SHAPE = """
    SELECT c.table_name, c.column_name, c.data_type, c.is_nullable = 'YES',
           coalesce(c.collation_name, '')
    FROM information_schema.columns AS c WHERE c.table_schema = current_schema()
    ORDER BY c.table_name, c.ordinal_position
"""
_KEYS = """
    SELECT t.relname, string_agg(a.attname, ' ' ORDER BY array_position(i.indkey, a.attnum))
    FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid
    JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey)
    WHERE t.relnamespace = current_schema()::regnamespace AND i.indisunique
    GROUP BY t.relname, i.indexrelid
"""


def test_two_that_start_at_once_make_it_once(empty_postgres_url: str) -> None:
    """Whoever comes second waits, and finds everything there."""
    place, failed = PostgresUrl(empty_postgres_url), []

    def start() -> None:
        try:
            open_database(place).close()
        except AudienceError as error:
            failed.append(error)

    racers = [Thread(target=start) for _ in range(5)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert not failed
    with closing(open_database(place)) as connection:
        numbers = connection.execute("SELECT version FROM house ORDER BY 1").fetchall()
    assert numbers == [(n + 1,) for n in range(len(numbers))]
    assert numbers


def _shape(connection: Connection) -> Mapping[str, Mapping[str, tuple[str, bool]]]:
    shape: dict[str, dict[str, tuple[str, bool]]] = {}
    for table, column, kind, nullable, collation in connection.execute(_SHAPE):
        assert collation == ("C" if kind == "text" else ""), f"{table}.{column}"
        shape.setdefault(table, {})[column] = (kind, nullable)
    return shape


def _keys(file: sqlite3.Connection, table: str) -> set[str]:
    """Give what is unique in a table of SQLite: columns, one space between."""
    found = set()
    for index in file.execute(f"PRAGMA index_list({table})").fetchall():
        if index[2]:
            columns = file.execute(f"PRAGMA index_info({index[1]})").fetchall()
            found.add(" ".join(column[2] for column in columns))
    columns = file.execute(f"PRAGMA table_info({table})").fetchall()
    primary = sorted((column[5], column[1]) for column in columns if column[5])
    return found | {" ".join(name for _, name in primary)}


def test_it_has_the_tables_of_a_file(postgres_url: str, tmp_path: Path) -> None:
    """The same columns in the same order, as often unique, empty or not."""
    with (
        closing(open_database(PostgresUrl(postgres_url))) as connection,
        closing(open_file(tmp_path / "file.db", 1)) as file,
    ):
        shape, keys = _shape(connection), connection.execute(_KEYS).fetchall()
        tables = file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for (table,) in tables.fetchall():
            rows = file.execute(f"PRAGMA table_info({table})").fetchall()
            assert list(shape[table]) == [name for _, name, *_ in rows]
            for _, name, kind, is_set, _, is_key in rows:
                found, nullable = shape[table][name]
                assert found in (
                    _TYPES.get(kind, "bigint"),
                    _TYPES.get(kind, "integer"),
                )
                assert nullable == (not is_set and not is_key), f"{table}.{name}"
            theirs = {columns for name, columns in keys if name == table}
            assert theirs == _keys(file, table), table


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("CREATE TABLE subscriber (id INT)", "tables of another program"),
        (
            "CREATE TABLE house (version INT); INSERT INTO house VALUES (999)",
            "newer distribute .*999",
        ),
    ],
)
def test_a_database_that_is_not_ours_is_left_alone(
    postgres: Server, empty_postgres_url: str, before: str, said: str
) -> None:
    """The error says what to do, and nothing is made there."""
    name = empty_postgres_url.rpartition("/")[2]
    postgres.ask(*before.split(";"), database=name)
    with pytest.raises(AudienceError, match=said) as caught:
        open_database(PostgresUrl(empty_postgres_url))
    assert caught.value.hint
    assert postgres.ask("SELECT to_regclass('letter')", database=name) == [(None,)]


def test_a_script_that_fails_leaves_all_as_it_was(
    postgres: Server, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what came before it in the same update; the next start tries all of it again."""
    name, known = postgres_url.rpartition("/")[2], migrate._scripts()
    versions = postgres.ask("SELECT version FROM house ORDER BY 1", database=name)
    fails = "CREATE TABLE second (x INT); SELECT 1 / (SELECT count(*) FROM second)"
    newer = [*known, "CREATE TABLE first (x INT)", fails]
    monkeypatch.setattr(migrate, "_scripts", lambda: newer)
    with pytest.raises(AudienceError, match="division by zero"):
        open_database(PostgresUrl(postgres_url))
    here = "SELECT version FROM house ORDER BY 1"
    assert postgres.ask(here, database=name) == versions
    there = "SELECT to_regclass('first'), to_regclass('second')"
    assert postgres.ask(there, database=name) == [(None, None)]
    newer[-1] = "CREATE TABLE second (x INT)"
    open_database(PostgresUrl(postgres_url)).close()
    assert len(postgres.ask(here, database=name)) == len(versions) + 2


@pytest.mark.parametrize("engine", ["database", "database.postgres"])
def test_scripts_are_numbered_one_after_the_other(engine: str) -> None:
    """A database knows by how many it has seen which ones those were."""
    folder = files(f"distribute.audience.{engine}") / "migrations"
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_a_database_of_few_letters_is_refused(postgres: Server) -> None:
    """In one that holds Latin letters alone, most people's names would be an error."""
    postgres.ask("CREATE DATABASE few ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    try:
        with pytest.raises(AudienceError, match=r"LATIN1.*\n.*--encoding=UTF8"):
            open_database(PostgresUrl(postgres.url("few")))
    finally:
        postgres.drop("few")
