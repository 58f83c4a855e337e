"""Which files of a folder are ours: the memory of `distribute.web.publish.publish`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What we left at one path."""

    digests: frozenset[str]
    """SHA-256, hexadecimal, of what we wrote; two while a run replaces one by the other."""
    fingerprint: str = ""
    """Of what it was made from; empty while it is being replaced."""
    size: int = -1
    changed: int = -1
    """The file's time of change as we left it, in nanoseconds."""
    lasting: bool = False
    """Whether it stays when it is no longer part of the site."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Path below the folder to what we left there."""

    files: Mapping[str, Record] = field(default_factory=dict)
    complete: bool = True
    """Whether the run that wrote this came to its end."""
    written: int = field(default=0, compare=False)
    """When it was written itself, in nanoseconds, by the clock of the same disk."""

    def announcing(self, digests: Mapping[str, str]) -> "Manifest":
        """Allow for both the old and the new bytes: that holds while a run is under way.

        `digests` are those of the files that are about to be replaced.
        """
        unknown = Record(digests=frozenset())
        known = {path: self.files.get(path, unknown) for path in digests}
        replaced = {
            path: Record(digests=each.digests | {digests[path]}, lasting=each.lasting)
            for path, each in known.items()
        }
        return Manifest({**self.files, **replaced}, complete=False)


def read_manifest(path: Path, *, is_safe: Callable[[str], bool]) -> Manifest:
    """Read what an earlier run wrote; paths that are not safe are not believed.

    A manifest that is missing or cannot be understood is an empty one: then nothing is
    known to be ours, and nothing is removed.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        files = {
            name: _record_of(entry)
            for name, entry in document["files"].items()
            if is_safe(name)
        }
        written = path.stat().st_mtime_ns
        return Manifest(files, complete=bool(document["complete"]), written=written)
    except FileNotFoundError:
        return Manifest()
    except (ValueError, KeyError, TypeError, AttributeError):
        return Manifest()


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write it in one step, unless it stands there already."""
    files = {name: _entry_of(manifest.files[name]) for name in sorted(manifest.files)}
    document = {"version": _VERSION, "complete": manifest.complete, "files": files}
    text = json.dumps(document, ensure_ascii=False) + "\n"
    if path.is_file() and path.read_text(encoding="utf-8", errors="replace") == text:
        return
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _entry_of(record: Record) -> list[object]:
    return [
        record.fingerprint,
        record.size,
        record.changed,
        record.lasting,
        *sorted(record.digests),
    ]


def _record_of(entry: Any) -> Record:
    """Understand an entry; raises `ValueError` or `TypeError` for what is none."""
    fingerprint, size, changed, lasting, *digests = entry
    return Record(
        fingerprint=str(fingerprint),
        size=int(size),
        changed=int(changed),
        lasting=bool(lasting),
        digests=frozenset(map(str, digests)),
    )
