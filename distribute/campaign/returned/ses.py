"""What Amazon SES tells by SNS: bounces, complaints, deliveries, delays.

As an SNS notification, as its bare message (raw delivery), or as an event that a
configuration set publishes: they differ in the envelope and in the name of one field.
"""

from collections.abc import Iterator
from dataclasses import replace

from distribute.campaign.returned import document, status
from distribute.campaign.returned.address import tidy
from distribute.campaign.returned.clean import cleaned
from distribute.campaign.returned.document import Values
from distribute.campaign.returned.header import Header
from distribute.campaign.returned.identity import identity_of_words
from distribute.campaign.returned.report import Kind, Report, Returned
from distribute.campaign.returned.verp import Ours, returned_delivery

_KINDS = {
    "bounce": Kind.FAILED,
    "complaint": Kind.COMPLAINT,
    "delivery": Kind.DELIVERED,
    "deliverydelay": Kind.DELAYED,
}
_WHO = {
    "bounce": "bouncedRecipients",
    "complaint": "complainedRecipients",
    "deliverydelay": "delayedRecipients",
}
_TRANSIENT = {"MailboxFull": "4.2.2", "MessageTooLarge": "4.3.4"}
_PERMANENT = {"NoEmail": "5.1.1", "ContentRejected": "5.7.1"}
"""Status by bounceSubType, where no server's own words are told."""


def read_ses(found: object, ours: Ours) -> Returned | None:
    """Read one notification; `None` if it is not one of SES."""
    message = _message(found)
    told = document.text(message, "notificationType") or document.text(
        message, "eventType"
    )
    kind = told.lower().replace(" ", "")
    if not told or not document.values(message, "mail"):
        return None
    details = document.values(message, _name_of(message, kind))
    delivery = _delivery(message, ours)
    return Returned(
        identity=identity_of_words(
            "ses",
            kind,
            document.text(details, "feedbackId"),
            document.text(message, "mail", "messageId"),
            document.text(details, "timestamp"),
        ),
        reports=tuple(
            replace(report, delivery=delivery)
            for report in _reports(kind, details, message)
        ),
        message_id=cleaned(document.text(message, "mail", "messageId"), 200),
    )


def _message(found: object) -> object:
    """Take what SES says out of what SNS wraps around it."""
    inner = document.text(found, "Message")
    if not inner or document.values(found, "mail"):
        return found
    return document.parse(inner.encode("utf-8", "replace"), provider="SES")


def _name_of(message: object, kind: str) -> str:
    names = (name for name in document.values(message) if name.lower() == kind)
    return next(names, kind)


def _reports(kind: str, details: Values, message: object) -> Iterator[Report]:
    recipients = document.items(details, _WHO.get(kind, ""))
    addressed = document.values(message, "mail").get("destination")
    if not recipients and isinstance(addressed, list):
        recipients = tuple({"emailAddress": each} for each in addressed)
    for recipient in recipients or ({},):
        yield _report(kind, details, recipient)


def _report(kind: str, details: Values, recipient: Values) -> Report:
    words = document.text(recipient, "diagnosticCode")
    said = words.partition(";")[2].strip() or words
    code = status.combined(document.text(recipient, "status"), said)
    return Report(
        kind=Kind.AUTOMATIC if _is_an_answer(details, code) else _kind(kind, details),
        recipient=tidy(document.text(recipient, "emailAddress")),
        status=code if kind != "bounce" else _status(details, code),
        code=status.reply(said),
        text=cleaned(said or _why(kind, details)),
        source="ses",
    )


def _is_an_answer(details: Values, code: str) -> bool:
    """Tell whether SES took an answer by machine for a bounce: no server refused."""
    kind = document.text(details, "bounceType"), document.text(details, "bounceSubType")
    return kind == ("Transient", "General") and not code


def _status(details: Values, code: str) -> str:
    """Fill in what SES knows of a bounce; what is transient for it is never permanent."""
    kind = document.text(details, "bounceType")
    detail = document.text(details, "bounceSubType")
    match kind:
        case "Permanent":
            return code or _PERMANENT.get(detail, "5.0.0")
        case "Transient":
            return status.softened(code or _TRANSIENT.get(detail, ""))
        case _:
            return code


def _kind(kind: str, details: Values) -> Kind:
    if kind == "bounce" and document.text(details, "bounceType") == "Undetermined":
        return Kind.UNKNOWN
    if kind == "complaint" and _is_no_complaint(details):
        return Kind.AUTOMATIC
    return _KINDS.get(kind, Kind.UNKNOWN)


def _is_no_complaint(details: Values) -> bool:
    return document.text(details, "complaintFeedbackType") in {
        "not-spam",
        "auth-failure",
    }


def _why(kind: str, details: Values) -> str:
    names = ("bounceType", "bounceSubType", "complaintSubType", "complaintFeedbackType")
    told = (document.text(details, name) for name in (*names, "delayType", "reason"))
    return " ".join((kind, *filter(None, told)))


def _delivery(message: object, ours: Ours) -> str:
    """Find the id in our own header, which SES repeats if it is asked to."""
    header = Header(
        tuple(
            (document.text(field, "name").lower(), document.text(field, "value"))
            for field in document.items(message, "mail", "headers")
        )
    )
    source = document.text(message, "mail", "source")
    common = document.text(message, "mail", "commonHeaders", "messageId")
    return (
        returned_delivery(header, ours)
        or ours.in_address(source)
        or ours.in_message_id(common)
    )
