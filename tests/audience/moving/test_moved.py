"""What everything was moved out of is used by nobody any more, until somebody says so."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from distribute.audience.database.database import (
    explained,
    is_begun,
    open_database,
    to_text,
)
from distribute.audience.database.place import Place, PostgresUrl
from distribute.audience.moving.copy import Copied, copied_before, copy_store
from distribute.audience.moving.moved import Moved, moved_from, reopen
from distribute.audience.moving.tables import tables_of
from distribute.audience.store import Store
from distribute.errors import AudienceError, MovedError
from tests.audience.moving.copying import NOW
from tests.audience.moving.filled import content, fill

pytestmark = pytest.mark.sqlite_only("moves between SQLite and PostgreSQL")


def move(source: Place, target: Place) -> Copied:
    """Move everything from one into the other."""
    with Store.open(source) as store:
        return copy_store(store, target, now=NOW, refuse=list, tell=print)  # type: ignore[arg-type]


@pytest.fixture(params=["file", "server"])
def source(
    request: pytest.FixtureRequest, tmp_path: Path, empty_postgres_url: str
) -> Iterator[Place]:
    """Give a place of either kind with rows in every table."""
    file = tmp_path / "old.db"
    with closing(open_database(file)) as connection:
        fill(connection)
    if request.param == "file":
        yield file
    else:
        move(file, PostgresUrl(empty_postgres_url))
        yield PostgresUrl(empty_postgres_url)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Say where to."""
    return tmp_path / "new.db"


def test_nobody_opens_it_any_more(source: Place, target: Path) -> None:
    """It is said where all is now, and how to go back."""
    move(source, target)
    with pytest.raises(
        AudienceError, match=r"was moved to .*new\.db on 2026"
    ) as caught:
        open_database(source)
    assert "store reopen" in caught.value.hint
    assert is_begun(source)
    with pytest.raises(AudienceError, match="was moved to"):
        copy_store_into(source, target)


def copy_store_into(source: Place, target: Path) -> None:
    """Copy the new one over the old one."""
    with Store.open(target) as store:
        copy_store(store, source, now=NOW, refuse=list, tell=print)  # type: ignore[arg-type]


def test_who_has_it_open_writes_nothing_more(source: Place, target: Path) -> None:
    """In no table, not even to remove: whoever asks for it is put off. They can read."""
    with closing(open_database(source)) as running:
        move(source, target)
        tables = tables_of(running)
        before = content(running)
        for table in tables:
            if not before[table.name]:  # what only workers need
                continue
            named, column = f'"{table.name}"', table.columns[0]
            for statement in (
                f"DELETE FROM {named}",  # noqa: S608 - names of ours
                f'UPDATE {named} SET "{column}" = "{column}"',  # noqa: S608
                f"INSERT INTO {named} SELECT * FROM {named} LIMIT 1",  # noqa: S608
            ):
                with (
                    pytest.raises(MovedError, match="moved elsewhere") as caught,
                    explained(source),
                ):
                    running.execute(statement)
                assert "[store] url" in caught.value.hint
        assert content(running) == before


def test_it_can_be_used_again(source: Place, target: Path) -> None:
    """By whoever says so: all is as it was, and can be moved once more."""
    with closing(open_database(source)) as connection:
        before = content(connection)
    move(source, target)
    moved = reopen(source)
    assert moved is not None
    assert moved.to == str(target.resolve())
    with closing(open_database(source)) as connection:
        assert content(connection) == before
        connection.execute("DELETE FROM subscriber WHERE id = 2")
    assert reopen(source) is None
    assert "subscriber" in move(source, target).again
    with pytest.raises(AudienceError, match="was moved to"):
        open_database(source)


def test_to_move_it_again_is_to_hear_that_it_was(source: Place, target: Path) -> None:
    """With the sums of then; elsewhere it is not, and is not made there."""
    assert copied_before(source, target) is None
    sums = move(source, target).sums
    again = copied_before(source, target)
    assert again is not None
    assert (again.sums, again.is_news, again.finished[:10]) == (
        sums,
        False,
        "2026-11-21",
    )
    elsewhere = target.with_name("elsewhere.db")
    assert copied_before(source, elsewhere) is None
    assert not elsewhere.exists()


def test_stopped_at_the_last_moment_it_is_closed_by_the_next_run(
    source: Place, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is complete stays so; until then the old one is the one in use."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Moved, "close", stop)
        with pytest.raises(KeyboardInterrupt):
            move(source, target)
    open_database(target).close()
    assert moved_from(source) is None
    assert not move(source, target).is_news
    assert moved_from(source) == Moved(to=str(target.resolve()), at=to_text(NOW))


def test_a_place_with_nothing_was_not_moved(tmp_path: Path) -> None:
    """And nothing is made there by asking."""
    assert moved_from(tmp_path / "none.db") is None
    assert reopen(tmp_path / "none.db") is None
    assert not (tmp_path / "none.db").exists()


def test_what_is_not_known_to_be_complete_is_not_closed(
    source: Place, target: Path
) -> None:
    """Until the copy is proven, the old one is as it was."""

    def tell(*_: object) -> None:
        raise KeyboardInterrupt

    with Store.open(source) as store, pytest.raises(KeyboardInterrupt):
        copy_store(store, target, now=NOW, refuse=lambda: None, tell=tell)
    with closing(open_database(source)) as connection:
        connection.execute("DELETE FROM subscriber WHERE id = 2")
