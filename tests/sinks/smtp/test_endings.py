"""Inside the message and behind its final dot: what can be known, and what can not."""

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from distribute.campaign.campaign import Outcome
from distribute.sinks.smtp.sink import SmtpSink
from tests.sinks.driver import parcel_to, send
from tests.sinks.smtp.scripts import (
    DATA,
    LOSSES,
    PARCEL,
    attempts,
    outcomes,
    settings,
    whole,
)

if TYPE_CHECKING:
    from tests.sinks.conftest import Peer, ScriptedServer

    Start = Callable[..., ScriptedServer]


def test_a_verdict_that_comes_too_late_is_not_taken_for_another(
    scripted: "Start",
) -> None:
    """After an uncertain end the connection is not used again."""

    def late(peer: "Peer") -> None:
        peer.greet()
        peer.to_data()
        peer.hear_data()
        goes_on = peer.fall_silent()  # comes back when the client has lost its patience
        peer.say("250 kept, at last")
        assert not goes_on, "the client goes on"

    server = scripted(late, whole)
    results = attempts(settings(server), times=2, silent=server.silent)

    assert outcomes(results) == ["uncertain", "accepted"]
    assert server.heard[0][-1] == DATA


@pytest.mark.parametrize("way", LOSSES)
def test_a_connection_lost_behind_the_final_dot_is_uncertain(
    scripted: "Start", way: str
) -> None:
    """It may have been accepted: it is not sent again, and the next goes on anew."""

    def broken(peer: "Peer") -> None:
        peer.greet()
        peer.to_data()
        peer.hear_data()
        LOSSES[way](peer)

    server = scripted(broken, whole)
    results = attempts(settings(server), times=2, silent=server.silent)

    assert outcomes(results) == ["uncertain", "accepted"]
    assert [heard.count(DATA) for heard in server.heard] == [1, 1]


def test_a_connection_that_breaks_inside_the_message(scripted: "Start") -> None:
    """The final dot has not left: it is sent again, and arrives once."""
    message = (
        b"Subject: x\r\n\r\n" + b"x" * 78 + b"\r\n" + (b"y" * 78 + b"\r\n") * 200_000
    )

    def broken(peer: "Peer") -> None:
        peer.greet()
        peer.to_data()
        peer.hear(b"x\r\n")
        peer.reset()

    def script(peer: "Peer") -> None:
        peer.greet()
        peer.accept()

    server = scripted(broken, script)
    with closing(SmtpSink(settings(server))) as sink:
        receipt = send(sink, parcel_to("ada@example.net", message))

    assert receipt.outcome is Outcome.ACCEPTED
    assert server.heard[1][-1] + b"\r\n" == message


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [("552 5.3.4 too big", "rejected"), ("421 4.3.0 x", "accepted")],
)
def test_a_refusal_inside_the_message_is_heard(
    scripted: "Start", reply: str, outcome: str
) -> None:
    """A server that has had enough says so and hangs up: that is its answer.

    Unless it is 421, which is about the connection: then another one is tried.
    """
    message = b"Subject: x\r\n\r\n" + (b"y" * 78 + b"\r\n") * 400_000

    def script(peer: "Peer") -> None:
        peer.greet()
        peer.to_data()
        peer.hear(b"y\r\n")
        peer.say(reply)
        peer.sock.shutdown(2)

    def rest(peer: "Peer") -> None:
        peer.greet()
        peer.accept(2 if outcome == "accepted" else 1)

    server = scripted(script, rest)
    with closing(SmtpSink(settings(server))) as sink:
        receipt = send(sink, parcel_to("ada@example.net", message))
        assert receipt.outcome == outcome
        assert send(sink, PARCEL).outcome == "accepted"


def test_421_in_place_of_a_verdict_defers(scripted: "Start") -> None:
    """The server says itself that it has not taken the message."""

    def script(peer: "Peer") -> None:
        peer.greet()
        peer.to_data()
        peer.hear_data()
        peer.say("421 4.3.0 going down")
        assert not peer.hear(), "the client goes on"

    server = scripted(script, whole)

    assert outcomes(attempts(settings(server), times=2)) == ["deferred", "accepted"]
    assert [heard.count(DATA) for heard in server.heard] == [1, 1]
