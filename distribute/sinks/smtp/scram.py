"""SCRAM-SHA-256: prove to know a password, and make the server prove it too.

RFC 5802 and RFC 7677, without channel binding. The password never leaves this machine,
and a server that does not know it cannot play along.
"""

import re
from base64 import b64decode, b64encode
from functools import lru_cache
from hashlib import pbkdf2_hmac, sha256
from hmac import compare_digest, digest

from distribute.errors import PermanentDeliveryError
from distribute.sinks.smtp.saslprep import saslprep

LEAST_ROUNDS, MOST_ROUNDS = 4096, 1_000_000
"""Fewer would make the password easy to guess from what is sent (RFC 7677 section 4),
more would let a hostile server keep this machine busy."""

_HEADER = "n,,"
"""We know no channel binding, and log in as nobody but ourselves."""
_BASE64 = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_SERVER_FIRST = re.compile(
    rf"r=([!-+\--~]+),s=({_BASE64}),i=([1-9][0-9]{{0,9}})(?:,.*)?", re.DOTALL
)
_SERVER_FINAL = re.compile(r"v=([!-+\--~]+)(?:,.*)?", re.DOTALL)
_SERVER_ERROR = re.compile(r"e=([!-+\--~]+)(?:,.*)?", re.DOTALL)


class Scram:
    """One exchange, in the order of its methods. Any error ends it.

    >>> Scram("user", "pencil", nonce="rOprNGfwEbeRWgbNEkqO").first()
    b'n,,n=user,r=rOprNGfwEbeRWgbNEkqO'
    """

    def __init__(self, username: str, password: str, *, nonce: str) -> None:
        """Prepare name and password; raises `PermanentDeliveryError` where that fails.

        `nonce` is printable ASCII without a comma, never used before, and cannot be
        guessed.
        """
        name = _prepared("username", username).replace("=", "=3D").replace(",", "=2C")
        self._password = _prepared("password", password).encode()
        self._nonce = nonce
        self._first = f"n={name},r={nonce}"
        self._verifier = ""

    def first(self) -> bytes:
        """Begin: who we are, and our nonce."""
        return f"{_HEADER}{self._first}".encode()

    def proof(self, challenge: bytes) -> bytes:
        """Answer the server's first message with the proof that we know the password.

        Raises `PermanentDeliveryError` for a message that is not one, or that answers
        somebody else, and for a number of rounds out of bounds.
        """
        server_first = _text(challenge)
        found = _SERVER_FIRST.fullmatch(server_first)
        if not found:
            raise _garbled("gave no nonce, salt and number of rounds")
        nonce, salt, rounds = found[1], b64decode(found[2]), int(found[3])
        if not salt or not nonce.startswith(self._nonce) or nonce == self._nonce:
            raise _garbled("did not add its nonce to ours, or gave no salt")
        if not LEAST_ROUNDS <= rounds <= MOST_ROUNDS:
            raise _garbled(
                f"asks for {rounds:,} rounds of hashing, "
                f"and not for {LEAST_ROUNDS:,} to {MOST_ROUNDS:,}"
            )
        final = f"c={_base64(_HEADER.encode())},r={nonce}"
        signed = f"{self._first},{server_first},{final}".encode()
        client_key, server_key = _keys(self._password, salt, rounds)
        self._verifier = _base64(_mac(server_key, signed))
        client_signature = _mac(sha256(client_key).digest(), signed)
        proof = bytes(a ^ b for a, b in zip(client_key, client_signature, strict=True))
        return f"{final},p={_base64(proof)}".encode()

    def verify(self, challenge: bytes) -> None:
        """Check the server's proof in its last message.

        Raises `PermanentDeliveryError` for a server that does not know the password, or
        says that we do not.
        """
        server_final = _text(challenge)
        problem = _SERVER_ERROR.fullmatch(server_final)
        if problem:
            raise PermanentDeliveryError(
                f"the server refused the login: {problem[1]}",
                hint="Check `username` and the password of [smtp].",
            )
        found = _SERVER_FINAL.fullmatch(server_final)
        if not found:
            raise _garbled("did not prove who it is")
        if not compare_digest(found[1], self._verifier):
            raise unproven()


def unproven() -> PermanentDeliveryError:
    """Make the error for a server that does not prove that it knows the password."""
    return PermanentDeliveryError(
        "the server does not prove that it knows the password",
        hint="Somebody may be in between; do not send before the server's owner knows.",
    )


@lru_cache(maxsize=4)
def _keys(password: bytes, salt: bytes, rounds: int) -> tuple[bytes, bytes]:
    """Derive ClientKey and ServerKey, once for all connections (RFC 5802 section 3)."""
    salted = pbkdf2_hmac("sha256", password, salt, rounds)
    return _mac(salted, b"Client Key"), _mac(salted, b"Server Key")


def _mac(key: bytes, message: bytes) -> bytes:
    return digest(key, message, "sha256")


def _base64(octets: bytes) -> str:
    return b64encode(octets).decode("ascii")


def _text(challenge: bytes) -> str:
    try:
        return challenge.decode("utf-8")
    except UnicodeDecodeError:
        raise _garbled("sent something that is not UTF-8") from None


def _prepared(key: str, text: str) -> str:
    try:
        return saslprep(text)
    except ValueError as error:
        raise PermanentDeliveryError(
            f"the {key} of [smtp] cannot be used with SCRAM: {error}",
            hint='Change it, or set auth = "PLAIN" in [smtp].',
        ) from None


def _garbled(what: str) -> PermanentDeliveryError:
    return PermanentDeliveryError(
        f"the login with SCRAM-SHA-256 failed: the server {what}",
        hint="Ask the server's owner; `auth` in [smtp] names another way to log in.",
    )
