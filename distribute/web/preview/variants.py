"""One e-mail in the ways mail programs show it: light, dark, and without its style sheets.

What the viewer's own system prefers must not count, so each variant has the question
answered in its style sheets. No variant runs a script or asks the network for anything:
its own policy says so, whatever a post holds.
"""

import re
from enum import StrEnum


class Mode(StrEnum):
    """How a mail program shows a mail."""

    LIGHT = "light"
    DARK = "dark"
    STRIPPED = "stripped"
    """Without any ``<style>``, which Gmail may drop."""


PICTURES = "img-src data: file: 'self'"
"""The part of a variant's policy that lets it show what lies beside the gallery."""
NO_PICTURES = "img-src 'none'"
REMOTE_PICTURES = "img-src data: file: 'self' http: https:"
BASE = '<base target="_blank">'
"""Links leave the frame; one that has no script could not come back."""

_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    f"default-src 'none'; {PICTURES}; style-src 'unsafe-inline'\">"
)
_START = re.compile(
    r"\s*(?:<!DOCTYPE[^>]*>)?\s*(?:<html\b[^>]*>)?\s*(?:<head\b[^>]*>)?", re.IGNORECASE
)
_STYLE = re.compile(r"<style\b[^>]*>.*?</style\s*>", re.IGNORECASE | re.DOTALL)
_SCHEME = re.compile(
    r"\(\s*prefers-color-scheme\s*(?::\s*(?P<asked>[a-z-]+)\s*)?\)", re.IGNORECASE
)
_META = re.compile(
    r"<meta\b[^>]*\bname=[\"']?(?:supported-)?color-schemes?\b[^>]*>", re.IGNORECASE
)
_ALWAYS, _NEVER = "(min-width:0px)", "(max-width:0px)"


def variant_of(html: str, mode: Mode) -> str:
    """Write an e-mail as it looks in one mode, in a document that is shut in.

    >>> "(min-width:0px)" in variant_of(
    ...     "<style>@media (prefers-color-scheme:dark){p{color:#fff}}</style>", Mode.DARK)
    True
    """
    if mode is Mode.STRIPPED:
        shown = _STYLE.sub("", html)
    else:
        shown = _STYLE.sub(lambda style: _decided(style[0], mode), html)
    return shut_in(_META.sub("", shown), mode)


def shut_in(html: str, mode: Mode = Mode.LIGHT) -> str:
    """Give a document our policy before anything else, and the mode's colours."""
    start = _START.match(html)
    at = start.end() if start else 0
    scheme = "dark" if mode is Mode.DARK else "light"
    ours = f'{_POLICY}{BASE}<meta name="color-scheme" content="{scheme}">'
    return f"{html[:at]}{ours}{html[at:]}"


def without_pictures(variant: str) -> str:
    """Let a variant show no pictures, but what stands for them."""
    return variant.replace(PICTURES, NO_PICTURES, 1)


def with_remote_pictures(variant: str) -> str:
    """Let a variant ask the network for pictures, and for nothing else."""
    return variant.replace(PICTURES, REMOTE_PICTURES, 1)


def as_file(variant: str, depth: int) -> str:
    """Let a variant be a file in so many folders below the gallery's page."""
    home = "../" * depth
    return variant.replace(BASE, f'<base href="{home}" target="_blank">', 1)


def _decided(style: str, mode: Mode) -> str:
    """Answer what a style sheet asks the system, with what is always so or never."""

    def answer(question: re.Match[str]) -> str:
        asked = (question["asked"] or mode).lower()
        return _ALWAYS if asked == mode else _NEVER

    return _SCHEME.sub(answer, style)
