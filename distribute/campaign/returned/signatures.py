"""Whether a notification comes from whom it says (Mailgun, Postmark, Amazon SNS).

Each provider proves it in its own way, and each has its gap: Mailgun does not sign what it
says but only when, Postmark signs nothing and shows a password, and anybody may have a
topic at SNS, so that it must be our topic that speaks.
"""

import hmac
import re
from base64 import b64decode
from binascii import Error
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from distribute.campaign.returned import document
from distribute.campaign.returned.certificate import verifies
from distribute.campaign.returned.provider import Provider
from distribute.errors import AudienceError

FRESH = timedelta(hours=12)
"""How old a signature of Mailgun may be, which tries again for eight hours."""
_SNS_HOST = re.compile(
    r"sns\.[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}\.amazonaws\.com(?:\.cn)?"
)
_CERTIFICATE_PATH = re.compile(r"/SimpleNotificationService-[0-9A-Za-z]{8,64}\.pem")
_SIGNED = {
    "Notification": (
        "Message",
        "MessageId",
        "Subject",
        "Timestamp",
        "TopicArn",
        "Type",
    ),
    "SubscriptionConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]


def is_signed(
    provider: Provider,
    body: bytes,
    *,
    secret: str,
    now: datetime,
    authorization: str = "",
    certificate: bytes = b"",
) -> bool:
    """Tell whether it was sent by who knows the secret; raises `AudienceError` for garbage.

    `secret` is Mailgun's signing key, the ``user:password`` set at Postmark, or the ARN of
    our topic at SNS. `authorization` is that header of the request (Postmark only), and
    `certificate` what lies at `certificate_url` (SNS only). An empty secret fits nothing.
    """
    if not secret:
        return False
    match provider:
        case Provider.MAILGUN:
            return _is_signed_by_mailgun(_parse(body, provider), secret, now)
        case Provider.POSTMARK:
            return _shows(authorization, secret)
        case Provider.SES:
            found = _parse(body, provider)
            is_ours = _same(document.text(found, "TopicArn"), secret)
            return is_ours and _is_signed_by_sns(found, certificate, now)


def certificate_url(body: bytes, *, topic: str) -> str:
    """Give the address of the certificate that SNS says it signed with.

    Raises `AudienceError` for every address but that of a certificate at SNS, for who
    could choose another one could sign; and for another topic than ours, so that nobody
    makes us fetch in vain.
    """
    found = _parse(body, Provider.SES)
    if not _same(document.text(found, "TopicArn"), topic):
        raise AudienceError(
            "a notification of another topic than ours",
            hint="The secret of this hook is the ARN of the topic; see [public] hooks.",
        )
    return _at_sns(document.text(found, "SigningCertURL"), "")


def subscribe_url(body: bytes) -> str:
    """Give what has to be fetched once so that SNS begins to notify; empty if nothing.

    Only for a message that `is_signed`. Raises `AudienceError` for an address elsewhere.
    """
    found = _parse(body, Provider.SES)
    if document.text(found, "Type") != "SubscriptionConfirmation":
        return ""
    return _at_sns(document.text(found, "SubscribeURL"), "Action=ConfirmSubscription")


def _at_sns(url: str, query: str) -> str:
    """Check an address; with a query it is one of the service, else of a certificate."""
    try:
        parts = urlsplit(url)
        netloc = parts.netloc
    except ValueError:
        parts, netloc = urlsplit(""), ""
    path = parts.path == "/" if query else _CERTIFICATE_PATH.fullmatch(parts.path)
    fits = parts.query.startswith(query) if query else not parts.query
    if not (
        url.isascii()
        and url.isprintable()
        and parts.scheme == "https"
        and _SNS_HOST.fullmatch(netloc)
        and path
        and fits
        and not parts.fragment
    ):
        raise AudienceError(
            "a notification names an address that is not one of Amazon SNS",
            hint="Nothing was fetched. Look who knows the address of this hook.",
        )
    return url


def _is_signed_by_mailgun(found: object, key: str, now: datetime) -> bool:
    timestamp = document.text(found, "signature", "timestamp")
    token = document.text(found, "signature", "token")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        return False
    age = now - datetime.fromtimestamp(int(timestamp), UTC)
    expected = hmac.digest(key.encode(), f"{timestamp}{token}".encode(), "sha256").hex()
    is_right = _same(document.text(found, "signature", "signature"), expected)
    return is_right and abs(age) <= FRESH


def _is_signed_by_sns(found: object, certificate: bytes, now: datetime) -> bool:
    names = _SIGNED.get(document.text(found, "Type"), ())
    present = [name for name in names if document.text(found, name)]
    signed = "".join(f"{name}\n{document.text(found, name)}\n" for name in present)
    try:
        signature = b64decode(document.text(found, "Signature"), validate=True)
    except (Error, ValueError):
        return False
    return bool(present) and verifies(
        certificate,
        signature,
        signed.encode("utf-8", "replace"),
        version=document.text(found, "SignatureVersion"),
        now=now,
    )


def _shows(authorization: str, secret: str) -> bool:
    """Compare what a request shows (RFC 7617) with the secret."""
    scheme, _, shown = authorization.strip().partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        return _same(b64decode(shown.strip(), validate=True).decode(), secret)
    except (Error, ValueError):
        return False


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def _parse(body: bytes, provider: Provider) -> object:
    return document.parse(body, provider=provider.value)
