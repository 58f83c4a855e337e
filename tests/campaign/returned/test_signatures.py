"""A notification is believed if its provider's own proof holds, and only then."""

import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from distribute.campaign.returned.provider import Provider
from distribute.campaign.returned.signatures import (
    FRESH,
    certificate_url,
    is_signed,
    subscribe_url,
)
from distribute.errors import AudienceError
from tests.campaign.returned.provider_notices import Document, mailgun, ses, sns

NOW = datetime(2026, 11, 20, 9, 1, tzinfo=UTC)
TOPIC = "arn:aws:sns:eu-west-1:123456789012:news"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(
    *, name: str = "sns.amazonaws.com", days: int = 30, curve: bool = False
) -> bytes:
    """Make a certificate like that of SNS."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public if curve else KEY.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=40))
        .not_valid_after(NOW + timedelta(days=days))
        .sign(KEY, SHA256())
        .public_bytes(Encoding.PEM)
    )


PEM = certificate()


def signed(message: Document, version: str = "2") -> Document:
    """Sign a message of SNS as SNS does."""
    names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token"]
    present = [name for name in (*names, "TopicArn", "Type") if name in message]
    text = "".join(f"{name}\n{message[name]}\n" for name in present)
    method = SHA256() if version == "2" else SHA1()  # noqa: S303 - version 1 is SHA-1
    signature = KEY.sign(text.encode(), padding.PKCS1v15(), method)
    return {
        **message,
        "SignatureVersion": version,
        "Signature": b64encode(signature).decode(),
    }


def holds(message: Document, pem: bytes = PEM, topic: str = TOPIC) -> bool:
    """Ask whether SNS signed a message for our topic."""
    body = json.dumps(message).encode()
    return is_signed(Provider.SES, body, secret=topic, now=NOW, certificate=pem)


BOUNCE = sns(ses("x", "Bounce", {"bounceType": "Permanent"}))


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("more", [{}, {"Subject": "Amazon SES Bounce"}])
def test_what_sns_signed_is_believed(version: str, more: Document) -> None:
    """In both versions of its signature, with and without a subject."""
    assert holds(signed({**BOUNCE, **more}, version))


@pytest.mark.parametrize("name", ["Message", "MessageId", "Timestamp", "TopicArn"])
def test_no_field_of_a_signed_message_can_be_changed(name: str) -> None:
    """Each of them is signed."""
    changed = {**signed(BOUNCE), name: "changed"}
    topic = "changed" if name == "TopicArn" else TOPIC

    assert not holds(changed, topic=topic)


def test_somebody_elses_topic_is_not_believed() -> None:
    """Anybody may have a topic that SNS signs for."""
    assert not holds(signed(BOUNCE), topic="arn:aws:sns:eu-west-1:999999999999:evil")


@pytest.mark.parametrize(
    "pem",
    [
        certificate(name="evil.example"),
        certificate(days=-1),
        certificate(curve=True),
        b"no certificate",
        b"",
    ],
)
def test_only_a_valid_certificate_of_sns_proves_anything(pem: bytes) -> None:
    """Not another's, not one that has expired, not one with another kind of key."""
    assert not holds(signed(BOUNCE), pem)


@pytest.mark.parametrize(
    "change", [{"SignatureVersion": "3"}, {"Signature": "=="}, {"Type": "Other"}]
)
def test_a_signature_of_another_kind_proves_nothing(change: Document) -> None:
    """Unknown versions and types are refused."""
    assert not holds({**signed(BOUNCE), **change})


HOST = "https://sns.eu-west-1.amazonaws.com"
PATH = "/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"


