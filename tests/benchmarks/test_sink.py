"""The sink that senders are measured with: it must count right and delay right."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import tools
from benchmarks.processes import MeasurementError
from benchmarks.sinks import FastSink

ENVELOPE = b"MAIL FROM:<a@example.org>\r\nrcpt to:<b@example.net>\r\nDATA\r\n"
DELAY = 0.2
"""Seconds; long enough for a busy machine to tell one of them from two."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the sink, or skip where there is no compiler."""
    try:
        return tools.fast_sink(tmp_path_factory.mktemp("sink"))
    except MeasurementError as error:
        pytest.skip(f"the fast sink cannot be had: {error}")


@contextmanager
def connected(sink: FastSink) -> Iterator[socket.socket]:
    """Connect and take the greeting."""
    with socket.create_connection(("127.0.0.1", sink.port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert connection.recv(100).startswith(b"220 ")
        yield connection


def codes(connection: socket.socket, count: int) -> list[bytes]:
    """Read so many one-line replies, and give their codes."""
    said = b""
    while said.count(b"\n") < count:
        said += connection.recv(1000)
    return [line[:4] for line in said.splitlines()]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Subject: x\r\n\r\nhello\r\n",
        b"..\r\n.. \r\n...\r\n",
        b"\r\n\r\n..\r\n",
        b"bare \r and \n and \r\r\n",
        b"\n.\n\r.\r\n",
        b"x" * 300_000 + b"\r\n",
    ],
    ids=range(7),
)
@pytest.mark.parametrize("step", [1, 2, 3, 1_000_000])
def test_counts_messages_and_octets(program: Path, content: bytes, step: int) -> None:
    """A message ends at its first line with nothing but a dot, however it is cut up."""
    if step < 4 and len(content) > 1000:
        step *= 50_000
    with FastSink(program, 0) as sink:
        with connected(sink) as connection:
            for _ in range(2):
                connection.sendall(ENVELOPE)
                assert codes(connection, 3) == [b"250 ", b"250 ", b"354 "]
                rest = content + b".\r\nRSET\r\n"
                for start in range(0, len(rest), step):
                    connection.sendall(rest[start : start + step])
                assert codes(connection, 2) == [b"250 ", b"250 "]
            connection.sendall(b"QUIT\r\n")
            assert codes(connection, 1) == [b"221 "]
            assert connection.recv(1) == b""
        count = sink.stop()
    assert (count.messages, count.octets) == (2, 2 * len(content))
    assert 0 < count.first <= count.last <= time.monotonic()


def test_answers_late_but_takes_everything_meanwhile(program: Path) -> None:
    """Each burst is answered a delay after it came, not after the one before it.

    A busy machine may hold either side up, so it may be tried again.
    """
    with FastSink(program, round(DELAY * 1000)) as sink:
        assert any(answers_in_turn(sink) for _ in range(8))


def answers_in_turn(sink: FastSink) -> bool:
    """Tell whether two bursts were answered one by one, each not too late.

    None is ever answered too early.
    """
    with connected(sink) as connection:
        began = time.monotonic()
        connection.sendall(b"RSET\r\n")
        time.sleep(DELAY / 2)
        connection.sendall(b"RSET\r\nRSET\r\n")
        first = codes(connection, 1)
        assert time.monotonic() - began >= DELAY
        rest = codes(connection, 3 - len(first)) if len(first) < 3 else []
        took = time.monotonic() - began
    assert first + rest == [b"250 "] * 3
    assert took >= DELAY * 1.5
    return len(first) == 1 and took < DELAY * 2


def test_forgets_replies_to_those_who_have_gone(program: Path) -> None:
    """A late reply never goes to another connection that got the same descriptor."""
    with FastSink(program, round(DELAY * 1000)) as sink:
        for _ in range(10):
            with connected(sink) as connection:
                connection.sendall(b"RSET\r\n")
        with connected(sink) as connection:
            connection.settimeout(DELAY * 1.5)
            with pytest.raises(TimeoutError):
                connection.recv(100)
