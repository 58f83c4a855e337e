"""What the tests with scripted servers share: one message, sent again and again."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

import pytest

from distribute.campaign.campaign import Receipt, Turn
from distribute.errors import DeliveryError
from distribute.sinks.smtp import sink as module
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
"""Seconds to wait for one that goes on and on."""


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


class HurriedSink(SmtpSink):
    """Loses its patience with a server that has fallen silent, and with no other.

    Its clock leaps then, so that nobody has to wait, nor to be quick at anything else.
    """

    def __init__(self, server: SmtpServer, silent: Event) -> None:
        super().__init__(server)
        self._silent, self._ahead = silent, 0.0

    def clock(self) -> float:
        """Tell the time by its own clock."""
        return time.monotonic() + self._ahead

    def turn(self, wait: float) -> Turn:
        """Have a turn; what was said before the silence has been heard by its end."""
        was_silent = self._silent.is_set()
        turn = super().turn(min(wait, 0.02))
        if was_silent:
            self._silent.clear()
            self._ahead += 2 * PATIENCE
        return turn


def attempts(
    reached: SmtpServer, *, times: int = 1, silent: Event | None = None
) -> list[Receipt | DeliveryError]:
    """Send the message so many times, by one sink; errors are results like receipts.

    Patience ends when a server is `silent`.
    """
    results: list[Receipt | DeliveryError] = []
    hurried = HurriedSink(reached, silent or Event())
    with closing(hurried) as sink, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "monotonic", hurried.clock)
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
    "silence": lambda peer: peer.fall_silent(),
}
