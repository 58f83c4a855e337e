"""Bodies on the wire: transfer encodings (RFC 2045) and multipart/alternative (2046).

Nothing is ever sent as 8bit: a relay that converts it would break the signature.
"""

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from distribute.campaign.headers import field
from distribute.errors import RenderError

_LINE = 76
_GROUP = _LINE // 4 * 3
_NOT_7BIT = re.compile(
    rb"[^\t\n\x20-\x7e]|[ \t]$|^\.|^From |^.{%d}" % (_LINE + 1), re.M
)
_FRAGILE_LINE = re.compile(rb"\n(?:\.|From )[^\n]*")
"""With the line end before it, which is what makes the search fast."""
_TAKES_THREE = bytes([*range(9), *range(11, 32), 61, *range(127, 256)])
"""Octets that quoted-printable writes as ``=XX``, but for white space at line ends."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A body as it travels; `body` has CRLF line ends."""

    encoding: str
    """Content-Transfer-Encoding: ``7bit``, ``quoted-printable`` or ``base64``."""
    body: bytes


def encode_text(text: str) -> Encoded:
    """Choose the smallest safe transfer encoding of a text and apply it.

    Line ends of any kind become CRLF, as RFC 2046 section 4.1.1 wants them. ``7bit`` is
    for ASCII in short lines that no mail program will touch. Raises `RenderError` for
    lone surrogates.
    """
    try:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8")
    except UnicodeEncodeError as error:
        raise RenderError(
            f"the text cannot be written in UTF-8: {error.reason} at {error.start}",
            hint="Save the post as UTF-8 without broken characters.",
        ) from error
    if not _NOT_7BIT.search(lines):
        return Encoded("7bit", lines.replace(b"\n", b"\r\n"))
    size = _base64_size(lines)
    if _least_quoted_size(lines) <= size:
        quoted = quoted_printable(lines)
        if len(quoted) <= size:
            return Encoded("quoted-printable", quoted)
    return Encoded("base64", base64(lines))


def quoted_printable(lines: bytes) -> bytes:
    """Encode lines that end in LF (RFC 2045 section 6.7); the result has CRLF.

    No line starts with a dot or with ``From ``: relays and mailbox files change those.
    """
    encoded = b"\n" + b2a_qp(lines, istext=True)
    return _FRAGILE_LINE.sub(_guarded, encoded)[1:].replace(b"\n", b"\r\n")


def base64(lines: bytes) -> bytes:
    """Encode lines that end in LF (RFC 2045 section 6.8), after making them CRLF."""
    encoded = b2a_base64(lines.replace(b"\n", b"\r\n"), newline=False)
    return b"\r\n".join(
        [encoded[start : start + _LINE] for start in range(0, len(encoded), _LINE)]
    )


def text_part(kind: str, text: str) -> bytes:
    """Write one text part, header and body; `kind` is ``plain`` or ``html``."""
    encoded = encode_text(text)
    return b"".join(
        (
            field("Content-Type", f"text/{kind}; charset=utf-8"),
            field("Content-Transfer-Encoding", encoded.encoding),
            b"\r\n",
            encoded.body,
        )
    )


def boundary_for(parts: Sequence[bytes], seed: bytes) -> str:
    """Derive a boundary from the seed that occurs in none of the parts.

    ``=_`` cannot occur in quoted-printable or base64 at all (RFC 2045 section 6.7);
    in 7bit it is looked for.
    """
    digest = sha256(seed).hexdigest()
    boundary = f"=_{digest[:24]}"
    while any(boundary.encode("ascii") in part for part in parts):
        digest = sha256(digest.encode("ascii")).hexdigest()
        boundary = f"=_{digest[:24]}"
    return boundary


def multipart(parts: Sequence[bytes], boundary: str) -> bytes:
    """Join parts into the body of a multipart entity (RFC 2046 section 5.1.1)."""
    delimiter = b"--" + boundary.encode("ascii")
    pieces = [delimiter + b"\r\n" + part + b"\r\n" for part in parts]
    return b"".join(pieces) + delimiter + b"--\r\n"


def _guarded(line: re.Match[bytes]) -> bytes:
    """Escape the first character, and break the line again where that makes it long."""
    rest, done = line[0][1:], b"\n"
    while rest.startswith((b".", b"From ")):
        escaped = b"=%02X" % rest[0]
        if len(rest) + 2 <= _LINE:
            return done + escaped + rest[1:]
        done += escaped + b"=\n"
        rest = rest[1:]
    return done + rest


def _base64_size(lines: bytes) -> int:
    octets = len(lines) + lines.count(b"\n")
    characters = -(-octets // 3) * 4
    return characters + 2 * max(0, -(-characters // _LINE) - 1)


def _least_quoted_size(lines: bytes) -> int:
    """Count what quoted-printable needs at the very least, soft breaks left out."""
    plain = len(lines.translate(None, _TAKES_THREE))
    return 3 * (len(lines) - plain) + plain + lines.count(b"\n")
