"""What messages that come back are made of: our own letter, fields, and parts.

The words are ours; the shapes are those of the programs that are named.
"""

from hashlib import sha256

from distribute.campaign.returned.verp import Ours
from distribute.mailbox import Mailbox

OURS = Ours(
    bounces=Mailbox("bounces@news.example.org"),
    domains=frozenset({"news.example.org"}),
)
BOUNCES = "bounces@news.example.org"
WRONG = "0123456789abcdef01234567"
"""The id of a delivery that never was."""


def delivery(name: str) -> str:
    """Derive the id of the delivery that the message of this name is about."""
    return sha256(name.encode()).hexdigest()[:24]


def verp(name: str) -> str:
    """Write the envelope's sender of that delivery."""
    return f"bounces+{delivery(name)}@news.example.org"


def token(name: str) -> str:
    """Make something that looks like a signed token."""
    return (sha256(name.encode()).hexdigest() * 2)[:66]


def letter(name: str, to: str = "ada@example.net") -> str:
    """Write the header of our own letter, as it was sent."""
    return (
        "Received: from mail.news.example.org (mail.news.example.org [192.0.2.1])\n"
        "\tby mx.example.net with ESMTPS id 4F00; Fri, 20 Nov 2026 09:00:05 +0000\n"
        'From: "Example News" <news@news.example.org>\n'
        f"To: {to}\n"
        "Subject: What happened in November\n"
        "Date: Fri, 20 Nov 2026 09:00:00 +0000\n"
        f"Message-ID: <7-en.{delivery(name)}@news.example.org>\n"
        "List-Unsubscribe: <https://news.example.org/u/QWxsIHJpZ2h0>,\n"
        f" <mailto:news@news.example.org?subject=unsubscribe%20{delivery(name)}>\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="=_our"\n'
    )


def stranger(name: str = "stranger") -> str:
    """Write the header of a letter that is not ours."""
    return (
        "From: someone@example.com\nTo: ada@example.net\nSubject: Lunch?\n"
        f"Date: Fri, 20 Nov 2026 09:00:00 +0000\nMessage-ID: <{name}@example.com>\n"
    )


def mail(fields: str, body: str = "") -> bytes:
    """Put a header and a body together, as they travel, with an id of their own."""
    number = sha256(f"{fields}{body}".encode()).hexdigest()[:16]
    text = f"{fields.strip()}\nMessage-ID: <{number}@mx.example.net>\n\n{body}"
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def part(kind: str, body: str, *fields: str) -> str:
    """Write one part of a multipart."""
    return "\n".join((f"Content-Type: {kind}", *fields, "", body))


def multipart(fields: str, kind: str, *parts: str) -> bytes:
    """Put parts together under one header."""
    mark = "=_" + sha256("".join(parts).encode()).hexdigest()[:12]
    inner = "".join(f"--{mark}\n{piece}\n" for piece in parts)
    head = (
        f'{fields.strip()}\nMIME-Version: 1.0\nContent-Type: {kind}; boundary="{mark}"'
    )
    return mail(head, f"{inner}--{mark}--\n")


def status_report(
    fields: str, said: str, status: str, returned: str, *, headers_only: bool = False
) -> bytes:
    """Write a delivery status notification (RFC 3464)."""
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    copy = returned if headers_only else f"{returned}\nNovember was quiet.\n"
    return multipart(
        fields,
        "multipart/report; report-type=delivery-status",
        part("text/plain; charset=us-ascii", said),
        part("message/delivery-status", status.strip() + "\n"),
        part(kind, copy),
    )


def feedback_report(fields: str, said: str, feedback: str, returned: str) -> bytes:
    """Write a complaint in the abuse reporting format (RFC 5965)."""
    return multipart(
        fields,
        "multipart/report; report-type=feedback-report",
        part("text/plain; charset=us-ascii", said),
        part("message/feedback-report", feedback.strip() + "\n"),
        part("message/rfc822", f"{returned}\nNovember was quiet.\n"),
    )


def head(sender: str, subject: str, to: str = BOUNCES, *more: str) -> str:
    """Write the header of something that came back."""
    return "\n".join(
        (
            "Return-Path: <>",
            "Received: from mx.example.net (mx.example.net [192.0.2.25])",
            "\tby mail.news.example.org with ESMTP; Fri, 20 Nov 2026 09:01:00 +0000",
            f"From: {sender}",
            f"To: {to}",
            f"Subject: {subject}",
            "Date: Fri, 20 Nov 2026 09:01:00 +0000",
            *more,
        )
    )
