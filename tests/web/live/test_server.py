"""Serving a preview to browsers on this machine, and to nobody else."""

import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from distribute.errors import DistributeError
from distribute.web.live.server import serving
from distribute.web.live.showing import Showing

_PAGE = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    '<body data-live="">the preview'
)


class Door:
    """A server at work, and how to ask it."""

    def __init__(self, port: int, showing: Showing) -> None:
        self.port, self.showing = port, showing

    def ask(
        self, path: str, *, method: str = "GET", host: str = "localhost"
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Ask for a path as it stands, without any tidying."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.putrequest(method, path, skip_host=True)
        if host:
            line.putheader("Host", host)
        line.endheaders()
        response = line.getresponse()
        return response, response.read()


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """Serve a folder with a page, a frame and a secret beside it."""
    folder = tmp_path / "preview"
    (folder / "frames").mkdir(parents=True)
    (folder / "index.html").write_text(_PAGE, encoding="utf-8")
    (folder / "frames" / "light.html").write_text(_PAGE, encoding="utf-8")
    (folder / "frames" / "a.eml").write_bytes(b"Subject: x\r\n")
    (folder / "ünïcode.txt").write_text("é", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    showing = Showing()
    with serving(folder, showing, 0) as address:
        yield Door(urlsplit(address).port or 0, showing)


def test_gives_pages_that_ask_to_be_told(door: Door) -> None:
    """The page knows which version it is; what is framed in it stays as it is."""
    door.showing.show()
    response, page = door.ask("/")
    assert response.status == 200
    assert b'data-live="/events?since=1"' in page
    assert b"content=\"default-src 'none'; connect-src 'self'\"" in page
    assert door.ask("/frames/light.html")[1].decode() == _PAGE


def test_gives_files_with_their_kind_and_never_keeps_them(door: Door) -> None:
    """The next look shall be a new one."""
    response, _ = door.ask("/frames/a.eml")
    assert response.headers["Content-Type"] == "message/rfc822"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert door.ask("/%C3%BCn%C3%AFcode.txt")[1] == "é".encode()


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8025", "[::1]:8025"]
)
def test_answers_to_its_own_names(door: Door, host: str) -> None:
    """With a port or without."""
    assert door.ask("/", host=host)[0].status == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8025", "localhost.evil.example", "localhost."),
        *("", "127.0.0.2", "[", "localhost@evil.example", "192.0.2.1"),
    ],
)
def test_answers_to_no_other_name(door: Door, host: str) -> None:
    """A page elsewhere may have its name point here, and must learn nothing."""
    for path in ("/", "/events", "/frames/a.eml"):
        response, said = door.ask(path, host=host)
        assert response.status == 421
        assert b"preview" not in said


@pytest.mark.parametrize(
    "path",
    [
        *("/../secret.txt", "/%2e%2e/secret.txt", "/frames/..%2f..%2fsecret.txt"),
        *("//etc/passwd", "/..%5csecret.txt", "/link.txt", "/%00", "/frames"),
        pytest.param("/" + "a" * 5000, id="long"),
    ],
)
def test_nothing_outside_the_folder_is_there(door: Door, path: str) -> None:
    """However it is spelt, and also where a link leads out."""
    response, said = door.ask(path)
    assert response.status == 404
    assert b"secret" not in said


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed_by_asking(door: Door, method: str) -> None:
    """There are questions, and no orders."""
    assert door.ask("/", method=method)[0].status == 501


def test_head_has_no_body(door: Door) -> None:
    """As HTTP wants it."""
    response, said = door.ask("/", method="HEAD")
    assert (response.status, said) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0
    assert door.ask("/events", method="HEAD")[1] == b""


def test_who_waits_is_told_at_once(door: Door) -> None:
    """By server-sent events, not with the next sign of life."""
    door.showing.show()
    threading.Timer(0.2, door.showing.show).start()
    response, said = door.ask("/events?since=1")
    assert response.headers["Content-Type"] == "text/event-stream"
    assert said == b"data: new\n\n"


@pytest.mark.parametrize("since", ["1", "", "x", "-1", "9" * 5000, "%D9%A1"])
def test_who_comes_late_is_told_at_once(door: Door, since: str) -> None:
    """Something may have changed between the page and its question."""
    door.showing.show()
    door.showing.show()
    assert door.ask(f"/events?since={since}")[1] == b"data: new\n\n"


def test_a_failure_takes_the_place_of_the_pages(door: Door) -> None:
    """Until it is mended; files stay what they are."""
    door.showing.show("<p>what is wrong")
    response, page = door.ask("/index.html")
    assert (response.status, page) == (503, b"<p>what is wrong")
    assert door.ask("/frames/light.html")[0].status == 200
    door.showing.show()
    assert door.ask("/")[0].status == 200


def test_who_waits_is_sent_home_at_the_end(tmp_path: Path) -> None:
    """So that Ctrl-C ends at once."""
    with serving(tmp_path, Showing(), 0) as address:
        port = urlsplit(address).port
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
        line.request("GET", "/events?since=0")
        response = line.getresponse()
    assert (
        b"new" not in response.read()
    )  # which a sign of life would end in ten seconds
    line.close()


def test_only_this_machine_can_reach_it(door: Door) -> None:
    """It listens at the loopback address and no other."""
    with (
        pytest.raises(OSError, match=r".*"),
        socket.create_connection(("127.0.0.2", door.port), timeout=30),
    ):
        pass


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    """If it was asked for; the usual one gives way."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = pytest.raises(DistributeError, match=str(port))
        with refused, serving(tmp_path, Showing(), port):
            pass
    with (
        serving(tmp_path, Showing(), None) as one,
        serving(tmp_path, Showing(), None) as two,
    ):
        assert one != two
