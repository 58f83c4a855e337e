"""Providers are heard with the secret that the settings name, and not without it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.reception.token import Signer
from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.returned.provider import Provider
from distribute.cli.newsletter.front import Front
from distribute.cli.returned.hooking import Ear, hooks_of
from distribute.cli.returned.returning import ours_of
from distribute.errors import AudienceError, ConfigError
from distribute.mailbox import Mailbox
from distribute.web.public.registry import Books
from tests.cli.serving import write_newsletter

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SIGNER = Signer(bytes(range(32)))
ADA = Mailbox("ada@example.org")
BOUNCE = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "TypeCode": 1,
    "ID": 4323372036854775807,
    "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    "Email": ADA.address,
    "Details": "smtp;550 5.1.1 no such user",
    "BouncedAt": "2026-11-21T08:00:00Z",
}
PEM = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-01234567.pem"
BASIC = "Basic aG9vazpzZWNyZXQ="  # hook:secret


@pytest.fixture
def front(tmp_path: Path) -> Front:
    """Make a newsletter with a hook."""
    more = '[public.hooks]\npostmark = "POSTMARK"\n'
    return Front(write_newsletter(tmp_path / "news", more))


@pytest.fixture
def books(front: Front) -> Iterator[Books]:
    """Open its database, with somebody on the list."""
    connection = open_database(front.settings.database)
    opened = Books.over(front.settings.database, connection, SIGNER)
    opened.store.put(Subscriber(mailbox=ADA), by="test", now=NOW)
    yield opened
    connection.close()


def test_a_bounce_is_judged(front: Front, books: Books) -> None:
    """Whose mailbox is gone is written to no more."""
    hooks = hooks_of(front.settings, {"POSTMARK": "hook:secret"}, SIGNER)
    body = json.dumps(BOUNCE).encode()
    returned = hooks["postmark"].read({"authorization": BASIC}, body, NOW)
    hooks["postmark"].take(books, returned, NOW)
    known = books.store.get(ADA.key)
    assert known is not None
    assert known.status is Status.BOUNCED


@pytest.mark.parametrize("told", ["", "Basic aG9vazpvdGhlcg==", "Bearer secret"])
def test_who_does_not_know_the_secret_is_not_heard(front: Front, told: str) -> None:
    """Nothing is read, and the secret is nowhere to be seen."""
    hooks = hooks_of(front.settings, {"POSTMARK": "hook:secret"}, SIGNER)
    with pytest.raises(AudienceError, match="not signed by postmark"):
        hooks["postmark"].read({"authorization": told}, b"{}", NOW)
    assert "secret" not in repr(hooks)


@pytest.mark.parametrize("provider", [*Provider])
def test_why_nothing_is_heard_tells_no_secret(front: Front, provider: Provider) -> None:
    """What is said goes into the log: what to compare, and nothing of either side."""
    body = json.dumps({"TopicArn": "our-secret", "SigningCertURL": PEM})
    ear = Ear(provider, "our-secret", ours_of(front.settings), lambda _url: b"")
    with pytest.raises(AudienceError, match=f"not signed by {provider}: ") as caught:
        ear({"authorization": "Basic dGhlaXJz"}, body.encode(), NOW)
    assert not any(each in str(caught.value) for each in ("our-secret", "dGhlaXJz"))


def test_without_its_secret_there_is_no_hook(front: Front) -> None:
    """The variable that is missing is named."""
    with pytest.raises(ConfigError, match="POSTMARK is empty"):
        hooks_of(front.settings, {}, SIGNER)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/SimpleNotificationService-0123456789.pem",
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789.pem",
        "file:///etc/passwd",
    ],
)
def test_nothing_is_fetched_from_elsewhere(front: Front, url: str) -> None:
    """Whoever chose the certificate could sign what they like."""
    fetched: list[str] = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        return b""

    ear = Ear(
        Provider.SES, "arn:aws:sns:eu-west-1:1:ours", ours_of(front.settings), fetch
    )
    body = {
        "Type": "Notification",
        "TopicArn": "arn:aws:sns:eu-west-1:1:ours",
        "SigningCertURL": url,
    }
    with pytest.raises(AudienceError):
        ear({}, json.dumps(body).encode(), NOW)
    assert fetched == []
