"""A copy holds everything, wherever it is, and says so only if that is true."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distribute.audience.database.database import open_database
from distribute.audience.database.marks import ALL
from distribute.audience.database.place import Place, PostgresUrl
from distribute.audience.moving.copy import Copied, copy_store
from distribute.audience.moving.moved import moved_from
from distribute.audience.moving.note import Note
from distribute.audience.moving.side import Side
from distribute.audience.moving.tables import tables_of
from distribute.audience.store import Store
from distribute.errors import AudienceError, AwayError, BusyError
from tests.audience.moving.filled import Content, content, fill
from tests.postgres import Server

pytestmark = pytest.mark.sqlite_only("copies between SQLite and PostgreSQL")

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
WORKERS_ONLY = {"frozen", "batch", "under_way"}
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20
)
NUMBERS = st.integers(-(2**31), 2**31 - 1)


def copy(source: Place, target: Place, refuse: Callable[[], None] = list) -> Copied:  # type: ignore[assignment] # does nothing
    """Copy one into the other."""
    with Store.open(source) as store:
        return copy_store(
            store, target, now=NOW, refuse=refuse, tell=lambda *_: None, keep=True
        )


def content_of(place: Place) -> Content:
    """Read all that is there and is for everybody, not for workers alone."""
    with closing(open_database(place)) as connection:
        found = content(connection)
    return {name: rows for name, rows in found.items() if name not in WORKERS_ONLY}


def change(place: Place, *statements: str) -> None:
    """Change what is there, complete or not."""
    with closing(open_database(place, despite=ALL)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Give a file with rows in every table."""
    path = tmp_path / "old.db"
    with closing(open_database(path)) as connection:
        fill(connection)
    return path


@pytest.fixture
def server(postgres_url: str) -> PostgresUrl:
    """Give a database of PostgreSQL that is empty."""
    return PostgresUrl(postgres_url)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=1), st.lists(NUMBERS, min_size=1))
def test_there_and_back_it_is_the_same(
    postgres_url: str, texts: list[str], numbers: list[int]
) -> None:
    """Every row of every table, whatever is in it."""
    between = PostgresUrl(postgres_url)
    with TemporaryDirectory() as folder:
        first, last = Path(folder, "first.db"), Path(folder, "last.db")
        with closing(open_database(first)) as connection:
            fill(connection, texts, numbers)
        empty(between)
        copy(first, between)
        copy(between, last)
        assert content_of(first) == content_of(between) == content_of(last)


def empty(place: Place) -> None:
    """Remove all that is there."""
    with closing(open_database(place, despite=ALL)) as connection:
        Side(place, connection).clear(tables_of(connection))
        connection.execute("DELETE FROM meta")


def test_both_engines_have_the_same_tables(source: Path, server: PostgresUrl) -> None:
    """With the same columns and keys; PostgreSQL has those of workers besides."""
    with (
        closing(open_database(source)) as here,
        closing(open_database(server)) as there,
    ):
        ours = {t.name: (set(t.columns), t.key, t.parents) for t in tables_of(here)}
        theirs = {t.name: (set(t.columns), t.key, t.parents) for t in tables_of(there)}
    assert set(theirs) - set(ours) == WORKERS_ONLY
    assert {name: theirs[name] for name in ours} == ours


def test_files_are_copied_too(source: Path, tmp_path: Path) -> None:
    """From one into another."""
    copy(source, tmp_path / "new.db")
    assert content_of(tmp_path / "new.db") == content_of(source)


def test_servers_are_copied_with_what_workers_need(
    source: Path, server: PostgresUrl, empty_postgres_url: str
) -> None:
    """A campaign that they have sent is still known as such; its content too."""
    copy(source, server)
    change(
        server,
        "INSERT INTO frozen VALUES (1, '\\x00ff', 5, 'done', 1, '')",
        "INSERT INTO batch VALUES (1, 1, 1, 3, 'done', 2, '', 7, NULL, NULL)",
    )
    other = PostgresUrl(empty_postgres_url)
    copied = copy(server, other)
    assert (copied.sums["batch"].rows, copied.left) == (1, {})
    with (
        closing(open_database(server)) as here,
        closing(open_database(other)) as there,
    ):
        assert content(here) == content(there)


