"""What can sign: which keys, selectors and domains are taken, and what is said about others."""

import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as make_ec
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateNumbers,
    RSAPublicNumbers,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PrivateFormat,
    PublicFormat,
)

from distribute.campaign.message.dkim import (
    DkimKey,
    DkimSigner,
    dns_record,
    is_aligned,
)
from distribute.errors import ConfigError
from distribute.mailbox import Mailbox
from tests.campaign.signing_keys import private_pem, rsa_key, rsa_pem

NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


def rsa_pem_of(p: int, q: int) -> bytes:
    """Write the RSA key of two primes, which can have any size."""
    e, n, phi = 65537, p * q, (p - 1) * (q - 1)
    d = pow(e, -1, phi)
    numbers = RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), RSAPublicNumbers(e, n)
    )
    return private_pem(numbers.private_key(unsafe_skip_rsa_key_validation=True))


def test_rsa_record() -> None:
    """The record of an RSA key holds its public half as openssl writes it."""
    der = (
        rsa_key()
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    record = dns_record(DkimKey("s1", rsa_pem()))
    assert record == f"v=DKIM1; k=rsa; p={b64encode(der).decode()}"


def test_both_forms_of_rsa() -> None:
    """PKCS#1 and PKCS#8 files of one key are the same key."""
    forms = (PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8)
    old, new = (DkimKey("s1", private_pem(rsa_key(), form)) for form in forms)
    assert old.pem != new.pem
    assert dns_record(old) == dns_record(new)


@pytest.mark.parametrize(
    ("pem", "problem"),
    [
        pytest.param(lambda: b"", "is not a private key", id="empty"),
        pytest.param(lambda: b"rubbish\n", "is not a private key", id="rubbish"),
        pytest.param(lambda: rsa_pem()[:900], "is not a private key", id="cut"),
        pytest.param(
            lambda: rsa_pem().replace(b"PRIVATE", b"PUBLIC"), "public half", id="public"
        ),
        pytest.param(
            lambda: private_pem(rsa_key(), secret=b"x"),
            "locked with a passphrase",
            id="locked",
        ),
        pytest.param(
            lambda: private_pem(rsa_key(), PrivateFormat.TraditionalOpenSSL, b"x"),
            "locked with a passphrase",
            id="locked the old way",
        ),
        pytest.param(
            lambda: private_pem(make_ec(SECP256R1())), "a kind other", id="ec"
        ),
        pytest.param(
            lambda: rsa_pem_of(2**127 - 1, 2**521 - 1), "only 648 bits", id="small"
        ),
        pytest.param(
            lambda: rsa_pem_of(2**2203 - 1, 2**2281 - 1), "has 4484 bits", id="huge"
        ),
    ],
)
def test_unusable_keys(pem: Callable[[], bytes], problem: str) -> None:
    """A key that cannot sign is named, with the command that makes a good one."""
    signer = DkimSigner("example.org", [DkimKey("s9", pem())], NOW)
    with pytest.raises(ConfigError, match=problem) as caught:
        signer.load()
    assert "'s9'" in caught.value.reason
    assert "`openssl " in caught.value.hint


@pytest.mark.parametrize(
    "selector", ["", "a b", "a;b", "s1.", ".s1", "-a", "s" * 64, "s1\r\n", "é", "a=b"]
)
def test_bad_selectors(selector: str) -> None:
    """Nothing that could break out of the field, or that no DNS has, is a selector."""
    with pytest.raises(ConfigError, match="selector"):
        DkimSigner("example.org", [DkimKey(selector, b"")], NOW)


@pytest.mark.parametrize(
    "domain", ["", "a b.org", "a;b=c", "x..org", "x.org\r\n", "a@b.org", "ex_ample.org"]
)
def test_bad_domains(domain: str) -> None:
    """What is no domain cannot be signed for."""
    with pytest.raises(ConfigError, match="is not a domain"):
        DkimSigner(domain, [DkimKey("s1", b"")], NOW)


def test_no_keys() -> None:
    """Signing without a key is a mistake, not a silence."""
    with pytest.raises(ConfigError, match="name a key"):
        DkimSigner("example.org", [], NOW)


def test_same_selector_twice() -> None:
    """Two keys cannot hide behind one name, in whatever case."""
    with pytest.raises(ConfigError, match="two keys have the selector 's1'"):
        DkimSigner("example.org", [DkimKey("s1", b""), DkimKey("S1", b"")], NOW)


def test_hidden_key() -> None:
    """A key does not show in print."""
    assert "PRIVATE" not in repr(DkimKey("s1", rsa_pem()))


@pytest.mark.parametrize(
    ("domain", "aligned"),
    [
        ("news.example.org", True),
        ("NEWS.Example.org", True),
        ("example.org", True),
        ("bounce.news.example.org", True),
        ("org", False),
        ("ample.org", False),
        ("mail.example.org", False),
        ("example.com", False),
    ],
)
def test_alignment(domain: str, *, aligned: bool) -> None:
    """A signature speaks for its domain, those above it, and those below."""
    assert is_aligned(domain, Mailbox("desk@news.example.org")) is aligned


def test_loads_late() -> None:
    """Only signing loads the library, which takes its time."""
    program = "import sys, distribute.campaign.message.dkim; print(*sys.modules)"
    printed = subprocess.check_output([sys.executable, "-c", program], timeout=60)  # noqa: S603 - ours
    assert b"distribute.mailbox" in printed.split()
    assert b"cryptography" not in printed.split()
