"""The PostgreSQL of the tests: it is ours alone, and does what it is told."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from tests import keeper
from tests.postgres import Options, Server, StrangerError, shared
from tests.processes import is_alive, wait_until

psycopg = pytest.importorskip("psycopg")


@pytest.fixture
def kept(own_postgres: Server) -> Iterator[str]:
    """Give a database with something in it."""
    url = own_postgres.new_database("kept")
    own_postgres.ask("CREATE TABLE note AS SELECT 'remember' AS text", database="kept")
    yield url
    own_postgres.drop("kept")


def _notes(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT text FROM note").fetchall()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_keeps_what_is_committed(
    own_postgres: Server, kept: str, mode: str
) -> None:
    """Whether it is shut down or crashes; it is where it was before."""
    with psycopg.connect(kept) as open_before:
        own_postgres.restart("fast" if mode == "fast" else "immediate")
        with pytest.raises(psycopg.OperationalError):
            open_before.execute("SELECT 1")
    assert _notes(kept) == [("remember",)]


def test_nobody_is_served_while_it_is_away(own_postgres: Server, kept: str) -> None:
    """A connection is refused at once, not only after a time."""
    with own_postgres.away("immediate"):
        assert not own_postgres.is_running
        with pytest.raises(psycopg.OperationalError, match="refused"):
            psycopg.connect(kept)
    assert _notes(kept) == [("remember",)]


def test_who_is_paused_answers_later(own_postgres: Server, kept: str) -> None:
    """An open connection is not lost, and its question is answered in the end."""
    answers: list[object] = []
    with psycopg.connect(kept) as connection:
        asking = threading.Thread(
            target=lambda: answers.extend(connection.execute("SELECT 1").fetchall())
        )
        with own_postgres.paused():
            asking.start()
            asking.join(0.1)
            assert not answers
            assert own_postgres.is_running
        asking.join(60)
    assert answers == [(1,)]


def test_one_who_is_paused_can_be_stopped(own_postgres: Server, kept: str) -> None:
    """Nothing hangs for ever."""
    own_postgres.pause()
    own_postgres.restart("immediate")
    assert _notes(kept) == [("remember",)]


def test_the_password_is_asked(postgres: Server) -> None:
    """Nobody else on this machine gets in."""
    url = postgres.url("postgres").replace("@", "x@")
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(url)


def test_it_does_not_run_as_root(postgres: Server) -> None:
    """It would refuse to; and its files are nobody else's."""
    process = keeper.postmaster_of(postgres.data)
    assert Path(f"/proc/{process}").stat().st_uid == postgres.data.stat().st_uid != 0
    assert postgres.folder.stat().st_mode & 0o777 == 0o700


def test_a_server_of_another_folder_is_left_alone(
    postgres: Server, tmp_path: Path
) -> None:
    """It answers where ours should, and what runs in our folder is no server."""
    folder = tmp_path.resolve()
    (folder / "data").mkdir()
    (folder / "users").touch()
    (folder / "access.json").write_text((postgres.folder / "access.json").read_text())
    socket = f".s.PGSQL.{postgres.port}"
    (folder / socket).symlink_to(postgres.folder / socket)
    with subprocess.Popen(["/bin/sleep", "60"], cwd=folder / "data") as bystander:
        (folder / "data/postmaster.pid").write_text(f"{bystander.pid}\n")
        pretender = Server(folder)
        for act in (pretender.stop, pretender.restart, pretender.pause):
            with pytest.raises(StrangerError, match="not"):
                act()
        assert bystander.poll() is None
        pretender.close()
        bystander.kill()
    assert postgres.ask("SELECT 1") == [(1,)]


def test_a_process_elsewhere_is_left_alone(postgres: Server, tmp_path: Path) -> None:
    """A number in a file is no proof: it may have been given to another process."""
    folder = tmp_path.resolve()
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert keeper.postmaster_of(folder) is None
    keeper.signal_all(folder, signal.SIGKILL)
    keeper.end(folder, signal.SIGKILL, 1)


def test_commits_need_no_disk_unless_it_is_asked(
    make_postgres: Callable[[Options], Server], postgres: Server
) -> None:
    """Tests of every day do not wait for it; they may."""
    careful = make_postgres(Options(fsync=True, settings={"work_mem": "1MB"}))
    assert postgres.ask("SHOW fsync") == [("off",)]
    assert careful.ask("SHOW fsync") == [("on",)]
    assert careful.ask("SHOW full_page_writes") == [("on",)]
    assert careful.ask("SHOW work_mem") == [("1MB",)]


def test_tls_is_asked_of_everybody_if_it_is_on(
    make_postgres: Callable[[Options], Server],
) -> None:
    """Its certificate is good for its name, and nobody gets in without."""
    server = make_postgres(Options(tls=True))
    url = server.url("postgres")
    with psycopg.connect(url) as connection:
        query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        assert connection.execute(query).fetchone() == (True,)
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        psycopg.connect(url.replace("verify-full", "disable"))
    with pytest.raises(psycopg.OperationalError, match="certificate"):
        psycopg.connect(url.replace("localhost", "127.0.0.1"))


def test_all_who_name_a_folder_share_a_server(postgres: Server, tmp_path: Path) -> None:
    """It ends with the last of them, and the next one gets a new one."""
    with shared(tmp_path) as first:
        with shared(tmp_path) as second:
            assert first.folder == second.folder != postgres.folder
        assert first.ask("SELECT 1") == [(1,)]
    wait_until(lambda: not first.folder.exists())
    with shared(tmp_path) as third:
        assert third.folder != first.folder
        assert third.ask("SELECT 1") == [(1,)]


def test_a_server_ends_with_those_who_are_killed(postgres: Server) -> None:
    """It does not outlive the tests, even where they can tidy up nothing."""
    program = (
        "from pathlib import Path; from tests.postgres import Server\n"
        f"server = Server(Path({str(postgres.folder)!r})).sibling()\n"
        "server.pause(); print(server.folder, flush=True); input()"
    )
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[1], start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        postmaster = keeper.postmaster_of(folder / "data")
        process.kill()
    assert postmaster
    wait_until(lambda: not folder.exists() and not is_alive(postmaster))


def test_a_fresh_database_has_all_tables(postgres_url: str) -> None:
    """Nothing needs to be made in it, and nobody is in it."""
    with closing(open_database(PostgresUrl(postgres_url))) as connection:
        assert connection.execute("SELECT count(*) FROM subscriber").fetchone() == (0,)


def test_an_empty_database_has_none(empty_postgres_url: str) -> None:
    """Who makes the tables can see to it."""
    with psycopg.connect(empty_postgres_url) as connection:
        found = connection.execute("SELECT to_regclass('subscriber')").fetchone()
    assert found == (None,)