def test_the_certificate_is_looked_for_at_sns() -> None:
    """In any of its regions."""
    for host in (HOST, "https://sns.us-gov-west-1.amazonaws.com"):
        body = json.dumps({"SigningCertURL": host + PATH, "TopicArn": TOPIC}).encode()
        assert certificate_url(body, topic=TOPIC) == host + PATH


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://sns.eu-west-1.amazonaws.com" + PATH,
        "https://sns.eu-west-1.amazonaws.com.evil.example" + PATH,
        "https://evil.example/sns.eu-west-1.amazonaws.com" + PATH,
        "https://sns.eu-west-1.amazonaws.com@evil.example" + PATH,
        "https://user@sns.eu-west-1.amazonaws.com" + PATH,
        "https://sns.eu-west-1.amazonaws.com:8443" + PATH,
        "https://s3.eu-west-1.amazonaws.com" + PATH,
        "https://bucket.s3.amazonaws.com" + PATH,
        HOST + "/evil.pem",
        HOST + "/a/.." + PATH,
        HOST + PATH + "?x",
        HOST + PATH + "#x",
        HOST + PATH + "\n",
        "https://[sns",
        "https://sns.eu-west-1.аmazonaws.com" + PATH,
    ],
)
def test_no_certificate_is_looked_for_elsewhere(url: str) -> None:
    """Whoever could choose the address could sign."""
    body = json.dumps({"SigningCertURL": url, "TopicArn": TOPIC}).encode()

    with pytest.raises(AudienceError, match="not one of Amazon SNS"):
        certificate_url(body, topic=TOPIC)


def test_nobody_elses_topic_makes_us_look_for_a_certificate() -> None:
    """Who knows the address of a hook cannot make it fetch in vain."""
    evil = json.dumps({"SigningCertURL": HOST + PATH, "TopicArn": "arn:evil"})

    with pytest.raises(AudienceError, match="another topic"):
        certificate_url(evil.encode(), topic=TOPIC)


def test_a_subscription_is_confirmed_at_sns_only() -> None:
    """Its address is given where there is one, and checked like the certificate's."""
    about = {"Type": "SubscriptionConfirmation"}
    good = f"{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=0123"
    evil = "https://169.254.169.254/?Action=ConfirmSubscription"

    assert subscribe_url(json.dumps({**about, "SubscribeURL": good}).encode()) == good
    assert subscribe_url(json.dumps(BOUNCE).encode()) == ""
    with pytest.raises(AudienceError):
        subscribe_url(json.dumps({**about, "SubscribeURL": evil}).encode())


def told_by_mailgun(at: datetime, *, key: str = "key") -> bytes:
    """Write an event with the signature of Mailgun."""
    timestamp = str(int(at.timestamp()))
    signature = hmac.digest(key.encode(), f"{timestamp}abc".encode(), "sha256").hex()
    proof = {"timestamp": timestamp, "token": "abc", "signature": signature}
    document = {"signature": proof, "event-data": mailgun("x", "complained")}
    return json.dumps(document).encode()


def test_mailguns_signature_is_believed_while_it_is_fresh() -> None:
    """It signs a moment, not the words: who found an old one could put any words to it."""

    def holds(body: bytes, key: str = "key") -> bool:
        return is_signed(Provider.MAILGUN, body, secret=key, now=NOW)

    assert holds(told_by_mailgun(NOW))
    assert holds(told_by_mailgun(NOW - timedelta(hours=8)))
    assert not holds(told_by_mailgun(NOW - FRESH - timedelta(minutes=1)))
    assert not holds(told_by_mailgun(NOW + FRESH + timedelta(minutes=1)))
    assert not holds(told_by_mailgun(NOW), key="other")
    assert not holds(told_by_mailgun(NOW, key=""), key="")
    assert not holds(b'{"signature": {"timestamp": "x"}}')
    assert not holds(b"{}")


@pytest.mark.parametrize(
    ("shown", "holds"),
    [
        ("Basic " + b64encode(b"user:password").decode(), True),
        ("basic  " + b64encode(b"user:password").decode(), True),
        ("Basic " + b64encode(b"user:passwort").decode(), False),
        ("Bearer user:password", False),
        ("Basic user:password", False),
        ("Basic " + b64encode(b"\xff").decode(), False),
        ("", False),
    ],
)
def test_postmark_shows_a_password(*, shown: str, holds: bool) -> None:
    """It signs nothing; what it was told to show is compared, letter for letter."""
    found = is_signed(
        Provider.POSTMARK, b"{}", secret="user:password", now=NOW, authorization=shown
    )

    assert found is holds


@pytest.mark.parametrize("provider", [Provider.SES, Provider.MAILGUN])
def test_garbage_is_no_proof(provider: Provider) -> None:
    """It is refused in words, before anything is compared."""
    with pytest.raises(AudienceError):
        is_signed(provider, b"garbage", secret="x", now=NOW)
