"""Which addresses of the site are taken, as files and folders on a disk.

A page ``/a/`` is the file ``a/index.html``. It can have ``/a/b/`` beside it, but not a
file ``a``: so an address is free if its file is, if no part of its path is a file, and if
nothing lies in a folder of its name. Addresses that differ only in case are the same.
"""

import unicodedata
from collections.abc import Iterator
from itertools import count
from urllib.parse import unquote


class Places:
    """The addresses that are taken so far, and by what."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def take(self, path: str, holder: str) -> None:
        """Give the address, percent-encoded, to a holder."""
        file = _file(path)
        self._files[file] = holder
        for folder in _folders(file):
            self._folders.setdefault(folder, holder)

    def holder(self, path: str) -> str:
        """Say what keeps an address from being used; empty if nothing does."""
        file = _file(path)
        own = self._files.get(file) or self._folders.get(file, "")
        return own or self._above(file)

    def nearest(self, path: str, *, otherwise: str) -> str:
        """Give the address itself if it is free, else one with a number behind it.

        `otherwise` takes its place where a folder of its path is a file already.
        """
        wanted = otherwise if self._above(_file(path)) else path
        return next(free for free in _variants(wanted) if not self.holder(free))

    def _above(self, file: str) -> str:
        above = (self._files.get(folder, "") for folder in _folders(file))
        return next(filter(None, above), "")


def _file(path: str) -> str:
    name = f"{path}index.html" if path.endswith("/") or not path else path
    return unicodedata.normalize("NFC", unquote(name)).casefold()


def _folders(file: str) -> Iterator[str]:
    """Yield the folders that a file lies in, the innermost first."""
    while "/" in file:
        file = file.rpartition("/")[0]
        yield file


def _variants(path: str) -> Iterator[str]:
    yield path
    suffix = "/" if path.endswith("/") else f".{path.rpartition('.')[2]}"
    stem = path.removesuffix(suffix)
    yield from (f"{stem}-{number}{suffix}" for number in count(2))
