"""Visiting a real mail server without sending anything."""

import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from distribute.sinks.smtp.route import look_up
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.visit import visit
from tests.sinks.conftest import Peer, ScriptedServer

Smtpd = Callable[..., Any]


def _server(port: int, **settings: Any) -> SmtpServer:
    plain = SmtpServer(host="localhost", port=port, security="none")
    return replace(plain, **settings)


def _visit(server: SmtpServer, timeout: float = 30) -> Any:
    return visit(server, look_up(server), timeout=timeout)


def test_greets_a_plain_server_and_goes(smtpd: Smtpd) -> None:
    """There is no TLS to tell of."""
    encounter = _visit(_server(smtpd().port))
    assert (encounter.problem, encounter.protocol) == ("", "")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tells_of_tls_and_when_the_certificate_ends(
    smtpd: Smtpd, server_tls: ssl.SSLContext, certificate: Path, security: str
) -> None:
    """By the settings' own way to TLS."""
    options = (
        {"tls_context": server_tls}
        if security == "starttls"
        else {"ssl_context": server_tls}
    )
    port = smtpd(**options).port
    encounter = _visit(_server(port, security=security, ca_file=certificate))
    assert encounter.problem == ""
    assert encounter.protocol.startswith("TLS")
    assert encounter.expires


def test_says_what_a_sending_would_say(
    smtpd: Smtpd, server_tls: ssl.SSLContext
) -> None:
    """No STARTTLS, a certificate that nobody knows, a port where nobody is."""
    plain = smtpd()
    assert "STARTTLS" in _visit(_server(plain.port, security="starttls")).problem
    strange = _visit(_server(smtpd(tls_context=server_tls).port, security="starttls"))
    assert "certificate" in strange.problem
    assert "ca_file" in strange.hint


def test_never_logs_in(scripted: Callable[..., ScriptedServer]) -> None:
    """The password stays where it is, whatever the server offers."""
    last: Queue[bytes] = Queue()

    def script(peer: Peer) -> None:
        peer.greet("AUTH PLAIN LOGIN")
        last.put(peer.hear())

    server = scripted(script)
    settings = {"username": "news", "password": "hidden"}
    assert _visit(_server(server.port, host="127.0.0.1", **settings)).problem == ""
    assert last.get(timeout=30) == b"QUIT"


def test_a_server_that_says_nothing_is_not_waited_for_long(
    scripted: Callable[..., ScriptedServer],
) -> None:
    """The time is that of the visit, not the standard's five minutes."""

    def listen(peer: Peer) -> None:
        peer.hear()

    server = scripted(listen)
    encounter = _visit(_server(server.port, host="127.0.0.1"), timeout=0.3)
    assert "in time" in encounter.problem
