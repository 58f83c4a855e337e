"""The server that judges senders: each breach is seen, and good manners are not blamed."""

import gc
import select
import smtplib
import socket
import ssl
import struct
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.faults.fault import Fault, Manners, from_json, part_of, to_json
from tests.faults.neighbour import next_door
from tests.faults.server import FaultServer
from tests.faults.wire import Wire

Serve = Callable[..., FaultServer]
GROUP = b"MAIL FROM:<b@example.org>\r\nRCPT TO:<a@example.net>\r\nDATA\r\n"
HELLO = b"EHLO [127.0.0.1]\r\n"


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start servers with the manners that are given."""
    running: list[FaultServer] = []

    def start(*faults: Fault, **manners: Any) -> FaultServer:
        path = tmp_path / f"record-{len(running)}"
        running.append(FaultServer(path, Manners(faults=faults, **manners)))
        return running[-1]

    yield start
    for server in running:
        server.close()


def talk(port: int, *said: bytes, patience: float = 60.0) -> list[bytes]:
    """Say these, each once something has come back; gives what has come back."""
    heard = []
    with socket.create_connection(("127.0.0.1", port), patience) as sock:
        for content in said:
            heard.append(sock.recv(65536))
            sock.sendall(content)
        with sock.makefile("rb") as rest:
            with suppress(OSError):  # reset already: reading tells it
                sock.shutdown(socket.SHUT_WR)
            heard.append(rest.read(1 << 20))
    return heard


def test_a_clean_sending_is_not_blamed(serve: Serve) -> None:
    """Dots, names beyond ASCII and many messages on a connection, from another's client."""
    server = serve(keeps=True)
    message = "Subject: x\r\n\r\n.\r\n..two\r\né\r\n".encode()
    with smtplib.SMTP("127.0.0.1", server.port) as client:
        for number in range(3):
            client.sendmail(
                "b@example.org", [f"{number}@x.example"], message, ["BODY=8BITMIME"]
            )
    assert server.record.problems == []
    assert server.record.messages == {f"{n}@x.example": message for n in range(3)}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ((HELLO, b"MAIL FROM:<b@example.org>\n"), "bare LF"),
        ((HELLO, b"MAIL FROM: <b@example.org>\r\n"), "well-formed"),
        ((HELLO, b"MAIL FROM:<b@example.org> SIZE=x y\r\n"), "not offered"),
        ((HELLO, b"MAIL FROM:<b@example.org> SMTPUTF9\r\n"), "not offered"),
        ((HELLO, b"MAIL FROM:<b@example.org>\r\nRCPT TO:<a@example.net>\r\n"
          b"RCPT TO:<c@example.net>\r\n"), "503"),
        ((HELLO, b"RCPT TO:<a@example.net>\r\n"), "503"),
        ((HELLO, b"DATA\r\n"), "554"),
        ((HELLO, b"DATA now\r\n"), "something behind it"),
        ((HELLO, b"MAIL FROM:<b@example.org>\r\nMAIL FROM:<b@example.org>\r\n"), "nested"),
        ((HELLO, GROUP + b"Subject: too early\r\n\r\n.\r\n"), "ends a group"),
        ((HELLO, b"MAIL FROM:<b@example.org>\r\n" + b"RCPT TO:<\xc3\xa9@example.net>\r\n"),
         "without SMTPUTF8"),
        ((HELLO, b"NOOP" + b"x" * 1000 + b"\r\n"), "octets"),
        ((HELLO, GROUP, b"one\ntwo\r\n.\r\n"), "bare CR or LF"),
        ((HELLO, GROUP, b"one\r\n.two\r\n.\r\n"), "single dot"),
        ((HELLO, GROUP, b".one\r\n.\r\n"), "single dot"),
        ((HELLO, GROUP, b"x" * 999 + b"\r\n.\r\n"), "over 1000"),
        ((HELLO, GROUP, b"\xc3\xa9\r\n.\r\n"), "8BITMIME"),
        ((HELLO, GROUP, b"\0\r\n.\r\n"), "NUL"),
        ((HELLO, GROUP.replace(b">", b"> SIZE=9", 1), b"one\r\n.\r\n"), "SIZE=9"),
    ],
)  # fmt: skip
def test_each_breach_is_seen(
    serve: Serve, said: tuple[bytes, ...], sentence: str
) -> None:
    """And told in a sentence."""
    server = serve()
    talk(server.port, *said)
    assert any(sentence in problem for problem in server.record.problems)


def test_a_pipeline_is_only_for_who_was_offered_one(serve: Serve) -> None:
    """Without PIPELINING each command waits for the reply to the one before."""
    server = serve(pipelining=False)
    talk(server.port, HELLO, GROUP)
    assert any("without PIPELINING" in problem for problem in server.record.problems)


def test_a_lone_dot_answers_a_server_that_is_eager(serve: Serve) -> None:
    """With nobody left to send to; anything more than the dot is a breach."""
    refused = Fault(stage="rcpt", reply="550 5.1.1 nobody")
    server = serve(refused, eager=True)
    heard = talk(server.port, HELLO, GROUP, b".\r\n" + GROUP, b"x\r\n.\r\n")
    assert (heard[2].count(b"354"), heard[3].count(b"554")) == (1, 1)
    assert [p.partition(":")[0] for p in server.record.problems] == [
        "a message to nobody"
    ]
    assert server.record.count == 0


