"""Which files of a folder are ours: the memory of `distribute.web.publish`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """Path below the folder to the SHA-256 digests of what we wrote there."""

    files: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Two digests while a run replaces one by the other."""
    complete: bool = True
    """Whether the run that wrote this came to its end."""

    def merged_with(self, other: "Manifest") -> "Manifest":
        """Allow for both; that is what holds while a run is under way."""
        paths = self.files.keys() | other.files.keys()
        nothing: frozenset[str] = frozenset()
        return Manifest(
            {
                path: self.files.get(path, nothing) | other.files.get(path, nothing)
                for path in paths
            },
            complete=False,
        )


def read_manifest(path: Path, *, is_safe: Callable[[str], bool]) -> Manifest:
    """Read what an earlier run wrote; paths that are not safe are not believed.

    A manifest that is missing or cannot be understood is an empty one: then nothing is
    known to be ours, and nothing is removed.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        files = {
            name: frozenset(map(str, digests))
            for name, digests in document["files"].items()
            if is_safe(name)
        }
        return Manifest(files, complete=bool(document["complete"]))
    except FileNotFoundError:
        return Manifest()
    except (ValueError, KeyError, TypeError, AttributeError):
        return Manifest()


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write it in one step, unless it stands there already."""
    document = {
        "version": _VERSION,
        "complete": manifest.complete,
        "files": {
            name: sorted(manifest.files[name]) for name in sorted(manifest.files)
        },
    }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    if path.is_file() and path.read_text(encoding="utf-8", errors="replace") == text:
        return
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
