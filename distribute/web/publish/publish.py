"""Put files into a folder: whole or not at all, only what changed, nobody else's touched.

What was written is remembered in a manifest beside the folder, with a fingerprint of what
it was made from: so what lies there already is not made again, and a file which is no
longer part of the site can be removed, and only such a file. All that is new is made
before the first file takes its place, and the manifest names what may be there then:
after a crash nothing is unknown.
"""

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from distribute.errors import DistributeError
from distribute.web.file import SiteFile
from distribute.web.publish.manifest import (
    Manifest,
    Record,
    read_manifest,
    write_manifest,
)
from distribute.web.publish.places import (
    flaw_of,
    folders_of,
    refuse_impossible,
    refuse_links,
    status_of,
)
from distribute.web.publish.staging import Stage, staging
from distribute.web.twin import with_twin

if sys.platform != "win32":
    import fcntl

_TICK = 50_000_000
"""Nanoseconds within which two changes of a file may bear the same time; and then some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What publishing did to each file; paths below the folder, sorted."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """No longer part of the site, but changed by somebody else: not ours to remove."""


def publish(files: Iterable[SiteFile], folder: Path) -> Published:
    """Make the folder hold these files, which are made in the order they are given in.

    A file is made only if the folder does not hold it with this fingerprint, untouched.
    It is replaced in one step and only if its bytes differ, so that its time of change
    stays true. Files that an earlier run wrote and that are no longer wanted are removed
    after all others are in place, save for those that last; everything else in the folder
    stays. Links inside the folder are not followed. Two runs at once take turns (not on
    Windows).

    Raises `DistributeError` before anything is made for a path that leads out of the
    folder or through a link, or for two that exclude each other; and when the disk fails.
    What making a file raises goes through, and then no file was replaced.
    """
    wanted = _by_path(files)
    refuse_impossible(wanted)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = folder.resolve(strict=True)
        with _turn(place.with_name(f".{place.name}-lock")), staging(place) as stage:
            refuse_links(wanted, place)
            return _Run(wanted, place, stage).replace_all()
    except OSError as error:
        raise DistributeError(
            f"cannot publish to {folder}: {error}",
            hint="Put this right, then run it again; it goes on where it stopped.",
        ) from error


class _Run:
    """One run: what is wanted, what an earlier run left, and what is new."""

    def __init__(
        self, wanted: Mapping[str, SiteFile], folder: Path, stage: Stage
    ) -> None:
        self.wanted = wanted
        self.folder = folder
        self.stage = stage
        self.memory = folder.with_name(f".{folder.name}-manifest.json")
        self.before = read_manifest(self.memory, is_safe=lambda path: not flaw_of(path))
        self.records: dict[str, Record] = {}
        """What is known about the files that are as they shall be."""
        self.new: dict[str, tuple[Path, str]] = {}
        """Where each new file waits, and the digest of its bytes."""

    def replace_all(self) -> Published:
        """Make, announce, replace, remove, confirm."""
        self._make([path for path in self.wanted if not self._keep(path)])
        stale = self._stale()
        if self.new or stale:
            digests = {path: digest for path, (_, digest) in self.new.items()}
            write_manifest(self.before.announcing(digests), self.memory)
        removed = self._remove(_in_the_way(stale, self.wanted), keep=())
        for path in self.new:
            self._put(path)
        removed += self._remove(stale, keep=self.wanted)
        after = Manifest({**self._lasting(), **self.records})
        if after != self.before:
            write_manifest(after, self.memory)
        return Published(
            written=tuple(sorted(self.new)),
            unchanged=tuple(sorted(self.wanted.keys() - self.new.keys())),
            removed=tuple(sorted(removed)),
            kept=tuple(path for path in stale if status_of(path, self.folder)),
        )

    def _keep(self, path: str) -> bool:
        """Leave a file as it is if it is fresh; tell whether it is."""
        if is_fresh := self._is_fresh(path):
            record, lasting = self.before.files[path], self.wanted[path].lasting
            if record.lasting != lasting:
                record = replace(record, lasting=lasting)
            self.records[path] = record
        return is_fresh

    def _is_fresh(self, path: str) -> bool:
        """Tell whether the file lies there as we left it, made from the same things.

        A file that was changed just before the manifest was written may have been changed
        once more within the same tick of the disk's clock; then its bytes decide.
        """
        record = self.before.files.get(path)
        if record is None or record.fingerprint != self.wanted[path].fingerprint:
            return False
        status = status_of(path, self.folder)
        if status is None or _traits(status) != (record.size, record.changed):
            return False
        settled = record.changed < self.before.written - _TICK
        return settled or _digest_of(self.folder / path) in record.digests

    def _make(self, paths: Sequence[str]) -> None:
        """Make files; where their bytes lie there already, that is all."""
        made = with_twin(self._made, paths)
        for path, (waiting, digest) in zip(paths, made, strict=True):
            if waiting:
                self.new[path] = (waiting, digest)
            else:
                self._remember(path, digest)

    def _made(self, path: str) -> tuple[Path | None, str]:
        """Make a file, say where it waits, if it has to, and digest its bytes."""
        content = self.wanted[path].make()
        digest = sha256(content).hexdigest()
        status = status_of(path, self.folder)
        same = status is not None and status.st_size == len(content)
        if same and (self.folder / path).read_bytes() == content:
            return None, digest
        return self.stage.write(content), digest

    def _put(self, path: str) -> None:
        """Replace a file in one step: readers see the old bytes or the new ones."""
        waiting, digest = self.new[path]
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        waiting.replace(place)
        self._remember(path, digest)

    def _remember(self, path: str, digest: str) -> None:
        size, changed = _traits((self.folder / path).lstat())
        file = self.wanted[path]
        self.records[path] = Record(
            digests=frozenset({digest}),
            fingerprint=file.fingerprint,
            size=size,
            changed=changed,
            lasting=file.lasting,
        )

    def _lasting(self) -> Mapping[str, Record]:
        return {path: each for path, each in self.before.files.items() if each.lasting}

    def _stale(self) -> list[str]:
        unwanted = self.before.files.keys() - self.wanted.keys()
        return sorted(unwanted - self._lasting().keys())

    def _remove(self, paths: Collection[str], *, keep: Iterable[str]) -> list[str]:
        """Remove files that still hold what we wrote, and the folders empty then.

        A file that is one of `keep` under another name stays: where case does not count,
        ``News`` and ``news`` are the same file.
        """
        if not paths:
            return []
        identities = {_identity(self.folder / path) for path in keep}
        removed = []
        for path in paths:
            place = self.folder / path
            if (
                status_of(path, self.folder)
                and _digest_of(place) in self.before.files[path].digests
                and _identity(place) not in identities
            ):
                place.unlink()
                _remove_empty_folders(place.parent, self.folder)
                removed.append(path)
        return removed


def _by_path(files: Iterable[SiteFile]) -> Mapping[str, SiteFile]:
    found: dict[str, SiteFile] = {}
    for file in files:
        if found.setdefault(file.path, file) is not file:
            raise DistributeError(f"cannot publish {file.path!r}: two files want it")
    return found


def _in_the_way(stale: Iterable[str], wanted: Collection[str]) -> list[str]:
    """Find old files where a folder is wanted now, and those in folders that become files."""
    folders = {parent for path in wanted for parent in folders_of(path)}
    return [
        path
        for path in stale
        if path in folders or any(parent in wanted for parent in folders_of(path))
    ]


def _remove_empty_folders(place: Path, folder: Path) -> None:
    while place != folder:
        try:
            place.rmdir()
        except OSError:  # not empty: something else is in there
            return
        place = place.parent


def _traits(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _identity(place: Path) -> tuple[int, int]:
    status = place.lstat()
    return status.st_dev, status.st_ino


def _digest_of(place: Path) -> str:
    return sha256(place.read_bytes()).hexdigest()


@contextmanager
def _turn(lock: Path) -> Iterator[None]:
    """Wait until no other run is at work; if we crash, it is over when our twin ends too.

    Windows has no such lock: there it is up to the caller that runs do not overlap.
    """
    with lock.open("a") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
