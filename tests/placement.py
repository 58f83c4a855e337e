"""``pytest --store postgresql``: every file of SQLite is a database of PostgreSQL instead.

Where the file would be stands a note of which database it is. So a copy of the file is a
copy of the database, and who removes the file begins anew: tests handle files, and all
processes that they start find the same database.
"""

import fcntl
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

from distribute.audience.database import database
from distribute.audience.database.place import Place, PostgresUrl
from tests.postgres import Server

MADE = "DISTRIBUTE_TESTS_PLACES"
"""Names the folder with a file per database, for the processes that tests start."""
_ROOT = Path(__file__).parents[1]
_OFTEN = 32
"""A test may make hundreds, each for a while: so many are made between two looks."""
_WORD = "database of tests:"


@dataclass(frozen=True, slots=True)
class Note:
    """What stands where a file of SQLite would be."""

    name: str
    """Of the database."""
    path: Path
    """Where the note was written; another is a copy of it."""

    def __str__(self) -> str:
        return f"{_WORD} {self.name}\n{self.path}\n"

    @classmethod
    def read(cls, path: Path) -> "Note | None":
        """Give the note that stands there, or `None` for what is none."""
        with path.open("rb") as file:
            lines = file.read(5000).decode("utf-8", "replace").splitlines()
        if len(lines) != 2 or not lines[0].startswith(_WORD):
            return None
        return cls(lines[0].removeprefix(_WORD).strip(), Path(lines[1]))


class Placement:
    """Says which database stands for which file."""

    def __init__(self, server: Server, made: Path) -> None:
        """Note every database that is made in the folder `made`."""
        self._server = server
        self._made = made

    def place_of(self, place: Place) -> Place:
        """Give the database of a file; what is no file of ours stays as it is."""
        if isinstance(place, PostgresUrl) or not place.parent.is_dir():
            return place
        path = place.resolve()
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return place
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two may come to a new file at once
            note = Note.read(path)
            if note is None and os.fstat(descriptor).st_size:
                return place
            if note is None or note.path != path:
                note = self._make(path, like=note.name if note else self._house)
                file.truncate()
                file.write(str(note).encode())
        return PostgresUrl(self._server.url(note.name, host="socket"))

    @cached_property
    def _house(self) -> str:
        return house(self._server)

    def _make(self, path: Path, *, like: str) -> Note:
        if len(list(self._made.iterdir())) % _OFTEN == _OFTEN - 1:
            self.release(None)
        note = Note(f"p{os.urandom(6).hex()}", path)
        (self._made / note.name).write_text(str(note))
        self._server.new_database(note.name, like=like)
        return note

    def release(self, below: Path | None) -> None:
        """Remove the databases whose files are gone, or below a folder."""
        over = [
            entry
            for entry in self._made.iterdir()
            if (note := Note.read(entry)) is None
            or (below and note.path.is_relative_to(below))
            or not _stands(note)
        ]
        if over:
            self._server.drop(*(entry.name for entry in over))
        for entry in over:
            entry.unlink()


def house(server: Server) -> str:
    """Name the database with all tables and nothing in them; it is made at first."""
    return server.prepared("house", _furnish)


def _furnish(url: str) -> None:
    database.open_database(PostgresUrl(url)).close()


def take_over(module: ModuleType) -> None:
    """Replace files in this process too, which a test has started."""
    folder, made = os.environ[MADE].split(os.pathsep)
    placement = Placement(Server(Path(folder)), Path(made))
    module.place_of = placement.place_of  # type: ignore[attr-defined] # it has one


def follow(module: ModuleType) -> None:
    """Have files replaced in the isolated process as well that makes messages ahead."""
    elsewhere = "tests.elsewhere.sitecustomize"
    added = f"sys.path.append({str(_ROOT)!r}); import {elsewhere}; from {{module}}"
    start = module._START.replace("from {module}", added)
    module._START = start  # type: ignore[attr-defined] # it has one


def _stands(note: Note) -> bool:
    try:
        return Note.read(note.path) == note
    except OSError:
        return False
