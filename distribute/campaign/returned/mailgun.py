"""What Mailgun tells: events by webhook, each in an envelope with its signature.

Its events API gives the same events without envelopes, in lists.
"""

import re

from distribute.campaign.returned import document, status
from distribute.campaign.returned.address import tidy
from distribute.campaign.returned.clean import cleaned
from distribute.campaign.returned.header import Header
from distribute.campaign.returned.identity import identity_of_words
from distribute.campaign.returned.report import Kind, Report, Returned
from distribute.campaign.returned.verp import Ours, returned_delivery

_KINDS = {
    "failed": Kind.FAILED,
    "rejected": Kind.UNKNOWN,
    "complained": Kind.COMPLAINT,
    "unsubscribed": Kind.LEAVE,
    "delivered": Kind.DELIVERED,
    "accepted": Kind.AUTOMATIC,
    "opened": Kind.AUTOMATIC,
    "clicked": Kind.AUTOMATIC,
    "stored": Kind.AUTOMATIC,
}
_REPLY = re.compile(r"[245]\d\d")
"""Others, such as 605, are Mailgun's own."""
_HOPELESS = {"suppress-bounce": "5.1.1", "bounce": "5.0.0", "hardfail": "5.0.0"}
"""Status by reason, where the far server's words tell none."""


def read_mailgun(found: object, ours: Ours) -> Returned | None:
    """Read one event, in its envelope or without; `None` if it is not one of Mailgun."""
    event = document.values(found, "event-data") or document.values(found)
    told = document.text(event, "event")
    if not told or not document.text(event, "id"):
        return None
    return Returned(
        identity=identity_of_words(
            "mailgun",
            told,
            document.text(event, "id"),
            document.text(event, "timestamp"),
            document.text(event, "recipient"),
        ),
        reports=(_report(told, event, ours),),
        message_id=cleaned(
            document.text(event, "message", "headers", "message-id"), 200
        ),
    )


def _report(told: str, event: object, ours: Ours) -> Report:
    words = _words(event)
    return Report(
        kind=_kind(told, event),
        recipient=tidy(document.text(event, "recipient")),
        delivery=_delivery(event, ours),
        status=_status(event, words) if told == "failed" else "",
        code=_code(event),
        text=cleaned(words or document.text(event, "reason") or told),
        source="mailgun",
    )


def _kind(told: str, event: object) -> Kind:
    if told == "failed" and document.text(event, "severity") == "temporary":
        return Kind.DELAYED
    if document.text(event, "reason") in {"suppress-unsubscribe", "suppress-complaint"}:
        return Kind.AUTOMATIC  # it had told so before, and sent nothing this time
    return _KINDS.get(told, Kind.UNKNOWN)


def _words(event: object) -> str:
    told = document.text(event, "delivery-status", "message")
    return told or document.text(event, "delivery-status", "description")


def _code(event: object) -> int:
    told = document.text(event, "delivery-status", "code")
    return int(told) if _REPLY.fullmatch(told) else status.reply(_words(event))


def _status(event: object, words: str) -> str:
    told = document.text(event, "delivery-status", "enhanced-code")
    code = status.combined(told, words)
    if document.text(event, "severity") == "temporary":
        return status.softened(code or "4.0.0")
    return code or _HOPELESS.get(document.text(event, "reason"), "")


def _delivery(event: object, ours: Ours) -> str:
    headers = document.values(event, "message", "headers")
    named = tuple((name.lower(), document.text(headers, name)) for name in headers)
    bare = document.text(headers, "message-id")
    return (
        ours.in_address(document.text(event, "envelope", "sender"))
        or ours.in_message_id(f"<{bare}>")
        or returned_delivery(Header(named), ours)
    )
