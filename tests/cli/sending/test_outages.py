"""A sending on one machine whose database goes away: it waits, and goes on by itself."""

import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

import pytest

from tests.commands import Answer, finish, start
from tests.faults.fault import Fault, Manners
from tests.faults.server import FaultServer, serving
from tests.fleet.house import House, open_house
from tests.postgres import Options, Server
from tests.processes import wait_until
from tests.scenarios.office import ISSUE, check_sum

PEOPLE = 60
CONNECTIONS = 4
SLOWLY = replace(Manners(), latency=0.02)
SEND = ("send", ISSUE, "--sink", "smtp", "--yes")


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[FaultServer]:
    """Give a mail server that takes its time."""
    with serving(tmp_path / "record", SLOWLY) as mail:
        yield mail


@pytest.fixture
def house(own_postgres: Server, mail: FaultServer, tmp_path: Path) -> House:
    """Give a newsletter in a server of PostgreSQL that may be stopped."""
    return house_in(own_postgres, mail, tmp_path)


def house_in(server: Server, mail: FaultServer, folder: Path) -> House:
    """Make a newsletter with its state in this server."""
    house = open_house(folder / "letter", PEOPLE, server.new_database())
    house.configure(mail.port, smtp={"connections": str(CONNECTIONS)})
    return house


def begun(house: House, mail: FaultServer, *words: str) -> Popen[str]:
    """Start a command, and wait until it is in the midst of sending."""
    before = mail.record.count
    process = start("-C", house.office.folder, "--json", *words)
    wait_until(lambda: mail.record.count >= before + 8)
    return process


def hears(process: "Popen[str]") -> str:
    """Give what a process says next."""
    assert process.stderr is not None
    return process.stderr.readline()


def waits_for(server: Server, process: "Popen[str]") -> Answer:
    """Have the database crash, and be back once it is missed; gives how it ends."""
    with server.away("immediate"):
        said = hears(process)
        assert "sending waits" in said
        assert "does not answer" in said
    answer = finish(process)
    assert answer.err == "distribute: the database is back; sending goes on\n"
    return answer


def test_it_waits_for_the_database_and_goes_on(
    house: House, own_postgres: Server, mail: FaultServer
) -> None:
    """Everybody is served once, nobody is in doubt, and both are told once."""
    answer = waits_for(own_postgres, begun(house, mail, *SEND))
    assert answer.status == 0
    assert check_sum(answer)["outcomes"]["accepted"] == PEOPLE
    assert mail.record.arrived == dict.fromkeys(house.office.everybody, 1)


@pytest.mark.slow
def test_retry_waits_as_well(
    house: House, own_postgres: Server, mail: FaultServer
) -> None:
    """Also those who were refused are served once."""
    full = Fault(stage="rcpt", reply="552 5.2.2 full", share=0.5)
    mail.behave(Manners(faults=(full,)))
    first = finish(start("-C", house.office.folder, "--json", *SEND))
    refused = first.document["outcomes"]["rejected"]
    assert refused > PEOPLE / 4
    mail.behave(SLOWLY)
    words = ("retry", ISSUE, "--failed", "--sink", "smtp", "--yes")
    answer = waits_for(own_postgres, begun(house, mail, *words))
    assert (answer.status, answer.document["outcomes"]["accepted"]) == (0, refused)
    assert mail.record.arrived == dict.fromkeys(house.office.everybody, 1)


@pytest.mark.slow
def test_it_goes_on_when_a_standby_is_promoted(
    make_postgres: Callable[[Options], Server], mail: FaultServer, tmp_path: Path
) -> None:
    """A copy that can only be read is waited for as well, once something was written."""
    server = make_postgres(Options(settings={"wal_level": "replica"}))
    house = house_in(server, mail, tmp_path)
    process = begun(house, mail, *SEND)
    server.stop()
    (server.data / "standby.signal").touch()
    server.start()
    assert "sending waits" in hears(process)
    late = start("-C", house.office.folder, *SEND)
    refused = finish(late)
    assert refused.status == 2, refused.err
    assert "can only be read" in refused.err, refused.err
    server.ask("SELECT pg_promote()")
    answer = finish(process)
    assert (answer.status, answer.document["outcomes"]["accepted"]) == (0, PEOPLE)
    assert mail.record.arrived == dict.fromkeys(house.office.everybody, 1)


@pytest.mark.slow
def test_ctrl_c_ends_the_waiting(
    house: House, own_postgres: Server, mail: FaultServer
) -> None:
    """One on each connection is uncertain at most; the others get it by the next run."""
    process = begun(house, mail, *SEND)
    with own_postgres.away("immediate"):
        assert "sending waits" in hears(process)
        process.send_signal(signal.SIGINT)
        stopped = finish(process)
    assert stopped.status == 75
    assert "run again" in stopped.err
    answer = finish(start("-C", house.office.folder, "--json", *SEND))
    uncertain = answer.document["uncertain_in_all"]
    assert uncertain <= CONNECTIONS
    assert answer.status == (5 if uncertain else 0)
    arrived = mail.record.arrived
    assert set(arrived.values()) == {1}
    assert len(arrived) >= PEOPLE - uncertain


@pytest.mark.slow
def test_who_has_it_by_then_is_said(
    house: House, own_postgres: Server, mail: FaultServer
) -> None:
    """Another sender has taken it over: that one goes on, this one lets nothing leave."""
    process = begun(house, mail, *SEND)
    name = house.url.rpartition("/")[2]
    own_postgres.ask(
        "UPDATE sender SET turn = turn + 1, host = 'elsewhere'", database=name
    )
    own_postgres.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        database=name,
    )
    answer = finish(process)
    assert answer.status == 3
    assert "on elsewhere" in answer.err
    assert "It goes on there; nothing is lost." in answer.err
    rows = own_postgres.ask(
        "SELECT address FROM delivery WHERE state NOT IN ('claimed')", database=name
    )
    known = {house.wires[str(address)] for (address,) in rows}
    assert mail.record.arrived.keys() <= known
