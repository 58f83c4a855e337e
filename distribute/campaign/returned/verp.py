"""Which delivery it is about, from places that only we could have written to.

A delivery's id cannot be guessed, so whoever shows it has seen that message. It is looked
for in addresses and fields that a machine copies, never in free text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from distribute.campaign.returned.header import Header, addresses
from distribute.mailbox import Mailbox

_ID = r"(?P<id>[0-9a-fA-F]{24})"
_ENVELOPE_ID = re.compile(rf"(?:.*[/.])?{_ID}")
_MESSAGE_ID = re.compile(rf"[^<>\s@]{{0,99}}\.{_ID}@(?P<domain>[^<>\s@]{{1,255}})")
_UNSUBSCRIBE = re.compile(
    rf"<mailto:[^<>]*[?&]subject=unsubscribe\s+{_ID}\b[^<>]*>", re.I
)
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_RECEIVED_FOR = re.compile(r"\bfor\s+<([^<>\s]{3,320})>")
_ENVELOPE_FIELDS = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-rcpt-to",
    "x-delivered-to",
    "to",
    "cc",
)
"""Where servers and programs that fetch mail write down whom they took it for."""
_MOST_RECEIVED = 5


@dataclass(frozen=True, slots=True)
class Ours:
    """What tells our mail from everybody else's."""

    bounces: Mailbox
    """Where bounces go; with VERP an id stands behind its local part (RFC 5233)."""
    domains: frozenset[str] = frozenset()
    """Of our Message-IDs; empty means: whatever domain there is."""
    _verp: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        local = re.escape(self.bounces.address.rpartition("@")[0])
        domain = "|".join(
            re.escape(address.rpartition("@")[2])
            for address in sorted({self.bounces.address, self.bounces.wire_address})
        )
        pattern = re.compile(rf"(?:.*=)?{local}\+{_ID}@(?:{domain})\.?", re.IGNORECASE)
        object.__setattr__(self, "_verp", pattern)

    def in_address(self, address: str) -> str:
        """Find the id in ``bounces+<id>@example.org``; BATV may stand before it."""
        return _id(self._verp.fullmatch(address.strip("<> ")))

    def in_message_id(self, value: str) -> str:
        """Find the id in ``<5-pt-br.<id>@example.org>``, or in several of them."""
        known = {domain.lower() for domain in self.domains}
        for found in _MESSAGE_ID.finditer(value):
            if not known or found["domain"].lower().rstrip(".") in known:
                return _id(found)
        return ""


def envelope_delivery(header: Header, ours: Ours) -> str:
    """Find the id in the address that a message was sent to."""
    found = (ours.in_address(address) for address in _sent_to(header))
    return next(filter(None, found), "")


def returned_delivery(header: Header, ours: Ours) -> str:
    """Find the id in the header of our own message, as it was returned."""
    return (
        ours.in_message_id(header.first("message-id", "x-message-id"))
        or ours.in_address(header.first("return-path"))
        or unsubscribe_delivery(header.first("list-unsubscribe"))
    )


def answered_delivery(header: Header, ours: Ours) -> str:
    """Find the id of the message that this one answers (RFC 5322 section 3.6.4)."""
    return ours.in_message_id(
        " ".join((header.first("in-reply-to"), header.first("references")))
    )


def unsubscribe_delivery(value: str) -> str:
    """Find the id in List-Unsubscribe."""
    return _id(_UNSUBSCRIBE.search(unquote(value)))


def envelope_id_delivery(value: str) -> str:
    """Find the id in Original-Envelope-Id, which may still be xtext (RFC 3461 section 4)."""
    return _id(_ENVELOPE_ID.fullmatch(from_xtext(value.strip())))


def from_xtext(value: str) -> str:
    """Undo xtext: ``+3D`` is ``=`` (RFC 3461 section 4)."""
    return _XTEXT.sub(lambda found: chr(int(found[1], 16)), value)


def _sent_to(header: Header) -> Iterator[str]:
    for name in _ENVELOPE_FIELDS:
        for value in header.all(name):
            yield from addresses(value)
    for value in header.all("received")[:_MOST_RECEIVED]:
        yield from _RECEIVED_FOR.findall(value)


def _id(found: re.Match[str] | None) -> str:
    return found["id"].lower() if found else ""
