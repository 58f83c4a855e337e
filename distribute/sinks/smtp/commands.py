"""What is said to a mail server: commands and message data, as bytes (RFC 5321).

No socket here. Nothing from outside can end a command or start another: a line is made
of words that were looked through, or refused.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache

from distribute.campaign.campaign import Envelope, Message, Outcome, Parcel, Receipt
from distribute.errors import PermanentDeliveryError

_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*")
"""No control character, line separator or lone surrogate."""
_PATH = re.compile(
    r"[^\s\x00-\x20\x7f-\x9f\ud800-\udfff<>@]+@[^\s\x00-\x20\x7f-\x9f\ud800-\udfff<>@]+"
)
"""One ``@`` and nothing that ends a path (RFC 5321 section 4.1.2): no space, no ``>``."""
_NOT_XTEXT = re.compile(r"[^!-*,-<>-~]")
_NOT_UNITEXT = re.compile(r"[+=\\]")
_LONGEST_ENVID, _LONGEST_ORCPT = 100, 500
"""Octets that every server with DSN takes (RFC 3461 section 4)."""

Extensions = Mapping[str, Sequence[str]]
"""What the server offers: keywords of its EHLO reply, each with its parameters."""

RSET = b"RSET\r\n"
QUIT = b"QUIT\r\n"
STARTTLS = b"STARTTLS\r\n"
END_OF_DATA = b".\r\n"
"""Ends a message that ends in CRLF (RFC 5321 section 4.1.1.4)."""


def command(text: str) -> bytes:
    """Write a command line; raises `PermanentDeliveryError` rather than two of them."""
    if not _PRINTABLE.fullmatch(text):
        raise PermanentDeliveryError(
            f"refused to send an SMTP command with a control character: {text!r}",
            hint="Correct the address or host name in it.",
        )
    return f"{text}\r\n".encode()


def answer(response: bytes) -> bytes:
    """Write one answer of an AUTH exchange (RFC 4954 section 4)."""
    return b64encode(response) + b"\r\n"


def envelope_commands(parcel: Parcel, extensions: Extensions) -> bytes:
    """Write the MAIL, RCPT and DATA lines of one message, each with its CRLF.

    With the parameters that the server knows and this message needs: SIZE is RFC 1870,
    BODY RFC 6152, SMTPUTF8 RFC 6531, RET, ENVID, NOTIFY and ORCPT are RFC 3461. Ask
    `objection` first. Raises `PermanentDeliveryError` for a sender that is no path, and,
    should nobody have asked, for such a recipient.
    """
    envelope, message = parcel.envelope, parcel.message
    recipient = envelope.rcpt_to
    if not _PATH.fullmatch(recipient):
        raise PermanentDeliveryError(
            f"refused to send an SMTP command with a forged address: {recipient!r}",
            hint="This is a mistake of the program; nothing has left.",
        )
    sender = _sender(envelope.mail_from)
    size = f" SIZE={message.size}" if "SIZE" in extensions else ""
    eight_bit = utf8 = ret = notify = ""
    if needs_smtputf8(envelope):
        utf8 = " SMTPUTF8"
    if (utf8 or not message.tidy) and "8BITMIME" in extensions and _is_8bit(message):
        eight_bit = " BODY=8BITMIME"
    if "DSN" in extensions:
        ret = f" RET=HDRS{_envid(parcel)}"
        notify = f" NOTIFY=FAILURE{_orcpt(recipient)}"
    return (
        f"MAIL FROM:<{sender}>{size}{eight_bit}{utf8}{ret}\r\n"
        f"RCPT TO:<{recipient}>{notify}\r\nDATA\r\n"
    ).encode()


def objection(parcel: Parcel, extensions: Extensions) -> Receipt | None:
    """Say why this recipient cannot be served by this server, before asking it.

    Enhanced status codes are as a server would give them (RFC 3463, RFC 6531). Raises
    `PermanentDeliveryError` for more octets than the server takes (RFC 1870): that would
    befall everybody who gets the edition.
    """
    envelope, message = parcel.envelope, parcel.message
    sizes = extensions.get("SIZE")
    if sizes and 0 < _limit(sizes[0]) < message.size:
        raise _too_large(parcel, _limit(sizes[0]))
    if not _PATH.fullmatch(envelope.rcpt_to):
        return _rejected("5.1.3", f"{envelope.rcpt_to!r} is not an address")
    if needs_smtputf8(envelope) and "SMTPUTF8" not in extensions:
        return _rejected(
            "5.6.7",
            f"{envelope.rcpt_to} is not ASCII and the server does not offer SMTPUTF8",
        )
    if not message.tidy and "8BITMIME" not in extensions and _is_8bit(message):
        return _rejected(
            "5.6.3", "the message is not ASCII and the server does not offer 8BITMIME"
        )
    return None


def data(message: bytes) -> bytes:
    r"""Write message data: dots doubled at line starts, and the dot that ends it.

    For a `Message` that is not tidy; a tidy one is followed by `END_OF_DATA` as it is.
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
    return (
        envelope.smtputf8
        or not envelope.rcpt_to.isascii()
        or not envelope.mail_from.isascii()
    )


