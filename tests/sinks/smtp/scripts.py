"""What the tests with scripted servers share: one message, sent again and again."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from distribute.campaign.campaign import Receipt
from distribute.errors import DeliveryError
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.sink import SmtpSink
from tests.sinks.driver import parcel_to, send

if TYPE_CHECKING:
    from tests.sinks.conftest import Peer, ScriptedServer

MESSAGE = b"Subject: x\r\n\r\nHello\r\n.dot\r\n"
DATA = b"Subject: x\r\n\r\nHello\r\n..dot"
"""The same as it travels."""
PARCEL = parcel_to("ada@example.net", MESSAGE)
MAIL, RCPT = b"MAIL FROM:<bounces@example.org>", b"RCPT TO:<ada@example.net>"
LARGE = b"Subject: x\r\n\r\n" + (b"y" * 78 + b"\r\n") * 200_000
"""More than the network takes at once."""
PATIENCE = 30.0
"""Seconds to wait for a server that will answer; a busy machine may need some."""
BRIEF = 0.6
"""Seconds to wait for one that will not."""


def reach(port: int) -> SmtpServer:
    """Give what leads to a port of this machine."""
    return SmtpServer(host="127.0.0.1", port=port, security="none", timeout=PATIENCE)


def cut_off(peer: "Peer") -> None:
    """Break off amid a large message."""
    peer.greet()
    peer.to_data()
    peer.hear(b"y\r\n")
    peer.reset()


def settings(server: "ScriptedServer", *, timeout: float = PATIENCE) -> SmtpServer:
    """Give what leads to a server on this machine."""
    return replace(reach(server.port), timeout=timeout)


def hasty(server: "ScriptedServer") -> SmtpServer:
    """Give the same, with patience for a server that may recover: for two failures."""
    return replace(settings(server), patience=0.01)


def encrypted(server: "ScriptedServer") -> SmtpServer:
    """Give the same, with STARTTLS."""
    return replace(settings(server), security="starttls")


def attempts(reached: SmtpServer, *, times: int = 1) -> list[Receipt | DeliveryError]:
    """Send the message so many times, by one sink; errors are results like receipts."""
    results: list[Receipt | DeliveryError] = []
    with closing(SmtpSink(reached)) as sink:
        for _ in range(times):
            try:
                results.append(send(sink, PARCEL))
            except DeliveryError as error:
                results.append(error)
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


LOSSES: dict[str, Callable[["Peer"], object]] = {
    "drop": lambda peer: peer.sock.shutdown(2),
    "reset": lambda peer: peer.reset(),
    "garbage": lambda peer: peer.say("HTTP/1.1 400 Bad Request"),
    "nonsense": lambda peer: peer.say("355 what?"),
    "silence": lambda peer: peer.hear(b"never"),
}


def patient_or_not(server: "ScriptedServer", way: str) -> SmtpServer:
    """Give what leads to a server; one that falls silent is not waited for long."""
    return settings(server, timeout=BRIEF if way == "silence" else PATIENCE)
