"""Paths below the site: safe on any disk, and percent-encoded for an address."""

import re
import unicodedata
from urllib.parse import quote

_KEPT = "!$&'()*+,;=:@~-._"
_MAX_SEGMENT = 200
_ELSEWHERE = re.compile(r"\A\s*(?://|[A-Za-z][A-Za-z0-9+.-]*:)|://|\A/?[A-Za-z]:/")
"""Another site, another scheme, or a drive of Windows."""
_PLAIN = re.compile(r"/?((?:[A-Za-z0-9_-]{1,200}/)+)")
"""What most paths are: they stay as they are."""


def safe_path(written: str) -> str:
    """Encode a path below the site; empty if it leads elsewhere or names no file.

    A path that does not end in ``.html`` is a folder, and ends in a slash.
    """
    if plain := _PLAIN.fullmatch(written):
        return plain[1]
    segments = [unicodedata.normalize("NFC", s.strip()) for s in written.split("/")]
    segments = [segment for segment in segments if segment]
    if _ELSEWHERE.search(written) or not all(map(_is_safe, segments)):
        return ""
    if segments and segments[-1].lower() == "index.html":
        segments.pop()
    path = "/".join(quote(segment, safe=_KEPT) for segment in segments)
    is_file = path.lower().endswith((".html", ".htm"))
    return path if is_file or not path else f"{path}/"


def _is_safe(segment: str) -> bool:
    """Whether a part of a path is one name on any disk: no ``..``, no hidden file."""
    return (
        not segment.startswith(".")
        and "\\" not in segment
        and segment.isprintable()
        and len(segment.encode("utf-8", "replace")) <= _MAX_SEGMENT
    )
