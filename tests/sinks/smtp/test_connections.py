"""Connections that come and go: where to, how many, and for how long."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from distribute.campaign.campaign import Outcome
from distribute.errors import DeliveryError, TurnedAwayError
from distribute.sinks.smtp import conversation, route
from distribute.sinks.smtp.connection import Address
from distribute.sinks.smtp.sink import SmtpSink
from tests.faults.fault import Fault, Manners
from tests.faults.neighbour import next_door
from tests.faults.server import serving
from tests.sinks.driver import addresses, deliver, parcel_to, send
from tests.sinks.smtp.scripts import (
    BRIEF,
    PARCEL,
    attempts,
    outcomes,
    reach,
    settings,
    whole,
)

if TYPE_CHECKING:
    from tests.sinks.conftest import Peer, ScriptedServer

    Start = Callable[..., ScriptedServer]
WAIT = 60.0


def resolve_to(monkeypatch: pytest.MonkeyPatch, *ports: int) -> None:
    """Let any host be at these ports of this machine, in this order."""
    found: Sequence[Address] = [(socket.AF_INET, ("127.0.0.1", port)) for port in ports]
    monkeypatch.setattr(route, "look_up", lambda _server: found)


def closed_port() -> int:
    """Find a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Give a port where connecting gets no answer at all, as behind a firewall."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(8):  # more than its queue takes
            sock = socket.socket()
            sock.settimeout(0)
            sock.connect_ex(listener.getsockname())
            waiting.append(sock)
        yield int(listener.getsockname()[1])
        for sock in waiting:
            sock.close()


def test_ipv6(scripted: "Start") -> None:
    """Also of this machine; our end is named as RFC 5321 section 4.1.3 wants it."""
    if not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 here")
    server = scripted(whole, host="::1")
    results = attempts(replace(settings(server), host="::1"), times=2)
    assert outcomes(results) == ["accepted"] * 2
    assert server.heard[0][0] == b"EHLO [IPv6:::1]"


@pytest.mark.parametrize("connections", [1, 4])
def test_a_dead_address_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, connections: int
) -> None:
    """One of several that refuses, for all connections at once; nobody is put off."""
    with serving(tmp_path / "record", Manners(per_connection=5)) as server:
        resolve_to(monkeypatch, closed_port(), server.port)
        reached = replace(reach(0), connections=connections)
        with closing(SmtpSink(reached)) as sink:
            receipts = deliver(sink, map(parcel_to, addresses(20)))
    assert {receipt.outcome for receipt in receipts.values()} == {Outcome.ACCEPTED}


def test_an_address_that_does_not_answer_is_left_for_the_next(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, deaf_port: int
) -> None:
    """Long before the network gives up; it is not tried first again."""
    monkeypatch.setattr(route, "DETOUR", 0.3)
    with serving(tmp_path / "record", Manners(per_connection=1)) as server:
        resolve_to(monkeypatch, deaf_port, server.port)
        with closing(SmtpSink(reach(0))) as sink:
            start = time.monotonic()
            receipts = deliver(sink, map(parcel_to, addresses(6)))
            took = time.monotonic() - start
    assert {receipt.outcome for receipt in receipts.values()} == {Outcome.ACCEPTED}
    assert took < 25, "as long as the server may take"


def test_no_address_at_all_is_an_error(
    monkeypatch: pytest.MonkeyPatch, deaf_port: int
) -> None:
    """It names the server, and says what the network says."""
    monkeypatch.setattr(route, "DETOUR", 0.1)
    resolve_to(monkeypatch, closed_port(), deaf_port)
    reached = replace(reach(2525), timeout=0.3)
    with (
        closing(SmtpSink(reached)) as sink,
        pytest.raises(
            DeliveryError, match=r"connect to 127\.0\.0\.1:2525: .*timed out"
        ),
    ):
        send(sink, PARCEL)


def test_connections_that_are_turned_away_are_only_too_many(tmp_path: Path) -> None:
    """A 554 in place of the greeting ends nothing as long as another connection works."""
    full = Fault(stage="connect", reply="554 5.7.0 too many connections", times=3)
    with serving(tmp_path / "record", Manners(faults=(full,), latency=0.01)) as server:
        with closing(SmtpSink(replace(reach(server.port), connections=4))) as sink:
            receipts = deliver(sink, map(parcel_to, addresses(60)))
        assert {receipt.outcome for receipt in receipts.values()} == {Outcome.ACCEPTED}
        assert max(server.record.arrived.values()) == 1


