"""What providers tell in JSON."""

import json
from collections.abc import Mapping

from tests.campaign.returned.made import delivery, verp

Document = dict[str, object]


def ses(name: str, kind: str, details: Mapping[str, object]) -> Document:
    """Write what SES tells, with our own header in it."""
    return {
        "notificationType": kind,
        kind[0].lower() + kind[1:]: {
            "timestamp": "2026-11-20T09:01:00.000Z",
            "feedbackId": f"0102-{name}",
            **details,
        },
        "mail": {
            "timestamp": "2026-11-20T09:00:00.000Z",
            "messageId": f"0101-{name}",
            "source": "bounces@news.example.org",
            "destination": ["ada@example.net"],
            "headers": [
                {
                    "name": "Message-ID",
                    "value": f"<7-en.{delivery(name)}@news.example.org>",
                }
            ],
        },
    }


def sns(
    message: Document, topic: str = "arn:aws:sns:eu-west-1:123456789012:news"
) -> Document:
    """Wrap it as SNS does."""
    return {
        "Type": "Notification",
        "MessageId": "7f1a",
        "TopicArn": topic,
        "Message": json.dumps(message),
        "Timestamp": "2026-11-20T09:01:00.000Z",
        "SignatureVersion": "2",
        "Signature": "AAAA",
        "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/"
        "SimpleNotificationService-0123456789abcdef.pem",
    }


def _bounced(kind: str, sub: str, **recipient: str) -> Document:
    return {
        "bounceType": kind,
        "bounceSubType": sub,
        "bouncedRecipients": [{"emailAddress": "ada@example.net", **recipient}],
    }


def _ses_documents() -> dict[str, Document]:
    gone = _bounced(
        "Permanent",
        "General",
        action="failed",
        status="5.1.1",
        diagnosticCode="smtp; 550 5.1.1 nobody of that name",
    )
    complaint: Document = {
        "complainedRecipients": [{"emailAddress": "ada@example.net"}],
        "complaintFeedbackType": "abuse",
    }
    delay: Document = {
        "delayType": "MailboxFull",
        "delayedRecipients": [
            {
                "emailAddress": "ada@example.net",
                "status": "4.2.2",
                "diagnosticCode": "smtp; 452 4.2.2 over quota",
            }
        ],
    }
    made = {
        "ses-json-gone": sns(ses("ses-json-gone", "Bounce", gone)),
        "ses-json-raw": ses("ses-json-raw", "Bounce", gone),
        "ses-json-suppressed": ses(
            "ses-json-suppressed", "Bounce", _bounced("Permanent", "NoEmail")
        ),
        "ses-json-vacation": ses(
            "ses-json-vacation", "Bounce", _bounced("Transient", "General")
        ),
        "ses-json-full": ses(
            "ses-json-full",
            "Bounce",
            _bounced("Transient", "MailboxFull", status="5.2.2"),
        ),
        "ses-json-undetermined": ses(
            "ses-json-undetermined", "Bounce", _bounced("Undetermined", "Undetermined")
        ),
        "ses-json-complaint": sns(ses("ses-json-complaint", "Complaint", complaint)),
        "ses-json-not-spam": ses(
            "ses-json-not-spam",
            "Complaint",
            {**complaint, "complaintFeedbackType": "not-spam"},
        ),
        "ses-json-delivered": ses("ses-json-delivered", "Delivery", {}),
    }
    event = ses("ses-json-delayed", "DeliveryDelay", delay)
    event["eventType"] = event.pop("notificationType")
    return {**made, "ses-json-delayed": event}


def postmark(name: str, **fields: object) -> Document:
    """Write what Postmark tells."""
    return {
        "RecordType": "Bounce",
        "ID": 42,
        "MessageID": f"883953f4-{name}",
        "Email": "ada@example.net",
        "From": verp(name),
        "BouncedAt": "2026-11-20T09:01:00Z",
        **fields,
    }


def _postmark_documents() -> dict[str, Document]:
    said = "smtp;550 5.1.1 nobody"
    return {
        "postmark-hard": postmark("postmark-hard", Type="HardBounce", Details=said),
        "postmark-soft": postmark(
            "postmark-soft", Type="SoftBounce", Details="smtp;552 5.2.2 full"
        ),
        "postmark-blocked": postmark("postmark-blocked", Type="Blocked", Details=said),
        "postmark-vacation": postmark("postmark-vacation", Type="AutoResponder"),
        "postmark-complaint": postmark(
            "postmark-complaint", RecordType="SpamComplaint", Type="SpamComplaint"
        ),
        "postmark-opened": postmark("postmark-opened", RecordType="Open"),
        "postmark-delivered": postmark("postmark-delivered", RecordType="Delivery"),
        "postmark-left": {
            "RecordType": "SubscriptionChange",
            "MessageID": "883953f4-left",
            "Recipient": "ada@example.net",
            "Origin": "Recipient",
            "SuppressSending": True,
            "SuppressionReason": "ManualSuppression",
            "ChangedAt": "2026-11-20T09:01:00Z",
        },
    }


def mailgun(name: str, event: str, **fields: object) -> Document:
    """Write what Mailgun tells, without its envelope."""
    return {
        "event": event,
        "id": f"G9Bn5sl1TC6nu79C8C0bwg-{name}",
        "timestamp": 1795251660.5,
        "recipient": "ada@example.net",
        "message": {
            "headers": {"message-id": f"7-en.{delivery(name)}@news.example.org"}
        },
        **fields,
    }


def _mailgun_documents() -> dict[str, Document]:
    def told(code: int, words: str) -> Document:
        return {"code": code, "message": words, "description": ""}

    def envelope(event: Document) -> Document:
        return {"signature": {"timestamp": "1", "token": "t"}, "event-data": event}

    gone = told(550, "5.1.1 nobody of that name")
    return {
        "mailgun-gone": envelope(
            mailgun(
                "mailgun-gone",
                "failed",
                severity="permanent",
                reason="bounce",
                **{"delivery-status": gone},
            )
        ),
        "mailgun-later": mailgun(
            "mailgun-later",
            "failed",
            severity="temporary",
            reason="greylisted",
            **{"delivery-status": told(451, "come again")},
        ),
        "mailgun-known-bounce": mailgun(
            "mailgun-known-bounce",
            "failed",
            severity="permanent",
            reason="suppress-bounce",
            **{"delivery-status": told(605, "Not delivering to previously bounced")},
        ),
        "mailgun-left-before": mailgun(
            "mailgun-left-before",
            "failed",
            severity="permanent",
            reason="suppress-unsubscribe",
        ),
        "mailgun-complaint": envelope(mailgun("mailgun-complaint", "complained")),
        "mailgun-left": envelope(mailgun("mailgun-left", "unsubscribed")),
    }


def notice_messages() -> dict[str, bytes]:
    """Give all of them as bytes."""
    documents = {**_ses_documents(), **_postmark_documents(), **_mailgun_documents()}
    return {name: json.dumps(found).encode() for name, found in documents.items()}
