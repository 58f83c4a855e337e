"""The site's files: pages, feeds and pictures, as ``distribute build`` has made them.

Small ones are kept in memory with their ETag, and compressed once, until they change on
the disk: a build replaces files while they are served.
"""

import gzip
import os
import re
import stat
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from types import MappingProxyType

TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".atom": "application/atom+xml",
        ".avif": "image/avif",
        ".css": "text/css; charset=utf-8",
        ".gif": "image/gif",
        ".html": "text/html; charset=utf-8",
        ".ico": "image/x-icon",
        ".jpeg": "image/jpeg",
        ".jpg": "image/jpeg",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".mp3": "audio/mpeg",
        ".mp4": "video/mp4",
        ".opml": "text/x-opml; charset=utf-8",
        ".pdf": "application/pdf",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".webmanifest": "application/manifest+json",
        ".webp": "image/webp",
        ".woff2": "font/woff2",
        ".xml": "application/xml",
    }
)
_FEEDS = {
    "atom.xml": "application/atom+xml",
    "feed.json": "application/feed+json",
    "rss.xml": "application/rss+xml",
}
"""Each is UTF-8 and says so itself, as far as its format lets it."""
_OTHER = "application/octet-stream"
_COMPRESSED = ("text/", "application/json", "application/feed+json", "image/svg")
_KEPT = 4 * 1024 * 1024
"""Octets of one file that is kept in memory; larger ones are read anew."""
_KEPT_IN_ALL = 64 * 1024 * 1024
_WORTHWHILE = 512
"""Octets; what is smaller is not compressed."""
_NAMED_BY_CONTENT = re.compile(r"\.[0-9a-f]{10}\.[a-z0-9]+")
_SHORTLY, _FOR_EVER = "public, max-age=300", "public, max-age=31536000, immutable"
_OPEN_FOLDER = ".well-known"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """One file as it is sent."""

    path: Path
    type: str
    etag: str
    """Without quotes."""
    cache: str
    """The value of Cache-Control."""
    is_feed: bool = False
    body: bytes | None
    """`None` for one that is too large to be kept."""
    small_body: bytes | None = None
    """The same, compressed by gzip, where that makes it smaller."""


class Site:
    """The folder that is published."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[Path, tuple[tuple[int, ...], SiteFile]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def find(self, path: str) -> SiteFile | None:
        """Find the file of a decoded path; nothing that is hidden or leads out is one."""
        file = self._place(path)
        return self.read(file) if file else None

    def is_folder(self, path: str) -> bool:
        """Tell whether a page is found there once a slash is added."""
        return not path.endswith("/") and self._place(f"{path}/") is not None

    def read(self, file: Path) -> SiteFile | None:
        """Read a file of the site, or know it still; `None` if it is gone."""
        try:
            found = file.stat()
        except OSError:
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        mark = (found.st_mtime_ns, found.st_size, found.st_ino)
        with self._lock:
            known = self._kept.get(file)
            if known and known[0] == mark:
                self._kept.move_to_end(file)
                return known[1]
        return self._remember(file, mark)

    def _place(self, path: str) -> Path | None:
        steps = path.removeprefix("/").split("/")
        if steps[-1] == "":
            steps[-1] = "index.html"
        if not all(map(_is_open, steps)):
            return None
        root = os.path.realpath(self._folder)
        try:
            real = Path(os.path.realpath(self._folder.joinpath(*steps)))
            is_open = all(map(_is_open, real.relative_to(root).parts))
            return real if is_open and real.is_file() else None
        except (OSError, ValueError):  # it leads out, or is too long to be a name
            return None

    def _remember(self, file: Path, mark: tuple[int, ...]) -> SiteFile | None:
        try:
            body = file.read_bytes() if mark[1] <= _KEPT else None
        except OSError:
            return None
        made = make_file(file, body, mark)
        with self._lock:
            before = self._kept.pop(file, None)
            self._size -= _weight(before[1]) if before else 0
            self._kept[file] = mark, made
            self._size += _weight(made)
            while self._size > _KEPT_IN_ALL:
                _, (_, forgotten) = self._kept.popitem(last=False)
                self._size -= _weight(forgotten)
        return made


def make_file(path: Path, body: bytes | None, mark: tuple[int, ...] = ()) -> SiteFile:
    """Prepare a file for being sent; `mark` stands for the content of a large one."""
    kind = _FEEDS.get(path.name) or TYPES.get(path.suffix.lower(), _OTHER)
    seen = body if body is not None else repr(mark).encode()
    is_named = _NAMED_BY_CONTENT.search(path.name)
    return SiteFile(
        path=path,
        type=kind,
        etag=sha256(seen).hexdigest()[:24],
        cache=_FOR_EVER if is_named else _SHORTLY,
        is_feed=path.name in _FEEDS,
        body=body,
        small_body=_compressed(body, kind) if body else None,
    )


def _is_open(step: str) -> bool:
    """Tell whether everybody may see what is called so."""
    if step == _OPEN_FOLDER:
        return True
    return bool(step) and step[0] not in "._" and not set(step) & {"\\", "\0", ":"}


def _compressed(body: bytes, kind: str) -> bytes | None:
    if len(body) < _WORTHWHILE or not (kind.startswith(_COMPRESSED) or "xml" in kind):
        return None
    small = gzip.compress(body, 6, mtime=0)
    return small if len(small) < len(body) else None


def _weight(file: SiteFile) -> int:
    return len(file.body or b"") + len(file.small_body or b"") + 500
