"""Signed links: who may do what, without a login and without an address in clear.

A token is a sealed mailbox key, bound to one purpose. It needs no table: it is made and
read with the key alone, is the same on every run, outlives a rebuilt database, and says
nothing to those who see it in a log, not even how long the address is. The seal is
deterministic authenticated encryption by the SIV construction (Rogaway and Shrimpton
2006, the idea of RFC 5297) with HMAC-SHA-256 as the pseudo-random function::

    siv   = HMAC(key of the purpose, padded mailbox key)[:16]
    token = base64url(version || siv || padded mailbox key XOR stream(siv))

What opens somebody's preferences is the same with the whole HMAC instead of its first
half, so that the two tokens that stand in every mail take little longer than one. The
half that an unsubscribe link shows says nothing about the other, so it opens nobody's
preferences. Whoever has those may leave, too; the page offers it.

A token that is good for some time only has that time sealed in, before the mailbox key.
Those in mails that stay in mailboxes for years have none: they are good for ever.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from binascii import b2a_base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from distribute.errors import AudienceError
from distribute.mailbox import Mailbox

KEY_SIZE = 32
"""Bytes of a good key; shorter than 16 is refused."""

_VERSION = b"\x01"
_WHOLE_VERSION = b"\x02"
_SIV = 16
_WHOLE = 32
_BLOCK = 16
_LONGEST = 1024
_NUL = b"\0"
"""Fills up to whole blocks, and begins a time; no mailbox contains it."""
_TIME = 8
"""Octets of a time: NUL, then seconds since 1970."""
_HASH_BLOCK = 64
_HASH_SIZE = 32
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))
_FIRST = (0).to_bytes(4, "big")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Purpose(StrEnum):
    """What a token entitles its bearer to; one for another is refused."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    CONFIRM = "confirm"
    """To join, or to come back; good for some time only."""


class Grant(NamedTuple):
    """What a token of ours says."""

    key: str
    """The `Mailbox.key` it was made for."""
    expires: datetime | None = None
    """When it ceases to be good; `None` if it never does."""

    def has_expired(self, now: datetime) -> bool:
        """Tell whether it was good once, and is no more."""
        return self.expires is not None and now >= self.expires