def test_a_file_has_no_room_for_what_workers_need(
    source: Path, server: PostgresUrl, tmp_path: Path
) -> None:
    """It is said how much is left behind."""
    copy(source, server)
    change(server, "INSERT INTO frozen VALUES (1, '', 5, 'done', 1, '')")
    assert copy(server, tmp_path / "new.db").left == {"frozen": 1}


def test_numbers_go_on_behind_the_highest(source: Path, server: PostgresUrl) -> None:
    """Whoever joins gets a number that nobody has."""
    copy(source, server)
    with closing(open_database(server)) as connection:
        (number,) = connection.execute(
            "INSERT INTO subscriber (key, address, name, languages, only_these,"
            " status, source) VALUES ('n', 'n', '', '', 0, 'confirmed', '')"
            " RETURNING id"
        ).fetchone()
    assert number == 4


def test_what_postgresql_cannot_hold_is_replaced(
    source: Path, server: PostgresUrl
) -> None:
    """U+0000 becomes U+FFFD, as everywhere, also where the rows are ordered by it."""
    change(
        source,
        "UPDATE delivery SET text = 'a' || char(0) || 'b' WHERE number = 2",
        "INSERT INTO wave VALUES ('c', 'a' || char(0), 1), ('c', 'ab', 2)",
    )
    copy(source, server)
    found = content_of(server)
    assert len([row for row in found["delivery"] if "a\ufffdb" in row]) == 1
    assert len([row for row in found["wave"] if "a\ufffd" in row]) == 1
    assert not copy(source, server).is_news
    assert found == content_of(source)


@pytest.fixture(params=["file", "server"])
def target(
    request: pytest.FixtureRequest, tmp_path: Path, empty_postgres_url: str
) -> Iterator[Place]:
    """Give a place of either kind with nothing in it."""
    if request.param == "file":
        yield tmp_path / "new.db"
    else:
        yield PostgresUrl(empty_postgres_url)


def interrupt(source: Path, target: Place, table: str = "delivery") -> None:
    """Begin a copy, and break it off as soon as there is something of a table."""

    def tell(_deed: str, name: str, _rows: int) -> None:
        if name == table:
            raise KeyboardInterrupt

    with Store.open(source) as store, pytest.raises(KeyboardInterrupt):
        copy_store(store, target, now=NOW, refuse=lambda: None, tell=tell)


def test_nobody_opens_what_is_not_complete(source: Path, target: Place) -> None:
    """It is said how to go on; then it is a database like any other."""
    interrupt(source, target)
    with pytest.raises(AudienceError, match="begun and not finished") as caught:
        open_database(target)
    assert "store copy" in caught.value.hint
    assert copy(source, target).again == []
    assert content_of(target) == content_of(source)


def test_what_changed_while_it_was_down_is_copied_again(
    source: Path, target: Place
) -> None:
    """In the source, or in the target by whatever mishap; and all that refers to it."""
    interrupt(source, target)
    change(source, "UPDATE delivery SET text = 'new' WHERE number = 1")
    change(target, "UPDATE campaign SET id = 'damaged' WHERE number = 2")
    copied = copy(source, target)
    assert copied.again == ["campaign", "delivery", "earlier_attempt"]
    assert content_of(target) == content_of(source)


def test_rows_that_the_target_does_not_keep_are_found(
    source: Path, server: PostgresUrl, tmp_path: Path
) -> None:
    """By content and by number; it is not complete then."""
    change(
        server,
        "CREATE FUNCTION spoil() RETURNS TRIGGER LANGUAGE plpgsql AS"
        " $$ BEGIN new.text = 'spoilt'; RETURN new; END $$",
        "CREATE TRIGGER spoil BEFORE INSERT ON delivery FOR EACH ROW"
        " WHEN (new.number = 2) EXECUTE FUNCTION spoil()",
        "CREATE FUNCTION lose() RETURNS TRIGGER LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER lose BEFORE INSERT ON wave FOR EACH ROW"
        " EXECUTE FUNCTION lose()",
    )
    for _ in range(2):
        with pytest.raises(AudienceError, match="does not hold") as caught:
            copy(source, server)
        assert "delivery (other content)" in caught.value.reason
        assert "wave (0 rows of 3)" in caught.value.reason
    with pytest.raises(AudienceError, match="not finished"):
        open_database(server)


