r"""DKIM: messages signed by their sender's domain (RFC 6376, RFC 8463, RFC 8301).

The one door to cryptography, which is loaded only where there are keys. A signature
covers header fields and a digest of the body, both in the form that
`distribute.campaign.message.canonical` gives them: what the messages of an edition share is
brought into that form once, and the digest is the caller's to make::

    signer = DkimSigner("example.org", [DkimKey("s1", pem)], campaign.started)
    fields = [relaxed_field(raw) for raw in ...]         # in the order of the message
    digest = sha256(relaxed_body(first) + relaxed_end(rest)).digest()
    message = signer.sign(fields, digest) + header + b"\r\n" + first + rest
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from distribute.campaign.message.signature import Outline, covered_places, outline_of
from distribute.errors import ConfigError
from distribute.mailbox import Mailbox

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

_SMALLEST_RSA, _LARGEST_RSA = 1024, 4096
"""In bits; verifiers have to take what lies between (RFC 8301 section 3.2)."""
_ED25519_BITS = 256
_LABELS = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*",
    re.IGNORECASE,
)
"""A domain, or a selector, which is of the same make (RFC 6376 section 3.1)."""
_MAKE_A_KEY = (
    "Make one with `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 "
    "-out s1.pem` or `openssl genpkey -algorithm ED25519 -out s2.pem`."
)


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key, and the name under which the DNS has its public half."""

    selector: str
    """``s1``: receivers look the key up at ``s1._domainkey.example.org``."""
    pem: bytes = field(repr=False)
    """RSA in PKCS#1 or PKCS#8, or Ed25519 in PKCS#8; without a passphrase."""


class DkimSigner:
    """Signs the messages of one campaign, once with each key, RSA first.

    The same message gets the same signatures on every run: both algorithms are
    deterministic, and the time that they carry is `signed_at`, when the campaign began.
    A signer can be pickled; it loads its keys by `load`, or else when it first signs.

    Raises `ConfigError` if the domain or a selector is none, or there is no key.
    """

    def __init__(
        self, domain: str, keys: Iterable[DkimKey], signed_at: datetime
    ) -> None:
        self.domain = _ascii_domain(domain)
        self.keys = _checked(tuple(keys))
        self.signed_at = signed_at
        self._pens: Sequence[_Pen] = ()
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def load(self) -> None:
        """Load the keys now; raises `ConfigError` for the first that cannot sign."""
        pens = (_pen(key) for key in self.keys)
        self._pens = sorted(pens, key=lambda pen: pen.algorithm != "rsa")

    def sign(self, fields: Sequence[tuple[str, bytes]], body_hash: bytes) -> bytes:
        """Write the DKIM-Signature fields, to stand in front of the message.

        `fields` are all fields of its header (or at least those of
        `distribute.campaign.message.signature.COVERED`), each as `relaxed_field` gives it, in the
        order of the message; `body_hash` is the SHA-256 digest, 32 octets, of the whole
        body as `relaxed_body` and `relaxed_end` give it. The result is one field for each
        key, folded, with CRLF. Raises `ConfigError` if a key cannot be used, which shows
        at the first message.
        """
        names = tuple([name for name, _ in fields])
        plan = self._plans.get(names) or self._plan(names)
        covered = b"".join([fields[place][1] for place in plan.places])
        return b"".join(
            [
                outline.signed(
                    body_hash, pen.sign(covered + outline.unsigned(body_hash))
                )
                for pen, outline in zip(self._pens, plan.outlines, strict=True)
            ]
        )

    def _plan(self, names: tuple[str, ...]) -> "_Plan":
        """Prepare what all signatures of messages with these fields have in common."""
        if not self._pens:
            self.load()
        outlines = tuple(
            outline_of(
                names,
                a=f"{pen.algorithm}-sha256",
                d=self.domain,
                s=pen.selector,
                t=int(self.signed_at.timestamp()),
            )
            for pen in self._pens
        )
        plan = self._plans[names] = _Plan(covered_places(names), outlines)
        return plan

    def __reduce__(self) -> tuple[object, ...]:
        return DkimSigner, (self.domain, self.keys, self.signed_at)


def is_aligned(domain: str, sender: Mailbox) -> bool:
    """Tell whether a signature of `domain` speaks for the address in From.

    In the eyes of DMARC (RFC 7489 section 3.1.1) it does if it is the address's domain or
    one above or below that. Siblings may do so too, but only the list of all public
    suffixes could tell, and nobody needs them.
    """
    ours = _ascii_domain(domain)
    theirs = sender.wire_address.rpartition("@")[2].lower()
    shorter, longer = sorted((ours, theirs), key=len)
    return ours == theirs or ("." in shorter and longer.endswith(f".{shorter}"))


def dns_name(key: DkimKey, domain: str) -> str:
    """Name the TXT record of a key: ``s1._domainkey.example.org``."""
    return f"{key.selector}._domainkey.{_ascii_domain(domain)}"