class Signer:
    """Makes tokens with one key, and reads those of retired keys as well.

    To change the key, hand over the new one and keep the old among `retired`, for as
    long as links signed with it shall work.
    """

    def __init__(self, key: bytes, *, retired: tuple[bytes, ...] = ()) -> None:
        if any(len(k) < KEY_SIZE // 2 for k in (key, *retired)):
            raise AudienceError(
                "the signing key is too short",
                hint=f"Use {KEY_SIZE} random bytes.",
            )
        self._keys = (key, *retired)
        self._seals = _seals(self._keys)

    def __getstate__(self) -> tuple[bytes, ...]:
        return self._keys

    def __setstate__(self, keys: tuple[bytes, ...]) -> None:
        self._keys = keys
        self._seals = _seals(keys)

    def __repr__(self) -> str:
        return f"Signer({len(self._keys)} keys)"

    def unsubscribe(self, mailbox: Mailbox) -> str:
        """Make the token of the unsubscribe link of this mailbox."""
        return self.sign(mailbox.key, Purpose.UNSUBSCRIBE)

    def sign(
        self, mailbox_key: str, purpose: Purpose, expires: datetime | None = None
    ) -> str:
        """Make a token: letters, digits, ``-`` and ``_``; 66 characters as a rule.

        If it `expires`, an aware instant that is cut to the second, it is longer.
        """
        if expires is None:
            return self.signing(purpose)(mailbox_key)
        return self._seals[purpose][0].dated(mailbox_key, expires)

    def signing(self, purpose: Purpose) -> Callable[[str], str]:
        """Give what `sign` does for one purpose, to whoever has many tokens to make."""
        return self._seals[purpose][0].token

    def pairs(self) -> Callable[[str], tuple[bytes, bytes]]:
        """Give what makes the tokens to leave and for the preferences, both at once."""
        return self._seals[Purpose.PREFERENCES][0].pair

    def subkey(self, name: str) -> bytes:
        """Derive a key for another use from the one that signs."""
        return self.subkeys(name)[0]

    def subkeys(self, name: str) -> tuple[bytes, ...]:
        """Derive the same from the retired keys as well; the current one comes first."""
        text = b"distribute key " + name.encode()
        return tuple(hmac.digest(key, text, "sha256") for key in self._keys)

    def read(
        self, token: str, purpose: Purpose, now: datetime | None = None
    ) -> str | None:
        """Give the `Mailbox.key` it was made for; `None` if we did not make it for this.

        One that expires is read only at an instant before that, so never without `now`.
        """
        grant = self.grant(token, purpose)
        if grant is None or (grant.expires and (now is None or now >= grant.expires)):
            return None
        return grant.key

    def grant(self, token: str, purpose: Purpose) -> Grant | None:
        """Give all it says, even if it has expired; `None` if we did not make it for this.

        Every key is tried, and compared in constant time, whatever the others said.
        """
        sealed, found = _decode(token), None
        for seal in self._seals[purpose]:
            text = seal.opened(sealed)
            if text is not None:
                found = _grant(text)
        return found


class _Seal:
    """Seals the keys of mailboxes for one purpose, with one key of ours."""

    __slots__ = ("_authenticate", "_proof", "_stream", "_version")

    def __init__(self, key: bytes, purpose: Purpose) -> None:
        is_whole = purpose is Purpose.PREFERENCES
        self._version, self._proof = (
            (_WHOLE_VERSION, _WHOLE) if is_whole else (_VERSION, _SIV)
        )
        base = Purpose.UNSUBSCRIBE if is_whole else purpose
        siv = hmac.digest(key, b"distribute token siv " + base.encode(), "sha256")
        self._authenticate = _hmac(siv)
        self._stream = _hmac(hmac.digest(siv, b"stream", "sha256"))

    def token(self, mailbox_key: str) -> str:
        """Make the token; a newsletter makes one for everybody, so it has to be quick."""
        return self._sealed(_padded(mailbox_key.encode()))

    def dated(self, mailbox_key: str, expires: datetime) -> str:
        """Make a token that is good until then."""
        seconds = max(int(expires.timestamp()), 0)
        time = seconds.to_bytes(_TIME, "big")  # so its first octet is NUL
        return self._sealed(_padded(time + mailbox_key.encode()))

    def pair(self, mailbox_key: str) -> tuple[bytes, bytes]:
        """Make the token that shows half of what this one shows, and this one."""
        text = _padded(mailbox_key.encode())
        proof = self._authenticate(text)
        siv = proof[:_SIV]
        masked = self._masked(siv, text)
        half, whole = _VERSION + siv + masked, _WHOLE_VERSION + proof + masked
        return _encoded(half), _encoded(whole)

    def opened(self, sealed: bytes) -> bytes | None:
        """Give the padded text, if it was sealed by us in this way."""
        start = 1 + self._proof
        proof = sealed[1:start]
        if sealed[:1] != self._version or len(sealed) <= start:
            return None
        text = self._masked(proof[:_SIV], sealed[start:])
        is_ours = hmac.compare_digest(proof, self._authenticate(text)[: self._proof])
        return text if is_ours else None

    def _sealed(self, text: bytes) -> str:
        proof = self._authenticate(text)
        masked = self._masked(proof[:_SIV], text)
        return _encoded(self._version + proof[: self._proof] + masked).decode()

    def _masked(self, siv: bytes, text: bytes) -> bytes:
        """XOR whole blocks with the stream that begins at `siv`, or undo that."""
        stream, size = self._stream, len(text)
        mask = stream(siv + _FIRST)
        while len(mask) < size:
            mask += stream(siv + (len(mask) // _HASH_SIZE).to_bytes(4, "big"))
        masked = int.from_bytes(text, "big") ^ int.from_bytes(mask[:size], "big")
        return masked.to_bytes(size, "big")


def _hmac(key: bytes) -> Callable[[bytes], bytes]:
    """Make HMAC-SHA-256 (RFC 2104) with one key, whose own two blocks are hashed once.

    That takes less than half of what `hmac.digest` does.
    """
    block = key.ljust(_HASH_BLOCK, _NUL)
    begin_inner = sha256(block.translate(_INNER)).copy
    begin_outer = sha256(block.translate(_OUTER)).copy

    def digest(text: bytes) -> bytes:
        inner, outer = begin_inner(), begin_outer()
        inner.update(text)
        outer.update(inner.digest())
        return outer.digest()

    return digest


def _seals(keys: tuple[bytes, ...]) -> Mapping[Purpose, tuple[_Seal, ...]]:
    return {purpose: tuple(_Seal(key, purpose) for key in keys) for purpose in Purpose}


def _grant(text: bytes) -> Grant:
    """Read what was sealed, padded as it is."""
    if not text.startswith(_NUL):
        return Grant(text.rstrip(_NUL).decode())
    seconds = int.from_bytes(text[:_TIME], "big")
    key = text[_TIME:].rstrip(_NUL).decode()
    return Grant(key, datetime.fromtimestamp(seconds, UTC))


def _padded(text: bytes) -> bytes:
    return text.ljust(-(-len(text) // _BLOCK) * _BLOCK, _NUL)


def _encoded(sealed: bytes) -> bytes:
    return b2a_base64(sealed, newline=False).translate(_URL_SAFE, b"=")


def _decode(token: str) -> bytes:
    """Undo base64url; nothing for what has any other form than the one we write."""
    if len(token) > _LONGEST or not token.isascii():
        return b""
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except Base64Error:
        return b""
    canonical = urlsafe_b64encode(sealed).decode("ascii").rstrip("=")
    return sealed if canonical == token else b""
