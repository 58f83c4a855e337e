"""Signatures that programs nobody here wrote find good, and bad once tampered with."""

import pickle
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from distribute.campaign.message.canonical import relaxed_end, relaxed_field
from distribute.campaign.message.dkim import (
    DkimKey,
    DkimSigner,
    dns_name,
    dns_record,
)
from tests.campaign.signing_keys import ed25519_pem, private_pem, rsa_pem
from tests.dkim_verifiers import ask_dkimpy, ask_mail_dkim, ask_opendkim

NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
FIELDS = (
    b'From: "The  Paper" <paper@example.org>\r\n',
    b"Reply-To: Desk <desk@example.org>\r\n",
    b"To: =?utf-8?B?w4Vzbw==?=\r\n <reader@example.net>\r\n",
    b"Subject: What the river\r\n  brought \t this week \r\n",
    b"Date: Tue, 03 Feb 2026 04:05:06 +0000\r\n",
    b"Content-Language: en\r\n",
    b'List-Id: "The Paper" <en.paper.example.org>\r\n',
    b"Archived-At: <https://paper.example.org/en/7/>\r\n",
    b"Feedback-ID: 7:en:paper:example-org\r\n",
    b"Message-ID: <7-en.0123456789ab@example.org>\r\n",
    b"List-Unsubscribe: <https://paper.example.org/u/" + b"t" * 900 + b">,\r\n"
    b" <mailto:desk@example.org?subject=unsubscribe>\r\n",
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
    b"MIME-Version: 1.0\r\n",
    b'Content-Type: multipart/alternative;\r\n boundary="=_b"\r\n',
)
BODY = (
    b"--=_b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Good  morning,\t reader. \r\n\r\n\t\r\n=2E and more=\r\n.\r\n--=_b--\r\n"
)


@pytest.fixture
def keys() -> list[DkimKey]:
    """Make one key of each kind, Ed25519 first."""
    return [DkimKey("e1", ed25519_pem()), DkimKey("r1.paper", rsa_pem())]


@pytest.fixture
def records(keys: list[DkimKey]) -> dict[str, str]:
    """Publish them in the DNS."""
    return {dns_name(key, "example.org"): dns_record(key) for key in keys}


def signed(signer: DkimSigner, fields: tuple[bytes, ...] = FIELDS) -> bytes:
    """Sign a message and write it whole."""
    digest = sha256(relaxed_end(BODY)).digest()
    signatures = signer.sign([relaxed_field(raw) for raw in fields], digest)
    return signatures + b"".join(fields) + b"\r\n" + BODY


def tags_of(signature: bytes) -> dict[str, str]:
    """Take one DKIM-Signature field apart, white space removed."""
    value = re.sub(rb"\s", b"", signature.partition(b":")[2]).decode()
    return dict(tag.split("=", 1) for tag in value.split(";"))