def test_what_is_complete_is_left_alone(source: Path, target: Place) -> None:
    """As long as nothing changes in the source, whatever happens in the copy."""
    copy(source, target)
    change(target, "UPDATE delivery SET text = 'later' WHERE number = 1")
    again = copy(source, target)
    assert not again.is_news
    assert content_of(target) != content_of(source)


def test_what_came_afterwards_is_brought_over(source: Path, target: Place) -> None:
    """As long as nobody uses the copy."""
    copy(source, target)
    change(source, "DELETE FROM subscriber WHERE id = 2")
    copied = copy(source, target)
    assert copied.is_news
    assert {"subscriber", "consent", "change"} <= set(copied.again)
    assert content_of(target) == content_of(source)


def test_two_that_are_both_in_use_stay_as_they_are(source: Path, target: Place) -> None:
    """Neither is right for sure."""
    copy(source, target)
    change(source, "UPDATE subscriber SET name = 'here' WHERE id = 2")
    change(target, "UPDATE subscriber SET name = 'there' WHERE id = 3")
    before = content_of(target)
    with pytest.raises(AudienceError, match=r"in use since.*: subscriber"):
        copy(source, target)
    assert content_of(target) == before


def test_another_database_is_not_touched(
    source: Path, target: Place, tmp_path: Path
) -> None:
    """One with anything in it, or the copy of another one."""
    change(target, "INSERT INTO wording VALUES ('v', 'en', 'words')")
    with pytest.raises(AudienceError, match="not empty: it has rows in wording"):
        copy(source, target)
    empty(target)
    interrupt(source, target)
    other = tmp_path / "other.db"
    with pytest.raises(AudienceError, match=r"a copy of .*old\.db"):
        copy(other, target)


def test_one_that_is_open_elsewhere_is_not_cleared(source: Path, target: Place) -> None:
    """Whoever uses the copy already would lose what they write meanwhile."""
    copy(source, target)
    change(source, "DELETE FROM subscriber WHERE id = 2")
    with closing(open_database(target)) as running:
        with pytest.raises(BusyError, match="something has it open"):
            copy(source, target)
        assert running.execute("SELECT count(*) FROM subscriber").fetchone() == (3,)
        running.execute("SELECT 1")
    assert "subscriber" in copy(source, target).again


def test_newsletters_that_share_a_database_are_two(
    postgres: Server, empty_postgres_url: str, source: Path, tmp_path: Path
) -> None:
    """The copy of one is not taken for that of the other."""
    database = empty_postgres_url.rpartition("/")[2]
    postgres.ask("CREATE SCHEMA one", "CREATE SCHEMA two", database=database)
    one, two = (
        PostgresUrl(f"{empty_postgres_url}?options=-csearch_path%3D{name}")
        for name in ("one", "two")
    )
    copy(source, one)
    change(source, "UPDATE subscriber SET name = 'other'")
    copy(source, two)
    copy(one, tmp_path / "new.db")
    with pytest.raises(AudienceError, match=r"holds a copy of .*schema one"):
        copy(two, tmp_path / "new.db")


def test_what_other_programs_have_there_stays(
    postgres: Server, source: Path, server: PostgresUrl, tmp_path: Path
) -> None:
    """Beside ours, in the same schema; it is not even counted."""
    database = server.url.rpartition("/")[2]
    postgres.ask("CREATE TABLE stranger AS SELECT 1 AS x", database=database)
    assert "stranger" not in copy(source, server).sums
    assert copy(server, tmp_path / "new.db").left == {}
    assert postgres.ask("SELECT x FROM stranger", database=database) == [(1,)]


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