@pytest.mark.parametrize(
    "fault",
    [
        Fault(stage="connect", reply="451 4.3.0 later", times=1),
        Fault(stage="ehlo", reply="451 4.3.0 later", times=1),
        Fault(stage="mail", reply="451 4.3.0 later", times=1),
        Fault(stage="rcpt", reply="451 4.3.0 later", times=1),
        Fault(stage="data", reply="451 4.3.0 later", times=1),
        Fault(stage="end", reply="451 4.3.0 later", times=1),
    ],
    ids=lambda fault: fault.stage,
)
def test_a_reply_is_given_at_its_stage(serve: Serve, fault: Fault) -> None:
    """Once, and then no more."""
    server = serve(fault)
    first = talk(server.port, HELLO, GROUP, b"x\r\n.\r\n")
    second = talk(server.port, HELLO, GROUP, b"x\r\n.\r\n")
    assert b"".join(first).count(b"451 4.3.0 later") == 1
    assert b"451" not in b"".join(second)
    assert server.record.addresses("kept")["a@example.net"] >= 1


def test_a_drop_is_a_drop(serve: Serve) -> None:
    """Behind the final dot the message is noted as there, without an answer."""
    server = serve(Fault(stage="end", act="close"))
    assert talk(server.port, HELLO, GROUP, b"x\r\n.\r\n")[-1] == b""
    assert server.record.addresses("swallowed") == {"a@example.net": 1}


def test_a_reset_is_an_error_for_the_client(serve: Serve) -> None:
    """As when the server crashes."""
    server = serve(Fault(stage="end", act="reset"))
    with pytest.raises(ConnectionError):
        talk(server.port, HELLO, GROUP, b"x\r\n.\r\n")
    assert server.record.addresses("swallowed") == {"a@example.net": 1}


def test_a_drop_inside_the_message(serve: Serve) -> None:
    """After so many octets; what is cut has not arrived."""
    server = serve(Fault(stage="body", after=10, reply="552 enough"))
    heard = talk(server.port, HELLO, GROUP, b"Subject: x\r\n\r\n")
    assert heard[-1] == b"552 enough\r\n"
    (cut,) = [heard for heard in server.record.lines() if heard.kind == "cut"]
    assert (cut.address, server.record.count) == ("a@example.net", 0)


def test_a_share_of_the_addresses_is_met_always_the_same(serve: Serve) -> None:
    """About so many as told, whenever they come."""
    crowd = [f"reader{number}@example.net" for number in range(2000)]
    share = sum(part_of(address, "rcpt") < 0.05 for address in crowd) / len(crowd)
    assert 0.035 < share < 0.065


def test_limits_are_kept(serve: Serve) -> None:
    """So many messages on a connection, so many connections at a time."""
    server = serve(per_connection=1, at_most=1)
    with socket.create_connection(("127.0.0.1", server.port), 60) as first:
        assert first.recv(100).startswith(b"220")
        with socket.create_connection(("127.0.0.1", server.port), 60) as second:
            assert second.recv(100).startswith(b"421")
    deadline = time.monotonic() + 60
    while talk(server.port)[0].startswith(b"421"):  # until it sees that both have gone
        assert time.monotonic() < deadline
    server.behave(Manners(per_connection=1))
    heard = talk(server.port, HELLO, GROUP, b"x\r\n.\r\n" + GROUP)
    assert b"421 4.7.0 too many messages" in heard[-1]


def test_down_is_down_and_up_is_the_same_port(tmp_path: Path) -> None:
    """In a process of its own, told what to do from here; its record is flushed first."""
    with next_door(tmp_path / "record") as server:
        talk(server.port, HELLO, GROUP, b"x\r\n.\r\n")
        server.down()
        with pytest.raises(ConnectionError):
            socket.create_connection(("127.0.0.1", server.port), 5)
        server.up()
        server.behave(Manners(faults=(Fault(stage="rcpt", reply="550 5.1.1 gone"),)))
        assert b"550 5.1.1" in b"".join(talk(server.port, HELLO, GROUP))
        assert server.record.count == 1


def test_tls_is_spoken_from_the_start(serve: Serve, certificate: Path) -> None:
    """As on port 465."""
    server = serve(tls="tls", certificate=str(certificate))
    context = ssl.create_default_context(cafile=certificate)
    with smtplib.SMTP_SSL("localhost", server.port, context=context) as client:
        client.sendmail("b@example.org", ["a@example.net"], b"x\r\n")
    assert (server.record.count, server.record.problems) == (1, [])


def test_tls_is_spoken_when_asked_for(serve: Serve, certificate: Path) -> None:
    """With STARTTLS, which is offered only as long as there is none."""
    server = serve(tls="starttls", certificate=str(certificate))
    context = ssl.create_default_context(cafile=certificate)
    with smtplib.SMTP("localhost", server.port) as client:
        client.starttls(context=context)
        client.sendmail("b@example.org", ["a@example.net"], b"x\r\n")
        assert not client.has_extn("starttls")
    assert (server.record.count, server.record.problems) == (1, [])


def test_whoever_is_gone_before_tls_begins_costs_nothing(certificate: Path) -> None:
    """The socket is closed; else the run of the tests would fail at some other one."""
    linger = struct.pack("ii", 1, 0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        sock, _ = listener.accept()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        client.close()
        assert select.select([sock], [], [], 10)[0]
    wire = Wire(sock, Manners(), threading.Event())
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(ConnectionResetError):
            wire.encrypt(str(certificate))
        gc.collect()
        wire.part(reset=False)
    assert (wire.sock.fileno(), [str(one.message) for one in warned]) == (-1, [])


def test_manners_can_be_written_down() -> None:
    """As they are told to another process."""
    manners = Manners(
        faults=(Fault(stage="rcpt", raw="\xff\0", share=0.5),), lie="silent", size=9
    )
    assert from_json(to_json(manners)) == manners
