"""Files that lie beside the posts and are published with them: pictures, documents.

An author may write a picture's address as it will be on the page, or as an editor
resolves it: from the post's own file. Where the file exists, the file decides.

What it is published as carries a stamp of its content: ``images/a.3f2a91c04b.png``. So
an address never changes its bytes, not in a cache and not in a mail that was sent; a
picture that is changed gets a new one.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import PurePath, PurePosixPath
from posixpath import normpath, splitext
from urllib.parse import quote, unquote, urlsplit

from distribute.editions.asset import STAMP_LENGTH, Asset
from distribute.editions.publication import Publication

_STAMPED = re.compile(rf"(.+)\.[0-9a-f]{{{STAMP_LENGTH}}}(\.[^./]+)")
_MAX_STEM = 180
"""Bytes of a name that are kept: with stamp and suffix, one name on any disk."""


def published_url(written: str, post: PurePath, publication: Publication) -> str:
    """Give the public address of a file that a post refers to; empty if there is none.

    ``../images/a.png`` counts from the post's file, ``/images/a.png`` from the
    newsletter's folder; both become
    ``https://news.example.org/images/a.3f2a91c04b.png``. A fragment stays.
    """
    name = file_name(written, post, publication)
    if not name:
        return ""
    _, mark, fragment = written.strip().partition("#")
    return (
        f"{publication.url}/{quote(published_name(name, publication))}{mark}{fragment}"
    )


def published_name(name: str, publication: Publication) -> str:
    """Give the path in the site of a file, by its path in the newsletter's folder."""
    asset = publication.assets.get(name)
    if asset is None:
        return name
    stem, suffix = splitext(_composed(name))
    if len(stem) > _MAX_STEM // 4:
        stem = _shortened(stem)
    return f"{stem}.{asset.stamp}{suffix}"


def file_name(written: str, post: PurePath, publication: Publication) -> str:
    """Name the file that an address means, below the newsletter's folder; or nothing.

    A file whose name differs only in how its accents are composed, or else only in case,
    is the one that is meant if there is no other such: so it is on many disks.
    """
    root = f"{publication.url}/"
    address = written.strip()
    try:
        parts = urlsplit(address.removeprefix(root))
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    path = unquote(parts.path)
    if path.startswith("/") or address.startswith(root):
        candidate = path.lstrip("/")
    else:
        candidate = str(PurePosixPath(_below(post.parent, publication.folder), path))
    return _on_disk(normpath(candidate), publication.files)


def file_of(url: str, publication: Publication) -> str:
    """Name the file that is published at an address; empty if there is none."""
    root = f"{publication.url}/"
    if not url.startswith(root):
        return ""
    path = unquote(url.removeprefix(root).partition("#")[0].partition("?")[0])
    if (stamped := _STAMPED.fullmatch(path)) is None:
        return path if path in publication.files else ""
    name = _on_disk(stamped[1] + stamped[2], publication.files)
    if name and published_name(name, publication) == _composed(path):
        return name
    return path if path in publication.files else _cut(path, stamped[1], publication)


def asset_of(url: str, publication: Publication) -> Asset | None:
    """Tell what is known about the file at an address; `None` where it is not ours."""
    return publication.assets.get(file_of(url, publication))


def _on_disk(name: str, files: frozenset[str]) -> str:
    """Spell a name as its file does; empty if there is none, or more than one."""
    if name in files:
        return name
    for likeness in (_composed, _folded):
        if found := _by_likeness(files, likeness).get(likeness(name)):
            return found[0] if len(found) == 1 else ""
    return ""


@lru_cache(maxsize=8)
def _by_likeness(
    files: frozenset[str], likeness: Callable[[str], str]
) -> Mapping[str, tuple[str, ...]]:
    """Find files by their names without what some disks do not tell apart."""
    alike: dict[str, tuple[str, ...]] = {}
    for name in sorted(files):
        alike[likeness(name)] = (*alike.get(likeness(name), ()), name)
    return alike


def _cut(path: str, stem: str, publication: Publication) -> str:
    """Find the file whose name was too long to carry a stamp in full."""
    if len(PurePosixPath(stem).name.encode("utf-8", "replace")) < _MAX_STEM - 3:
        return ""
    among = (name for name in publication.files if _composed(name).startswith(stem))
    same = (name for name in sorted(among) if published_name(name, publication) == path)
    return next(same, "")


def _shortened(stem: str) -> str:
    """Cut the last part of a path to the octets that a disk has room for."""
    folder, slash, last = stem.rpartition("/")
    kept = last.encode("utf-8", "replace")[:_MAX_STEM].decode("utf-8", "ignore")
    return folder + slash + kept


def _composed(name: str) -> str:
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def _folded(name: str) -> str:
    return _composed(_composed(name).casefold())


def _below(path: PurePath, folder: PurePath) -> str:
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return path.as_posix()
