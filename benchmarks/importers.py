"""Those who bring a list of subscribers in: ``distribute``, and what else there is."""

import csv
import sqlite3
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle
from pathlib import Path
from typing import ClassVar

from benchmarks.newsletter import Newsletter, Size, people
from benchmarks.ours import ROOT, distribute
from benchmarks.processes import Command

OURS = "distribute"
PLAIN = "csv and sqlite3, unchecked"
SQLITE_UTILS = "sqlite-utils"

_HEAD = ("email", "name", "languages", "status", "joined", "source", "tags")
_PARTS = 7
_TAGS = ("", "press", "press; vip")


def write_table(path: Path, count: int) -> None:
    """Write a list of so many people as a table, in no order of addresses."""
    tags = cycle(_TAGS)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(_HEAD)
        for address, name, wish in _shuffled(count):
            writer.writerow(
                (address, name, wish, "confirmed", "2026-01-01", "form", next(tags))
            )


def _shuffled(count: int) -> Iterator[tuple[str, str, str]]:
    """Give people as a list has them that grew over years: not sorted."""
    everybody = list(people(count))
    for some in range(_PARTS):
        yield from everybody[some::_PARTS]


class Importer(ABC):
    """A program that reads a table of subscribers into a database."""

    name: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "list.db"

    def prepare(self) -> None:
        """Make ready whatever takes no part in what is measured."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def forget(self) -> None:
        """Have nobody on the list."""
        for end in ("", "-wal", "-shm"):
            self.database.with_name(self.database.name + end).unlink(missing_ok=True)

    def count(self) -> int:
        """Count who is on the list."""
        with closing(sqlite3.connect(self.database)) as connection:
            (found,) = connection.execute("SELECT count(*) FROM subscriber").fetchone()
        return int(found)

    @abstractmethod
    def command(self, table: Path) -> Command:
        """Give what imports this table."""


class Ours(Importer):
    """The command of this project, on a newsletter of its own."""

    name = OURS

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.newsletter = Newsletter(folder / "letter", Size.SMALL)
        self.database = self.newsletter.folder / "distribute.db"

    def prepare(self) -> None:
        """Write a newsletter."""
        super().prepare()
        self.newsletter.prepare()

    def command(self, table: Path) -> Command:
        """Import it."""
        return self.run("audience", "import", str(table))

    def run(self, *arguments: str) -> Command:
        """Run any command on the newsletter."""
        return distribute(self.newsletter.folder, *arguments)

    def shown(self, *arguments: str) -> Command:
        """Run a command that answers for people."""
        command = self.run(*arguments)
        words = [word for word in command.arguments if word != "--json"]
        return Command(words, command.environment)


class Plain(Importer):
    """The least that a script does."""

    name = PLAIN

    def command(self, table: Path) -> Command:
        """Run that script."""
        module = "benchmarks.peers.by_sqlite"
        words = (sys.executable, "-m", module, table, self.database)
        return Command(words, {"PYTHONPATH": str(ROOT)})


class SqliteUtils(Importer):
    """A program that reads any table into SQLite; it is installed on first use."""

    name = SQLITE_UTILS

    def prepare(self) -> None:
        """Install it into a virtual environment; `MeasurementError` if that fails."""
        super().prepare()
        python = self.folder / "python" / "bin" / "python"
        if not python.exists():
            Command((sys.executable, "-m", "venv", self.folder / "python")).run()
        Command((python, "-m", "pip", "install", "-q", "sqlite-utils")).run()

    def command(self, table: Path) -> Command:
        """Have it put each row in the place of an older one with the same address."""
        program = self.folder / "python" / "bin" / "sqlite-utils"
        words = ("upsert", self.database, "subscriber", table, "--csv", "--pk", "email")
        return Command((program, *words))
