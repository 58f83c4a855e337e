"""The relaxed canonical form of fields and bodies (RFC 6376 section 3.4).

What a signature covers is this form, so that a relay may fold a field anew or strip a
space without breaking it. Everything here can be done once per edition for what its
messages share, and again only for the lines that are a reader's own.
"""

import re
from typing import NamedTuple

_RUN = re.compile(rb"[ \t]+")


class Field(NamedTuple):
    """A header field in its relaxed form."""

    name: str
    """In lower case: ``list-id``."""
    line: bytes
    """``list-id:"News" <en.news.example.org>`` and CRLF: unfolded, the name and all."""


def relaxed_field(raw: bytes) -> Field:
    r"""Bring one header field, folded or not, with its CRLF or without, into its form.

    >>> relaxed_field(b"Subject : A  fine\r\n\tday \r\n")
    Field(name='subject', line=b'subject:A fine day\r\n')
    """
    name, _, value = raw.partition(b":")
    name = name.strip(b" \t").lower()
    value = _RUN.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return Field(name.decode("ascii"), b"%b:%b\r\n" % (name, value))


def relaxed_body(octets: bytes) -> bytes:
    """Bring a run of whole lines, from anywhere before the body's end, into its form.

    Every line ends in CRLF. White space at line ends goes, and any other becomes one
    space; so it may be done run by run, and the results joined:
    ``relaxed_body(a + b) == relaxed_body(a) + relaxed_body(b)``.
    Empty lines stay: only the last run of a body, for which there is `relaxed_end`,
    loses those at its end. Bytes already in this form, such as base64, come back as they
    are, and looking costs little.
    """
    if b"\t" in octets or b"  " in octets:
        octets = _RUN.sub(b" ", octets)
    return octets.replace(b" \r\n", b"\r\n")


def relaxed_end(octets: bytes) -> bytes:
    """Bring the last run of lines of a body into its form.

    It is as in `relaxed_body`, and then all empty lines at the end go and a missing CRLF
    comes. The run has to hold the last line that is not empty, or be the whole body;
    the closing delimiter of a multipart body is such a line. Nothing but empty lines
    gives ``b""``.
    """
    whole = octets if octets.endswith(b"\r\n") else octets + b"\r\n"
    kept = relaxed_body(whole)
    end = len(kept)
    while kept.endswith(b"\r\n", 0, end):
        end -= 2
    return kept[: end + 2] if end else b""
