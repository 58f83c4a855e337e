"""While it is copied a store is held still, and either side may be slow or go away."""

from contextlib import closing
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.place import Place, PostgresUrl
from distribute.audience.moving.copy import copy_store
from distribute.audience.moving.moved import moved_from
from distribute.audience.moving.note import Note
from distribute.audience.store import Store
from distribute.errors import AwayError, BusyError
from tests.audience.moving.copying import NOW, content_of, copy
from tests.postgres import Server

pytestmark = pytest.mark.sqlite_only("copies between SQLite and PostgreSQL")


def test_a_server_waits_for_the_other_side(
    source: Path, server: PostgresUrl, tmp_path: Path
) -> None:
    """However long that takes: elsewhere who says nothing for half a minute is ended."""
    copy(source, server)
    ask = "SHOW idle_in_transaction_session_timeout"
    with Store.open(server) as store:
        heard = []

        def listen(*_: object) -> None:
            heard.append(store.connection.execute(ask).fetchone())

        copy_store(
            store, tmp_path / "new.db", now=NOW, refuse=lambda: None, tell=listen
        )
    assert set(heard) == {("0",)}


def test_a_server_that_goes_away_is_named(
    postgres: Server, source: Path, server: PostgresUrl
) -> None:
    """It, and not the place that is copied, which is well; then it goes on."""
    database = server.url.rpartition("/")[2]

    def end(_deed: str, name: str, _rows: int) -> None:
        if name == "delivery":
            postgres.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()",
                database=database,
            )

    with Store.open(source) as store, pytest.raises(AwayError, match=str(server)):
        copy_store(store, server, now=NOW, refuse=lambda: None, tell=end)
    assert moved_from(source) is None
    copy(source, server)
    assert content_of(server) == content_of(source)


def test_nobody_writes_meanwhile(source: Path, target: Place) -> None:
    """Whoever wants to waits; who only reads does not."""
    heard = []

    def try_to() -> None:
        with closing(open_database(source, patience=0.1)) as connection:
            heard.append(connection.execute("SELECT 1 FROM subscriber").fetchone())
            with pytest.raises(Exception, match="locked"):
                connection.execute("DELETE FROM subscriber")

    copy(source, target, refuse=try_to)
    assert heard == [(1,)]


def test_nobody_writes_to_a_server_meanwhile(
    source: Path, server: PostgresUrl, tmp_path: Path
) -> None:
    """Not even those who ask for no lock before."""
    copy(source, server)

    def try_to() -> None:
        with closing(open_database(server, patience=0.1)) as connection:
            assert connection.execute("SELECT 1 FROM subscriber").fetchone()
            with pytest.raises(Exception, match="lock timeout"):
                connection.execute("DELETE FROM subscriber")

    copy(server, tmp_path / "new.db", refuse=try_to)


def test_who_writes_for_too_long_is_not_waited_for(source: Path, target: Place) -> None:
    """Nothing has been begun then."""
    with (
        closing(open_database(source)) as writer,
        Store.open(source, patience=0.1) as store,
    ):
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError):
            copy_store(store, target, now=NOW, refuse=list, tell=print)  # type: ignore[arg-type]
        writer.rollback()
    with closing(open_database(target)) as connection:
        assert Note.read(connection) is None
