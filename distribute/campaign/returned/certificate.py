"""Whether Amazon SNS signed a message: the arithmetic, and nothing else.

Another door to cryptography than that of DKIM, for certificates are read nowhere else.
"""

from datetime import datetime

SIGNER = "sns.amazonaws.com"
"""Whom the certificate has to be for."""
_HASHES = {"1": "SHA1", "2": "SHA256"}
"""By SignatureVersion."""


def verifies(
    certificate: bytes, signature: bytes, signed: bytes, *, version: str, now: datetime
) -> bool:
    """Tell whether this certificate (PEM) is valid now, for SNS, and signed these octets."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.x509.oid import NameOID

    if version not in _HASHES:
        return False
    try:
        found = x509.load_pem_x509_certificate(certificate)
        key = found.public_key()
        names = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    except ValueError:
        return False
    is_valid = found.not_valid_before_utc <= now <= found.not_valid_after_utc
    is_theirs = any(name.value == SIGNER for name in names)
    if not (is_valid and is_theirs and isinstance(key, rsa.RSAPublicKey)):
        return False
    try:
        key.verify(
            signature, signed, padding.PKCS1v15(), getattr(hashes, _HASHES[version])()
        )
    except InvalidSignature:
        return False
    return True
