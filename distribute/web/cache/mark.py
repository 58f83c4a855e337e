"""What tells that a file was not touched since it was looked at.

A file is taken to be the same if it has the same size, times and place on the disk. One
that was changed at about the time when this was written down is not: its clock may not tell.
"""

from collections.abc import Iterable
from pathlib import Path

Mark = tuple[int, int, int, int]
"""Size, times of change of content and of inode in nanoseconds, and inode."""

_SECOND = 1_000_000_000
_TICK = _SECOND // 20
"""Nanoseconds within which two changes of a file may bear the same time; and then some."""
_COARSE_TICK = 2 * _SECOND
"""The same on a disk that counts seconds; the coarsest still in use counts every other.

There the time of the inode may be finer: Windows gives that of creation in its place.
"""


def mark_of(path: Path, *, follow_links: bool = False) -> Mark:
    """Take from the disk what tells whether a file was touched; raises `OSError`."""
    found = path.stat(follow_symlinks=follow_links)
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def mark_in(written: Iterable[int]) -> Mark:
    """Read a mark from JSON, where it is a list."""
    size, modified, changed, place = written
    return size, modified, changed, place


def is_settled(mark: Mark, written: int) -> bool:
    """Tell whether any later change would have left another mark.

    `written` is when the mark was written down, in nanoseconds, by the clock of the same
    disk.
    """
    _, modified, changed, _ = mark
    tick = _TICK if modified % _SECOND else _COARSE_TICK
    return max(modified, changed) < written - tick
