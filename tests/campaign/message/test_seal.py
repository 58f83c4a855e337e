"""Signed messages of an edition, though most of what is signed was looked at once."""

import pickle
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given, settings

from distribute.campaign.message.canonical import relaxed_body
from distribute.campaign.message.dkim import DkimKey, DkimSigner, dns_name, dns_record
from distribute.campaign.message.heading import Heading
from distribute.campaign.message.links import Links
from distribute.campaign.message.message import compose
from distribute.errors import ConfigError
from distribute.mailbox import Mailbox
from distribute.render.document import Email
from tests.dkim_verifiers import ask_dkimpy, ask_mail_dkim, ask_opendkim
from tests.readers import (
    ADA,
    ADDRESSES,
    ARCHIVE,
    CAMPAIGN,
    CHOOSE,
    ID,
    LINKS,
    LINKS_OF_ANY_KIND,
    NAMES,
    PROSE,
    URL,
    check_wire,
    edition_of,
    emails,
    octets,
    usual,
)

SELECTORS = {"s0", "s1"}


@pytest.fixture(scope="module")
def signer() -> DkimSigner:
    """Sign with a key of either kind."""
    pems = [
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        for key in (generate_private_key(65537, 2048), Ed25519PrivateKey.generate())
    ]
    keys = [DkimKey(f"s{number}", pem) for number, pem in enumerate(pems)]
    return DkimSigner("example.org", keys, CAMPAIGN.started)


@pytest.fixture(scope="module")
def records(signer: DkimSigner) -> dict[str, str]:
    """Publish the keys in the DNS."""
    return {dns_name(key, signer.domain): dns_record(key) for key in signer.keys}


@given(emails(), NAMES, ADDRESSES.filter(str.isascii), LINKS_OF_ANY_KIND)
@settings(max_examples=25, deadline=None)
def test_every_signature_is_good(
    signer: DkimSigner,
    records: dict[str, str],
    content: Email,
    name: str,
    address: str,
    links: Links,
) -> None:
    """And the same as if the whole message had been signed in the plain way."""
    mailbox = Mailbox(address, name)
    message = octets(edition_of(content, signer).write(mailbox, ID, links))
    heading = Heading(CAMPAIGN, content, ARCHIVE)

    assert message.startswith(b"DKIM-Signature:")
    assert message == compose(heading, mailbox, ID, links, dkim=signer)
    check_wire(message)
    assert ask_dkimpy([message], records) == [SELECTORS]


@pytest.fixture(scope="module")
def usual_messages(signer: DkimSigner) -> list[bytes]:
    """Write a small and a large message in each language, with and without one click."""
    return [
        octets(
            edition_of(usual(language, size), signer).write(
                reader, ID, Links(url, CHOOSE)
            )
        )
        for language in PROSE
        for size in (1, 900)
        for reader, url in (
            (ADA, URL),
            (Mailbox("x@example.org", "王小明"), "http://a/b"),
        )
    ]


def test_mail_dkim_finds_them_good(
    usual_messages: list[bytes], records: dict[str, str], tmp_path: Path
) -> None:
    """At least the one with the RSA key."""
    found = ask_mail_dkim(usual_messages, records, tmp_path)
    assert all("s0" in selectors for selectors in found)
    assert len(found) == len(usual_messages)


def test_opendkim_finds_them_good(
    usual_messages: list[bytes], records: dict[str, str], tmp_path: Path
) -> None:
    """A milter that much of the world's mail goes through."""
    found = ask_opendkim(usual_messages, records, tmp_path)
    assert found == [True] * len(usual_messages)


@given(emails(), NAMES, ADDRESSES, LINKS_OF_ANY_KIND)
@settings(max_examples=60, deadline=None)
def test_the_form_of_a_piece_does_not_depend_on_its_neighbours(
    content: Email, name: str, address: str, links: Links
) -> None:
    """For each is whole lines; and a value is in its relaxed form as it is."""
    edition = edition_of(content)
    first = octets(edition.write(Mailbox(address, name), ID, links))
    body = first.partition(b"\r\n\r\n")[2]
    lines = body.splitlines(keepends=True)

    assert b"".join(map(relaxed_body, lines)) == relaxed_body(body)


@pytest.mark.parametrize("language", PROSE)
def test_a_signing_edition_goes_to_other_processes(
    signer: DkimSigner, records: dict[str, str], language: str
) -> None:
    """Before and after it signed; digests and keys are made anew there."""
    edition = edition_of(usual(language, size=700), signer)
    fresh = pickle.dumps(edition)
    message = edition.write(ADA, ID, LINKS)

    assert pickle.loads(fresh).write(ADA, ID, LINKS) == message  # noqa: S301 - our own
    used = pickle.loads(pickle.dumps(edition))  # noqa: S301 - our own
    assert used.write(ADA, ID, LINKS) == message
    assert edition.write(ADA, ID, LINKS) == message
    assert ask_dkimpy([octets(message)], records) == [SELECTORS]


def test_a_key_that_cannot_sign_shows_before_the_first() -> None:
    """Compiling raises it, not writing."""
    broken = DkimSigner("example.org", [DkimKey("s1", b"none")], CAMPAIGN.started)
    with pytest.raises(ConfigError):
        edition_of(usual("en"), broken)
