"""Connections that come and go: where to, how many, for how long, and what they cost."""

import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from distribute.campaign.campaign import Outcome, Parcel
from distribute.errors import DeliveryError, PermanentDeliveryError
from distribute.sinks.smtp import allowance, conversation, route
from distribute.sinks.smtp.connection import Address
from distribute.sinks.smtp.server import Security, SmtpServer
from distribute.sinks.smtp.sink import SmtpSink
from tests.faults.fault import Act, Fault, Manners, Stage
from tests.faults.neighbour import next_door
from tests.faults.server import serving
from tests.sinks.driver import Driver, addresses, deliver, message_of, parcel_to, send
from tests.sinks.smtp.scripts import (
    BRIEF,
    MAIL,
    MESSAGE,
    PARCEL,
    attempts,
    outcomes,
    settings,
    whole,
)

if TYPE_CHECKING:
    from tests.sinks.conftest import Peer, ScriptedServer

    Start = Callable[..., ScriptedServer]
WAIT = 20.0
LARGE = b"Subject: x\r\n\r\n" + (b"y" * 78 + b"\r\n") * 200_000


def plain(port: int) -> SmtpServer:
    """Reach a server on this machine."""
    return SmtpServer(host="127.0.0.1", port=port, security="none", timeout=20)


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
        reached = replace(plain(0), connections=connections)
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
        with closing(SmtpSink(plain(0))) as sink:
            start = time.monotonic()
            receipts = deliver(sink, map(parcel_to, addresses(6)))
            took = time.monotonic() - start
    assert {receipt.outcome for receipt in receipts.values()} == {Outcome.ACCEPTED}
    assert took < 8


def test_no_address_at_all_is_an_error(
    monkeypatch: pytest.MonkeyPatch, deaf_port: int
) -> None:
    """It names the server, and says what the network says."""
    monkeypatch.setattr(route, "DETOUR", 0.1)
    resolve_to(monkeypatch, closed_port(), deaf_port)
    reached = replace(plain(2525), timeout=0.3)
    with (
        closing(SmtpSink(reached)) as sink,
        pytest.raises(
            DeliveryError, match=r"connect to 127\.0\.0\.1:2525: .*timed out"
        ),
    ):
        send(sink, PARCEL)


def test_a_hundred_connections(tmp_path: Path) -> None:
    """Each is used, and everybody served once."""
    slow = Manners(latency=0.02)
    with next_door(tmp_path / "record", slow) as server:
        with closing(SmtpSink(replace(plain(server.port), connections=100))) as sink:
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
        with closing(SmtpSink(plain(server.port))) as sink:
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
            deadline = time.monotonic() + 20
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


def test_a_failure_for_everybody_forgets_nobody_who_was_released(
    scripted: "Start",
) -> None:
    """Released, cut off amid the message, and then refused by what the server offers."""

    def cut(peer: "Peer") -> None:
        peer.greet()
        peer.to_data()
        peer.hear(b"y\r\n")
        peer.reset()

    server = scripted(cut, lambda peer: peer.greet("SIZE 1000"))
    driver = Driver(SmtpSink(settings(server)))
    with (
        closing(driver.sink),
        pytest.raises(PermanentDeliveryError, match="server takes 1,000"),
    ):
        driver.deliver([parcel_to("ada@example.net", LARGE)])
    assert driver.receipts["ada@example.net"].outcome is Outcome.DEFERRED


Tls = Literal["", "starttls", "tls"]
WAITING = {
    "greeting": Fault(stage="connect", act="silence"),
    "handshake": Fault(stage="tls", act="silence"),
    "sender": Fault(stage="mail", act="silence"),
    "verdict": Fault(stage="end", act="silence"),
}


