"""Knocking at a real web server over TLS."""

from pathlib import Path

import pytest

from distribute.sinks.knock import knock
from tests.certificates import LONG, OVER, Authority
from tests.doorway import doorway

_HERE = ("127.0.0.1",)
_NAME = "letters.garden.net"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Give an authority for all tests here."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust it, as OpenSSL is told to."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))


def test_tells_how_a_good_server_answers(authority: Authority) -> None:
    """TLS, the end of its certificate, and the status; HEAD changes nothing there."""
    with doorway(authority.context([_NAME])) as (port, asked):
        encounter = knock(_NAME, port, _HERE)
    assert (encounter.problem, encounter.status) == ("", 200)
    assert encounter.expires == LONG
    assert encounter.protocol.startswith("TLS")
    assert asked[0].startswith(b"HEAD / HTTP/1.1\r\nHost: letters.garden.net:")


@pytest.mark.parametrize(
    ("names", "until", "said"),
    [
        (["other.garden.net"], LONG, "not valid"),
        ([_NAME], OVER, "expired"),
    ],
)
def test_a_certificate_that_does_not_hold_is_a_problem(
    authority: Authority, names: list[str], until: object, said: str
) -> None:
    """For another name, or over."""
    with doorway(
        authority.context(names, until=LONG if until is LONG else OVER)
    ) as door:
        encounter = knock(_NAME, door[0], _HERE)
    assert said in encounter.problem
    assert encounter.hint


def test_nobody_known_has_signed_it(tmp_path: Path) -> None:
    """Then no browser goes there either."""
    with doorway(Authority(tmp_path).context([_NAME])) as (port, _):
        assert "certificate is not valid" in knock(_NAME, port, _HERE).problem


def test_what_speaks_no_tls_or_no_http_is_a_problem(authority: Authority) -> None:
    """Whatever it says instead."""
    with doorway(None, b"220 hello\r\n") as (port, _):
        assert "no TLS" in knock(_NAME, port, _HERE).problem
    with doorway(authority.context([_NAME]), b"220 hello\r\n") as (port, _):
        assert "HTTP" in knock(_NAME, port, _HERE).problem


def test_goes_on_to_the_next_address(authority: Authority) -> None:
    """As browsers do where the first is not reached."""
    with doorway(authority.context([_NAME])) as (port, _):
        assert knock(_NAME, port, ("127.0.0.9", "127.0.0.1")).status == 200
    assert knock(_NAME, port, _HERE).problem.startswith("cannot be reached")
    assert knock(_NAME, port, ()).problem == "it has no address"
