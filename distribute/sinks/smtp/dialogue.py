"""How a part of a conversation is written: steps come out, replies go in. No socket here.

Each part is a generator. Whoever has the connection carries out the step it yields and
sends it the reply, and so the order of things stands in one place and can be read.
"""

from collections.abc import Generator
from typing import NamedTuple, TypeAlias, TypeVar

from distribute.errors import (
    DeliveryError,
    LostConnectionError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from distribute.sinks.smtp.replies import Reply
from distribute.sinks.smtp.waits import COMMAND


class Say(NamedTuple):
    """Send some octets, then wait for one reply and send it back."""

    content: bytes
    """Whole lines; empty where it is the server's turn to speak."""
    wait: float = COMMAND
    """Seconds that the standard gives the server, before `SmtpServer.wait` cuts them."""


class StartTls(NamedTuple):
    """Go on with TLS, check certificate and host name, and send back `None`.

    Nothing may be left over of what was received before, neither octets nor replies:
    that came in plain text, perhaps from somebody in between, and would be taken for the
    server's answer to what is said under TLS (RFC 3207 section 4.2).
    """

    wait: float = COMMAND


Result = TypeVar("Result")
Dialogue: TypeAlias = Generator[Say | StartTls, Reply | None, Result]


def ask(content: bytes, wait: float = COMMAND) -> Dialogue[Reply]:
    """Say something and give the reply."""
    reply = yield Say(content, wait)
    if reply is None:
        raise TypeError("what was said has a reply; send it")
    return reply


def refused(reply: Reply, what: str, *, hint: str = "") -> DeliveryError:
    """Make the error for a reply that would meet any recipient."""
    if reply.is_transient:
        return TransientDeliveryError(
            f"the server refused {what} for now: {reply}",
            hint=hint or "Run the same command again later.",
        )
    if reply.is_permanent:
        return PermanentDeliveryError(
            f"the server refused {what}: {reply}",
            hint=hint or "Ask the server's owner why.",
        )
    return LostConnectionError(f"the server gave an answer out of turn: {reply}")
