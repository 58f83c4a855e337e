"""``pytest --store postgresql``: what tests do with files they do with databases."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from distribute.audience.database import database
from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from tests.commands import call, finish, start
from tests.placement import MADE, Placement
from tests.postgres import Server

_NAMES = "SELECT datname FROM pg_database"


@pytest.fixture
def placement(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Placement:
    """Give what replaces files, with nothing replaced yet."""
    return Placement(postgres, tmp_path_factory.mktemp("places"))


@pytest.fixture
def folder(
    placement: Placement,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Path]:
    """Give a folder in which files are replaced."""
    monkeypatch.setattr(database, "place_of", placement.place_of)
    yield tmp_path
    placement.release(tmp_path)


def _write(path: Path, key: str) -> None:
    with closing(open_database(path)) as connection:
        connection.execute("INSERT INTO meta (key, value) VALUES (?, '')", (key,))


def _keys(path: Path) -> list[str]:
    with closing(open_database(path)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM meta")]


def test_a_path_is_a_database(folder: Path) -> None:
    """The same path is the same one, another path another one."""
    _write(folder / "one.db", "a")
    _write(folder / "two.db", "b")
    assert (_keys(folder / "one.db"), _keys(folder / "two.db")) == (["a"], ["b"])
    (folder / "below").mkdir()
    assert _keys(folder / "below/../one.db") == ["a"]


def test_a_copy_of_the_file_is_a_copy_of_the_database(folder: Path) -> None:
    """A folder that is copied has a state of its own."""
    (folder / "letter").mkdir()
    _write(folder / "letter/distribute.db", "a")
    shutil.copytree(folder / "letter", folder / "copy")
    _write(folder / "copy/distribute.db", "b")
    assert _keys(folder / "copy/distribute.db") == ["a", "b"]
    assert _keys(folder / "letter/distribute.db") == ["a"]


def test_who_removes_the_file_begins_anew(folder: Path) -> None:
    """As with SQLite."""
    path = folder / "distribute.db"
    _write(path, "a")
    path.unlink()
    assert _keys(path) == []


def test_what_is_no_file_of_ours_stays_what_it_is(
    placement: Placement, tmp_path: Path
) -> None:
    """It is refused by the one who opens it: a folder, another file, nothing."""
    (tmp_path / "other").write_text("something else\nin two lines\n")
    for path in (tmp_path, tmp_path / "other", tmp_path / "nowhere/distribute.db"):
        assert placement.place_of(path) == path
    elsewhere = PostgresUrl("postgresql://somebody@db.example.org/news")
    assert placement.place_of(elsewhere) == elsewhere


def test_two_who_come_at_once_find_one(placement: Placement, tmp_path: Path) -> None:
    """The second one waits for the first."""
    found: list[object] = []
    path = tmp_path / "distribute.db"
    threads = [
        threading.Thread(target=lambda: found.append(placement.place_of(path)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 4
    assert len(set(found)) == 1
    placement.release(tmp_path)


def test_what_is_over_is_removed(
    placement: Placement, postgres: Server, tmp_path: Path
) -> None:
    """The databases of a test, and those whose file is gone; no others."""
    for name in ("test", "session"):
        (tmp_path / name).mkdir()
    paths = [tmp_path / name for name in ("test/a.db", "session/b.db", "session/c.db")]
    one, two, gone = (
        str(place.url).split("/")[-1].partition("?")[0]
        for place in map(placement.place_of, paths)
        if isinstance(place, PostgresUrl)
    )
    paths[2].unlink()
    placement.release(tmp_path / "test")
    left = {name for (name,) in postgres.ask(_NAMES)}
    assert two in left
    assert not {one, gone} & left
    placement.release(tmp_path)
    assert (two,) not in postgres.ask(_NAMES)


def test_commands_of_their_own_find_the_same(
    postgres: Server,
    folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What one of them writes the next one reads, and the tests do."""
    made = tmp_path_factory.mktemp("theirs")
    monkeypatch.setenv(MADE, f"{postgres.folder}{os.pathsep}{made}")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "elsewhere"))
    call("init", folder / "letter")
    add = ("audience", "add", "ada@example.org")
    answer = finish(start("-C", folder / "letter", *add))
    with closing(open_database(folder / "letter/distribute.db")) as connection:
        assert not hasattr(connection, "set_trace_callback"), "SQLite's own"
        rows = connection.execute("SELECT address FROM subscriber").fetchall()
    assert rows == [("ada@example.org",)], answer
    Placement(postgres, made).release(folder)


def test_a_command_imports_nothing_more_for_it(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it opens a database it is as it is."""
    monkeypatch.setenv(MADE, f"{postgres.folder}{os.pathsep}{tmp_path}")
    root = Path(__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", f"{root / 'tests/elsewhere'}{os.pathsep}{root}")
    program = "import sys, distribute.cli; print('psycopg' in sys.modules, 'pytest' in sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["False", "False"]