def xtext(text: str) -> str:
    """Encode ASCII as a parameter's value (RFC 3461 section 4).

    >>> xtext("ada+news@example.org")
    'ada+2Bnews@example.org'
    """
    return _NOT_XTEXT.sub(lambda found: f"+{ord(found[0]):02X}", text)


@lru_cache(maxsize=64)
def _sender(mail_from: str) -> str:
    """Check the reverse-path, which nearly always is that of the message before."""
    if mail_from and not _PATH.fullmatch(mail_from):
        raise PermanentDeliveryError(
            f"{mail_from!r} cannot be the sender of a message",
            hint="Correct `bounces` or `from` in [sender].",
        )
    return mail_from


@lru_cache(maxsize=64)
def _limit(parameter: str) -> int:
    """Read the parameter of SIZE; 0, as in the standard, means that there is no limit."""
    is_number = parameter.isascii() and parameter.isdigit() and len(parameter) <= 20
    return int(parameter) if is_number else 0


def _is_8bit(message: Message) -> bool:
    return not all(map(bytes.isascii, message.pieces))


def _envid(parcel: Parcel) -> str:
    """Name the envelope, so that a report about it can be told apart (section 4.4).

    The delivery's id alone where the whole is too long or not printable ASCII.
    """
    for name in (parcel.envelope.id, parcel.id):
        if name and name.isascii() and name.isprintable():
            encoded = xtext(name)
            if len(encoded) <= _LONGEST_ENVID:
                return f" ENVID={encoded}"
    return ""


def _orcpt(recipient: str) -> str:
    """Name the recipient as we know it (section 4.2; beyond ASCII RFC 6533 section 3)."""
    if recipient.isascii():
        value = f"rfc822;{xtext(recipient)}"
    else:
        value = f"utf-8;{_unitext(recipient)}"
    return f" ORCPT={value}" if len(value.encode()) <= _LONGEST_ORCPT else ""


def _unitext(address: str) -> str:
    return _NOT_UNITEXT.sub(lambda found: rf"\x{{{ord(found[0]):02X}}}", address)


def _too_large(parcel: Parcel, limit: int) -> PermanentDeliveryError:
    edition = parcel.envelope.id.rpartition("/")[0] or parcel.envelope.id
    return PermanentDeliveryError(
        f"a message of {edition} has {parcel.message.size:,} octets, "
        f"the server takes {limit:,}",
        hint="Shorten the issue, or ask the server's owner for a higher limit.",
    )


def _rejected(enhanced: str, reason: str) -> Receipt:
    return Receipt(outcome=Outcome.REJECTED, enhanced=enhanced, text=reason)
