"""Pictures of four by two pixels as encoders write them, and headers made by hand."""

import struct
from base64 import b64decode
from zlib import crc32

PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAIAAADwyuo0AAAAEElEQVR4nGP8z4AATEhsBgAZNQEDGy9L"
    "EgAAAABJRU5ErkJggg=="
)
GIF = b64decode("R0lGODdhBAACAIEAAP8AAAAAAAAAAAAAACwAAAAABAACAAAIBwABCBwoMCAAOw==")
WEBP = b64decode(
    "UklGRjIAAABXRUJQVlA4ICYAAABwAQCdASoEAAIADMDOJaACdAFAAAD+3FHSXS5Df6u/O36ntgAAAA=="
)
WEBP_LOSSLESS = b64decode("UklGRhwAAABXRUJQVlA4TA8AAAAvA0AAAAcQ/Y/+ByKi/wEA")
WEBP_TURNED = b64decode(
    "UklGRnAAAABXRUJQVlA4WAoAAAAIAAAAAwAAAQAAVlA4IDAAAADQAQCdASoEAAIAAUAmJaACdLoB+AAD"
    "sAD+8ut//NgVzXPv9//S4P0uD9Lg/9KQAABFWElGGgAAAE1NACoAAAAIAAEBEgADAAAAAQAGAAAAAAAA"
)
AVIF = b64decode(
    "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAA"
    "cGljdAAAAAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAETAAAA"
    "IwAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAABqaXBycAAAAEtpcGNvAAAA"
    "FGlzcGUAAAAAAAAABAAAAAIAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEA"
    "DQAGgAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAAK21kYXQSAAoIGAQ7RAQ0GhAyFR/3h4UV3///4sAA"
    "AJA1jjwuUfbc/A=="
)
AVIF_TURNED = b64decode(
    "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAAD1bWV0YQAAAAAAAAAhaGRscgAAAAAAAAAA"
    "cGljdAAAAAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAEdAAAA"
    "IwAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAAB0aXBycAAAAFRpcGNvAAAA"
    "FGlzcGUAAAAAAAAABAAAAAIAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEA"
    "DQAGgAAAAAlpcm90AwAAABhpcG1hAAAAAAAAAAEAAQUBAoMEhQAAACttZGF0EgAKCBgEO0QENBoQMhUf"
    "94eFFd///+LAAACQNY48LlH23Pw="
)
JPEG_TURNED = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBD"
    "AP//////////////////////////////////////////////////////////////////////////////"
    "////////2wBDAf//////////////////////////////////////////////////////////////////"
    "////////////////////wAARCAACAAQDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAU"
    "EAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAQP/xAAUEQEAAAAAAAAAAAAAAAAA"
    "AAAA/9oADAMBAAIRAxEAPwCQAo//2Q=="
)


def exif(orientation: int, order: str = ">") -> bytes:
    """Make Exif data that say one thing: which way up."""
    sign = b"MM\0*" if order == ">" else b"II*\0"
    entry = struct.pack(f"{order}HHHIHH", 1, 0x0112, 3, 1, orientation, 0)
    return sign + struct.pack(f"{order}I", 8) + entry + bytes(4)


def jpeg(width: int, height: int, *segments: bytes, frame: int = 0xC0) -> bytes:
    """Make a JPEG up to the end of its frame header."""
    head = struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"
    parts = (*segments, segment(frame, head))
    return b"\xff\xd8" + b"".join(parts)


def segment(marker: int, body: bytes) -> bytes:
    """Make a marker segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """Make a PNG without pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    written = [(b"IHDR", head), *chunks, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body))
        + kind
        + body
        + struct.pack(">I", crc32(kind + body))
        for kind, body in written
    )


def box(kind: bytes, body: bytes) -> bytes:
    """Make a box of the ISO base media format."""
    return struct.pack(">I", len(body) + 8) + kind + body


def avif(width: int, height: int, *more: bytes) -> bytes:
    """Make an AVIF without pixels; `more` are boxes of properties behind the extent."""
    properties = [
        box(b"ispe", bytes(4) + struct.pack(">II", width, height)),
        *more,
    ]
    indices = bytes(0x80 | number for number in range(1, len(properties) + 1))
    ipma = bytes(4) + struct.pack(">IHB", 1, 7, len(indices)) + indices
    iprp = box(b"ipco", b"".join(properties)) + box(b"ipma", ipma)
    pitm = box(b"pitm", bytes(4) + struct.pack(">H", 7))
    ftyp = box(b"ftyp", b"mif1" + bytes(4) + b"mif1avif")
    return ftyp + box(b"meta", bytes(4) + pitm + box(b"iprp", iprp))