def dns_record(key: DkimKey) -> str:
    """Write the TXT record that publishes a key: ``v=DKIM1; k=rsa; p=MIIB…``.

    For RSA it is longer than one string of a record may be: a zone file has it in
    several, of up to 255 octets. Raises `ConfigError` for a key that cannot sign.
    """
    pen = _pen(key)
    public = b64encode(pen.public).decode("ascii")
    return f"v=DKIM1; k={pen.algorithm}; p={public}"


class PublicHalf(NamedTuple):
    """What everybody may know of a key."""

    algorithm: str
    """``rsa`` or ``ed25519``."""
    bits: int
    octets: bytes
    """As the p tag of the DNS record has them, before base64."""


def public_half(key: DkimKey) -> PublicHalf:
    """Tell what kind of key it is; raises `ConfigError` for one that cannot sign."""
    pen = _pen(key)
    return PublicHalf(pen.algorithm, pen.bits, pen.public)


class _Pen(NamedTuple):
    """A key that has been loaded."""

    selector: str
    algorithm: str
    """As the k tag of the DNS record has it: ``rsa`` or ``ed25519``."""
    sign: Callable[[bytes], bytes]
    public: bytes
    """The public half as the p tag has it, before base64."""
    bits: int


class _Plan(NamedTuple):
    """How messages with the same fields are signed."""

    places: Sequence[int]
    """Of the fields that are signed, in the order of signing."""
    outlines: Sequence[Outline]
    """One for each key."""


def _checked(keys: tuple[DkimKey, ...]) -> tuple[DkimKey, ...]:
    if not keys:
        raise ConfigError(("dkim.keys: name a key to sign with",), hint=_MAKE_A_KEY)
    for key in keys:
        if not _LABELS.fullmatch(key.selector):
            raise ConfigError(
                (f"dkim.keys: {key.selector!r} cannot be a selector",),
                hint="Use letters, digits and hyphens, such as s1.",
            )
    for selector, count in Counter(key.selector.lower() for key in keys).items():
        if count > 1:
            raise ConfigError(
                (f"dkim.keys: two keys have the selector {selector!r}",),
                hint="The DNS has one key under each name: rename one.",
            )
    return keys


def _ascii_domain(domain: str) -> str:
    """Write a domain in A-labels and lower case; raises `ConfigError` if it is none."""
    try:
        written = Mailbox(f"postmaster@{domain}").wire_address.rpartition("@")[2]
    except UnicodeError:
        written = ""
    if "@" in domain or not _LABELS.fullmatch(written):
        raise ConfigError(
            (f"dkim.domain: {domain!r} is not a domain",),
            hint="Write the domain of the address in From, such as example.org.",
        )
    return written.lower()


def _pen(key: DkimKey) -> _Pen:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    private = _private_key(key)
    if isinstance(private, Ed25519PrivateKey):
        return _ed25519_pen(key.selector, private)
    if not isinstance(private, RSAPrivateKey):
        raise _unusable(key, "is of a kind other than RSA and Ed25519")
    if private.key_size < _SMALLEST_RSA:
        raise _unusable(key, f"has only {private.key_size} bits: receivers ignore it")
    if private.key_size > _LARGEST_RSA:
        raise _unusable(key, f"has {private.key_size} bits: too many for receivers")
    return _rsa_pen(key.selector, private)


def _rsa_pen(selector: str, private: "RSAPrivateKey") -> _Pen:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    padding, algorithm = PKCS1v15(), SHA256()
    public = private.public_key()
    return _Pen(
        selector,
        "rsa",
        lambda octets: private.sign(octets, padding, algorithm),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        private.key_size,
    )


def _ed25519_pen(selector: str, private: "Ed25519PrivateKey") -> _Pen:
    """Sign a digest, not the octets themselves (RFC 8463 section 3)."""
    return _Pen(
        selector,
        "ed25519",
        lambda octets: private.sign(sha256(octets).digest()),
        private.public_key().public_bytes_raw(),
        _ED25519_BITS,
    )


def _private_key(key: DkimKey) -> "PrivateKeyTypes":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(key.pem, password=None)
    except TypeError as error:  # so it says that a passphrase is missing
        raise _unusable(
            key,
            "is locked with a passphrase",
            hint="`openssl pkey -in LOCKED.pem -out s1.pem` asks for it and takes it off; "
            "let nobody else read that file.",
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        if b"PUBLIC KEY-----" in key.pem:
            problem = "is the public half, which belongs into the DNS"
        else:
            problem = "is not a private key in PEM"
        raise _unusable(key, problem) from error


def _unusable(key: DkimKey, problem: str, *, hint: str = _MAKE_A_KEY) -> ConfigError:
    return ConfigError((f"dkim.keys: the key {key.selector!r} {problem}",), hint=hint)
