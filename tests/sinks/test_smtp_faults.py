"""Send over SMTP, to servers that misbehave: nothing is lost, doubled or left hanging."""

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import pytest

from distribute.campaign.campaign import Envelope, Outcome, Receipt
from distribute.errors import (
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from distribute.sinks.smtp import SmtpServer, SmtpSink
from distribute.sinks.smtp_connection import CONNECT, DATA_BLOCK

if TYPE_CHECKING:
    from tests.sinks.conftest import Peer, ScriptedServer

    Start = Callable[..., ScriptedServer]

MESSAGE = b"Subject: x\r\n\r\nHello\r\n.dot\r\n"
DATA = b"Subject: x\r\n\r\nHello\r\n..dot"
ENVELOPE = Envelope(
    id="5/en/a", mail_from="bounces@example.org", rcpt_to="ada@example.net"
)
PATIENCE = 30.0
"""Seconds to wait for a server that will answer; a busy machine may need some."""
BRIEF = 0.05
"""Seconds to wait for one that will not, however long it is given."""
STAGES = (0, 2, 3, 4)
"""Which reply it is on a connection: the greeting, and those to MAIL, RCPT and DATA."""
VERDICT = 5
"""And that to the message; 1 is that to EHLO."""
MAIL, RCPT = b"MAIL FROM:<bounces@example.org>", b"RCPT TO:<ada@example.net>"


@dataclass(frozen=True, kw_only=True)
class Impatient(SmtpServer):
    """Settings that wait briefly for one reply, and for all others as long as it takes.

    So a server that is only slow, as any is on a busy machine, is never taken for silent.
    """

    silent: int
    """Which reply never comes, from 0, over all connections."""
    replies: Iterator[int] = field(default_factory=count)

    def wait(self, seconds: float) -> float:
        """Count the replies; connecting and sending are none."""
        if seconds in {CONNECT, DATA_BLOCK}:
            return PATIENCE
        return BRIEF if next(self.replies) == self.silent else PATIENCE


def settings(server: "ScriptedServer") -> SmtpServer:
    """Give what leads to a server on this machine."""
    return SmtpServer(
        host="127.0.0.1", port=server.port, security="none", timeout=PATIENCE
    )


def encrypted(server: "ScriptedServer") -> SmtpServer:
    """Give the same, with STARTTLS."""
    return replace(settings(server), security="starttls")


def impatient(server: "ScriptedServer", silent: int) -> Impatient:
    """Give the same, for one that never gives this reply."""
    return Impatient(host="127.0.0.1", port=server.port, security="none", silent=silent)


def send(reached: SmtpServer, *, times: int = 1) -> list[Receipt | DeliveryError]:
    """Send the message so many times; errors are results like receipts."""
    sink = SmtpSink(reached)
    results: list[Receipt | DeliveryError] = []
    for _ in range(times):
        try:
            results.append(sink.send(ENVELOPE, MESSAGE))
        except DeliveryError as error:
            results.append(error)
    sink.close()
    return results


def outcomes(results: list[Receipt | DeliveryError]) -> list[str]:
    """Name what happened."""
    return [
        result.outcome if isinstance(result, Receipt) else type(result).__name__
        for result in results
    ]


def whole(peer: "Peer") -> None:
    """Behave, for two messages and QUIT."""
    peer.greet("8BITMIME")
    for _ in range(2):
        peer.accept()
    assert peer.hear() == b"QUIT"
    peer.say("221 bye")


def test_the_whole_conversation(scripted: "Start") -> None:
    """One command at a time, and QUIT at the end."""
    server = scripted(whole)

    assert outcomes(send(settings(server), times=2)) == ["accepted"] * 2
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
    (receipt,) = send(settings(server))

    assert isinstance(receipt, Receipt)
    assert (receipt.enhanced, receipt.text) == ("2.0.0", "kept as 42")
    assert server.heard[0][1] == MAIL + b" SIZE=27"


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

    assert outcomes(send(settings(server))) == ["accepted"]
    assert server.heard[0][:2] == [b"EHLO [127.0.0.1]", b"HELO [127.0.0.1]"]


LOSSES: dict[str, Callable[["Peer"], object]] = {
    "drop": lambda peer: peer.sock.shutdown(2),
    "reset": lambda peer: peer.reset(),
    "garbage": lambda peer: peer.say("HTTP/1.1 400 Bad Request"),
    "nonsense": lambda peer: peer.say("355 what?"),
    "silence": lambda peer: peer.hear(b"never"),
}


@pytest.mark.parametrize("stage", range(4))
@pytest.mark.parametrize("way", LOSSES)
def test_a_connection_lost_before_the_final_dot_is_made_anew(
    scripted: "Start", stage: int, way: str
) -> None:
    """Whatever ended it: nothing was accepted, so the message goes out again, once."""

    def broken(peer: "Peer") -> None:
        misbehave_at(peer, stage, LOSSES[way])

    server = scripted(broken, whole)
    hasty = impatient(server, STAGES[stage])
    results = send(hasty if way == "silence" else settings(server))

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


@pytest.mark.parametrize(
    ("stage", "outcome"),
    [(0, "TransientDeliveryError"), (1, "accepted"), (2, "deferred"), (3, "deferred")],
)
def test_421_ends_the_connection_at_any_stage(
    scripted: "Start", stage: int, outcome: str
) -> None:
    """Before a recipient is named, a new connection is tried at once; later it is theirs."""

    def closing(peer: "Peer") -> None:
        misbehave_at(peer, stage, lambda peer: peer.say("421 4.3.2 closing"))

    server = scripted(closing, whole)

    results = send(settings(server))
    if outcome != "accepted":
        assert "4.3.2" in str(results[0])
        results += send(settings(server))
    assert outcomes(results) == list(dict.fromkeys([outcome, "accepted"]))


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

    assert outcomes(send(settings(server))) == ["accepted"]
    assert [heard.count(DATA) for heard in server.heard] == [0, 1]


def test_a_verdict_that_comes_too_late_is_not_taken_for_another(
    scripted: "Start",
) -> None:
    """After an uncertain end the connection is not used again."""

    def late(peer: "Peer") -> None:
        peer.greet()
        peer.to_data()
        peer.hear_data()
        goes_on = peer.hear()  # comes back when the client has lost its patience
        peer.say("250 kept, at last")
        assert not goes_on, "the client goes on"

    server = scripted(late, whole)
    results = send(impatient(server, VERDICT), times=2)

    assert outcomes(results) == ["uncertain", "accepted"]
    assert server.heard[0][-1] == DATA


def test_a_connection_lost_twice_is_an_error(scripted: "Start") -> None:
    """Nothing was accepted, and nobody is marked; it is not tried for ever."""

    def broken(peer: "Peer") -> None:
        peer.greet()
        peer.hear()

    server = scripted(broken, broken)
    (result,) = send(settings(server))

    assert isinstance(result, TransientDeliveryError)
    assert "connection" in result.reason
    assert [heard[-1] for heard in server.heard] == [MAIL, MAIL]


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
    hasty = impatient(server, VERDICT)
    results = send(hasty if way == "silence" else settings(server), times=2)

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
    sink = SmtpSink(settings(server))

    assert sink.send(ENVELOPE, message).outcome is Outcome.ACCEPTED
    sink.close()
    assert server.heard[1][-1] + b"\r\n" == message


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [("552 5.3.4 too big", "rejected"), ("421 4.3.0 x", "deferred")],
)
def test_a_refusal_inside_the_message_is_heard(
    scripted: "Start", reply: str, outcome: str
) -> None:
    """A server that has had enough says so and hangs up; that is its answer."""
    message = b"Subject: x\r\n\r\n" + (b"y" * 78 + b"\r\n") * 400_000

    def script(peer: "Peer") -> None:
        peer.greet()
        peer.to_data()
        peer.hear(b"y\r\n")
        peer.say(reply)
        peer.sock.shutdown(2)

    server = scripted(script, whole)
    sink = SmtpSink(settings(server))
    receipt = sink.send(ENVELOPE, message)

    assert receipt.outcome == outcome
    assert [sink.send(ENVELOPE, MESSAGE).outcome for _ in range(2)] == ["accepted"] * 2
    sink.close()


