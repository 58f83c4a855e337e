"""What connections cost while they wait, and what is left of them when they break."""

import os
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from distribute.campaign.campaign import Outcome, Parcel
from distribute.errors import PermanentDeliveryError
from distribute.sinks.smtp import allowance
from distribute.sinks.smtp.server import Security
from distribute.sinks.smtp.sink import SmtpSink
from distribute.sinks.smtp.watch import Watch
from tests.faults.fault import Act, Fault, Manners, Stage
from tests.faults.neighbour import next_door
from tests.faults.server import serving
from tests.sinks.driver import Driver, addresses, deliver, message_of, parcel_to, send
from tests.sinks.smtp.scripts import (
    LARGE,
    MAIL,
    MESSAGE,
    cut_off,
    reach,
    settings,
    whole,
)

if TYPE_CHECKING:
    from tests.sinks.conftest import Peer, ScriptedServer

    Start = Callable[..., ScriptedServer]
WAIT = 60.0


def test_a_failure_for_everybody_forgets_nobody_who_was_released(
    scripted: "Start",
) -> None:
    """Released, cut off amid the message, and then refused by what the server offers."""
    server = scripted(cut_off, lambda peer: peer.greet("SIZE 1000"))
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
            reach(server.port),
            host="localhost",
            security=tls or "none",
            ca_file=certificate,
        )
        driver = Driver(SmtpSink(reached))
        with closing(driver.sink):
            crowd = list(map(parcel_to, addresses(40)))
            stuck = 4 if fault.stage == "end" else 0
            work_until(driver, crowd, lambda: server.record.connections == 4)
            work_until(driver, crowd, lambda: len(driver.released) == stuck)
            assert wait_and_see(driver, crowd, 0.3) < 60
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Watch, "select", lambda *_: pytest.fail("it waits"))
                driver.note(driver.sink.halt())
                assert driver.sink.halt().receipts == []
    assert driver.receipts.keys() == driver.released
    assert len(driver.released) == stuck


def work_until(
    driver: Driver, waiting: list[Parcel], is_so: Callable[[], bool]
) -> None:
    """Let a sink work until it has come as far as it can, however long that takes."""
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        go_on(driver, waiting, 0.02)


def wait_and_see(driver: Driver, waiting: list[Parcel], seconds: float) -> int:
    """Let a sink work for a while, most of it waiting; gives the turns that took."""
    until = time.monotonic() + seconds
    turns, spent = 0, time.thread_time()
    while time.monotonic() < until:
        go_on(driver, waiting, 0.2)
        turns += 1
    assert time.thread_time() - spent < seconds / 3
    return turns


def go_on(driver: Driver, waiting: list[Parcel], wait: float) -> None:
    """Let a sink have a turn."""
    driver.take(waiting)
    turn = driver.sink.turn(wait)
    driver.note(turn)
    driver.release(turn.ready)


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
        work_until(driver, large, lambda: driver.released == {"ada@example.net"})
        assert wait_and_see(driver, large, 0.5) < 80
        driver.note(driver.sink.halt())
    enough.set()
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
            reach(server.port),
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
        peer.sock.settimeout(WAIT)
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


def test_a_connection_that_breaks_in_our_hands_is_let_go(scripted: "Start") -> None:
    """While a message that was let go before, and cut off, is said once more."""
    heard, goes_on, broken = (threading.Event() for _ in range(3))

    def vanish(peer: "Peer") -> None:
        peer.greet("PIPELINING")
        peer.hear(b"DATA\r\n")
        heard.set()
        goes_on.wait(WAIT)
        peer.say("250 ok", "250 ok", "354 go")
        peer.reset()
        broken.set()

    server = scripted(cut_off, vanish, whole)
    driver = Driver(SmtpSink(replace(settings(server), connections=1)))
    with closing(driver.sink):
        driver.take([parcel_to("ada@example.net", message_of(LARGE, tidy=True))])
        while not heard.is_set():
            driver.release(driver.sink.turn(0.05).ready)
        goes_on.set()
        assert broken.wait(WAIT)
        time.sleep(0.05)  # for the network to tell; sooner, nothing is shown here
        driver.deliver([parcel_to("bo@example.net", MESSAGE)])
    outcomes = [receipt.outcome for receipt in driver.receipts.values()]
    assert outcomes == [Outcome.ACCEPTED] * 2
