"""What is said to a mail server: commands and message data, as bytes (RFC 5321).

No socket here. Nothing from outside can end a command or start another: `command` is
the only way to make one, and refuses control characters.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence

from distribute.campaign.campaign import Envelope, Outcome, Receipt
from distribute.errors import PermanentDeliveryError

_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
"""No control character, line separator or lone surrogate."""
_PATH = re.compile(
    r"[^\s\x00-\x20\x7f-\x9f\ud800-\udfff<>@]+@[^\s\x00-\x20\x7f-\x9f\ud800-\udfff<>@]+"
)
"""One ``@`` and nothing that ends a path (RFC 5321 section 4.1.2): no space, no ``>``."""

Extensions = Mapping[str, Sequence[str]]
"""What the server offers: keywords of its EHLO reply, each with its parameters."""

DATA = b"DATA\r\n"
RSET = b"RSET\r\n"
QUIT = b"QUIT\r\n"
STARTTLS = b"STARTTLS\r\n"


def command(text: str) -> bytes:
    """Write a command line; raises `PermanentDeliveryError` rather than two of them."""
    if not _PRINTABLE.fullmatch(text):
        raise PermanentDeliveryError(
            f"refused to send an SMTP command with a control character: {text!r}",
            hint="Correct the address or host name in it.",
        )
    return f"{text}\r\n".encode()


def mail(envelope: Envelope, message: bytes, extensions: Extensions) -> bytes:
    """Write the MAIL command with the parameters that the server knows.

    SIZE is RFC 1870, BODY RFC 6152, SMTPUTF8 RFC 6531.
    """
    if envelope.mail_from and not _PATH.fullmatch(envelope.mail_from):
        raise PermanentDeliveryError(
            f"{envelope.mail_from!r} cannot be the sender of a message",
            hint="Correct `bounces` or `from` in [sender].",
        )
    parameters = ""
    if "SIZE" in extensions:
        parameters += f" SIZE={len(message)}"
    if not message.isascii() and "8BITMIME" in extensions:
        parameters += " BODY=8BITMIME"
    if needs_smtputf8(envelope):
        parameters += " SMTPUTF8"
    return command(f"MAIL FROM:<{envelope.mail_from}>{parameters}")


def rcpt(envelope: Envelope) -> bytes:
    """Write the RCPT command."""
    return command(f"RCPT TO:<{envelope.rcpt_to}>")


def auth_plain(username: str, password: str) -> str:
    """Encode the message of SASL PLAIN (RFC 4616)."""
    return base64_of(f"\0{username}\0{password}")


def base64_of(text: str) -> str:
    """Encode one answer of an AUTH exchange (RFC 4954 section 4)."""
    return b64encode(text.encode("utf-8")).decode("ascii")


def data(message: bytes) -> bytes:
    r"""Write message data: dots doubled at line starts, and the dot that ends it.

    See RFC 5321 section 4.5.2. Raises `PermanentDeliveryError` for a bare CR or LF,
    which servers take for different things (section 2.3.8).

    >>> data(b"one\r\n.two\r\n")
    b'one\r\n..two\r\n.\r\n'
    """
    ends = message.count(b"\r\n")
    if message.count(b"\n") != ends or message.count(b"\r") != ends:
        raise PermanentDeliveryError(
            "the message has a line that does not end in CRLF",
            hint="Compose it again; this is a mistake of the program that made it.",
        )
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    if message.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed + (b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n")


def needs_smtputf8(envelope: Envelope) -> bool:
    """Tell whether an address of the envelope is beyond ASCII."""
    return envelope.smtputf8 or not (envelope.rcpt_to + envelope.mail_from).isascii()


def objection(
    envelope: Envelope, message: bytes, extensions: Extensions
) -> Receipt | None:
    """Say why this recipient cannot be served by this server, before asking it.

    Enhanced status codes as a server would give them (RFC 3463, RFC 6531).
    """
    if not _PATH.fullmatch(envelope.rcpt_to):
        return _rejected("5.1.3", f"{envelope.rcpt_to!r} is not an address")
    if needs_smtputf8(envelope) and "SMTPUTF8" not in extensions:
        return _rejected(
            "5.6.7",
            f"{envelope.rcpt_to} is not ASCII and the server does not offer SMTPUTF8",
        )
    if not message.isascii() and "8BITMIME" not in extensions:
        return _rejected(
            "5.6.3", "the message is not ASCII and the server does not offer 8BITMIME"
        )
    return None


def check_size(message: bytes, extensions: Extensions) -> None:
    """Raise `PermanentDeliveryError` for more octets than the server takes (RFC 1870)."""
    limit = next(iter(extensions.get("SIZE", ())), "0")
    if limit.isascii() and limit.isdigit() and 0 < int(limit) < len(message):
        raise PermanentDeliveryError(
            f"the message has {len(message):,} octets, the server takes {int(limit):,}",
            hint="Shorten the issue, or ask the server's owner for a higher limit.",
        )


def _rejected(enhanced: str, reason: str) -> Receipt:
    return Receipt(outcome=Outcome.REJECTED, enhanced=enhanced, text=reason)
