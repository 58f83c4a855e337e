"""Write what is known of people into a file, whole or not at all.

What was there before stays until all of the new is on the disk. Pipes and devices, such as
``/dev/stdout``, cannot be replaced and are written into.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from distribute.errors import AudienceError

UNFINISHED = ".unfinished"
"""How the name of a file ends that is being written; a crash may leave one."""

_OWNER_ALONE, _ANYBODY = 0o600, 0o666
_HINTS = {
    errno.ENOSPC: "The disk is full; make room and run again.",
    errno.EDQUOT: "Your share of the disk is used up; make room and run again.",
    errno.EFBIG: "The system lets no file grow that large; see `ulimit -f`.",
    errno.EPIPE: "Whoever read it has ended.",
}
_HINT = "Name a file in a folder in which you may write: -o FILE."
_OF_THE_SYSTEM = ("/dev/", "/proc/")
"""Stand for what is open already, even where that is a file."""


@contextmanager
def replacing(path: Path, *, is_private: bool) -> Iterator[BinaryIO]:
    """Open what takes the place of a file, or of a link's file, at the end of ``with``.

    What `is_private` only its owner may read, and write unless the file before was more
    closed than that. Any other keeps the mode it had. Raises `AudienceError` if anything
    of it cannot be written; then the file is as it was.
    """
    try:
        if _is_replaceable(path):
            with _replacing(path.resolve(), is_private=is_private) as out:
                yield out
        else:
            with path.open("ab") as out:
                yield out
    except OSError as error:
        raise AudienceError(
            f"{path} cannot be written: {error.strerror}",
            hint=_HINTS.get(error.errno or 0, _HINT),
        ) from error


def _is_replaceable(path: Path) -> bool:
    if str(path.absolute()).startswith(_OF_THE_SYSTEM):
        return False
    return path.is_file() or not path.exists()


@contextmanager
def _replacing(path: Path, *, is_private: bool) -> Iterator[BinaryIO]:
    before = path.stat() if path.exists() else None
    if before and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    unfinished = path.with_name(f".{path.name[:60]}.{os.getpid()}{UNFINISHED}")
    unfinished.unlink(missing_ok=True)  # of a process that had our number
    mode = _OWNER_ALONE if is_private else _ANYBODY
    try:
        unfinished.touch(mode, exist_ok=False)
        with unfinished.open("r+b") as out:
            yield out
            out.flush()
            if before:
                _dress(out.fileno(), before, keeps=mode)
            os.fsync(out.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _dress(file: int, before: os.stat_result, *, keeps: int) -> None:
    """Give a file the owner of the one before, if we may, and what is kept of its mode."""
    with suppress(PermissionError):
        os.chown(file, before.st_uid, before.st_gid)
    os.chmod(file, before.st_mode & keeps)
