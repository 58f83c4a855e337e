"""Which way up a camera was held: the orientation in Exif data (CIPA DC-008, TIFF 6.0)."""

import struct

_TAG = 0x0112
_SHORT = 3
_UPRIGHT = 1


def orientation_of(tiff: bytes) -> int:
    """Read the orientation, 1 to 8, from what follows ``Exif`` and two NULs.

    Gives 1, upright, for everything that cannot be read: so do browsers.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return _UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for number in range(count):
            entry = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if entry[:3] == (_TAG, _SHORT, 1):
                return entry[3] if 1 <= entry[3] <= 8 else _UPRIGHT
    except struct.error:
        return _UPRIGHT
    return _UPRIGHT


def is_turned(orientation: int) -> bool:
    """Tell whether width and height change places."""
    return orientation >= 5
