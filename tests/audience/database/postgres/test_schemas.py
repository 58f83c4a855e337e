"""The tables stay where they are, whatever schemas and strangers stand beside them."""

from contextlib import closing, suppress
from functools import partial
from os import urandom
from urllib.parse import quote

import pytest

from distribute.audience.database.database import explained, open_database
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.audience.database.postgres.session import connect
from distribute.audience.moving.side import Side
from distribute.audience.moving.tables import tables_of
from distribute.errors import AudienceError
from tests.postgres import Server

_SCHEMA = "SELECT current_schema(), to_regclass('public.house')::text"
_HOUSES = "SELECT count(*) FROM pg_class WHERE relname = 'house'"


def in_schemas(url: str, *schemas: str) -> PostgresUrl:
    """Say how to look for tables: in these schemas, one after the other."""
    return PostgresUrl(f"{url}?options={quote('-csearch_path=' + ','.join(schemas))}")


def test_a_schema_that_comes_later_hides_nothing(
    postgres: Server, postgres_url: str
) -> None:
    """Such as one named like the role, which comes first by rights: `"$user", public`."""
    database = postgres_url.rpartition("/")[2]
    postgres.ask("CREATE SCHEMA later", database=database)
    with closing(open_database(in_schemas(postgres_url, "later", "public"))) as there:
        assert there.execute(_SCHEMA).fetchone() == ("public", "house")
        assert "subscriber" in {table.name for table in tables_of(there)}
        assert isinstance(there, PostgresConnection)
        there.raw.close()  # as one that was lost: the next one is the same
        assert there.execute(_SCHEMA).fetchone() == ("public", "house")


def test_an_update_is_made_where_the_tables_are(
    postgres: Server, postgres_url: str
) -> None:
    """No second house is begun in front of the first one, which would seem empty."""
    database = postgres_url.rpartition("/")[2]
    postgres.ask(
        "CREATE SCHEMA later",
        "DELETE FROM house WHERE version = (SELECT max(version) FROM house)",
        database=database,
    )
    with suppress(AudienceError):  # what the script makes may be there, after all
        open_database(in_schemas(postgres_url, "later", "public"))
    assert postgres.ask(_HOUSES, database=database) == [(1,)]


def test_two_newsletters_have_a_schema_each(
    postgres: Server, empty_postgres_url: str
) -> None:
    """Nobody is in both."""
    database = empty_postgres_url.rpartition("/")[2]
    postgres.ask("CREATE SCHEMA one", 'CREATE SCHEMA "Two"', database=database)
    with (
        closing(open_database(in_schemas(empty_postgres_url, "one"))) as one,
        closing(open_database(in_schemas(empty_postgres_url, '"Two"'))) as two,
    ):
        one.execute("INSERT INTO wording VALUES ('v', 'en', 'words')")
        assert two.execute("SELECT 1 FROM wording").fetchone() is None


def test_a_place_is_known_by_all_that_tells_it_from_others(postgres_url: str) -> None:
    """Also where the URL does not show it, or shows it elsewhere; without a password."""
    begin, _, database = postgres_url.rpartition("/")
    password = begin.split(":")[2].partition("@")[0]
    where = PostgresUrl(postgres_url)
    for url, name in (
        (postgres_url, str(where)),
        (
            f"{begin}?dbname={database}",
            f"{str(where)[: -len(database) - 1]} (database {database})",
        ),
        (in_schemas(postgres_url, "pg_catalog").url, f"{where} (schema pg_catalog)"),
    ):
        place = PostgresUrl(url)
        with closing(PostgresConnection(partial(connect, place, 1))) as there:
            side = Side(place, there)
            assert side.name == name
            assert password not in side.name


def test_strangers_are_none_of_our_business(
    postgres: Server, empty_postgres_url: str
) -> None:
    """Tables of another program in the same schema are not taken for ours."""
    database = empty_postgres_url.rpartition("/")[2]
    postgres.ask("CREATE TABLE stranger (x INT)", database=database)
    with closing(open_database(PostgresUrl(empty_postgres_url))) as there:
        assert "stranger" not in {table.name for table in tables_of(there)}


def test_a_stranger_with_the_name_of_ours_is_told_of(
    postgres: Server, empty_postgres_url: str
) -> None:
    """It stays as it is, and nothing is made beside it."""
    database = empty_postgres_url.rpartition("/")[2]
    postgres.ask("CREATE TABLE campaign (x INT)", database=database)
    with pytest.raises(AudienceError, match='"campaign" already exists') as caught:
        open_database(PostgresUrl(empty_postgres_url))
    assert "Another program" in caught.value.hint
    assert postgres.ask(_HOUSES, database=database) == [(0,)]


def test_what_is_too_long_for_an_index_is_told(postgres_url: str) -> None:
    """A file takes it; who imports it into a server hears what it may be."""
    place = PostgresUrl(postgres_url)
    with closing(open_database(place)) as there:
        value = urandom(5000).hex()
        with pytest.raises(AudienceError, match="index") as caught, explained(place):
            there.execute("INSERT INTO meta VALUES (?, '')", (value,))
    assert "too long" in caught.value.hint
