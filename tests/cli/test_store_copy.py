"""``distribute store copy`` moves a newsletter's database, whatever happens meanwhile."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.marks import ALL
from distribute.audience.database.place import PostgresUrl
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.mailbox import Mailbox
from tests.audience.moving.filled import content
from tests.cli.conftest import ISSUE, Run
from tests.commands import finish, start
from tests.postgres import Server
from tests.processes import wait_until

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.sqlite_only("copies between SQLite and PostgreSQL")

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
MANY = 20_500
"""Deliveries: some pages of them."""
MIDDLE = 15_000
"""One on the second page."""
_DELIVERIES = """
    WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO delivery (campaign, key, state, attempt, opened, choice, since, id, address,
                          code, enhanced, text, stage)
    SELECT 99, 'k' || i, 'accepted', 1, 0, 0, 0, 'd' || i, 'k' || i, 250, '', 'Ok', '' FROM n
"""
_WAIT = f"""
    CREATE FUNCTION wait() RETURNS TRIGGER LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN new; END $$;
    CREATE TRIGGER wait BEFORE INSERT ON delivery FOR EACH ROW
        WHEN (new.number = {MIDDLE}) EXECUTE FUNCTION wait();
"""
"""Has a copy wait in its midst for as long as somebody holds a lock."""


@pytest.fixture
def large(sent: Path) -> Path:
    """Give a newsletter whose ledger has some pages."""
    with closing(sqlite3.connect(sent / "distribute.db")) as connection:
        connection.execute(_DELIVERIES, (MANY,))
        connection.commit()
    return sent


def copying(folder: Path, url: str, *more: str) -> "subprocess.Popen[str]":
    """Start a copy as a process of its own."""
    return start("-C", folder, "store", "copy", "--to", url, "--yes", *more)


def count(url: str) -> int:
    """Count the deliveries that are in a database of PostgreSQL."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM delivery").fetchone()
        assert row is not None
        return int(row[0])


def same(folder: Path, url: str) -> bool:
    """Tell whether both hold the same, of what both have."""
    with (
        closing(open_database(folder / "distribute.db", despite=ALL)) as here,
        closing(open_database(PostgresUrl(url))) as there,
    ):
        ours, theirs = content(here), content(there)
    return ours == {name: theirs[name] for name in ours}


@pytest.fixture
def slow(postgres_url: str) -> Iterator[Any]:
    """Hold a copy into this database up in its midst, until a connection is closed."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(_WAIT.encode())
        connection.execute("SELECT pg_advisory_lock(4711)")
        yield connection


def test_it_moves_to_a_server(run: Run, sent: Path, postgres_url: str) -> None:
    """It says how much is there, and which line to change; then all goes on there."""
    answer = run("-C", sent, "store", "copy", "--to", postgres_url, "--yes")
    assert answer.status == 0, answer.err
    assert same(sent, postgres_url)
    said = answer.out + answer.err
    password = postgres_url.split(":")[2].partition("@")[0]
    assert password not in said
    assert f'url = "{PostgresUrl(postgres_url)}"' in said
    path = sent / "distribute.toml"
    moved = f'{path.read_text("utf-8")}\n[store]\nurl = "{postgres_url}"\n'
    path.write_text(moved, encoding="utf-8")
    (sent / "distribute.db").unlink()
    again = run("-C", sent, "--json", "send", ISSUE)
    assert again.status == 0, again.err
    assert run("-C", sent, "audience", "add", "new@example.org").status == 0
    back = run("-C", sent, "store", "copy", "--to", "sqlite:///back.db", "--yes")
    assert back.status == 0, back.err
    assert 'url = "sqlite:///back.db"' in back.out
    assert (sent / "back.db").stat().st_mode & 0o777 == 0o600


def test_it_answers_in_json(
    run: Run, sent: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With counts and checksums; the URL may be in a variable. Again, nothing is to do."""
    monkeypatch.setenv("NEW_STORE", postgres_url)
    words = ("-C", sent, "--json", "store", "copy", "--to-env", "NEW_STORE", "--yes")
    document = run(*words).document
    assert document["state"] == "copied"
    assert document["setting"] == 'url_env = "NEW_STORE"'
    rows = {each["name"]: each["rows"] for each in document["tables"]}
    assert rows["delivery"] > 0
    assert {len(each["sha256"]) for each in document["tables"]} == {64}
    assert postgres_url not in str(document)
    again = run(*words).document
    assert (again["state"], again["tables"]) == ("unchanged", document["tables"])


