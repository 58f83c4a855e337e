"""Machines on this one: they reach the hub, are cut off, and are back."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.fleet.namespaces import Machine, Network
from tests.postgres import Options, Server

_ASK = (
    "import socket, sys\n"
    "line = socket.create_connection((sys.argv[1], int(sys.argv[2])), float(sys.argv[3]))\n"
    "print(line.recv(10).decode())"
)


@pytest.fixture
def hub(network: Network) -> Iterator[socket.socket]:
    """Give who says hello to everybody, at the hub."""
    with socket.create_server((network.hub, 0), backlog=10) as listener:
        yield listener


def _heard(machine: Machine, hub: socket.socket, within: float = 60.0) -> str:
    """Say what is heard over there, in so many seconds, of who says hello here."""
    address, port = hub.getsockname()
    words = (address, str(port), str(within))
    with subprocess.Popen(  # noqa: S603 - our own program
        [*machine.before, sys.executable, "-S", "-c", _ASK, *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        hub.settimeout(0.05)
        while process.poll() is None:
            try:
                line, _ = hub.accept()
            except TimeoutError:
                continue
            line.sendall(b"hello")
            line.close()
        return process.communicate()[0].strip()


def test_a_machine_reaches_the_hub_unless_it_is_cut_off(
    network: Network, hub: socket.socket
) -> None:
    """It is reached, is not, and is again; the others do not notice."""
    one, two = network.add(), network.add()
    assert _heard(one, hub) == _heard(two, hub) == "hello"
    with one.alone():
        assert _heard(one, hub, within=0.5) == ""
        assert _heard(two, hub) == "hello"
    assert _heard(one, hub) == "hello"


def test_a_connection_outlives_a_short_cut(
    network: Network, hub: socket.socket
) -> None:
    """What is sent meanwhile arrives later: nobody was told that the cable is out."""
    machine = network.add()
    program = (
        "import socket, sys; line = socket.create_connection((sys.argv[1], int(sys.argv[2])))\n"
        "line.recv(1); line.sendall(b'word'); line.recv(1)"
    )
    address, port = hub.getsockname()
    with subprocess.Popen(  # noqa: S603 - our own program
        [*machine.before, sys.executable, "-S", "-c", program, address, str(port)]
    ) as process:
        hub.settimeout(30)
        line, _ = hub.accept()
        with line:
            machine.cut()
            line.sendall(b".")
            line.settimeout(0.3)
            with pytest.raises(TimeoutError):
                line.recv(10)
            machine.join()
            line.settimeout(30)
            assert line.recv(10) == b"word"
            line.sendall(b".")
        assert process.wait(30) == 0


def test_a_machine_reaches_the_database(
    network: Network, make_postgres: Callable[[Options], Server]
) -> None:
    """With its password, at the hub's address."""
    server = make_postgres(Options(listen=("127.0.0.1", network.hub)))
    url = server.url("postgres", host=network.hub)
    program = (
        "import psycopg, sys; rows = psycopg.connect(sys.argv[1]).execute('SELECT 42')\n"
        "print(rows.fetchone()[0])"
    )
    machine = network.add()
    done = subprocess.run(  # noqa: S603 - our own program
        [*machine.before, sys.executable, "-c", program, url],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.stdout.strip(), done.stderr) == ("42", "")


def test_nothing_is_left_of_a_network() -> None:
    """Neither machines nor cables, addresses or routes."""
    with Network() as network:
        machine = network.add()
        assert machine.name in _ip("netns")
        assert machine.cable in _ip("link")
    left = _ip("netns") + _ip("link") + _ip("addr") + _ip("route")
    assert machine.name not in left
    assert machine.cable not in left
    assert network.hub not in left
    assert f"{network.hub.rpartition('.')[0]}.0/24" not in left


def _ip(what: str) -> str:
    return subprocess.run(  # noqa: S603 - our own arguments
        ["/usr/bin/env", "ip", what], check=True, capture_output=True, text=True
    ).stdout
