"""New files in waiting: whole and on the right disk before any of them takes its place."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = ".distribute-new"
"""Where they wait, inside the folder that they are meant for; nothing asks for it there."""

_OURS = re.compile(r"[0-9]+(-[0-9]+)?\.tmp")
"""The number of a process and of a file."""


class Stage:
    """A folder of files that wait; `staging` opens one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._count = 0

    def write(self, content: bytes) -> Path:
        """Write a file and say where it waits; `Path.replace` moves it to its place."""
        self._folder.mkdir(exist_ok=True)
        place = self._folder / f"{os.getpid()}-{self._count}.tmp"
        self._count += 1
        with place.open("xb") as file:
            file.write(content)
        return place

    def clear(self) -> None:
        """Remove what waits, and what a run that was cut short left; nothing of others."""
        if self._folder.is_symlink():
            self._folder.unlink()
        if not self._folder.is_dir():
            return
        for place in list(self._folder.iterdir()):
            if _OURS.fullmatch(place.name):
                place.unlink()
        if not any(self._folder.iterdir()):
            self._folder.rmdir()


@contextmanager
def staging(folder: Path) -> Iterator[Stage]:
    """Open a stage that is empty, and leave none behind, whatever happens."""
    stage = Stage(folder)
    stage.clear()
    try:
        yield stage
    finally:
        stage.clear()
