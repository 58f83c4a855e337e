"""What nearly every transaction says and hears, in one step each.

Several ten thousand times a second the same four commands meet the same four replies.
For anything else these functions give nothing, and the general ones are asked; where they
give something it is the very same (the tests compare them).
"""

import re
from functools import lru_cache

from distribute.campaign.campaign import Outcome, Parcel, Receipt, Stage
from distribute.sinks.smtp.commands import Extensions

_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^-~]+@[A-Za-z0-9.-]+")
"""ASCII without anything that begins, ends or quotes: what most addresses are."""
_ACCEPTED = re.compile(rb"250 (?:(2\.\d{1,3}\.\d{1,3}) )?([!-~](?:[ -~]{0,300}[!-~])?)")
_GO_ON = re.compile(rb"250 [ -~]*\r\n25[01] [ -~]*\r\n354 [ -~]*\r\n")
"""The next sender and recipient are taken: say the message."""
_LONGEST = 2000
"""Octets of what is usual."""
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?: |$)")


class UsualEnvelope:
    """Writes MAIL, RCPT and DATA for one server."""

    def __init__(self, extensions: Extensions) -> None:
        self._sender = ""
        self._head = "MAIL FROM:<> SIZE="
        """All that comes before the size, once the sender is known to be harmless."""
        self._is_usual = "DSN" not in extensions and "SIZE" in extensions
        limit = (*extensions.get("SIZE", ()), "0")[0]
        self._limit = int(limit) if limit.isdecimal() and limit.isascii() else 0

    def write(self, parcel: Parcel) -> bytes | None:
        """Write the three lines; nothing for what is not usual, or to be refused."""
        envelope, size = parcel.envelope, parcel.message.size
        if not self._is_usual or envelope.smtputf8 or not parcel.message.tidy:
            return None
        if size > self._limit > 0 or not _ADDRESS.fullmatch(envelope.rcpt_to):
            return None
        if envelope.mail_from != self._sender:
            if not _ADDRESS.fullmatch(envelope.mail_from):
                return None
            self._sender = envelope.mail_from
            self._head = f"MAIL FROM:<{self._sender}> SIZE="
        return (
            f"{self._head}{size}\r\nRCPT TO:<{envelope.rcpt_to}>\r\nDATA\r\n"
        ).encode("ascii")


def usual_verdict(buffer: bytes) -> Receipt | None:
    """Read that a message was accepted and the next may come, if that is all there is.

    Gives the receipt of the first; the other replies say nothing of interest.
    """
    if len(buffer) > _LONGEST:
        return None
    first, _, rest = buffer.partition(b"\r\n")
    found = _ACCEPTED.fullmatch(first)
    if found is None or not _goes_on(rest):
        return None
    enhanced, text = found[1], found[2].decode("ascii")
    if enhanced is None:
        if _ENHANCED.match(text):
            return None
        return Receipt(Outcome.ACCEPTED, 250, "", text, Stage.END)
    return Receipt(Outcome.ACCEPTED, 250, enhanced.decode("ascii"), text, Stage.END)


@lru_cache(maxsize=64)
def _goes_on(rest: bytes) -> bool:
    """Tell whether the next message may come; servers say it in the same words."""
    return _GO_ON.fullmatch(rest) is not None
