"""Put files into a folder: whole or not at all, only what changed, nobody else's touched.

What was written is remembered in a manifest beside the folder, so that a file which is
no longer part of the site can be removed, and only such a file. The manifest names what
may be there before the first byte is written: after a crash nothing is unknown.
"""

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath, PureWindowsPath

from distribute.errors import DistributeError
from distribute.web.manifest import Manifest, read_manifest, write_manifest

if sys.platform != "win32":
    import fcntl


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What publishing did to each file; paths below the folder, sorted."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """No longer part of the site, but changed by somebody else: not ours to remove."""


def publish(files: Mapping[str, bytes], folder: Path) -> Published:
    """Make the folder hold these files, given by their path below it (with slashes).

    A file is replaced in one step and only if its bytes differ, so that its time of
    change stays true. Files that an earlier run wrote and that are no longer wanted are
    removed after all others are in place; everything else in the folder stays. Links
    inside the folder are not followed. Two runs at once take turns (not on Windows).

    Raises `DistributeError` before anything is written for a path that leads out of the
    folder or through a link, or for two that exclude each other; and when the disk fails.
    """
    _refuse_impossible(files)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = folder.resolve(strict=True)
        with _turn(place.with_name(f".{place.name}-lock")):
            return _replace_all(files, place)
    except OSError as error:
        raise DistributeError(
            f"cannot publish to {folder}: {error}",
            hint="Put this right, then run it again; it goes on where it stopped.",
        ) from error


def _replace_all(files: Mapping[str, bytes], folder: Path) -> Published:
    """Announce, write, remove, confirm."""
    record = folder.with_name(f".{folder.name}-manifest.json")
    before = read_manifest(record, is_safe=lambda path: not _flaw(path))
    after = Manifest({path: frozenset({_digest(files[path])}) for path in files})
    for path in files:
        _refuse_link(path, folder)
    if not before.complete:
        _sweep(before.files, folder)
    changed = [path for path in sorted(files) if not _holds(folder / path, files[path])]
    stale = sorted(before.files.keys() - files.keys())
    if changed or stale:
        write_manifest(before.merged_with(after), record)
    removed = _remove(_in_the_way(stale, files), before, folder, keep=())
    for path in changed:
        _write(folder / path, files[path])
    removed += _remove(stale, before, folder, keep=files)
    write_manifest(after, record)
    return Published(
        written=tuple(changed),
        unchanged=tuple(sorted(files.keys() - set(changed))),
        removed=tuple(sorted(removed)),
        kept=tuple(path for path in stale if _is_file(path, folder)),
    )


def _refuse_impossible(files: Mapping[str, bytes]) -> None:
    for path in files:
        if flaw := _flaw(path):
            raise DistributeError(f"cannot publish {path!r}: {flaw}")
        for parent in PurePosixPath(path).parents:
            if str(parent) in files:
                raise DistributeError(
                    f"cannot publish {path!r}: {str(parent)!r} is a file of the site",
                    hint="Change the slug or permalink of one of the two.",
                )


def _flaw(path: str) -> str:
    """Say why a path is no place below a folder, or nothing."""
    if {"", ".", ".."} & set(path.split("/")):
        return "not a relative path without . and .."
    if "\\" in path or PureWindowsPath(path).anchor:
        return "some systems would look for it elsewhere"
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in path):
        return "there is a control character in it, or half of one"
    return ""


def _refuse_link(path: str, folder: Path) -> None:
    if link := _link_above(path, folder):
        raise DistributeError(
            f"cannot publish {path!r}: {link} is a link and leads elsewhere",
            hint="Remove the link; the site itself may be one.",
        )


def _link_above(path: str, folder: Path) -> Path | None:
    above = [folder / parent for parent in PurePosixPath(path).parents][:-1]
    return next((place for place in above if place.is_symlink()), None)


def _is_file(path: str, folder: Path) -> bool:
    place = folder / path
    linked = place.is_symlink() or _link_above(path, folder)
    return not linked and place.is_file()


def _holds(place: Path, content: bytes) -> bool:
    """Whether the file is there already; a link is none, whatever it leads to."""
    if place.is_symlink() or not place.is_file():
        return False
    return place.stat().st_size == len(content) and place.read_bytes() == content


def _write(place: Path, content: bytes) -> None:
    """Replace a file in one step: readers see the old bytes or the new ones."""
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(place)
    temporary.unlink(missing_ok=True)
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)


def _temporary(place: Path) -> Path:
    """Name the file that becomes this one; the same on every run, so it can be found."""
    return place.with_name(f".distribute-{_digest(place.name.encode())[:16]}.tmp")


def _sweep(paths: Iterable[str], folder: Path) -> None:
    """Remove what a run that was cut short left behind."""
    for path in paths:
        if not _link_above(path, folder) and (folder / path).parent.is_dir():
            _temporary(folder / path).unlink(missing_ok=True)


def _in_the_way(stale: Iterable[str], files: Mapping[str, bytes]) -> list[str]:
    """Find old files where a folder is wanted now, and those in folders that become files."""
    folders = {str(parent) for path in files for parent in PurePosixPath(path).parents}
    return [
        path
        for path in stale
        if path in folders or any(str(p) in files for p in PurePosixPath(path).parents)
    ]


def _remove(
    paths: Iterable[str], before: Manifest, folder: Path, *, keep: Iterable[str]
) -> list[str]:
    """Remove files that still hold what we wrote, and the folders that are empty then.

    A file that is one of `keep` under another name stays: where case does not count,
    ``News`` and ``news`` are the same file.
    """
    identities = {_identity(folder / path) for path in keep}
    removed = []
    for path in paths:
        place = folder / path
        if (
            _is_file(path, folder)
            and _digest(place.read_bytes()) in before.files[path]
            and _identity(place) not in identities
        ):
            place.unlink()
            _remove_empty_folders(place.parent, folder)
            removed.append(path)
    return removed


def _remove_empty_folders(place: Path, folder: Path) -> None:
    while place != folder:
        try:
            place.rmdir()
        except OSError:  # not empty: something else is in there
            return
        place = place.parent


def _identity(place: Path) -> tuple[int, int]:
    status = place.lstat()
    return status.st_dev, status.st_ino


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@contextmanager
def _turn(lock: Path) -> Iterator[None]:
    """Wait until no other run is at work; the system lets go of it if we crash.

    Windows has no such lock: there it is up to the caller that runs do not overlap.
    """
    with lock.open("a") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