def test_killed_it_goes_on(
    run: Run,
    large: Path,
    postgres_url: str,
    slow: Any,
) -> None:
    """The pages that are there stay there; nobody uses the copy before it is complete."""
    process = copying(large, postgres_url)
    wait_until(lambda: count(postgres_url) > 0)
    process.send_signal(signal.SIGKILL)
    assert finish(process).status == -signal.SIGKILL
    slow.close()
    there = count(postgres_url)
    assert 0 < there < MANY
    path = large / "distribute.toml"
    text = path.read_text("utf-8")
    path.write_text(f'{text}\n[store]\nurl = "{postgres_url}"\n', encoding="utf-8")
    answer = run("-C", large, "audience", "list")
    assert answer.status == 2
    assert "store copy" in answer.err
    path.write_text(text, encoding="utf-8")
    with psycopg.connect(postgres_url) as connection:
        spoil = "UPDATE delivery SET text = 'spoilt' WHERE number = 7"
        connection.execute(spoil)
    answer = run("-C", large, "store", "copy", "--to", postgres_url, "--yes")
    assert answer.status == 0, answer.err
    assert "Copied once more, for it had changed: delivery" in answer.out
    assert same(large, postgres_url)


def join(path: Path) -> None:
    """Add somebody to the list, however long that has to wait."""
    newcomer = Subscriber(mailbox=Mailbox("new@example.org"), status=Status.CONFIRMED)
    with Store.open(path, patience=60) as store:
        store.add(newcomer, by="form", now=NOW)


def test_who_joins_meanwhile_is_not_lost(
    run: Run,
    large: Path,
    postgres_url: str,
    slow: Any,
) -> None:
    """They wait, and are in the old database, if that is kept; the next copy has them."""
    process = copying(large, postgres_url, "--keep")
    wait_until(lambda: count(postgres_url) > 0)
    with ThreadPoolExecutor() as pool:
        joining = pool.submit(join, large / "distribute.db")
        assert run("-C", large, "audience", "list").status == 0
        assert not joining.done()
        slow.close()
        assert finish(process).status == 0
        joining.result()
    answer = run("-C", large, "--json", "store", "copy", "--to", postgres_url, "--yes")
    assert answer.status == 0, answer.err
    assert "subscriber" in answer.document["copied_again"]
    assert "delivery" not in answer.document["copied_again"]
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute("SELECT address FROM subscriber ORDER BY id DESC")
        assert found.fetchone() == ("new@example.org",)


@pytest.mark.slow
def test_killed_on_the_way_into_a_file_it_goes_on(
    run: Run, large: Path, postgres_url: str
) -> None:
    """As on the way into a server, wherever that happens."""
    assert run("-C", large, "store", "copy", "--to", postgres_url, "--yes").status == 0
    with psycopg.connect(postgres_url) as connection:
        connection.execute(
            "INSERT INTO delivery SELECT number + 100000, campaign + 1, key, state,"
            " attempt, opened, closed, due, choice, since, id, address, code, enhanced,"
            " text, stage FROM delivery"
        )
    path = large / "distribute.toml"
    text = f'{path.read_text("utf-8")}\n[store]\nurl = "{postgres_url}"\n'
    path.write_text(text, encoding="utf-8")
    new = large / "new.db"
    killed = 0
    for step in range(1, 5):
        process = copying(large, "sqlite:///new.db")
        while not new.exists() and process.poll() is None:
            time.sleep(0.01)
        try:
            process.wait(0.15 * step)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        finish(process)
    assert killed
    answer = run("-C", large, "store", "copy", "--to", "sqlite:///new.db", "--yes")
    assert answer.status == 0, answer.err
    with (
        closing(open_database(new)) as here,
        closing(open_database(PostgresUrl(postgres_url), despite=ALL)) as there,
    ):
        ours, theirs = content(here), content(there)
    assert ours == {name: theirs[name] for name in ours}


