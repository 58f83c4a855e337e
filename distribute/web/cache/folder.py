"""A folder of what can be made again: it only saves time, and may vanish at any time.

Every file is written beside its place and moved there in one step, and says by digests
what it holds and under which name: one that was cut short, garbled, moved or written by
another version is as none. So builds need not wait for each other, and none has to clean
up behind itself: what was left in waiting is swept by a later one.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from io import FileIO
from pathlib import Path
from struct import Struct

LIMIT = 256 * 1024 * 1024
"""Octets that a folder may hold, as long as no run uses more at once."""

_MAGIC = b"distribute cache 1\n\0"
_FORM = Struct(">20sIQ32s32s")
"""Magic, length of head, length of body, digest of all that is no body, digest of it."""
_FIRST = 4 * 1024
"""Octets read for a head; a longer one takes a second reading."""
_WAITING = ".tmp"
_HOUR = 3600 * 10**9


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept under a name."""

    head: bytes
    """What can be read without the rest."""
    body: bytes
    digest: str = ""
    """SHA-256 of the body, in hexadecimal digits."""


class Cache:
    """Entries by name, in one folder; names are safe for a file: ``3f2a91``."""

    def __init__(self, folder: Path, *, limit: int = LIMIT) -> None:
        """Use a folder, which need not exist."""
        self.folder = folder
        self.trouble = ""
        """Why nothing can be kept; once that is known, nothing more is tried."""
        self._limit = limit
        self._used: set[str] = set()

    def head(self, name: str) -> Entry | None:
        """Read an entry without its body, which may turn out to be garbled."""
        return self._read(name, whole=False)

    def read(self, name: str) -> Entry | None:
        """Read an entry; there is none if anything about it is not as it was written."""
        return self._read(name, whole=True)

    def write(self, name: str, head: bytes, body: bytes) -> Entry:
        """Keep an entry in place of an older one, if that can be."""
        digest = sha256(body).digest()
        if not self.trouble:
            sums = _digest_of(name, head, digest), digest
            form = _FORM.pack(_MAGIC, len(head), len(body), *sums)
            self._put(name, b"".join((form, head, body)))
            self._used.add(name)
        return Entry(head, body, digest.hex())

    def sweep(self) -> None:
        """Remove what was left in waiting, and the oldest entries beyond the limit.

        What was read or written here stays, however much that is.
        """
        with suppress(OSError):
            files = sorted(self._files(), key=lambda file: file[1].st_mtime_ns)
            newest = files[-1][1].st_mtime_ns if files else 0
            size = sum(status.st_size for _, status in files)
            for name, status in files:
                is_waiting = name.endswith(_WAITING)
                is_left = is_waiting and status.st_mtime_ns < newest - _HOUR
                is_old = not is_waiting and name not in self._used
                if is_left or (is_old and size > self._limit):
                    (self.folder / name).unlink(missing_ok=True)
                    size -= status.st_size

    def _read(self, name: str, *, whole: bool) -> Entry | None:
        try:
            place = f"{self.folder}/{name}"
            with open(place, "rb", buffering=0) as file:  # noqa: PTH123 - quicker
                entry = _read_entry(file, name, whole=whole)
        except OSError:
            return None
        if entry:
            self._used.add(name)
        return entry

    def _put(self, name: str, data: bytes) -> None:
        waiting = self.folder / f".{name}-{os.getpid()}{_WAITING}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            waiting.unlink(missing_ok=True)
            with waiting.open("xb") as file:  # unbuffered, it might be cut short
                file.write(data)
            waiting.replace(self.folder / name)
        except OSError as failure:
            with suppress(OSError):
                waiting.unlink(missing_ok=True)
            self.trouble = f"nothing can be kept in {self.folder}: {failure.strerror}"

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        with os.scandir(self.folder) as places:
            for place in places:
                if place.is_file(follow_symlinks=False):
                    yield place.name, place.stat(follow_symlinks=False)


def _read_entry(file: FileIO, name: str, *, whole: bool) -> Entry | None:
    data = file.read(_FIRST)
    if len(data) < _FORM.size:
        return None
    magic, head_size, body_size, head_digest, digest = _FORM.unpack_from(data)
    start = _FORM.size + head_size
    end = start + body_size
    if magic != _MAGIC or end != os.fstat(file.fileno()).st_size:
        return None
    data += file.read(max(0, (end if whole else start) - len(data)))
    head, body = data[_FORM.size : start], data[start:end] if whole else b""
    is_good = _digest_of(name, head, digest) == head_digest
    if not is_good or (whole and sha256(body).digest() != digest):
        return None
    return Entry(head, body, digest.hex())


def _digest_of(name: str, head: bytes, digest: bytes) -> bytes:
    """Digest what stands before a body, and the name that it all belongs to."""
    return sha256(b"%b\0%b%b" % (name.encode(), digest, head)).digest()
