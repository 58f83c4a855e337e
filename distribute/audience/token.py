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
from binascii import b2a_base64
from collections.abc import Callable, Mapping
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
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


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
        return self.signing(purpose)(mailbox_key)

    def signing(self, purpose: Purpose) -> Callable[[str], str]:
        """Give what `sign` does for one purpose, to whoever has many tokens to make."""
        return self._seals[purpose][0].token

    def read(self, token: str, purpose: Purpose) -> str | None:
        """Give the `Mailbox.key` it was made for; `None` if we did not make it for this.

        Every key is tried, and compared in constant time, whatever the others said.
        """
        sealed = _decode(token)
        if sealed[:1] != _VERSION or len(sealed) <= 1 + _SIV:
            return None
        siv, masked = sealed[1 : 1 + _SIV], sealed[1 + _SIV :]
        found = None
        for seal in self._seals[purpose]:
            text = seal.unmasked(siv, masked)
            if text is not None:
                found = text.rstrip(_NUL).decode()
        return found


class _Seal:
    """Seals the keys of mailboxes for one purpose, with one key of ours."""

    __slots__ = ("_authenticate", "_stream")

    def __init__(self, key: bytes, purpose: Purpose) -> None:
        siv = hmac.digest(key, b"distribute token siv " + purpose.encode(), "sha256")
        self._authenticate = _hmac(siv)
        self._stream = _hmac(hmac.digest(siv, b"stream", "sha256"))

    def token(self, mailbox_key: str) -> str:
        """Make the token; a newsletter makes one for everybody, so it has to be quick."""
        text = mailbox_key.encode()
        text = text.ljust(-(-len(text) // _BLOCK) * _BLOCK, _NUL)
        siv = self._authenticate(text)[:_SIV]
        sealed = _VERSION + siv + self._masked(siv, text)
        encoded = b2a_base64(sealed, newline=False)
        return encoded.translate(_URL_SAFE, b"=").decode()

    def unmasked(self, siv: bytes, masked: bytes) -> bytes | None:
        """Give the padded text, if it was sealed by us with this `siv`."""
        text = self._masked(siv, masked)
        is_ours = hmac.compare_digest(siv, self._authenticate(text)[:_SIV])
        return text if is_ours else None

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
