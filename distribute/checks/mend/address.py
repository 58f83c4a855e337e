"""What a mangled address was meant to be, where there is no doubt."""

import re

from distribute.render.links.addresses import is_plain

_WRAPPED = re.compile(r"\((.*)\)|(?<!\))\((.*)", re.DOTALL)
_SLIP = re.compile(
    r"\A(?!https?://)h{0,2}t{1,3}ps{0,2}(?:://?|//)(?=[^/])", re.IGNORECASE
)
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_PAIRS = {
    "]": "[",
    "}": "{",
    ">": "<",
    "）": "（",
    "】": "【",
    "」": "「",
    "』": "『",
    "》": "《",
    "〉": "〈",
}
_STRAY = frozenset('"”’»*,;[{，。；：、！？') | _PAIRS.keys()
"""What ends an address only by mistake; a bracket, if it was not opened there."""


def mended_address(written: str) -> str:
    """Give the address that was meant; empty if it is right, or if it may be another.

    >>> mended_address("(https://example.org/a)"), mended_address("ttps://example.org")
    ('https://example.org/a', 'https://example.org')
    >>> mended_address("example.org/a"), mended_address("https://example.org/a]")
    ('https://example.org/a', 'https://example.org/a')
    """
    address = _trimmed(_unwrapped(written.strip()))
    address = _SLIP.sub("https://", address, count=1)
    if not _HAS_SCHEME.match(address) and not address.startswith("/"):
        address = f"https://{address}"
    return address if address != written and is_plain(address) else ""


def _unwrapped(address: str) -> str:
    """Take off the brackets that were written twice."""
    while wrapped := _WRAPPED.fullmatch(address):
        address = next(filter(None, wrapped.groups()), "")
    return address


def _trimmed(address: str) -> str:
    """Take off what belongs to the sentence around it."""
    while address and address[-1] in _STRAY:
        closing = address[-1]
        opening = _PAIRS.get(closing)
        if opening and address.count(opening) >= address.count(closing):
            break
        address = address[:-1]
    return address
