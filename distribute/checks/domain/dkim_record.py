"""Read the public key that the DNS has for a signature (RFC 6376 section 3.6.1)."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass

from distribute.checks.domain.tags import TagSyntaxError, parse_tags


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """One key of a selector."""

    algorithm: str
    """``rsa`` or ``ed25519``, or what else stands there."""
    public: bytes
    """The key; empty for one that has been taken back."""
    hashes: frozenset[str]
    """Which digests may be signed; empty means any."""
    services: frozenset[str]
    flags: frozenset[str]

    @property
    def is_revoked(self) -> bool:
        """Whether the domain says that nothing signed with it is to be believed."""
        return not self.public

    @property
    def is_test(self) -> bool:
        """Whether receivers may take a signed mail for an unsigned one."""
        return "y" in self.flags

    @property
    def is_for_mail(self) -> bool:
        """Whether it may sign mail, with SHA-256."""
        return bool(self.services & {"*", "email"}) and (
            not self.hashes or "sha256" in self.hashes
        )


def parse_key_record(text: str) -> KeyRecord:
    """Read a key record; raises `TagSyntaxError`."""
    tags = parse_tags(text)
    if "v" in tags and (next(iter(tags)) != "v" or tags["v"] != "DKIM1"):
        raise TagSyntaxError("it does not begin with v=DKIM1")
    if "p" not in tags:
        raise TagSyntaxError("there is no p=, the key itself")
    return KeyRecord(
        algorithm=tags.get("k", "rsa").lower(),
        public=_octets(tags["p"]),
        hashes=_words(tags.get("h", "")),
        services=_words(tags.get("s", "*")),
        flags=_words(tags.get("t", "")),
    )


def _octets(written: str) -> bytes:
    try:
        return b64decode(re.sub(r"\s", "", written), validate=True)
    except (Base64Error, ValueError):
        raise TagSyntaxError("p= is no base64") from None


def _words(written: str) -> frozenset[str]:
    return frozenset(re.split(r"\s*:\s*", written.lower())) - {""}
