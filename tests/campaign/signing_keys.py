"""Private keys for signatures, made once."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import (
    generate_private_key as make_rsa,
)
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)


def private_pem(
    key: PrivateKeyTypes, form: PrivateFormat = PrivateFormat.PKCS8, secret: bytes = b""
) -> bytes:
    """Write a private key as it lies in a file."""
    lock = BestAvailableEncryption(secret) if secret else NoEncryption()
    return key.private_bytes(Encoding.PEM, form, lock)


@lru_cache
def rsa_key() -> RSAPrivateKey:
    """Make one RSA key for all tests."""
    return make_rsa(65537, 2048)


@lru_cache
def rsa_pem() -> bytes:
    """Write it as openssl does nowadays."""
    return private_pem(rsa_key())


def ed25519_pem() -> bytes:
    """Make the same Ed25519 key at every call."""
    return private_pem(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
