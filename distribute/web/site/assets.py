"""The files that posts show: found beside the posts, copied into the site.

Each is published under a name that carries a stamp of its content, and stays there: mails
that were sent show it.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from posixpath import splitext

from distribute.editions.asset import Asset
from distribute.editions.files import file_of, published_name
from distribute.editions.publication import Publication
from distribute.errors import SourceError
from distribute.render.picture.measured import Measured, PictureError
from distribute.web.cache.assets import KnownAssets
from distribute.web.cache.mark import Mark, mark_of
from distribute.web.file import SiteFile
from distribute.web.fingerprint import fingerprint_of

_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"})
PUBLISHED_SUFFIXES = _PICTURES | {
    *(".ico", ".pdf", ".mp3", ".m4a", ".ogg", ".mp4", ".webm", ".csv", ".zip", ".epub")
}
"""What a post may bring along; everything else in the folder is nobody's business."""

_PRIVATE = frozenset({"out", "templates", "node_modules"})
_LARGEST_PICTURE = 64 * 1024 * 1024
"""Bytes; what is larger is published, but not looked at."""


class Assets(Mapping[str, Asset]):
    """What is known about the files of a folder; each is looked at when it is asked for.

    What an earlier run found out counts as long as the file was not touched since: see
    `KnownAssets`. A file that cannot be read is not among them.
    """

    def __init__(
        self, folder: Path, names: frozenset[str], memory: Path | None = None
    ) -> None:
        self._folder = folder
        self._names = names
        self._memory = memory
        self._before: KnownAssets | None = None
        self._now: dict[str, tuple[Mark, Asset]] = {}

    def __getitem__(self, name: str) -> Asset:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._now:
            try:
                self._now[name] = self._look_at(name)
            except OSError as error:
                raise KeyError(name) from error
        return self._now[name][1]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)

    def keep(self) -> None:
        """Write down what is known, for the next run; a disk that is full is no harm."""
        if self._memory is None:
            return
        before = self._remembered
        settled = before.among(self._names)
        after = settled.with_more(self._now)
        if not before.files == settled.files == after.files:
            after.write(self._memory)

    @property
    def _remembered(self) -> KnownAssets:
        if self._before is None:
            memory = self._memory
            self._before = KnownAssets.read(memory) if memory else KnownAssets()
        return self._before

    def _look_at(self, name: str) -> tuple[Mark, Asset]:
        path = self._folder / name
        mark = mark_of(path)
        known = self._remembered.of(name, mark)
        return mark, known or _examine(path)


def find_assets(folder: Path) -> frozenset[str]:
    """List the files below a newsletter's folder that posts may show, with slashes.

    Hidden folders, ``out`` and ``templates`` are passed over; links are not followed.
    """
    return frozenset(_walk(str(folder)))


def plan_assets(
    urls: Iterable[str], *, folder: Path, publication: Publication
) -> list[SiteFile]:
    """Give the files of the site that lie at these addresses, in the order of their paths.

    Other addresses are passed over. Making one raises `SourceError` if the file cannot be
    read, or is no longer what it was when its name was given.
    """
    names = {file_of(url, publication) for url in set(urls)} - {""}
    published = {published_name(name, publication): name for name in names}
    files = []
    for path, name in sorted(published.items()):
        asset = publication.assets.get(name)
        digest = asset.digest if asset else None
        files.append(
            SiteFile(
                path=path,
                fingerprint=fingerprint_of("asset", path, digest),
                make=partial(_read, folder / name, digest),
                lasting=True,
            )
        )
    return files


def _walk(folder: str) -> Iterator[str]:
    """List regular files by their suffix; a folder that cannot be read has none."""
    waiting = [(folder, "")]
    while waiting:
        here, below = waiting.pop()
        for entry in _entries(here):
            name = f"{below}{entry.name}"
            is_asset = splitext(entry.name)[1].lower() in PUBLISHED_SUFFIXES
            if is_asset and entry.is_file(follow_symlinks=False) and _is_text(name):
                yield name
            elif entry.name not in _PRIVATE and entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{name}/"))


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        return [each for each in os.scandir(folder) if not each.name.startswith(".")]
    except OSError:
        return []


def _is_text(name: str) -> bool:
    """Tell whether a name is UTF-8; the address of any other could not be written."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return name.isprintable() and "\\" not in name


def _examine(path: Path) -> Asset:
    """Digest a file, and measure it if it is a picture."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        length = os.fstat(file.fileno()).st_size
        if suffix not in _PICTURES or length > _LARGEST_PICTURE:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return Asset(digest=digest, length=length)
        content = file.read()
    digest = hashlib.sha256(content).hexdigest()
    try:
        found = _picture(content, suffix)
    except PictureError as error:
        return Asset(digest=digest, length=len(content), flaw=str(error))
    return Asset(
        digest=digest,
        length=len(content),
        media_type=found.media_type,
        width=found.width,
        height=found.height,
    )


def _picture(content: bytes, suffix: str) -> Measured:
    """Measure a picture whose name fits it: SVG is told by its name, by servers too.

    Only now is loaded what that takes, for most runs know all pictures already.
    """
    from distribute.render.picture.measure import measure

    found = measure(content)
    if (found.media_type == "image/svg+xml") != (suffix == ".svg"):
        raise PictureError(f"it is {found.media_type}, but its name ends in {suffix}")
    return found


def _read(path: Path, digest: str | None) -> bytes:
    try:
        content = path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise _lost(path, f"cannot be read: {error.strerror}") from error
    if content is None:
        raise _lost(path, "cannot be read: there is no such file")
    if digest is not None and hashlib.sha256(content).hexdigest() != digest:
        raise SourceError(
            "was changed while the site was built",
            path=path,
            hint="Run the command again.",
        )
    return content


def _lost(path: Path, reason: str) -> SourceError:
    hint = "A post shows this file; see that it is there and that you may read it."
    return SourceError(reason, path=path, hint=hint)
