"""Hostile octets as a message: a tree of parts that is never deep, wide or large.

The standard library's parser goes as deep as whoever wrote the message likes. This one
reads what reports are made of (RFC 2045, 2046) and nothing in here raises.
"""

import re
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass

from distribute.campaign.returned.header import (
    Header,
    decoded_as,
    parameters,
    read_header,
)

LARGEST = 1024 * 1024
"""Octets that are looked at; a report stands at the beginning."""
DEEPEST = 6
MOST_PARTS = 100
"""In one message, those within others included."""
LONGEST_TEXT = 64 * 1024
"""Octets of a text that are read."""
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_FIRST_LINE = re.compile(rb"\s*(?:>?From [^\n]*\n)?")
_FIELD_LINE = re.compile(rb"[!-9;-~]{1,100}[ \t]*:|[ \t]")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message, or the whole of it."""

    header: Header
    type: str
    """Such as ``text/plain``; in lower case."""
    body: bytes
    """As it stands there, with LF at the ends of lines."""
    parts: tuple["Part", ...] = ()
    """What a multipart holds. A message in a message is not opened: see `inner`."""
    parameters: tuple[tuple[str, str], ...] = ()

    def content(self) -> bytes:
        """Undo the transfer encoding (RFC 2045 section 6)."""
        match self.header.first("content-transfer-encoding").strip().lower():
            case "base64":
                return _from_base64(self.body).replace(b"\r\n", b"\n")
            case "quoted-printable":
                return a2b_qp(self.body)
            case _:
                return self.body

    def text(self) -> str:
        """Give the text of a part for reading; of a long one only the beginning."""
        charset = dict(self.parameters).get("charset", "utf-8")
        return decoded_as(self.content()[:LONGEST_TEXT], charset)

    def inner(self) -> "Part":
        """Open the message, or the header of one, that this part carries."""
        return open_message(self.content(), DEEPEST - 1)

    def walk(self) -> Iterator["Part"]:
        """Give this part and all within; a message in a message is another matter."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def first(self, *types: str) -> "Part | None":
        """Find the first part of one of these types."""
        return next((part for part in self.walk() if part.type in types), None)


def open_message(data: bytes, depth: int = 0) -> Part:
    """Open a message, whatever octets these are."""
    octets = data[:LARGEST].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start = _FIRST_LINE.match(octets)
    return _Opening().part(octets[start.end() if start else 0 :], depth, "text/plain")


class _Opening:
    """Opens one message, and counts its parts."""

    def __init__(self) -> None:
        self._left = MOST_PARTS

    def part(self, octets: bytes, depth: int, usual: str) -> Part:
        """Open a part, and what it holds; `usual` is its type if it tells none."""
        self._left -= 1
        head, body = split(octets)
        header = read_header(head)
        kind, found = parameters(header.first("content-type"))
        if "/" not in kind:
            kind = usual
        parts: tuple[Part, ...] = ()
        if kind.startswith("multipart/") and depth < DEEPEST and found.get("boundary"):
            parts = tuple(self._parts(body, found["boundary"], depth + 1, kind))
        return Part(header, kind, body, parts, tuple(found.items()))

    def _parts(
        self, body: bytes, boundary: str, depth: int, kind: str
    ) -> Iterator[Part]:
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        for piece in _pieces(body, boundary):
            if not self._left:
                return
            yield self.part(piece, depth, inner)


def split(octets: bytes) -> tuple[bytes, bytes]:
    """Split header from body: at the first blank line, or where fields end."""
    if octets.startswith(b"\n"):
        return b"", octets[1:]
    at = 0
    while at < len(octets):
        end = octets.find(b"\n", at)
        end = len(octets) if end < 0 else end
        line = octets[at : min(end, at + 128)]
        if not line.strip():
            return octets[:at], octets[end + 1 :]
        if not _FIELD_LINE.match(line):
            return octets[:at], octets[at:]
        at = end + 1
    return octets, b""


def _pieces(body: bytes, boundary: str) -> Iterator[bytes]:
    """Cut a multipart at its boundary (RFC 2046 section 5.1); the end may be missing."""
    mark = b"--" + boundary.encode("utf-8", "replace")
    places = re.finditer(rb"(?m)^" + re.escape(mark) + rb"(--)?[ \t]*$\n?", body)
    start = -1
    for place in places:
        if start >= 0:
            yield body[start : max(start, place.start() - 1)]
        if place[1]:
            return
        start = place.end()
    if start >= 0:
        yield body[start:]


def _from_base64(body: bytes) -> bytes:
    kept = _NO_BASE64.sub(b"", body.partition(b"=")[0])
    whole = kept[: len(kept) - (len(kept) % 4 == 1)]
    return a2b_base64(whole + b"=" * (-len(whole) % 4))
