"""Encoded texts with slots: what an edition's messages share, ready for the wire.

A text becomes stretches of whole lines, in the layout that `distribute.campaign.message.mime`
defines. What stands between values never changes; a value is encoded when it is known,
to be put between. In base64 a value moves what follows it by an octet or two, so that each
stretch behind a slot is there in three variants.
"""

from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple, Protocol

from distribute.campaign.message.mime import LINE, Encoding, encode, softly_ended
from distribute.campaign.message.parts import Part
from distribute.render.email.personal import Slot

_GROUP = 3
_LINE_OCTETS = LINE // 4 * _GROUP
_SHORT = LINE - 4
"""Characters in quoted-printable that fit into a line, whatever is at their end."""
_FRAGILE = b".", b"From "
"""How no line may begin; see `distribute.campaign.message.mime.quoted_printable`."""
_NUMBER = {slot: number for number, slot in enumerate(Slot)}


Values = tuple[Sequence[bytes], Sequence[bytes | None]]
"""One reader's values for one text, in the order of `Slot`.

First in UTF-8, escaped where the text is HTML; then as `softly_ended` gives them, where
that is known already. No class, for these are made for every single delivery.
"""


class Slots(Protocol):
    """What goes between the stretches of a text."""

    def filled(self, values: Values) -> Sequence[bytes]:
        """Encode one reader's values: as many pieces as there are gaps."""
        ...


def compiled(part: Part) -> tuple[list[bytes], Slots]:
    """Encode a text as stretches, and say what goes between each and the next.

    Each is whole lines, or nothing. The CRLF at the very end belongs to the delimiter
    that follows.
    """
    slots = tuple(_NUMBER[slot] for slot in part.slots)
    if part.encoding is Encoding.BASE64 and slots:
        return _compiled_base64(part.shared, slots)
    return _compiled_lines(part, slots)


class _Lines:
    """Slots of a text in quoted-printable; one in 7bit has none."""

    __slots__ = ("_pick", "_slots")

    def __init__(self, slots: tuple[int, ...]) -> None:
        self._slots = slots
        self._pick = itemgetter(*slots) if len(slots) > 1 else None

    def filled(self, values: Values) -> Sequence[bytes]:
        octets, lines = values
        if self._pick is not None:
            known: tuple[bytes, ...] = self._pick(lines)  # a third of what a loop takes
            if None not in known:
                return known
        filled = []
        for slot in self._slots:
            line = lines[slot]
            filled.append(_soft_line(octets[slot]) if line is None else line)
        return filled


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
    steps: tuple[tuple[int, tuple[_Variant, ...]], ...]
    """Number of a value's slot, and the stretch behind it by its offset."""

    def filled(self, values: Values) -> Sequence[bytes]:
        octets, _ = values
        pending, filled = self.carry, []
        for slot, variants in self.steps:
            pending += octets[slot]
            head, lines, carry = variants[len(pending) % _GROUP]
            pending += head
            if lines is None:
                filled += [b"", b""]
            else:
                filled += [_base64_lines(pending), lines]
                pending = carry
        return filled


def _soft_line(value: bytes) -> bytes:
    """Encode as `softly_ended` does, at once if one line is all it takes."""
    encoded = b2a_qp(value + b"x", istext=True)[:-1]
    if len(encoded) > _SHORT or b"\n" in encoded or encoded.startswith(_FRAGILE):
        return softly_ended(value)
    return encoded and encoded + b"=\r\n"


def _compiled_lines(part: Part, slots: tuple[int, ...]) -> tuple[list[bytes], Slots]:
    stretches = [softly_ended(stretch) for stretch in part.shared[:-1]]
    last = encode(part.shared[-1:], (), part.encoding)
    return [*stretches, last + b"\r\n"], _Lines(slots)


def _compiled_base64(
    shared: Sequence[bytes], slots: Sequence[int]
) -> tuple[list[bytes], Slots]:
    """Encode the first stretch; those behind values have variants, and go between too."""
    first, *others = [stretch.replace(b"\n", b"\r\n") for stretch in shared]
    opening = _variant(first, 0)
    variants = [
        *(
            tuple(_variant(each, used) for used in range(_GROUP))
            for each in others[:-1]
        ),
        tuple(_last_variant(others[-1], used) for used in range(_GROUP)),
    ]
    steps = tuple(zip(slots, variants, strict=True))
    stretches = [opening.lines or b""] + [b""] * 2 * len(slots)
    return stretches, _Base64(opening.carry, steps)


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
    if len(octets) <= 3 * _LINE_OCTETS:
        second = encoded[LINE : 2 * LINE]
        return b"%b\r\n%b\r\n%b\r\n" % (encoded[:LINE], second, encoded[2 * LINE :])
    starts = range(0, len(encoded), LINE)
    return b"\r\n".join([encoded[start : start + LINE] for start in starts]) + b"\r\n"