def signatures_of(message: bytes) -> list[bytes]:
    """Find the DKIM-Signature fields of a message."""
    head = message.partition(b"\r\n\r\n")[0] + b"\r\n"
    return re.findall(rb"^DKIM-Signature:.*\r\n(?: .*\r\n)*", head, re.M)


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Change one place of a message; it must be there."""

    def change(message: bytes) -> bytes:
        assert message.count(old) == 1
        return message.replace(old, new)

    return change


TAMPERINGS: dict[str, Callable[[bytes], bytes]] = {
    "body": replaced(b"morning", b"mourning"),
    "subject": replaced(b"river", b"liver"),
    "to": replaced(b"<reader@", b"<leader@"),
    "second From": lambda message: b"From: bank@example.com\r\n" + message,
    "From behind": replaced(b"MIME-V", b"From: bank@example.com\r\nMIME-V"),
    "second List-Unsubscribe": lambda m: b"List-Unsubscribe: <https://x.y/>\r\n" + m,
    "no one-click": replaced(
        b"List-Unsubscribe-Post: List-Unsub", b"X-Post: List-Unsub"
    ),
    "second Subject": lambda message: b"Subject: win\r\n" + message,
}
HARMLESS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda message: message,
    "folded anew": replaced(
        b"What the river\r\n  brought", b"What the\r\n\triver brought"
    ),
    "traced": lambda message: b"Received: from a by b; today\r\n" + message,
    "lines added": lambda message: message + b"\r\n\r\n",
}


@pytest.fixture
def harmless(keys: list[DkimKey]) -> list[bytes]:
    """Sign a message and change it in ways in which relays do."""
    message = signed(DkimSigner("example.org", keys, NOW))
    return [change(message) for change in HARMLESS.values()]


@pytest.fixture
def tampered(keys: list[DkimKey]) -> list[bytes]:
    """Sign a message and lay hands on it."""
    message = signed(DkimSigner("example.org", keys, NOW))
    return [change(message) for change in TAMPERINGS.values()]


def test_dkimpy(
    harmless: list[bytes], tampered: list[bytes], records: dict[str, str]
) -> None:
    """Dkimpy finds both signatures good, and neither once a message is tampered with."""
    found = ask_dkimpy([*harmless, *tampered], records)
    good = [{"e1", "r1.paper"}] * len(harmless)
    assert found == good + [set()] * len(tampered)


def test_mail_dkim(
    harmless: list[bytes],
    tampered: list[bytes],
    records: dict[str, str],
    tmp_path: Path,
) -> None:
    """Mail::DKIM finds the RSA signature good, and none once it is tampered with."""
    found = ask_mail_dkim([*harmless, *tampered], records, tmp_path)
    assert all("r1.paper" in selectors for selectors in found[: len(harmless)])
    assert found[len(harmless) :] == [set()] * len(tampered)


def test_opendkim(
    harmless: list[bytes],
    tampered: list[bytes],
    records: dict[str, str],
    tmp_path: Path,
) -> None:
    """OpenDKIM finds a message good, and not once it is tampered with."""
    found = ask_opendkim([*harmless, *tampered], records, tmp_path)
    assert found == [True] * len(harmless) + [False] * len(tampered)


def test_opendkim_each_key(
    keys: list[DkimKey], records: dict[str, str], tmp_path: Path
) -> None:
    """OpenDKIM finds each kind of signature good by itself."""
    alone = [signed(DkimSigner("example.org", [key], NOW)) for key in keys]
    assert ask_opendkim(alone, records, tmp_path) == [True, True]


def test_rsa_first(keys: list[DkimKey]) -> None:
    """The signature that everybody can check stands first."""
    message = signed(DkimSigner("example.org", keys, NOW))
    kinds = [tags_of(signature)["a"] for signature in signatures_of(message)]
    assert kinds == ["rsa-sha256", "ed25519-sha256"]


def test_tags(keys: list[DkimKey]) -> None:
    """The signature says what RFC 6376 asks for, and no length of the body."""
    message = signed(DkimSigner("Example.ORG", keys[1:], NOW))
    tags = tags_of(signatures_of(message)[0])
    assert list(tags) == ["v", "c", "a", "d", "s", "t", "h", "bh", "b"]
    assert (tags["c"], tags["d"], tags["s"]) == (
        "relaxed/relaxed",
        "example.org",
        "r1.paper",
    )
    assert tags["t"] == str(int(NOW.timestamp()))
    assert b64decode(tags["bh"]) == sha256(relaxed_end(BODY)).digest()


def test_covered_fields(keys: list[DkimKey]) -> None:
    """Fields are listed if they are there, and the exposed ones once more than that."""
    message = signed(DkimSigner("example.org", keys, NOW))
    listed = tags_of(signatures_of(message)[0])["h"].split(":")
    once = {"message-id", "content-language", "list-id", "feedback-id"}
    once |= {"mime-version", "content-type"}
    twice = {"from", "reply-to", "to", "subject", "date"}
    twice |= {"list-unsubscribe", "list-unsubscribe-post"}
    assert {name for name in listed if listed.count(name) == 1} == once
    assert {name for name in listed if listed.count(name) == 2} == twice


def test_absent_fields(keys: list[DkimKey], records: dict[str, str]) -> None:
    """A message without Reply-To and a way out cannot be given one."""
    absent = (b"Reply-To", b"List-Unsubscribe", b"Content-Language")
    fields = tuple(raw for raw in FIELDS if not raw.startswith(absent))
    message = signed(DkimSigner("example.org", keys, NOW), fields)
    listed = tags_of(signatures_of(message)[0])["h"].split(":")
    assert listed.count("reply-to") == listed.count("list-unsubscribe") == 1
    assert "content-language" not in listed
    added = b"Reply-To: bank@example.com\r\n" + message
    assert ask_dkimpy([message, added], records) == [{"e1", "r1.paper"}, set()]


def test_short_lines() -> None:
    """No line is longer than 78 characters, and none is empty but for the space."""
    keys = [DkimKey("s" * 40, rsa_pem()), DkimKey("e1", ed25519_pem())]
    for signature in signatures_of(signed(DkimSigner("news.example.org", keys, NOW))):
        lines = signature.decode("ascii").split("\r\n")
        assert max(map(len, lines)) <= 78
        assert all(line.strip() for line in lines[:-1])


def test_long_names() -> None:
    """The longest names possible still make a signature that holds."""
    domain = ".".join(["d" * 63] * 2 + ["example", "org"])
    key = DkimKey("s" * 63, ed25519_pem())
    message = signed(DkimSigner(domain, [key], NOW))
    records = {dns_name(key, domain): dns_record(key)}
    assert ask_dkimpy([message], records) == [{key.selector}]


def test_same_bytes(keys: list[DkimKey]) -> None:
    """Another run, and another process, sign with the very same bytes."""
    signer = DkimSigner("example.org", keys, NOW)
    message = signed(signer)
    assert signed(DkimSigner("example.org", keys, NOW)) == message
    assert signed(pickle.loads(pickle.dumps(signer))) == message  # noqa: S301 - our own


def test_many_messages(keys: list[DkimKey], records: dict[str, str]) -> None:
    """A signer is not confused by messages with other fields in another order."""
    signer = DkimSigner("example.org", keys, NOW)
    messages = [signed(signer, fields) for fields in (FIELDS, FIELDS[::-1], FIELDS[2:])]
    assert messages[0] == signed(signer)
    assert ask_dkimpy(messages[:2], records) == [{"e1", "r1.paper"}] * 2


def test_repeated_fields(keys: list[DkimKey], records: dict[str, str]) -> None:
    """Of fields with one name the last is hashed first, and none can be swapped."""
    fields = (b"List-Id: <other.example.org>\r\n", *FIELDS)
    message = signed(DkimSigner("example.org", keys, NOW), fields)
    swapped = message.replace(fields[0], b"")
    swapped = swapped.replace(b"MIME-Version", fields[0] + b"MIME-Version")
    assert ask_dkimpy([message, swapped], records) == [{"e1", "r1.paper"}, set()]


def test_international_domain() -> None:
    """A domain beyond ASCII is written in A-labels."""
    signer = DkimSigner("bücher.example", [DkimKey("s1", ed25519_pem())], NOW)
    assert signer.domain == "xn--bcher-kva.example"


def test_rfc_8463() -> None:
    """The signature printed in RFC 8463 appendix A.3 comes out to the last bit."""
    secret = b64decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    key = Ed25519PrivateKey.from_private_bytes(secret)
    record = dns_record(DkimKey("brisbane", private_pem(key)))
    assert record.endswith("p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    fields = (
        b"From: Joe SixPack <joe@football.example.com>\r\n",
        b"To: Suzie Q <suzie@shopping.example.net>\r\n",
        b"Subject: Is dinner ready?\r\n",
        b"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n",
        b"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n",
        b"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
        b" d=football.example.com; i=@football.example.com;\r\n"
        b" q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
        b" subject : date : message-id : from : subject : date;\r\n"
        b" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=\r\n",
    )
    body = b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
    digest = b64encode(sha256(relaxed_end(body)).digest())
    assert digest == b"2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="
    text = b"".join(relaxed_field(raw).line for raw in fields).removesuffix(b"\r\n")
    assert b64encode(key.sign(sha256(text).digest())) == (
        b"/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus"
        b"Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw=="
    )