def test_what_was_moved_is_used_no_more(run: Run, sent: Path) -> None:
    """Nobody sends, serves or looks there, until somebody says that it is to be so."""
    copy = ("-C", sent, "store", "copy", "--to", "sqlite:///new.db", "--yes")
    answer = run(*copy)
    assert answer.status == 0, answer.err
    assert "`distribute store reopen` takes that back" in answer.out
    for words in (("send", ISSUE), ("serve",), ("audience", "list")):
        answer = run("-C", sent, *words)
        assert answer.status == 2
        assert "was moved to" in answer.err
        assert "new.db" in answer.err
    again = run(*copy)
    assert again.status == 0, again.err
    assert "nothing has changed here since" in again.out
    assert (
        run("-C", sent, "store", "copy", "--to", "sqlite:///b.db", "--yes").status == 2
    )
    assert run("-C", sent, "store", "reopen").status == 2, "nobody was there to ask"
    document = run("-C", sent, "--json", "store", "reopen", "--yes").document
    assert document["was_moved_to"] == str((sent / "new.db").resolve())
    assert run("-C", sent, "send", ISSUE).status == 0
    answer = run("-C", sent, "store", "reopen")
    assert answer.status == 0
    assert "was not moved anywhere" in answer.out


def test_what_is_kept_stays_in_use(run: Run, sent: Path) -> None:
    """The copy is a rehearsal, or was made ahead; it is said how to go on."""
    copy = ("-C", sent, "store", "copy", "--to", "sqlite:///new.db", "--yes", "--keep")
    answer = run(*copy)
    assert "once more without --keep" in answer.out
    assert run("-C", sent, "audience", "add", "new@example.org").status == 0
    document = run("--json", *copy).document
    assert (document["kept"], document["state"]) == (True, "copied")
    assert "subscriber" in document["copied_again"]


def test_nobody_sends_meanwhile(run: Run, sent: Path, postgres_url: str) -> None:
    """While a sender lives nothing is copied, and the target is not begun."""
    with (
        SqliteLedger(sent / "distribute.db", "file") as ledger,
        ledger.lock("issue-4", NOW),
    ):
        answer = run("-C", sent, "store", "copy", "--to", postgres_url, "--yes")
    assert answer.status == 3
    assert "is being sent" in answer.err
    assert count(postgres_url) == 0


def test_a_sender_that_died_keeps_nobody(
    run: Run, sent: Path, postgres_url: str
) -> None:
    """What it left is settled by the next one, in the new place."""
    with closing(sqlite3.connect(sent / "distribute.db")) as connection:
        connection.execute("UPDATE sender SET held = 1, born = 'long ago'")
        connection.execute(
            "UPDATE delivery SET state = 'started', closed = NULL WHERE number = 1"
        )
        connection.commit()
    answer = run("-C", sent, "store", "copy", "--to", postgres_url, "--yes")
    assert answer.status == 0, answer.err
    path = sent / "distribute.toml"
    moved = f'{path.read_text("utf-8")}\n[store]\nurl = "{postgres_url}"\n'
    path.write_text(moved, encoding="utf-8")
    answer = run("-C", sent, "send", ISSUE)
    assert answer.status == 5, answer.out
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT state FROM delivery WHERE number = 1")
        assert row.fetchone() == ("uncertain",)


def test_where_to_is_said_well(run: Run, sent: Path) -> None:
    """Neither nothing, nor the same place, nor what is no place; never with a password."""
    copy = ("-C", sent, "store", "copy", "--yes")
    for words, said in (
        ((), "--to URL or --to-env NAME"),
        (("--to", "sqlite:///./distribute.db"), "which is to be copied"),
        (("--to", "mysql://me:secret@host/db"), "expected sqlite:///FILE"),
        (("--to-env", "NOT_THERE"), "--to-env NOT_THERE"),
    ):
        answer = run(*copy, *words)
        assert answer.status == 2
        assert said in answer.err
        assert "secret" not in answer.err


def test_it_asks_before(run: Run, sent: Path) -> None:
    """Where nobody can be asked, --yes is missing."""
    answer = run("-C", sent, "store", "copy", "--to", "sqlite:///new.db")
    assert answer.status == 2
    assert "--yes" in answer.err
    assert not (sent / "new.db").exists()


def test_a_server_that_is_away_is_said(run: Run, sent: Path, postgres: Server) -> None:
    """It is worth running again."""
    url = f"postgresql://me:secret@127.0.0.1:1/{os.getpid()}"
    answer = run("-C", sent, "store", "copy", "--to", url, "--yes")
    assert answer.status == 75
    assert "does not answer" in answer.err
    assert "secret" not in answer.err
