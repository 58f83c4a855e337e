"""Signed links: who may do what, without a login and without an address in clear.

A token is a sealed mailbox key, bound to one purpose. It needs no table: it is made and
read with the key alone, is the same on every run, outlives a rebuilt database, and says
nothing to those who see it in a log, not even how long the address is. The seal is
deterministic authenticated encryption by the SIV construction (Rogaway and Shrimpton
2006, the idea of RFC 5297) with HMAC-SHA-256 as the pseudo-random function::

    siv   = HMAC(key of the purpose, padded mailbox key)[:16]
    token = base64url(version || siv || padded mailbox key XOR stream(siv))
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256

from distribute.errors import AudienceError
from distribute.mailbox import Mailbox

KEY_SIZE = 32
"""Bytes of a good key; shorter than 16 is refused."""

_VERSION = b"\x01"
_SIV = 16
_BLOCK = 16
_LONGEST = 1024
_NUL = b"\0"
"""Fills up to whole blocks; no mailbox contains it."""
_HASH_BLOCK = 64
_HASH_SIZE = 32
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))
_FIRST = (0).to_bytes(4, "big")


class Purpose(StrEnum):
    """What a token entitles its bearer to; one for another is refused."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"


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

    def sign(self, mailbox_key: str, purpose: Purpose) -> str:
        """Make a token: letters, digits, ``-`` and ``_``; 66 characters as a rule."""
        authenticate, stream = self._seals[purpose][0]
        text = mailbox_key.encode()
        text = text.ljust(-(-len(text) // _BLOCK) * _BLOCK, _NUL)
        siv = authenticate(text)[:_SIV]
        sealed = _VERSION + siv + _mask(text, stream, siv)
        return urlsafe_b64encode(sealed).decode("ascii").rstrip("=")

    def read(self, token: str, purpose: Purpose) -> str | None:
        """Give the `Mailbox.key` it was made for; `None` if we did not make it for this.

        Every key is tried, and compared in constant time, whatever the others said.
        """
        sealed = _decode(token)
        if sealed[:1] != _VERSION or len(sealed) <= 1 + _SIV:
            return None
        siv, masked = sealed[1 : 1 + _SIV], sealed[1 + _SIV :]
        found = None
        for authenticate, stream in self._seals[purpose]:
            text = _mask(masked, stream, siv)
            if hmac.compare_digest(siv, authenticate(text)[:_SIV]):
                found = text.rstrip(b"\0").decode()
        return found


class _Hmac:
    """HMAC-SHA-256 (RFC 2104) under one key, whose own two blocks are hashed only once.

    A newsletter signs one link for everybody: this takes less than half of what
    `hmac.digest` does.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        block = key.ljust(_HASH_BLOCK, _NUL)
        self._inner = sha256(block.translate(_INNER))
        self._outer = sha256(block.translate(_OUTER))

    def __call__(self, text: bytes) -> bytes:
        inner = self._inner.copy()
        inner.update(text)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()


_Seal = tuple[_Hmac, _Hmac]


def _seals(keys: tuple[bytes, ...]) -> Mapping[Purpose, tuple[_Seal, ...]]:
    return {purpose: tuple(_seal(key, purpose) for key in keys) for purpose in Purpose}


def _seal(key: bytes, purpose: Purpose) -> _Seal:
    """Derive what authenticates and what makes the stream; both keys have 32 bytes."""
    siv = hmac.digest(key, b"distribute token siv " + purpose.encode(), "sha256")
    return _Hmac(siv), _Hmac(hmac.digest(siv, b"stream", "sha256"))


def _mask(text: bytes, stream: _Hmac, siv: bytes) -> bytes:
    """XOR whole blocks with the stream that begins at `siv`."""
    mask = stream(siv + _FIRST)
    size = len(text)
    if size > _HASH_SIZE:
        numbers = range(1, -(-size // _HASH_SIZE))
        mask += b"".join(stream(siv + n.to_bytes(4, "big")) for n in numbers)
    number = int.from_bytes(text, "big") ^ int.from_bytes(mask[:size], "big")
    return number.to_bytes(size, "big")


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
