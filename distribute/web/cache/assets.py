"""What an earlier run found out about files, so that they need not be read again."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from distribute.editions.asset import Asset
from distribute.web.cache.file import recall, remember
from distribute.web.cache.mark import Mark, is_settled, mark_in
from distribute.web.version import rendering_version


@dataclass(frozen=True, slots=True)
class KnownAssets:
    """Files by name: how each was marked, and what it was."""

    files: Mapping[str, tuple[Mark, Asset]] = field(default_factory=dict)
    written: int = 0
    """When it was written down, in nanoseconds, by the clock of the same disk."""

    @classmethod
    def read(cls, path: Path) -> "KnownAssets":
        """Read what a run of the same version wrote down; else nothing is known."""
        try:
            known: Any = recall(path, rendering_version())
            written = path.stat().st_mtime_ns if known else 0
        except OSError:  # it vanished in between
            return cls()
        files = {
            name: (mark_in(mark), Asset(**facts))
            for name, (mark, facts) in (known or {}).items()
        }
        return cls(files, written)

    def of(self, name: str, mark: Mark) -> Asset | None:
        """Give what is known about a file that is marked like this."""
        then, asset = self.files.get(name, (None, None))
        return asset if then == mark and is_settled(mark, self.written) else None

    def among(self, names: Collection[str]) -> "KnownAssets":
        """Forget all other files, and all that is in doubt."""
        kept = {
            name: self.files[name]
            for name in self.files.keys() & names
            if is_settled(self.files[name][0], self.written)
        }
        return KnownAssets(kept, self.written)

    def with_more(self, files: Mapping[str, tuple[Mark, Asset]]) -> "KnownAssets":
        """Know these files as well, or better."""
        return KnownAssets({**self.files, **files}, self.written)

    def write(self, path: Path) -> None:
        """Write it down; where that cannot be, it is not remembered."""
        files = {
            name: [mark, asdict(asset)] for name, (mark, asset) in self.files.items()
        }
        remember(path, rendering_version(), files)
