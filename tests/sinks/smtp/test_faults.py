"""Send over SMTP, to servers that misbehave: nothing is lost, doubled or left hanging.

One scripted conversation after the other, without PIPELINING.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from distribute.campaign.campaign import Outcome, Receipt
from distribute.sinks.smtp.sink import SmtpSink
from tests.sinks.driver import parcel_to, send
from tests.sinks.smtp.scripts import (
    DATA,
    LOSSES,
    MAIL,
    MESSAGE,
    PARCEL,
    RCPT,
    attempts,
    outcomes,
    settings,
    whole,
)

if TYPE_CHECKING:
    from tests.sinks.conftest import Peer, ScriptedServer

    Start = Callable[..., ScriptedServer]


def test_the_whole_conversation(scripted: "Start") -> None:
    """One command at a time, and QUIT at the end."""
    server = scripted(whole)

    assert outcomes(attempts(settings(server), times=2)) == ["accepted"] * 2
    transaction = [MAIL, RCPT, b"DATA", DATA]
    assert server.heard == [[b"EHLO [127.0.0.1]", *transaction * 2, b"QUIT"]]


def test_replies_of_many_lines_in_many_pieces(scripted: "Start") -> None:
    """A server may speak slowly and at length."""

    def script(peer: "Peer") -> None:
        peer.say("220-hello", "220 there")
        peer.hear()
        for piece in (b"25", b"0-one\r", b"\n250-SI", b"ZE 99999\r\n250", b" HELP\r\n"):
            peer.say_raw(piece)
            time.sleep(0.005)
        peer.hear()
        peer.say("250-2.1.0 sender", "250 2.1.0 ok")
        peer.hear()
        peer.say("250 ok")
        peer.hear()
        peer.say("354-go", "354 on")
        peer.hear_data()
        peer.say("250-2.0.0 kept", "250 2.0.0 as 42")

    server = scripted(script)
    (receipt,) = attempts(settings(server))

    assert isinstance(receipt, Receipt)
    assert (receipt.enhanced, receipt.text) == ("2.0.0", "kept as 42")
    assert server.heard[0][1] == MAIL + b" SIZE=27"


@pytest.mark.parametrize("stage", range(4))
@pytest.mark.parametrize("way", LOSSES)
def test_a_connection_lost_before_the_final_dot_is_made_anew(
    scripted: "Start", stage: int, way: str
) -> None:
    """Whatever ended it: nothing was accepted, so the message goes out again, once."""

    def broken(peer: "Peer") -> None:
        misbehave_at(peer, stage, LOSSES[way])

    server = scripted(broken, whole)
    results = attempts(settings(server), silent=server.silent)

    assert outcomes(results) == ["accepted"]
    assert [heard.count(DATA) for heard in server.heard] == [0, 1]


def misbehave_at(
    peer: "Peer", stage: int, misbehave: Callable[["Peer"], object]
) -> None:
    """Do it in place of the greeting (0) or of the reply to MAIL, RCPT or DATA."""
    if stage:
        peer.greet()
        for reply in ("250 ok", "250 ok")[: stage - 1]:
            peer.hear()
            peer.say(reply)
        peer.hear()
    misbehave(peer)


@pytest.mark.parametrize("stage", range(4))
def test_421_ends_the_connection_at_any_stage(scripted: "Start", stage: int) -> None:
    """It is about the connection, not about whoever is being served: another is tried."""

    def closing(peer: "Peer") -> None:
        misbehave_at(peer, stage, lambda peer: peer.say("421 4.3.2 closing"))
        assert not peer.hear(), "the client goes on"

    server = scripted(closing, whole)

    assert outcomes(attempts(settings(server), times=2)) == ["accepted"] * 2
    assert [heard.count(DATA) for heard in server.heard] == [0, 2]


@pytest.mark.parametrize(
    ("stage", "replies"),
    [
        (1, ("250 ok", "250 extra")),
        (2, ("250 ok", "354 extra")),
        (3, ("354 go on", "250 kept")),
    ],
)
def test_a_reply_that_nobody_asked_for_is_not_taken_for_another(
    scripted: "Start", stage: int, replies: tuple[str, str]
) -> None:
    """Being one reply ahead, a refused message would look accepted."""

    def ahead(peer: "Peer") -> None:
        misbehave_at(peer, stage, lambda peer: peer.say(*replies))
        assert not peer.hear(), "the client goes on"

    server = scripted(ahead, whole)

    assert outcomes(attempts(settings(server))) == ["accepted"]
    assert [heard.count(DATA) for heard in server.heard] == [0, 1]


def test_a_connection_lost_thrice_puts_the_delivery_off(scripted: "Start") -> None:
    """Nothing was accepted, and the next may fare better; it is not tried for ever."""

    def broken(peer: "Peer") -> None:
        peer.greet()
        peer.hear()

    server = scripted(broken, broken, broken, whole)
    results = attempts(settings(server), times=3)

    assert outcomes(results) == ["deferred", "accepted", "accepted"]
    assert isinstance(results[0], Receipt)
    assert "connection" in results[0].text
    assert [heard[-1] for heard in server.heard] == [MAIL, MAIL, MAIL, b"QUIT"]


def test_a_server_that_closes_between_messages_is_called_again(
    scripted: "Start",
) -> None:
    """Idle or after so many messages: the next message opens a new connection."""

    def polite(peer: "Peer") -> None:
        peer.greet()
        peer.accept()
        peer.hear()
        peer.say("421 4.4.2 too many messages")

    def rude(peer: "Peer") -> None:
        peer.greet()
        peer.accept()

    server = scripted(polite, rude, whole)

    assert outcomes(attempts(settings(server), times=4)) == ["accepted"] * 4
    assert [heard.count(DATA) for heard in server.heard] == [1, 1, 2]


def test_after_a_refusal_the_server_forgets_the_transaction(scripted: "Start") -> None:
    """RSET, and if that goes wrong a new connection."""

    def script(peer: "Peer") -> None:
        peer.greet()
        peer.hear()
        peer.say("250 ok")
        peer.hear()
        peer.say("550 5.1.1 no")
        assert peer.hear() == b"RSET"
        peer.say("500 what?")
        assert not peer.hear(), "the client goes on"

    server = scripted(script, whole)

    assert outcomes(attempts(settings(server), times=2)) == ["rejected", "accepted"]
    assert server.heard[0][-1] == b"RSET"


def test_a_connection_lost_while_forgetting_is_made_anew(scripted: "Start") -> None:
    """The refusal was heard: it stands."""

    def script(peer: "Peer") -> None:
        misbehave_at(peer, 2, lambda peer: peer.say("550 5.1.1 no"))
        peer.hear()

    server = scripted(script, whole)

    assert outcomes(attempts(settings(server), times=2)) == ["rejected", "accepted"]


def test_a_refused_data_command_is_a_receipt(scripted: "Start") -> None:
    """As some servers do when no recipient is left."""

    def script(peer: "Peer") -> None:
        peer.greet()
        for reply in ("250 ok", "250 ok", "554 5.5.1 no valid recipients", "250 reset"):
            peer.hear()
            peer.say(reply)
        peer.accept()

    server = scripted(script)

    assert outcomes(attempts(settings(server), times=2)) == ["rejected", "accepted"]


def test_a_server_without_smtputf8_is_not_asked(scripted: "Start") -> None:
    """The receipt says why; the next recipient goes over the same connection."""

    def script(peer: "Peer") -> None:
        peer.greet("8BITMIME")
        peer.accept()

    server = scripted(script)
    sink = SmtpSink(settings(server))
    skipped = send(sink, parcel_to("józef@example.net", MESSAGE, smtputf8=True))

    assert skipped.outcome is Outcome.REJECTED
    assert "SMTPUTF8" in skipped.text
    assert send(sink, PARCEL).outcome is Outcome.ACCEPTED
    sink.close()
    assert len(server.heard) == 1
