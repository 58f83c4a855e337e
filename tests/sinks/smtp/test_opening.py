"""Begin to speak SMTP, to servers that misbehave: greeting, EHLO, STARTTLS, AUTH."""

import socket
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from distribute.errors import (
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
    TurnedAwayError,
)
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.sink import SmtpSink
from tests.sinks.driver import send
from tests.sinks.smtp.scripts import (
    PARCEL,
    PATIENCE,
    attempts,
    encrypted,
    hasty,
    outcomes,
    settings,
)

if TYPE_CHECKING:
    from tests.sinks.conftest import Peer, ScriptedServer

    Start = Callable[..., ScriptedServer]


def test_a_server_that_knows_only_helo(scripted: "Start") -> None:
    """The oldest of them still get the message."""

    def script(peer: "Peer") -> None:
        peer.say("220 old")
        peer.hear()
        peer.say("502 what?")
        peer.hear()
        peer.say("250 hello")
        peer.accept()

    server = scripted(script)

    assert outcomes(attempts(settings(server))) == ["accepted"]
    assert server.heard[0][:2] == [b"EHLO [127.0.0.1]", b"HELO [127.0.0.1]"]


@pytest.mark.parametrize(
    ("offer", "replies", "heard"),
    [
        (
            "AUTH PLAIN",
            ["334 ", "235 in"],
            [b"AUTH PLAIN AG5ld3MAczNjcmV0", b"AG5ld3MAczNjcmV0"],
        ),
        ("AUTH LOGIN", ["334 VXNlcm5hbWU6", "334 ", "235 in"],
         [b"AUTH LOGIN", b"bmV3cw==", b"czNjcmV0"]),
        ("AUTH LOGIN", ["454 4.7.0 not now"], [b"AUTH LOGIN"]),
    ],
)  # fmt: skip
def test_the_login_step_by_step(
    scripted: "Start", offer: str, replies: list[str], heard: list[bytes]
) -> None:
    """As RFC 4954 has it, and no further than the server follows."""

    def script(peer: "Peer") -> None:
        peer.greet(offer)
        for reply in replies:
            peer.hear()
            peer.say(reply)
        peer.accept()

    accepted = replies[-1].startswith("235")
    server = scripted(*[script] * (1 if accepted else 2))
    reached = replace(hasty(server), username="news", password="s3cret")
    result = attempts(reached)[0]

    assert server.heard[0][1 : len(heard) + 1] == heard
    assert outcomes([result]) == ["accepted" if accepted else "TransientDeliveryError"]


def test_a_refused_greeting_of_ours_is_an_error(scripted: "Start") -> None:
    """Some servers want a name they know: the error says which one we gave."""

    def script(peer: "Peer") -> None:
        peer.say("220 mail.example.org")
        for reply in ("550 5.7.1 who?", "550 5.7.1 who?"):
            peer.hear()
            peer.say(reply)

    (result,) = attempts(settings(scripted(script)))

    assert isinstance(result, PermanentDeliveryError)
    assert "[127.0.0.1]" in result.reason


def test_a_greeting_of_ours_refused_for_now_may_be_taken_later(
    scripted: "Start",
) -> None:
    """Who is only busy knows EHLO: HELO is not tried."""

    def script(peer: "Peer") -> None:
        peer.say("220 mail.example.org")
        peer.hear()
        peer.say("450 4.3.2 busy")
        assert not peer.hear(), "the client goes on"

    (result,) = attempts(hasty(scripted(script, script)))

    assert isinstance(result, TransientDeliveryError)
    assert "[127.0.0.1] for now: 450 4.3.2 busy" in result.reason


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        ("554 5.7.1 not you", TurnedAwayError),
        ("421 4.7.0 too many connections", TransientDeliveryError),
        ("450 later", TransientDeliveryError),
    ],
)
def test_a_server_that_does_not_want_us(
    scripted: "Start", greeting: str, error: type[DeliveryError]
) -> None:
    """Its words are in the error."""
    tries = 1 if error is TurnedAwayError else 2
    server = scripted(*[lambda peer: peer.say(greeting)] * tries)
    (result,) = attempts(hasty(server))

    assert type(result) is error
    assert greeting[4:] in str(result)


def test_a_slow_server_does_not_hold_us_for_ever(scripted: "Start") -> None:
    """The wait is for the whole reply: a byte now and then does not prolong it."""
    heard_out = []

    def trickle(peer: "Peer") -> None:
        for octet in b"220 " + b"x" * 200:
            peer.say_raw(bytes([octet]))
            time.sleep(0.05)
        heard_out.append(peer)

    server = scripted(trickle, trickle)
    reached = replace(hasty(server), timeout=0.2)

    assert outcomes(attempts(reached)) == ["LostConnectionError"]
    assert not heard_out


def test_plain_text_before_tls_is_refused(scripted: "Start") -> None:
    """Commands or replies injected before the handshake are an attack (RFC 3207)."""

    def script(peer: "Peer") -> None:
        peer.greet("STARTTLS")
        peer.hear()
        peer.say("220 go ahead", "250-mail.example.org", "250 AUTH PLAIN")
        peer.hear()

    (result,) = attempts(encrypted(scripted(script)))

    assert isinstance(result, PermanentDeliveryError)
    assert "before TLS" in result.reason


def test_a_refused_starttls_sends_nothing(scripted: "Start") -> None:
    """For now is for now; plain text is not the way out."""

    def script(peer: "Peer") -> None:
        peer.greet("STARTTLS")
        peer.hear()
        peer.say("454 4.7.0 TLS not available")
        assert not peer.hear()

    server = scripted(script, script)
    reached = replace(hasty(server), security="starttls")

    assert outcomes(attempts(reached)) == ["TransientDeliveryError"]
    assert server.heard == [[b"EHLO [127.0.0.1]", b"STARTTLS"]] * 2


def test_a_handshake_that_is_none_stops_or_waits(scripted: "Start") -> None:
    """What is not TLS is for somebody to look at; a hang-up may be over later."""

    def nonsense(peer: "Peer") -> None:
        peer.greet("STARTTLS")
        peer.hear()
        peer.say("220 go ahead")
        peer.sock.recv(1)
        peer.say("this is not TLS at all")
        peer.sock.recv(65536)

    def hang_up(peer: "Peer") -> None:
        peer.greet("STARTTLS")
        peer.hear()
        peer.say("220 go ahead")
        peer.sock.recv(65536)

    assert outcomes(attempts(encrypted(scripted(nonsense)))) == [
        "PermanentDeliveryError"
    ]
    reached = replace(hasty(scripted(hang_up, hang_up)), security="starttls")
    assert outcomes(attempts(reached)) == ["LostConnectionError"]


def test_a_password_does_not_cross_the_network_unencrypted(scripted: "Start") -> None:
    """Without TLS it goes to this machine only, whatever the server offers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only picks a route
        except OSError:
            pytest.skip("this machine has no address but loopback")
        host = probe.getsockname()[0]
    if host.startswith("127."):
        pytest.skip("this machine has no address but loopback")

    def script(peer: "Peer") -> None:
        peer.greet("AUTH PLAIN LOGIN")
        assert not peer.hear()

    server = scripted(script, host=host)
    sink = SmtpSink(
        SmtpServer(
            host=host,
            port=server.port,
            security="none",
            username="news",
            password="s3cret",
            timeout=PATIENCE,
        )
    )

    with pytest.raises(PermanentDeliveryError, match="unencrypted"):
        send(sink, PARCEL)
    assert len(server.heard[0]) == 1