@pytest.mark.parametrize("fault", WAITING.values(), ids=WAITING)
@pytest.mark.parametrize("tls", ["", "starttls", "tls"])
def test_waiting_takes_no_time_of_the_processor(
    fault: Fault, tls: Tls, tmp_path: Path, certificate: Path
) -> None:
    """Whatever is waited for; halting is at once, and twice is once."""
    if fault.stage == "tls" and not tls:
        pytest.skip("no handshake without TLS")
    manners = Manners(faults=(fault,), tls=tls, certificate=str(certificate))
    with serving(tmp_path / "record", manners) as server:
        reached = replace(
            plain(server.port),
            host="localhost",
            security=tls or "none",
            ca_file=certificate,
        )
        driver = Driver(SmtpSink(reached))
        with closing(driver.sink):
            crowd = list(map(parcel_to, addresses(40)))
            assert wait_and_see(driver, crowd, 0.3) < 60
            halted_at = time.monotonic()
            driver.note(driver.sink.halt())
            assert driver.sink.halt().receipts == []
            assert time.monotonic() - halted_at < 0.5
    assert driver.receipts.keys() == driver.released
    assert len(driver.released) == (4 if fault.stage == "end" else 0)


def wait_and_see(driver: Driver, waiting: list[Parcel], seconds: float) -> int:
    """Let a sink work for a while, most of it waiting; gives the turns that took."""
    until = time.monotonic() + seconds
    turns, spent = 0, time.thread_time()
    while time.monotonic() < until:
        driver.take(waiting)
        turn = driver.sink.turn(0.2)
        driver.note(turn)
        driver.release(turn.ready)
        turns += 1
    assert time.thread_time() - spent < seconds / 3
    return turns


@pytest.mark.parametrize("security", ["none", "starttls"])
def test_a_server_that_takes_no_more_is_waited_for_quietly(
    scripted: "Start",
    security: Security,
    certificate: Path,
    server_tls: ssl.SSLContext,
) -> None:
    """Amid a message, with the network full; then it is stopped, and not uncertain."""
    enough = threading.Event()

    def script(peer: "Peer") -> None:
        if security == "starttls":
            peer.greet("STARTTLS")
            peer.hear()
            peer.say("220 go ahead")
            peer.sock = server_tls.wrap_socket(peer.sock, server_side=True)
            peer.hear()
            peer.say("250 mail.example.org")
        else:
            peer.greet()
        peer.to_data()
        enough.wait(WAIT)
        peer.sock.close()

    server = scripted(script)
    reached = replace(
        settings(server), host="localhost", security=security, ca_file=certificate
    )
    driver = Driver(SmtpSink(reached))
    with closing(driver.sink):
        large = [parcel_to("ada@example.net", message_of(LARGE, tidy=True, pieces=3))]
        assert wait_and_see(driver, large, 0.5) < 80
        driver.note(driver.sink.halt())
    enough.set()
    assert driver.released == {"ada@example.net"}
    assert driver.receipts["ada@example.net"].outcome is Outcome.DEFERRED


STAGES: tuple[Stage, ...] = (
    "connect", "ehlo", "tls", "mail", "rcpt", "data", "body", "end",
)  # fmt: skip
ACTS: tuple[Act, ...] = ("close", "reset")


def open_files() -> int:
    """Count what this process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a directory that is none


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no /proc here")
@pytest.mark.parametrize("tls", ["", "starttls"])
def test_no_connection_is_left_open(
    tmp_path: Path, certificate: Path, tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it ended, at whatever stage, by whom."""
    monkeypatch.setattr(allowance, "_LONGEST_PAUSE", 0.01)
    faults = [
        Fault(stage=stage, act=act, share=0.3, times=2)
        for stage in STAGES
        for act in ACTS
    ]
    manners = Manners(faults=tuple(faults), tls=tls, certificate=str(certificate))
    with next_door(tmp_path / "record", manners) as server:
        before = open_files()
        reached = replace(
            plain(server.port),
            host="localhost",
            security=tls or "none",
            ca_file=certificate,
        )
        with closing(SmtpSink(reached)) as sink:
            deliver(sink, map(parcel_to, addresses(60)))
        assert server.record.connections > 10
        assert open_files() == before


