"""Undo mojibake: a whole file that was UTF-8 once, read in a legacy encoding, saved again.

The one door to ftfy. Its `fix_encoding` and a strict round trip must agree on every
character; `fix_text` is never used, since it also rewrites what authors meant to write.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

ENCODINGS = (
    *("mac_roman", "cp1252", "latin-1", "cp1254", "cp1250", "cp1251", "cp1253"),
    *("cp1257", "iso8859-2", "cp437"),
)
"""Legacy encodings in which UTF-8 is misread, most frequent first."""

_LEAD_BYTES = range(0xC2, 0xF5)
_MAX_ROUNDS = 3
"""How often a file may have been misread in turn."""

_SUSPECT = re.compile(
    r"Ã[\u0080-\u00bf\u2018-\u2122]"  # é and the like, read as cp1252 or Latin-1
    r"|â€[™œ˜\u009d“”¦\u0093\u0094]"  # quotes and dashes, read as cp1252
    r"|‚Ä[îìôúùò¶¢]"  # the same, read as Mac Roman
    r"|√[°©®≠≥∫¢£¥±ß¥≤Å∂]"
    r"|├[⌐¿¬º¡áúâ▒╝]|ΓÇ[Öÿôö£¥ª]|≡ƒ"  # letters, quotes, emoji, read as cp437
    r"|ðŸ|\uf8ffü"  # emoji
)

_TRACES = ("Ã", "â€", "‚Ä", "√", "├", "ΓÇ", "≡ƒ", "ðŸ", "\uf8ffü")
"""What every suspect begins with; one letter alone, as most texts lack, is sought faster."""

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_ALONE = re.compile(r"(?<![^\x00-\x7f])[^\x00-\x7f](?![^\x00-\x7f])")
"""A letter that is no part of a longer run, as UTF-8 never is in any encoding here."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A text, and the encodings it was misread in, outermost first; none if it was well."""

    text: str
    encodings: tuple[str, ...] = ()


def repair(text: str) -> Repair:
    """Undo mojibake of the whole text where two methods agree; else leave it alone.

    Private-use characters stay until then: U+F8FF is how Mac Roman shows the first byte
    of an emoji. Never fails, and a repaired text is not repaired again.
    """
    candidates = dict(_readings(text, _MAX_ROUNDS))
    if not candidates:
        return Repair(text)
    from ftfy import fix_encoding

    fixed = fix_encoding(text)
    if fixed == text or fixed not in candidates:
        return Repair(text)
    return Repair(fixed, candidates[fixed])


def suspect_lines(text: str) -> tuple[int, ...]:
    """Give the lines, from 1, that look like mojibake nobody could undo for certain."""
    if text.isascii() or not any(t[0] in text and t in text for t in _TRACES):
        return ()
    lines = enumerate(text.split("\n"), start=1)
    return tuple(number for number, line in lines if _SUSPECT.search(line))


def _readings(text: str, rounds: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what the text may have been, with the encodings it was misread in.

    Later ones replace earlier ones in a `dict`: so the deepest and the rarest first.
    """
    if rounds == 0 or not _may_be_misread(text):
        return
    for encoding in reversed(ENCODINGS):
        before = _reread(text, encoding)
        if before is None or before == text:
            continue
        for earlier, encodings in _readings(before, rounds - 1):
            yield earlier, (encoding, *encodings)
        yield before, (encoding,)


def _reread(text: str, encoding: str) -> str | None:
    try:
        data, _ = codecs.charmap_encode(text, "strict", _bytes_by_character(encoding))
        return data.decode("utf-8")
    except UnicodeError:
        return None


def _may_be_misread(text: str) -> bool:
    """Tell the many texts that were never UTF-8 in another guise, at little cost."""
    first = None if text.isascii() else _BEYOND_ASCII.search(text)
    return first is not None and first[0] in _leads() and not _ALONE.search(text)


@cache
def _leads() -> frozenset[str]:
    """Give what a letter's first byte in UTF-8 is misread as, in any encoding here."""
    return frozenset(
        _character(byte, encoding) for encoding in ENCODINGS for byte in _LEAD_BYTES
    )


@cache
def _bytes_by_character(encoding: str) -> dict[int, int]:
    """Map characters to bytes; a byte the encoding leaves out is the control character."""
    return {ord(_character(byte, encoding)): byte for byte in range(256)}


def _character(byte: int, encoding: str) -> str:
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeError:
        return chr(byte)
