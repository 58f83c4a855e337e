"""Messages in one file, one after the other (RFC 4155, and the dialects before it)."""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from distribute.sinks.inbox.item import LARGEST

_START = re.compile(rb"From [^\n]{0,400}?\d{2}:\d{2}(?::\d{2})?[^\n]{0,60}\n?")
"""``From sender Mon Nov 23 10:00:00 2026``: a line of a letter seldom tells the time."""
_QUOTED = re.compile(rb">+From ")
_LONGEST_LINE = 1024 * 1024


def is_start(line: bytes) -> bool:
    """Tell whether a message begins with this line."""
    return line.startswith(b"From ") and _START.fullmatch(_bare(line)) is not None


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Give lines with their ends; a very long one comes in several."""
    while line := file.readline(_LONGEST_LINE):
        yield line


def messages_of(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give each message without the line before it; one is in memory at a time.

    A line quoted with ``>`` loses one of them, as mboxrd means it; mboxo means the same
    for what it had to quote. A message starts after a blank line, or at the beginning.
    """
    message: list[bytes] | None = None
    size, after_blank = 0, True
    for line in lines:
        if after_blank and is_start(line):
            if message is not None:
                yield b"".join(message)
            message, size = [], 0
        elif message is not None and size < LARGEST:
            message.append(line[1:] if _QUOTED.match(line) else line)
            size += len(line)
        after_blank = not line.strip()
    if message is not None:
        yield b"".join(message)


def _bare(line: bytes) -> bytes:
    return line.rstrip(b"\r\n")