@pytest.mark.parametrize("connections", [1, 4])
def test_a_server_that_turns_everybody_away_ends_it(
    tmp_path: Path, connections: int
) -> None:
    """At once, with its words."""
    never = Fault(stage="connect", reply="554 5.7.1 your network is blocked")
    with serving(tmp_path / "record", Manners(faults=(never,))) as server:
        reached = replace(reach(server.port), connections=connections)
        with (
            closing(SmtpSink(reached)) as sink,
            pytest.raises(TurnedAwayError, match="your network is blocked"),
        ):
            deliver(sink, map(parcel_to, addresses(8)))


def test_a_hundred_connections(tmp_path: Path) -> None:
    """Each is used, and everybody served once."""
    slow = Manners(latency=0.02)
    with next_door(tmp_path / "record", slow) as server:
        with closing(SmtpSink(replace(reach(server.port), connections=100))) as sink:
            receipts = deliver(sink, map(parcel_to, addresses(600)))
        assert {receipt.outcome for receipt in receipts.values()} == {Outcome.ACCEPTED}
        assert server.record.connections == 100
        assert max(server.record.arrived.values()) == 1
        assert not server.record.problems


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("limit", [1, 3])
def test_a_limit_of_messages_per_connection_is_learned(
    tmp_path: Path, limit: int, *, pipelining: bool
) -> None:
    """Nobody is put off for it, and soon connections end before the server ends them."""
    manners = Manners(per_connection=limit, pipelining=pipelining)
    with serving(tmp_path / "record", manners) as server:
        with closing(SmtpSink(reach(server.port))) as sink:
            receipts = deliver(sink, map(parcel_to, addresses(60)))
        assert {receipt.outcome for receipt in receipts.values()} == {Outcome.ACCEPTED}
        assert 60 / limit <= server.record.connections <= 60 / limit + 6


def test_a_connection_is_renewed_after_so_many_messages(scripted: "Start") -> None:
    """With QUIT, and the next one carries the rest."""

    def one(peer: "Peer") -> None:
        peer.greet("PIPELINING")
        for reply in ("250 ok", "250 ok", "354 go"):
            peer.hear()
            peer.say(reply)
        peer.hear_data()
        peer.say("250 kept")
        assert peer.hear() == b"QUIT"
        peer.say("221 bye")

    server = scripted(one, one)
    reached = replace(settings(server), renew_after=1, connections=1)
    assert outcomes(attempts(reached, times=2)) == ["accepted"] * 2


def test_a_connection_with_nothing_to_do_makes_room(
    scripted: "Start", monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends politely, and the next message opens another."""
    monkeypatch.setattr(conversation, "IDLE", 0.1)

    def script(peer: "Peer") -> None:
        peer.greet()
        peer.accept()
        assert peer.hear() == b"QUIT"
        peer.say("221 bye")
        assert not peer.hear()

    server = scripted(script, script)
    with closing(SmtpSink(settings(server))) as sink:
        for _ in range(2):
            assert send(sink, PARCEL).outcome is Outcome.ACCEPTED
            deadline = time.monotonic() + WAIT
            while server.heard[-1][-1] != b"QUIT":
                assert time.monotonic() < deadline
                sink.turn(0.05)


def test_a_reply_that_drips_in_is_not_waited_for_longer(scripted: "Start") -> None:
    """The wait is for the whole reply, once messages are on their way too."""
    heard_out = []

    def drip(peer: "Peer") -> None:
        peer.greet()
        peer.hear()
        for octet in b"250 " + b"x" * 200:
            peer.say_raw(bytes([octet]))
            time.sleep(0.05)
        heard_out.append(peer)

    server = scripted(drip, whole)
    assert outcomes(attempts(settings(server, timeout=BRIEF))) == ["accepted"]
    assert not heard_out


@pytest.mark.parametrize("pipelining", [True, False])
def test_421_in_place_of_verdicts_slows_us_down(
    tmp_path: Path, *, pipelining: bool
) -> None:
    """Each of them is only later, and the pauses between connections grow."""
    busy = Fault(stage="end", reply="421 4.3.2 too busy")
    manners = Manners(faults=(busy,), pipelining=pipelining)
    with serving(tmp_path / "record", manners) as server:
        reached = replace(reach(server.port), connections=1)
        with closing(SmtpSink(reached)) as sink:
            start = time.monotonic()
            receipts = deliver(sink, map(parcel_to, addresses(4)))
            took = time.monotonic() - start
    assert {receipt.outcome for receipt in receipts.values()} == {Outcome.DEFERRED}
    assert took > 0.1 + 0.2 + 0.4
