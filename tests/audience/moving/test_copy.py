"""A copy holds everything, wherever it is, and says so only if that is true."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from distribute.audience.moving.tables import tables_of
from tests.audience.moving.copying import (
    WORKERS_ONLY,
    change,
    content_of,
    copy,
    empty,
)
from tests.audience.moving.filled import content, fill

pytestmark = pytest.mark.sqlite_only("copies between SQLite and PostgreSQL")
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20
)
NUMBERS = st.integers(-(2**31), 2**31 - 1)


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
