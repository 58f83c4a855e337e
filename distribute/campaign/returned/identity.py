"""What makes a message the same one wherever it lies, and however often it is read."""

from collections.abc import Iterable
from hashlib import sha256

from distribute.campaign.returned.header import Header
from distribute.campaign.returned.mime import split

_CARRIED = (b"message-id", b"date", b"from")
_TRAVEL = (
    b"return-path",
    b"delivered-to",
    b"x-original-to",
    b"x-delivered-to",
    b"envelope-to",
    b"delivery-date",
    b"received",
    b"x-received",
    b"authentication-results",
    b"arc-",
    b"received-spf",
    b"dkim-filter",
    b"x-spam",
    b"x-virus",
    b"x-rspamd",
    b"status",
    b"x-status",
    b"x-keywords",
    b"x-uid",
    b"x-imap",
    b"x-gmail",
    b"x-gm-",
    b"x-mozilla",
    b"x-evolution",
    b"content-length",
    b"lines",
    b">from ",
    b"from ",
)
"""What servers and programs add on the way and where it is kept, by how it begins."""


def identity_of(data: bytes, header: Header) -> bytes:
    """Hash what its author wrote: Message-ID, Date and From; without them all of it."""
    carried = [header.first(name.decode()) for name in _CARRIED]
    if carried[0]:
        return _hash(
            " ".join(value.split()).encode("utf-8", "replace") for value in carried
        )
    octets = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    head, body = split(octets)
    return _hash((*_fields(head), _without_quotes(body)))


def identity_of_words(*words: str) -> bytes:
    """Hash what names a notification: its provider and the ids it gives."""
    return _hash(word.encode("utf-8", "replace") for word in words)


def _fields(head: bytes) -> list[bytes]:
    kept: list[bytes] = []
    is_kept = False
    for line in head.split(b"\n"):
        if line[:1] not in {b" ", b"\t"}:
            is_kept = not line.lower().startswith(_TRAVEL)
        if is_kept and line.strip():
            kept.append(line.strip())
    return kept


def _without_quotes(body: bytes) -> bytes:
    """Undo what a mbox does to lines that begin like its own; blank ends do not count."""
    return b"\n".join(
        line.lstrip(b">") if line.lstrip(b">").startswith(b"From ") else line.rstrip()
        for line in body.rstrip().split(b"\n")
    )


def _hash(pieces: Iterable[bytes]) -> bytes:
    digest = sha256()
    for piece in pieces:
        digest.update(len(piece).to_bytes(8) + piece)
    return digest.digest()
