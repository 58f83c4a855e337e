"""Which paths are places below a folder, and what stands there: no link is followed."""

import os
import re
import stat
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path

from distribute.errors import DistributeError

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def flaw_of(path: str) -> str:
    """Say why a path is no place below a folder, or nothing."""
    if not {"", ".", ".."}.isdisjoint(path.split("/")):
        return "not a relative path without . and .."
    if "\\" in path or path[1:2] == ":":
        return "some systems would look for it elsewhere"
    if _UNPRINTABLE.search(path):
        return "there is a control character in it, or half of one"
    return ""


def folders_of(path: str) -> Iterator[str]:
    """Yield the folders that a file lies in, the innermost first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def refuse_impossible(paths: Collection[str]) -> None:
    """Raise `DistributeError` for a path that leads out, or two that exclude each other."""
    known = frozenset(paths)
    for path in paths:
        if flaw := flaw_of(path):
            raise DistributeError(f"cannot publish {path!r}: {flaw}")
        for parent in folders_of(path):
            if parent in known:
                raise DistributeError(
                    f"cannot publish {path!r}: {parent!r} is a file of the site",
                    hint="Change the slug or permalink of one of the two.",
                )


def refuse_links(paths: Collection[str], folder: Path) -> None:
    """Raise `DistributeError` where a folder on the way to a file is a link."""
    linked = lru_cache(maxsize=None)(lambda parent: is_link(_below(folder, parent)))
    for path in paths:
        for parent in folders_of(path):
            if linked(parent):
                raise DistributeError(
                    f"cannot publish {path!r}: {folder / parent} is a link and leads "
                    "elsewhere",
                    hint="Remove the link; the site itself may be one.",
                )


def is_link(place: str) -> bool:
    """Tell whether a link stands here, wherever it leads."""
    try:
        return stat.S_ISLNK(os.lstat(place).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def status_of(path: str, folder: Path) -> os.stat_result | None:
    """Describe the file at a path; there is none behind a link, and a link is none."""
    try:
        status = os.lstat(_below(folder, path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    folders = (_below(folder, each) for each in folders_of(path))
    return None if any(map(is_link, folders)) else status


def _below(folder: Path, path: str) -> str:
    """Join them as text: a build asks for thousands of places, and `Path` takes its time."""
    return f"{folder}/{path}"
