"""Addresses in reports: ``rfc822;ada@example.org`` (RFC 3464, RFC 6533)."""

import re

from distribute.campaign.returned.clean import cleaned
from distribute.campaign.returned.header import address

LONGEST = 320
"""Characters: 64 before the @, 255 behind it."""
_EMBEDDED = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_XTEXT_OF_LOCALS = re.compile(r"\+(2B|3D)")


def recipient_of(value: str) -> str:
    r"""Read an address field of a report; types other than these stay as they are.

    >>> recipient_of("rfc822; <ada@example.org>"), recipient_of("x400;/G=Ada/")
    ('ada@example.org', 'x400;/G=Ada/')
    >>> recipient_of(r"utf-8; fran\x{E7}ois@example.org")
    'françois@example.org'
    """
    kind, _, rest = value.partition(";")
    if not rest:
        kind, rest = "", value
    match kind.strip().lower():
        case "utf-8":
            rest = _EMBEDDED.sub(_character, rest)
        case "rfc822" | "":
            pass
        case _:
            return cleaned(value, LONGEST)
    return tidy(rest)


def original_of(value: str) -> str:
    """Read Original-Recipient, in which some leave the xtext of ORCPT (RFC 3461).

    Only ``+2B`` and ``+3D`` must be written so: ``ada+42@`` is an address as it stands.
    """
    found = recipient_of(value)
    undone = _XTEXT_OF_LOCALS.sub(_character, found)
    return found if "+" in _XTEXT_OF_LOCALS.sub("", found) else undone


def tidy(value: str) -> str:
    """Give the one address in some text, clean; else the text."""
    return cleaned(address(value) or value.strip(" <>"), LONGEST)


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if number < 0x110000 else "\ufffd"
