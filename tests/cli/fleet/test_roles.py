"""Workers can have a role of the database that may do what they need, and no more."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.cli.fleet.conftest import PEOPLE, Fleet
from tests.commands import call, finish, start
from tests.faults.fault import Fault, Manners
from tests.faults.server import FaultServer, serving
from tests.fleet.house import House
from tests.postgres import Server
from tests.processes import wait_until
from tests.scenarios.office import ISSUE, Office

KEY = "k" * 40


@dataclass
class Restricted:
    """A newsletter, and how a worker connects to its database."""

    fleet: Fleet
    name: str
    url: str
    port: int = 0
    """Of the mail server."""

    def grant(self) -> str:
        """Run what `store roles` prints as the owner; gives what it said beside."""
        answer = self.fleet.act("store", "roles", "--worker", self.name)
        assert answer.status == 0, answer.err
        with psycopg.connect(self.fleet.url, autocommit=True) as owner:
            owner.execute(answer.out.encode())
            owner.execute(f"ALTER ROLE {self.name} PASSWORD 'secret'".encode())
        return answer.err

    def refused(self, statement: str) -> bool:
        """Tell whether the role lacks the right to it."""
        with psycopg.connect(self.url) as worker:
            try:
                worker.execute(statement.encode())
            except psycopg.errors.InsufficientPrivilege:
                return True
        return False

    def send(self) -> tuple[int, str]:
        """Have a worker of this role send all; gives its exit status and what it said."""
        configure(self.fleet, self.url, self.port)
        process = start("-C", self.fleet.folder, "worker", env={"LINK_KEY": KEY})
        wait_until(lambda: self.fleet.state == "done" or process.poll() is not None)
        process.send_signal(signal.SIGTERM)
        answer = finish(process)
        return answer.status, answer.out + answer.err


@pytest.fixture
def restricted(fleet: Fleet, postgres: Server) -> Iterator[Restricted]:
    """Give a newsletter with a role that is not made yet."""
    name = f"worker_{os.urandom(6).hex()}"
    parts = urlsplit(fleet.url)
    host = f"{name}:secret@{parts.hostname}:{parts.port}"
    yield Restricted(fleet, name, urlunsplit(parts._replace(netloc=host)))
    database = parts.path.removeprefix("/")
    if (name,) in postgres.ask("SELECT rolname::text FROM pg_roles"):
        postgres.ask(f"DROP OWNED BY {name}", f"DROP ROLE {name}", database=database)


@pytest.fixture
def mail(tmp_path: Path, restricted: Restricted) -> Iterator[FaultServer]:
    """Give a mail server that knows one reader no more, and puts another off once."""
    gone, put_off, *_ = addresses(restricted.fleet)
    manners = Manners(
        faults=(
            Fault(stage="rcpt", reply="550 5.1.1 unknown", address=gone),
            Fault(stage="rcpt", reply="451 4.7.1 later", address=put_off, times=1),
        )
    )
    with serving(tmp_path / "record", manners) as server:
        restricted.port = server.port
        configure(restricted.fleet, restricted.fleet.url, server.port)
        yield server


def configure(fleet: Fleet, url: str, port: int) -> None:
    """Say where the database and the mail server are; workers share a pace."""
    house = House(Office(fleet.folder, ()), url)
    house.configure(port, smtp={"rate": '"100/s"'})


def addresses(fleet: Fleet) -> list[str]:
    """List the readers."""
    rows = fleet.ask("SELECT address FROM subscriber ORDER BY key")
    return [str(address) for (address,) in rows]


@pytest.mark.slow
def test_a_worker_needs_no_more_rights_than_these(
    restricted: Restricted, mail: FaultServer
) -> None:
    """It sends to all, tries again, takes off the list who is gone, passes over who left."""
    fleet = restricted.fleet
    gone, _, left, *_ = addresses(fleet)
    assert fleet.act("audience", "suppress", "never@example.org").status == 0
    answer = fleet.act("send", ISSUE, "--sink", "smtp", "--yes", "--workers")
    assert answer.status == 0, answer.err
    assert fleet.act("audience", "remove", left).status == 0
    assert "can read the key" in restricted.grant()
    status, said = restricted.send()
    assert (status, "denied" in said, "right" in said) == (0, False, False), said
    rows = fleet.ask("SELECT state, count(*) FROM delivery GROUP BY state ORDER BY 1")
    assert rows == [("accepted", PEOPLE - 2), ("rejected", 1)]
    (bounced,) = fleet.ask("SELECT address FROM subscriber WHERE status = 'bounced'")
    assert bounced == (gone,)
    assert ("bounced",) in fleet.ask("SELECT new FROM change")
    passed = fleet.ask("SELECT address FROM passed_over")
    assert (left,) in passed
    (seen,) = fleet.ask("SELECT ended FROM worker")
    assert seen == (1,)


def test_the_role_can_do_nothing_else(restricted: Restricted) -> None:
    """It sees no evidence, erases nobody, adds nobody, and makes no tables."""
    restricted.grant()
    for statement in (
        "SELECT 1 FROM consent",
        "SELECT hash FROM suppression",
        "SELECT 1 FROM application",
        "SELECT 1 FROM judgement",
        "SELECT 1 FROM change",
        "DELETE FROM subscriber",
        "DELETE FROM suppression",
        "UPDATE subscriber SET address = 'x'",
        "INSERT INTO meta VALUES ('signing key', '')",
        "UPDATE meta SET value = ''",
        "UPDATE delivery SET address = 'x'",
        "INSERT INTO delivery (number) VALUES (1)",
        "CREATE TABLE mine (x INT)",
        "TRUNCATE delivery",
        "INSERT INTO house (version) VALUES (99)",
    ):
        assert restricted.refused(statement), statement
    assert not restricted.refused("SELECT key, status FROM subscriber")


def test_rights_are_brought_up_to_date(restricted: Restricted) -> None:
    """What somebody gave it besides is taken away by running the SQL again."""
    restricted.grant()
    restricted.fleet.ask(f"GRANT ALL ON consent TO {restricted.name}")
    assert not restricted.refused("SELECT 1 FROM consent")
    restricted.grant()
    assert restricted.refused("SELECT 1 FROM consent")


@pytest.mark.slow
def test_a_key_of_ones_own_is_not_to_be_seen(
    restricted: Restricted, mail: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With key_env the role does not see the key in the database, and sends all the same."""
    fleet = restricted.fleet
    own = "INSERT INTO meta VALUES ('signing key', %s), ('another', '')"
    fleet.ask(own, b"o" * 32)
    path = fleet.folder / "distribute.toml"
    text = path.read_text("utf-8")
    path.write_text(text + '\n[public]\nkey_env = "LINK_KEY"\n', encoding="utf-8")
    monkeypatch.setenv("LINK_KEY", KEY)
    answer = fleet.act("send", ISSUE, "--sink", "smtp", "--yes", "--workers")
    assert answer.status == 0, answer.err
    assert "can read the key" not in restricted.grant()
    with psycopg.connect(restricted.url) as worker:
        found = worker.execute("SELECT key FROM meta WHERE key = 'signing key'")
        assert found.fetchall() == []
        assert worker.execute("SELECT 1 FROM meta WHERE key = 'another'").fetchall()
    status, said = restricted.send()
    assert (status, "denied" in said) == (0, False), said
    assert fleet.state == "done"


def test_a_file_has_no_roles(small: Path) -> None:
    """Who may use it is for the system to say."""
    answer = call("-C", small, "store", "roles")
    assert answer.status == 2
    assert "this one is a file" in answer.err


def test_roles_are_told_to_programs(fleet: Fleet) -> None:
    """The SQL is part of the document, under whatever name the role has."""
    document = fleet.act("--json", "store", "roles", "--worker", 'a "b"').document
    assert 'CREATE ROLE "a ""b""" LOGIN;' in document["sql"]
    assert document["hides_signing_key"] is False
