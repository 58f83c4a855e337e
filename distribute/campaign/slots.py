"""Encoded texts with slots: what an edition's messages share, ready for the wire.

A text becomes pieces of whole lines, in the layout that `distribute.campaign.mime`
defines. What stands between values never changes; a value is encoded and set in its place
when it is known. In base64 a value moves what follows it by an octet or two, so that each
stretch behind a slot is there in three variants.
"""

from binascii import b2a_base64
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from distribute.campaign.mime import LINE, Encoding, encode, softly_ended
from distribute.campaign.parts import Part
from distribute.render.personal import Slot

_GROUP = 3
_LINE_OCTETS = LINE // 4 * _GROUP
_NUMBER = {slot: number for number, slot in enumerate(Slot)}


Values = tuple[Sequence[bytes], Sequence[bytes | None]]
"""One reader's values for one text, in the order of `Slot`.

First in UTF-8, escaped where the text is HTML; then as `softly_ended` gives them, where
that is known already. No class, for these are made for every single delivery.
"""


class Slots(Protocol):
    """Where values go among the pieces of a text."""

    def fill(self, pieces: MutableSequence[bytes], values: Values) -> None:
        """Set one reader's values in their places, which are empty."""
        ...


def compiled(part: Part, start: int) -> tuple[list[bytes], Slots]:
    """Encode a text as pieces, which are to stand in a message from place `start`.

    Each is whole lines, or nothing where a value goes. The CRLF at the very end belongs
    to the delimiter that follows.
    """
    slots = tuple(_NUMBER[slot] for slot in part.slots)
    if part.encoding is Encoding.BASE64 and slots:
        return _compiled_base64(part.shared, slots, start)
    return _compiled_lines(part, slots, start)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Slots of a text in quoted-printable; one in 7bit has none."""

    places: tuple[tuple[int, int], ...]
    """Place among the pieces, and number of the slot."""

    def fill(self, pieces: MutableSequence[bytes], values: Values) -> None:
        octets, lines = values
        for place, slot in self.places:
            known = lines[slot]
            pieces[place] = softly_ended(octets[slot]) if known is None else known


class _Variant(NamedTuple):
    """A stretch behind a value that leaves a group unfinished, or does not."""

    head: bytes
    """Octets that finish the value's last group."""
    lines: bytes | None
    """The groups behind it, encoded; `None` if there was not even enough for the head."""
    carry: bytes
    """Octets at the end that begin the next value's first group."""


@dataclass(frozen=True, slots=True)
class _Base64:
    """Slots of a text in base64."""

    carry: bytes
    """Octets before the first value that share its first group."""
    steps: tuple[tuple[int, int, tuple[_Variant, ...]], ...]
    """Place of a value, number of its slot, and the stretch behind it by its offset."""

    def fill(self, pieces: MutableSequence[bytes], values: Values) -> None:
        octets, _ = values
        pending = self.carry
        for place, slot, variants in self.steps:
            pending += octets[slot]
            head, lines, carry = variants[len(pending) % _GROUP]
            if lines is None:
                pending += head
            else:
                pieces[place] = _base64_lines(pending + head)
                pieces[place + 1] = lines
                pending = carry


def _compiled_lines(
    part: Part, slots: Sequence[int], start: int
) -> tuple[list[bytes], Slots]:
    pieces = []
    for stretch in part.shared[:-1]:
        pieces += [softly_ended(stretch), b""]
    pieces.append(encode(part.shared[-1:], (), part.encoding) + b"\r\n")
    places = range(start + 1, start + len(pieces), 2)
    return pieces, _Lines(tuple(zip(places, slots, strict=True)))


def _compiled_base64(
    shared: Sequence[bytes], slots: Sequence[int], start: int
) -> tuple[list[bytes], Slots]:
    first, *others = [stretch.replace(b"\n", b"\r\n") for stretch in shared]
    opening = _variant(first, 0)
    variants = [
        *(
            tuple(_variant(each, used) for used in range(_GROUP))
            for each in others[:-1]
        ),
        tuple(_last_variant(others[-1], used) for used in range(_GROUP)),
    ]
    places = range(start + 1, start + 2 * len(slots), 2)
    steps = tuple(zip(places, slots, variants, strict=True))
    pieces = [opening.lines or b""] + [b""] * 2 * len(slots)
    return pieces, _Base64(opening.carry, steps)


def _variant(octets: bytes, used: int) -> _Variant:
    """Cut a stretch that begins when so many octets of a group are used."""
    missing = -used % _GROUP
    if len(octets) < missing:
        return _Variant(octets, None, b"")
    end = len(octets) - (len(octets) - missing) % _GROUP
    return _Variant(octets[:missing], _base64_lines(octets[missing:end]), octets[end:])


def _last_variant(octets: bytes, used: int) -> _Variant:
    """Cut the last stretch, behind which comes nothing but padding."""
    missing = -used % _GROUP
    return _Variant(octets[:missing], _base64_lines(octets[missing:]), b"")


def _base64_lines(octets: bytes) -> bytes:
    """Encode as lines that all end in CRLF."""
    if len(octets) <= _LINE_OCTETS:
        return b2a_base64(octets, newline=False) + b"\r\n" if octets else b""
    encoded = b2a_base64(octets, newline=False)
    if len(octets) <= 2 * _LINE_OCTETS:
        return b"%b\r\n%b\r\n" % (encoded[:LINE], encoded[LINE:])
    starts = range(0, len(encoded), LINE)
    return b"\r\n".join([encoded[start : start + LINE] for start in starts]) + b"\r\n"
