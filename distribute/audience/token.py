"""Signed links: who may do what, without a login and without an address in clear.

A token is a sealed mailbox key, bound to one purpose. It needs no table: it is made and
read with the key alone, is the same on every run, outlives a rebuilt database, and says
nothing to those who see it in a log, not even how long the address is. The seal is
deterministic authenticated encryption by the SIV construction (Rogaway and Shrimpton
2006, the idea of RFC 5297) with HMAC-SHA-256 as the pseudo-random function::

    siv   = HMAC(key of the purpose, padded mailbox key)[:16]
    token = base64url(version || siv || padded mailbox key XOR stream(siv))
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from enum import StrEnum

from distribute.errors import AudienceError
from distribute.mailbox import Mailbox

KEY_SIZE = 32
"""Bytes of a good key; shorter than 16 is refused."""

_VERSION = b"\x01"
_SIV = 16
_BLOCK = 16
_LONGEST = 1024


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

    def __repr__(self) -> str:
        return f"Signer({len(self._keys)} keys)"

    def unsubscribe(self, mailbox: Mailbox) -> str:
        """Make the token of the unsubscribe link of this mailbox."""
        return self.sign(mailbox.key, Purpose.UNSUBSCRIBE)

    def sign(self, mailbox_key: str, purpose: Purpose) -> str:
        """Make a token: letters, digits, ``-`` and ``_``; 66 characters as a rule."""
        siv_key, stream_key = _subkeys(self._keys[0], purpose)
        text = _pad(mailbox_key.encode())
        siv = hmac.digest(siv_key, text, "sha256")[:_SIV]
        sealed = _VERSION + siv + _mask(text, stream_key, siv)
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
        for key in self._keys:
            siv_key, stream_key = _subkeys(key, purpose)
            text = _mask(masked, stream_key, siv)
            expected = hmac.digest(siv_key, text, "sha256")[:_SIV]
            if hmac.compare_digest(siv, expected):
                found = text.rstrip(b"\0").decode()
        return found


def _subkeys(key: bytes, purpose: Purpose) -> tuple[bytes, bytes]:
    siv = hmac.digest(key, b"distribute token siv " + purpose.encode(), "sha256")
    return siv, hmac.digest(siv, b"stream", "sha256")


def _pad(text: bytes) -> bytes:
    """Fill up to whole blocks with NUL, which no mailbox contains."""
    return text.ljust(-(-len(text) // _BLOCK) * _BLOCK, b"\0")


def _mask(text: bytes, key: bytes, siv: bytes) -> bytes:
    size = hashlib.sha256().digest_size
    stream = b"".join(
        hmac.digest(key, siv + number.to_bytes(4, "big"), "sha256")
        for number in range(-(-len(text) // size))
    )
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))


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
