"""The DKIM-Signature field: what it covers and how it is written (RFC 6376 section 3.5)."""

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from distribute.campaign.message.canonical import relaxed_field

COVERED = (
    "from",
    "reply-to",
    "to",
    "subject",
    "date",
    "message-id",
    "content-language",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-id",
    "feedback-id",
    "mime-version",
    "content-type",
)
"""The fields that a signature covers, each as often as a message has it."""
OVERSIGNED = frozenset(
    {
        "from",
        "reply-to",
        "to",
        "subject",
        "date",
        "list-unsubscribe",
        "list-unsubscribe-post",
    }
)
"""Those named once more than that, so that nobody can add one (RFC 6376 section 8.15)."""
_LINE = 78
_BASE64_LINE = 72


class Outline(NamedTuple):
    """A signature field, but for the digest of the body and the signature proper."""

    raw: bytes
    relaxed: bytes

    def unsigned(self, digest: bytes) -> bytes:
        """Write the field as it is itself signed: relaxed, and with nothing behind b=."""
        return b"%b bh=%b; b=" % (self.relaxed, b64encode(digest))

    def signed(self, digest: bytes, signature: bytes) -> bytes:
        """Write the field as it goes into the message."""
        text = b64encode(signature)
        starts = range(0, len(text), _BASE64_LINE)
        lines = b"\r\n ".join([text[at : at + _BASE64_LINE] for at in starts])
        return b"%b bh=%b;\r\n b=%b\r\n" % (self.raw, b64encode(digest), lines)


def outline_of(names: Sequence[str], **tags: str | int) -> Outline:
    """Begin a signature over the fields of these names, in lower case.

    `tags` are those besides the constant ones, such as ``a="rsa-sha256"``, in the order
    of writing.
    """
    listed = listed_names(names)
    raw = _folded(
        "DKIM-Signature: v=1;",
        " c=relaxed/relaxed;",
        *(f" {tag}={value};" for tag, value in tags.items()),
        f" h={listed[0]}:",
        *(f"{name}:" for name in listed[1:-1]),
        f"{listed[-1]};",
    )
    return Outline(raw, relaxed_field(raw).line.removesuffix(b"\r\n"))


def listed_names(names: Sequence[str]) -> list[str]:
    """Give the names of the h tag for a header with fields of these names."""
    there = Counter(names)
    return [n for n in COVERED for _ in range(there[n] + (n in OVERSIGNED))]


def covered_places(names: Sequence[str]) -> list[int]:
    """Give the places of the fields to be signed, in that order.

    Of several with the same name the last comes first (RFC 6376 section 5.4.2).
    """
    last_first = range(len(names) - 1, -1, -1)
    return [place for n in COVERED for place in last_first if names[place] == n]


def _folded(*pieces: str) -> bytes:
    """Write pieces into lines of at most `_LINE`, the CRLF of the last included."""
    lines = [""]
    for piece in pieces:
        if len(lines[-1]) + len(piece) > _LINE and lines[-1]:
            lines.append(f" {piece.lstrip()}")
        else:
            lines[-1] += piece
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")
