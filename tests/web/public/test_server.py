"""A real server: it waits for nobody for ever, and stops when it is told to."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
import uvicorn

from distribute.audience.reception.token import Purpose
from distribute.audience.subscriber import Status
from distribute.errors import DistributeError
from distribute.web.public import reading, server
from distribute.web.public.app import application
from tests.promptness import quickest
from tests.web.public.visiting import ADA, Town, token, town

CLICK = b"List-Unsubscribe=One-Click"
HASTE = 0.3
"""Seconds that a hasty server waits; the others of this module wait for a minute."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, int]]:
    """Serve a public side at a port, with more patience than a busy machine needs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "HEAD_PATIENCE", 60)
        patch.setattr(reading, "PATIENCE", 60)
        with town(tmp_path_factory.mktemp("house")) as here, _serving(here) as port:
            yield here, port


@pytest.fixture
def hasty(place: tuple[Town, int], monkeypatch: pytest.MonkeyPatch) -> int:
    """Take patience from the server; gives its port."""
    monkeypatch.setattr(server, "HEAD_PATIENCE", HASTE)
    monkeypatch.setattr(reading, "PATIENCE", HASTE)
    return place[1]


@contextmanager
def _serving(here: Town) -> Iterator[int]:
    listening = server.listen("127.0.0.1", 0)
    running = uvicorn.Server(server.configuration(application(here.house)))
    thread = Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()[1]
    running.should_exit = True
    thread.join()


def _say(port: int, *pieces: bytes) -> bytes:
    """Send something piece by piece, and read until the server hangs up."""
    answer = b""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=120)) as line:
        try:
            for piece in pieces:
                line.sendall(piece)
            while data := line.recv(65536):
                answer += data
        except ConnectionError:
            pass
    return answer


def _request(path: str, *headers: str, method: str = "POST") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", "Connection: close", *headers]
    return "\r\n".join((*lines, "", "")).encode()


def test_one_click_is_answered_in_time(place: tuple[Town, int]) -> None:
    """In less than 50 ms as a rule, when it is on the disk."""
    here, port = place
    path = "/u/" + token(ADA, Purpose.UNSUBSCRIBE)
    head = _request(path, f"Content-Length: {len(CLICK)}")

    def click() -> None:
        assert _say(port, head + CLICK).startswith(b"HTTP/1.1 200 OK")

    assert quickest(click, within=0.05, tries=20) < 0.05
    assert here.status(ADA) is Status.UNSUBSCRIBED


@pytest.mark.parametrize("piece", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_who_does_not_say_what_they_want_is_left(hasty: int, piece: bytes) -> None:
    """After some patience; else a thousand such connections would be all there are."""
    began = monotonic()
    answer = _say(hasty, piece)
    assert answer.startswith(b"HTTP/1.1 408")
    assert HASTE * 0.9 < monotonic() - began < 30


@pytest.mark.parametrize("piece", [b"\r\n", b"\r\n\r\n", b"G"])
def test_who_says_nothing_more_is_left(hasty: int, piece: bytes) -> None:
    """Also after a first answer, and though an empty line is no request yet."""
    first = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", hasty), timeout=120)) as line:
        line.sendall(first)
        while not line.recv(65536).endswith(b"ok\n"):
            pass
        line.sendall(piece)
        began = monotonic()
        assert line.recv(65536).startswith(b"HTTP/1.1 408")
    assert monotonic() - began < 30


def test_a_head_without_end_is_not_read(place: tuple[Town, int]) -> None:
    """Whether it comes as one header, as many, or as an address."""
    for long in (
        _request("/", f"X-Long: {'x' * 20_000}", method="GET"),
        _request("/", *(f"X-{n}: {'x' * 100}" for n in range(300)), method="GET"),
        _request("/" + "x" * 20_000, method="GET"),
        b"GET / HTTP/1.1\r\n" + b"X-Long: xxxxxxxxxxxxxxxxxxxxxxxxx\r\n" * 3000,
    ):
        assert _say(place[1], long).startswith(b"HTTP/1.1 431")


def test_a_body_that_does_not_come_is_not_waited_for(hasty: int) -> None:
    """It has its time, and no more."""
    slow = _request("/subscribe", "Content-Length: 100", _FORM)
    assert _say(hasty, slow + b"email=").startswith(b"HTTP/1.1 408")


def test_a_body_that_is_larger_than_a_form_is_not_read(place: tuple[Town, int]) -> None:
    """However fast it comes."""
    large = _request("/subscribe", "Content-Length: 100000", _FORM)
    assert _say(place[1], large + b"x" * 9000).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "request_",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /u/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /u/x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused(place: tuple[Town, int], request_: bytes) -> None:
    """And the next visitor is served as ever."""
    answer = _say(place[1], request_)
    assert re.match(rb"HTTP/1\.1 (4\d\d|200)", answer) or not answer
    healthy = _say(place[1], _request("/healthz", method="GET"))
    assert healthy.startswith(b"HTTP/1.1 200")


def test_what_stands_behind_a_body_is_no_header(place: tuple[Town, int]) -> None:
    """A proxy that hands trailers on does not answer for them, as for where it is from."""
    here, port = place
    before = len(here.lines)
    own = ("Transfer-Encoding: chunked", "X-Forwarded-For: 203.0.113.9", _FORM)
    trailers = b"1\r\nx\r\n0\r\nX-Forwarded-For: 198.51.100.9\r\n\r\n"
    assert _say(port, _request("/subscribe", *own), trailers)
    (line,) = here.lines[before:]
    assert line.startswith("203.0.113.0/24 POST /subscribe 422 ")


def test_a_server_says_nothing_of_itself(place: tuple[Town, int]) -> None:
    """Neither its name nor its version."""
    answer = _say(place[1], _request("/healthz", method="GET")).lower()
    assert b"server:" not in answer
    assert b"uvicorn" not in answer


def test_answers_are_sent_at_once(place: tuple[Town, int]) -> None:
    """Many over one connection do not each wait 40 ms for an acknowledgement (Nagle)."""

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", place[1])
        for _ in range(10):
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            await reader.readuntil(b"ok\n")
        writer.close()

    assert quickest(lambda: asyncio.run(ask()), within=0.3, tries=10) < 0.3


def test_a_port_that_is_taken_is_an_error_with_a_way_on(tmp_path: Path) -> None:
    """It names the port, and the option."""
    with (
        server.listen("127.0.0.1", 0) as taken,
        pytest.raises(DistributeError, match=r"cannot listen.*\n.*--port"),
    ):
        server.listen("127.0.0.1", taken.getsockname()[1])


_FORM = "Content-Type: application/x-www-form-urlencoded"