def test_whatever_is_said_is_read_before_more_is_written(scripted: "Start") -> None:
    """The last words of a server that closes on us amid a message are its verdict."""

    def refuse(peer: "Peer") -> None:
        peer.greet()
        peer.to_data()
        peer.hear(b"y\r\n")
        peer.say("554 5.6.0 enough of this")
        peer.sock.close()  # with octets of ours unread, so the network resets

    server = scripted(*[refuse] * 3)
    with closing(SmtpSink(settings(server))) as sink:
        for _ in range(3):
            receipt = send(sink, parcel_to("ada@example.net", LARGE))
            assert (receipt.outcome, receipt.code) == (Outcome.REJECTED, 554)


def test_only_the_sender_is_said_where_several_commands_are_too_many(
    scripted: "Start",
) -> None:
    """A server that breaks off at a pipeline is spoken to one command at a time."""

    def break_off(peer: "Peer") -> None:
        peer.greet("PIPELINING")
        peer.hear()
        peer.say("554 5.5.0 improper use of pipelining")

    def sequence(peer: "Peer") -> None:
        peer.greet("PIPELINING")
        assert peer.hear() == MAIL
        peer.sock.settimeout(0.2)
        with pytest.raises(TimeoutError):
            peer.hear()
        peer.sock.settimeout(20)
        peer.say("250 ok")
        for reply in ("250 ok", "354 go"):
            peer.hear()
            peer.say(reply)
        peer.hear_data()
        peer.say("250 kept")

    server = scripted(break_off, sequence)
    reached = replace(settings(server), connections=1)
    with closing(SmtpSink(reached)) as sink:
        parcel = parcel_to("ada@example.net", message_of(MESSAGE))
        assert send(sink, parcel).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("pipelining", [True, False])
def test_421_in_place_of_verdicts_slows_us_down(
    tmp_path: Path, *, pipelining: bool
) -> None:
    """Each of them is only later, and the pauses between connections grow."""
    busy = Fault(stage="end", reply="421 4.3.2 too busy")
    manners = Manners(faults=(busy,), pipelining=pipelining)
    with serving(tmp_path / "record", manners) as server:
        reached = replace(plain(server.port), connections=1)
        with closing(SmtpSink(reached)) as sink:
            start = time.monotonic()
            receipts = deliver(sink, map(parcel_to, addresses(4)))
            took = time.monotonic() - start
    assert {receipt.outcome for receipt in receipts.values()} == {Outcome.DEFERRED}
    assert took > 0.1 + 0.2 + 0.4


def test_a_connection_that_breaks_in_our_hands_is_let_go(scripted: "Start") -> None:
    """While a message that was let go before, and cut off, is said once more."""
    heard, broken = threading.Event(), threading.Event()
    goes_on = threading.Event()

    def cut(peer: "Peer") -> None:
        peer.greet()
        peer.to_data()
        peer.hear(b"y\r\n")
        peer.reset()

    def vanish(peer: "Peer") -> None:
        peer.greet("PIPELINING")
        peer.hear(b"DATA\r\n")
        heard.set()
        goes_on.wait(WAIT)
        peer.say("250 ok", "250 ok", "354 go")
        peer.reset()
        broken.set()

    server = scripted(cut, vanish, whole)
    reached = replace(settings(server), connections=1)
    driver = Driver(SmtpSink(reached))
    with closing(driver.sink):
        waiting = [parcel_to("ada@example.net", message_of(LARGE, tidy=True, pieces=3))]
        driver.take(waiting)
        while not heard.is_set():
            driver.release(driver.sink.turn(0.05).ready)
        goes_on.set()
        assert broken.wait(WAIT)
        time.sleep(0.05)  # for the network to tell; sooner, nothing is shown here
        driver.deliver([parcel_to("bo@example.net", MESSAGE)])
    assert [receipt.outcome for receipt in driver.receipts.values()] == [
        Outcome.ACCEPTED
    ] * 2