def test_421_in_place_of_a_verdict_defers(scripted: "Start") -> None:
    """The server says itself that it has not taken the message."""

    def script(peer: "Peer") -> None:
        peer.greet()
        peer.to_data()
        peer.hear_data()
        peer.say("421 4.3.0 going down")
        assert not peer.hear(), "the client goes on"

    server = scripted(script, whole)

    assert outcomes(send(settings(server), times=2)) == ["deferred", "accepted"]
    assert [heard.count(DATA) for heard in server.heard] == [1, 1]


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

    assert outcomes(send(settings(server), times=4)) == ["accepted"] * 4
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

    assert outcomes(send(settings(server), times=2)) == ["rejected", "accepted"]
    assert server.heard[0][-1] == b"RSET"


def test_a_connection_lost_while_forgetting_is_made_anew(scripted: "Start") -> None:
    """The refusal was heard: it stands."""

    def script(peer: "Peer") -> None:
        misbehave_at(peer, 2, lambda peer: peer.say("550 5.1.1 no"))
        peer.hear()

    server = scripted(script, whole)

    assert outcomes(send(settings(server), times=2)) == ["rejected", "accepted"]


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

    server = scripted(script)
    reached = replace(settings(server), username="news", password="s3cret")
    result = send(reached)[0]

    assert server.heard[0][1 : len(heard) + 1] == heard
    accepted = replies[-1].startswith("235")
    assert outcomes([result]) == ["accepted" if accepted else "TransientDeliveryError"]


