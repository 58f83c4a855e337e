"""Bodies on the wire: transfer encodings (RFC 2045) and multipart/alternative (2046).

Nothing is ever sent as 8bit: a relay that converts it would break the signature. What is
a reader's own begins and ends lines of its own, so that the lines around it are the same
for all readers. This is where the layout is defined, in the plainest way; what
`distribute.campaign.message.slots` prepares for many readers comes out the same to the octet.
"""

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterator, Sequence
from enum import StrEnum
from hashlib import sha256
from itertools import accumulate, chain, pairwise

from distribute.campaign.message.headers import field
from distribute.errors import RenderError

LINE = 76
"""Longest line of an encoded body (RFC 2045 section 6.7)."""
_NOT_7BIT = re.compile(rb"[^\t\n\x20-\x7e]|[ \t]$|^\.|^From |^.{%d}" % (LINE + 1), re.M)
_TOO_LONG = re.compile(rb"^(.{%d,%d})(=20|=09)$" % (LINE - 2, LINE - 1), re.M)
"""What `b2a_qp` makes of a long line with white space at its end."""
_FRAGILE_LINE = re.compile(rb"\n(?:\.|From )[^\n]*")
"""With the line end before it, which is what makes the search fast."""


class Encoding(StrEnum):
    """The transfer encodings in use (RFC 2045 section 6)."""

    SEVEN_BIT = "7bit"
    QUOTED = "quoted-printable"
    BASE64 = "base64"


def lines_of(text: str) -> bytes:
    """Write a text in UTF-8 with LF line ends, of whatever kind they were.

    Raises `RenderError` for lone surrogates.
    """
    try:
        return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8")
    except UnicodeEncodeError as error:
        raise RenderError(
            f"the text cannot be written in UTF-8: {error.reason} at {error.start}",
            hint="Save the post as UTF-8 without broken characters.",
        ) from error


def encoding_of(shared: Sequence[bytes]) -> Encoding:
    """Choose the smallest safe encoding by what all readers share, in lines of LF.

    ``7bit`` is for ASCII in short lines that no mail program will touch, and for a text
    without slots: a value may be anything.
    """
    if len(shared) == 1 and not _NOT_7BIT.search(shared[0]):
        return Encoding.SEVEN_BIT
    values = [b""] * (len(shared) - 1)
    quoted = quoted_with(shared, values)
    if len(quoted) <= len(base64_with(shared, values)):
        return Encoding.QUOTED
    return Encoding.BASE64


def encode(
    shared: Sequence[bytes], values: Sequence[bytes], encoding: Encoding
) -> bytes:
    """Encode a text of stretches in lines of LF, and the values that stand between them.

    The result has CRLF, and none at its end that is not the text's own.
    """
    match encoding:
        case Encoding.SEVEN_BIT:
            return b"".join(shared).replace(b"\n", b"\r\n")
        case Encoding.QUOTED:
            return quoted_with(shared, values)
        case Encoding.BASE64:
            return base64_with(shared, values)


def quoted_with(shared: Sequence[bytes], values: Sequence[bytes]) -> bytes:
    """Encode as quoted-printable, each value on lines of its own."""
    stretches = list(_alternating(shared, values))
    softly = [softly_ended(stretch) for stretch in stretches[:-1]]
    return b"".join(softly) + quoted_printable(stretches[-1])


def softly_ended(lines: bytes) -> bytes:
    """Encode as quoted-printable what goes on behind it, though on a new line.

    Nothing gives nothing: an empty value leaves no line.
    """
    encoded = quoted_printable(lines + b"x")[:-1]  # the x keeps room for the "="
    whole = not encoded or encoded.endswith(b"\r\n")
    return encoded if whole else encoded + b"=\r\n"


def quoted_printable(lines: bytes) -> bytes:
    """Encode lines that end in LF (RFC 2045 section 6.7); the result has CRLF.

    No line starts with a dot or with ``From ``: relays and mailbox files change those.
    """
    encoded = b"\n" + _TOO_LONG.sub(rb"\1=\n\2", b2a_qp(lines, istext=True))
    return _FRAGILE_LINE.sub(_guarded, encoded)[1:].replace(b"\n", b"\r\n")


def base64_with(shared: Sequence[bytes], values: Sequence[bytes]) -> bytes:
    """Encode as base64 (RFC 2045 section 6.8), each value on lines of its own.

    With a value go the one or two octets around it that its groups of three need. Values
    that come to share a group share the lines.
    """
    stretches = [
        stretch.replace(b"\n", b"\r\n") for stretch in _alternating(shared, values)
    ]
    encoded = b2a_base64(b"".join(stretches), newline=False)
    cuts = [0, *_cuts([len(stretch) for stretch in stretches]), len(encoded)]
    return b"\r\n".join(
        encoded[start : min(start + LINE, end)]
        for begin, end in pairwise(cuts)
        for start in range(begin, end, LINE)
    )


def text_part(kind: str, encoding: Encoding, body: bytes) -> bytes:
    """Write one text part, header and body; `kind` is ``plain`` or ``html``."""
    return part_fields(kind, encoding) + b"\r\n" + body


def part_fields(kind: str, encoding: Encoding) -> bytes:
    """Write the header fields of a text part."""
    return field("Content-Type", f"text/{kind}; charset=utf-8") + field(
        "Content-Transfer-Encoding", encoding
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


def _alternating(shared: Sequence[bytes], values: Sequence[bytes]) -> Iterator[bytes]:
    """Give stretches and values in turn; there is one stretch more."""
    return chain(
        chain.from_iterable(zip(shared[:-1], values, strict=True)), shared[-1:]
    )


def _cuts(sizes: Sequence[int]) -> Iterator[int]:
    """Say where in base64 a value's lines begin and end; `sizes` as `_alternating`."""
    ends = list(accumulate(sizes))
    reached = 0
    for begin, end in zip(ends[:-1:2], ends[1::2], strict=True):
        first, last = begin // 3 * 4, -(-end // 3) * 4
        if first >= reached:
            yield from (reached, first)
        reached = last
    yield reached


def _guarded(line: re.Match[bytes]) -> bytes:
    """Escape the first character, and break the line again where that makes it long."""
    rest, done = line[0][1:], b"\n"
    while rest.startswith((b".", b"From ")):
        escaped = b"=%02X" % rest[0]
        if len(rest) + 2 <= LINE:
            return done + escaped + rest[1:]
        done += escaped + b"=\n"
        rest = rest[1:]
    return done + rest
