"""The fields of a header that anybody may have written (RFC 5322 section 3.6, RFC 2047).

Nothing in here raises: what cannot be read is given as it stands, or left out.
"""

import re
from binascii import Error, a2b_base64, a2b_qp
from codecs import lookup
from collections.abc import Iterator
from dataclasses import dataclass

MOST_FIELDS = 500
LONGEST_FIELD = 8192
"""Octets; what is longer is cut."""
LONGEST = 128 * 1024
"""Octets of a header that are read; those of Exchange have some ten thousand."""
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')
_ESCAPED = re.compile(r"\\(.)")
_NAME_IN_QUOTES = re.compile(r'"(?:[^"\\]|\\.){0,200}"\s{0,9}(?=<)')
_IN_ANGLES = re.compile(r"<\s*([^<>\s]{1,320})\s*>")
_BARE = re.compile(r'[^\s<>()\[\],;:"]{1,64}@[^\s<>()\[\],;:"]{1,255}')
_NO_TEXT = frozenset({"idna", "punycode", "undefined", "unicode-escape", "mbcs", "oem"})
"""Codecs of Python that nobody writes letters in."""


@dataclass(frozen=True, slots=True)
class Header:
    """Fields in their order; names in lower case, values unfolded and not decoded yet."""

    fields: tuple[tuple[str, str], ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Give every value of a field, as it stands."""
        return tuple(value for known, value in self.fields if known == name)

    def first(self, *names: str) -> str:
        """Give the value of the first of these fields that says anything, else nothing."""
        values = (value for name in names for value in self.all(name))
        return next((value for value in values if value), "")

    def words(self, name: str) -> str:
        """Give a field for people to read: encoded words are decoded (RFC 2047)."""
        return decoded(self.first(name))

    def __contains__(self, name: str) -> bool:
        return any(known == name for known, _ in self.fields)


def read_header(lines: bytes) -> Header:
    """Read fields from a block of lines (LF) without the blank line behind them."""
    unfolded: list[bytes] = []
    for line in lines[:LONGEST].split(b"\n"):
        if line[:1] in {b" ", b"\t"} and unfolded:
            if len(unfolded[-1]) < LONGEST_FIELD:
                unfolded[-1] += b" " + line.strip()
        elif len(unfolded) == MOST_FIELDS:
            break
        else:
            unfolded.append(line)
    found = (_FIELD.fullmatch(line[:LONGEST_FIELD]) for line in unfolded)
    return Header(
        tuple(
            (field[1].decode("ascii").lower(), _text(field[2]).strip())
            for field in found
            if field
        )
    )


def decoded(value: str) -> str:
    """Decode encoded words; a character may be split over two of them."""
    pieces: list[str] = []
    at, charset, pending = 0, "", b""
    for word in _WORD.finditer(value):
        between = value[at : word.start()]
        if pending and (between.strip() or charset != word[1].lower()):
            pieces.append(decoded_as(pending, charset))
            pending = b""
        if between.strip() or not at:
            pieces.append(between)
        charset, pending = word[1].lower(), pending + _octets(word[2], word[3])
        at = word.end()
    return "".join((*pieces, decoded_as(pending, charset), value[at:]))


def decoded_as(octets: bytes, charset: str) -> str:
    """Decode octets by the charset they are said to be in, or by a better guess."""
    try:
        codec = lookup(charset)
        if codec.name.replace("_", "-") not in _NO_TEXT:
            return octets.decode(charset, errors="replace")
    except (LookupError, ValueError):
        pass
    return _text(octets)


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split ``text/plain; charset=utf-8`` into its type and its parameters."""
    kind = value.partition(";")[0].partition("(")[0].strip().lower()
    found: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(value):
        found.setdefault(name.lower(), _ESCAPED.sub(r"\1", quoted) or plain)
    return kind, found


def addresses(value: str) -> Iterator[str]:
    """Give the addresses in a field, without names, whatever else stands there."""
    bare = _NAME_IN_QUOTES.sub("", value)
    found = _IN_ANGLES.findall(bare)
    yield from (found or _BARE.findall(bare))


def address(value: str) -> str:
    """Give the first address in a field, or nothing."""
    return next(addresses(value), "")


def _octets(encoding: str, text: str) -> bytes:
    octets = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return a2b_qp(octets, header=True)
    try:
        return a2b_base64(octets + b"=" * (-len(octets) % 4))
    except Error:
        return octets


def _text(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")