def test_a_refused_greeting_of_ours_is_an_error(scripted: "Start") -> None:
    """Some servers want a name they know: the error says which one we gave."""

    def script(peer: "Peer") -> None:
        peer.say("220 mail.example.org")
        for reply in ("550 5.7.1 who?", "550 5.7.1 who?"):
            peer.hear()
            peer.say(reply)

    (result,) = send(settings(scripted(script)))

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

    (result,) = send(settings(scripted(script)))

    assert isinstance(result, TransientDeliveryError)
    assert "[127.0.0.1] for now: 450 4.3.2 busy" in result.reason


def test_a_refused_data_command_is_a_receipt(scripted: "Start") -> None:
    """As some servers do when no recipient is left."""

    def script(peer: "Peer") -> None:
        peer.greet()
        for reply in ("250 ok", "250 ok", "554 5.5.1 no valid recipients", "250 reset"):
            peer.hear()
            peer.say(reply)
        peer.accept()

    server = scripted(script)

    assert outcomes(send(settings(server), times=2)) == ["rejected", "accepted"]


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        ("554 5.7.1 not you", PermanentDeliveryError),
        ("421 4.7.0 too many connections", TransientDeliveryError),
        ("450 later", TransientDeliveryError),
    ],
)
def test_a_server_that_does_not_want_us(
    scripted: "Start", greeting: str, error: type[DeliveryError]
) -> None:
    """Its words are in the error."""
    (result,) = send(settings(scripted(lambda peer: peer.say(greeting))))

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
    reached = replace(settings(server), timeout=0.2)

    assert outcomes(send(reached)) == ["LostConnectionError"]
    assert not heard_out


def test_plain_text_before_tls_is_refused(scripted: "Start") -> None:
    """Commands or replies injected before the handshake are an attack (RFC 3207)."""

    def script(peer: "Peer") -> None:
        peer.greet("STARTTLS")
        peer.hear()
        peer.say("220 go ahead", "250-mail.example.org", "250 AUTH PLAIN")
        peer.hear()

    (result,) = send(encrypted(scripted(script)))

    assert isinstance(result, PermanentDeliveryError)
    assert "before TLS" in result.reason


def test_a_refused_starttls_sends_nothing(scripted: "Start") -> None:
    """For now is for now; plain text is not the way out."""

    def script(peer: "Peer") -> None:
        peer.greet("STARTTLS")
        peer.hear()
        peer.say("454 4.7.0 TLS not available")
        assert not peer.hear()

    server = scripted(script)

    assert outcomes(send(encrypted(server))) == ["TransientDeliveryError"]
    assert server.heard == [[b"EHLO [127.0.0.1]", b"STARTTLS"]]


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

    assert outcomes(send(encrypted(scripted(nonsense)))) == ["PermanentDeliveryError"]
    assert outcomes(send(encrypted(scripted(hang_up, hang_up)))) == [
        "LostConnectionError"
    ]


def test_a_server_without_smtputf8_is_not_asked(scripted: "Start") -> None:
    """The receipt says why; the next recipient goes over the same connection."""

    def script(peer: "Peer") -> None:
        peer.greet("8BITMIME")
        peer.accept()

    server = scripted(script)
    sink = SmtpSink(settings(server))
    envelope = Envelope(
        id="5/en/b", mail_from="", rcpt_to="józef@example.net", smtputf8=True
    )
    skipped = sink.send(envelope, MESSAGE)

    assert skipped.outcome is Outcome.REJECTED
    assert "SMTPUTF8" in skipped.text
    assert sink.send(ENVELOPE, MESSAGE).outcome is Outcome.ACCEPTED
    sink.close()
    assert len(server.heard) == 1


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
        sink.send(ENVELOPE, MESSAGE)
    assert len(server.heard[0]) == 1
