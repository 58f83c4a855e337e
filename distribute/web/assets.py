"""The files that posts show: found beside the posts, copied into the site."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from distribute.editions.files import file_of
from distribute.editions.publication import Publication
from distribute.errors import SourceError
from distribute.render.document import Content

PUBLISHED_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico"}
    | {".pdf", ".mp3", ".m4a", ".ogg", ".mp4", ".webm", ".csv", ".zip", ".epub"}
)
"""What a post may bring along; everything else in the folder is nobody's business."""

_PRIVATE = frozenset({"out", "templates", "node_modules"})


def find_assets(folder: Path) -> frozenset[str]:
    """List the files below a newsletter's folder that posts may show, with slashes.

    Hidden folders, ``out`` and ``templates`` are passed over; links are not followed.
    """
    return frozenset(_walk(folder))


def read_assets(
    contents: Iterable[Content],
    covers: Iterable[str],
    *,
    folder: Path,
    publication: Publication,
) -> Mapping[str, bytes]:
    """Read the files that the contents and covers refer to, by their path in the site.

    Raises `SourceError` for a file that cannot be read.
    """
    urls = {url for c in contents for url in (*c.images, *c.links)} | set(covers)
    names = sorted({file_of(url, publication) for url in urls} - {""})
    return {name: _read(folder / name) for name in names}


def _walk(folder: Path) -> Iterator[str]:
    for here, folders, names in os.walk(folder):
        folders[:] = [n for n in folders if n[0] != "." and n not in _PRIVATE]
        for name in names:
            path = Path(here, name)
            is_asset = path.suffix.lower() in PUBLISHED_SUFFIXES
            if is_asset and name[0] != "." and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"cannot be read: {error.strerror}",
            path=path,
            hint="A post shows this file; see that you may read it.",
        ) from error
