"""What an earlier run found out about files, so that they need not be read again.

A file is taken to be the same if it has the same size, times and place on the disk. One
that was changed at about the time this was written down is not: its clock may not tell.
"""

import json
import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from distribute.editions.asset import Asset

Mark = tuple[int, int, int, int]
"""Size, times of change of content and of inode in nanoseconds, and inode."""

_VERSION = 1
_SECOND = 1_000_000_000
_TICK = _SECOND // 20
"""Nanoseconds within which two changes of a file may bear the same time; and then some."""
_COARSE_TICK = 2 * _SECOND
"""The same on a disk that counts seconds; the coarsest still in use counts every other."""


def mark_of(path: Path) -> Mark:
    """Take from the disk what tells whether a file was touched; raises `OSError`."""
    found = path.stat(follow_symlinks=False)
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Files by name: how each was marked, and what it was."""

    files: Mapping[str, tuple[Mark, Asset]] = field(default_factory=dict)
    written: int = 0
    """When it was written down, in nanoseconds, by the clock of the same disk."""

    @classmethod
    def read(cls, path: Path) -> "Acquaintance":
        """Read what was written down; nothing is known if it cannot be understood."""
        try:
            document = json.loads(path.read_bytes())
            if document["version"] != _VERSION:
                return cls()
            files = {
                name: (_mark(mark), Asset(**known))
                for name, (mark, known) in document["files"].items()
            }
            return cls(files, path.stat().st_mtime_ns)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def of(self, name: str, mark: Mark) -> Asset | None:
        """Give what is known about a file that is marked like this."""
        then, asset = self.files.get(name, (None, None))
        return asset if then == mark and self._is_settled(mark) else None

    def among(self, names: Collection[str]) -> "Acquaintance":
        """Forget all other files, and all that is in doubt."""
        kept = {
            name: self.files[name]
            for name in self.files.keys() & names
            if self._is_settled(self.files[name][0])
        }
        return Acquaintance(kept, self.written)

    def with_more(self, files: Mapping[str, tuple[Mark, Asset]]) -> "Acquaintance":
        """Know these files as well, or better."""
        return Acquaintance({**self.files, **files}, self.written)

    def write(self, path: Path) -> None:
        """Write it down in one step; where that cannot be, it is not remembered."""
        document = {
            "version": _VERSION,
            "files": {
                name: [mark, asdict(asset)]
                for name, (mark, asset) in sorted(self.files.items())
            },
        }
        temporary = path.with_name(f".{path.name}-{os.getpid()}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(document, ensure_ascii=True) + "\n")
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()

    def _is_settled(self, mark: Mark) -> bool:
        _, modified, changed, _ = mark
        is_coarse = modified % _SECOND == changed % _SECOND == 0
        tick = _COARSE_TICK if is_coarse else _TICK
        return max(modified, changed) < self.written - tick


def _mark(written: list[int]) -> Mark:
    size, modified, changed, place = map(int, written)
    return size, modified, changed, place
