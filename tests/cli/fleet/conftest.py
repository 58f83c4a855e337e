"""A newsletter whose workers share a database; and a worker in this process."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest

from distribute.campaign.fleet.jobs.crew import Rhythm
from distribute.campaign.run.run import Haste
from distribute.cli.fleet.caretaker import member_here
from distribute.cli.fleet.journal import Journal
from distribute.cli.fleet.meter import Meter
from distribute.cli.fleet.working import Worker
from distribute.config.settings import FILE_NAME, Settings, read_settings
from tests.commands import NOW, Answer, call
from tests.fleet.house import House, open_house
from tests.postgres import Server
from tests.processes import wait_until
from tests.scenarios.office import ISSUE, Office

PEOPLE = 12
QUICK = Rhythm(heartbeat=0.5, stalled_after=20.0, look=0.5, poll=0.2, reconcile=5.0)


class Fleet:
    """A newsletter with an issue for workers to send."""

    def __init__(self, house: House) -> None:
        self.folder = house.office.folder
        self.url = house.url

    def act(self, *words: str) -> Answer:
        """Call the command line for this newsletter."""
        return call("-C", self.folder, *words)

    def hand_over(self) -> None:
        """Hand the issue over, to be written to files."""
        answer = self.act("send", ISSUE, "--workers")
        assert answer.status == 0, answer.err

    @property
    def settings(self) -> Settings:
        """Read the settings."""
        path = self.folder / FILE_NAME
        return read_settings(self.folder, shown=path, environment={})

    def ask(self, sql: str, *values: object) -> list[Any]:
        """Ask the database, or change it."""
        with psycopg.connect(self.url) as connection:
            cursor = connection.execute(sql.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def work(self) -> None:
        """Have a worker do whatever there is."""
        unfinished = "SELECT 1 FROM frozen WHERE state <> 'done'"
        with self.working():
            wait_until(lambda: not self.ask(unfinished))

    def served(self, campaign: int) -> Sequence[str]:
        """Give the keys of those who got a campaign."""
        asked = """
            SELECT key FROM delivery WHERE campaign = %s AND state = 'accepted' ORDER BY key
        """
        return [key for (key,) in self.ask(asked, campaign)]

    def readers_of(self, languages: str) -> Sequence[str]:
        """Give the keys of those who want it so."""
        asked = "SELECT key FROM subscriber WHERE languages = %s ORDER BY key"
        return [key for (key,) in self.ask(asked, languages)]

    def mend(self) -> None:
        """Have another text in the two editions of the issue."""
        for path in (self.folder / "posts").glob("2026-10-09-*.md"):
            path.write_text(f"{path.read_text('utf-8')}\nOne more line.\n", "utf-8")

    @property
    def state(self) -> str:
        """The state of the campaign."""
        return str(self.ask("SELECT state FROM frozen")[0][0])

    @contextmanager
    def working(
        self, name: str = "", settings: Settings | None = None
    ) -> Iterator["Hired"]:
        """Have a worker in this process; one of several has a name of its own."""
        hired = Hired(settings or self.settings, name)
        hired.thread.start()
        try:
            yield hired
        finally:
            if hired.haste is Haste.NONE:
                hired.haste = Haste.STOP
            hired.thread.join(60)
            assert not hired.thread.is_alive()


class Hired:
    """A worker in a thread."""

    def __init__(self, settings: Settings, name: str = "") -> None:
        self.haste = Haste.NONE
        self.meter = Meter()
        self.is_clean: bool | None = None
        here = member_here(os.getpid())
        self.member = replace(here, name=name or here.name)
        now = datetime.fromtimestamp(int(NOW), UTC)
        journal = Journal(self.member.name, lambda: int(NOW) * 1000, as_json=False)
        self.worker = Worker(settings, journal, self.member, now, meter=self.meter)
        self.thread = Thread(target=self._work)

    def _work(self) -> None:
        self.is_clean = self.worker.work(lambda: self.haste, rhythm=QUICK)


@pytest.fixture(scope="session")
def newcomers(
    postgres: Server, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """Make a newsletter with its list once, to be copied with its database."""
    folder = tmp_path_factory.mktemp("fleet") / "letter"
    name = _new_name()
    open_house(folder, PEOPLE, postgres.new_database(name))
    return folder, name


@pytest.fixture(scope="session")
def frozen(
    postgres: Server,
    newcomers: tuple[Path, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, str]:
    """Make one whose issue is handed over, in the same way."""
    fleet, name = _copy(postgres, newcomers, tmp_path_factory.mktemp("frozen"))
    fleet.hand_over()
    return fleet.folder, name


@pytest.fixture
def fleet(
    postgres: Server, newcomers: tuple[Path, str], tmp_path: Path
) -> Iterator[Fleet]:
    """Give a newsletter of one's own, with a database of its own."""
    fleet, name = _copy(postgres, newcomers, tmp_path)
    yield fleet
    postgres.drop(name)


@pytest.fixture
def handed(
    postgres: Server, frozen: tuple[Path, str], tmp_path: Path
) -> Iterator[Fleet]:
    """Give one whose issue is with the workers, who are to write it to files."""
    fleet, name = _copy(postgres, frozen, tmp_path)
    yield fleet
    postgres.drop(name)


@pytest.fixture
def sent(handed: Fleet) -> Fleet:
    """Give one whose issue workers have sent, in English and German."""
    handed.work()
    return handed


def _copy(
    postgres: Server, template: tuple[Path, str], folder: Path
) -> tuple[Fleet, str]:
    name = _new_name()
    path = folder / "letter"
    shutil.copytree(template[0], path)
    house = House(Office(path, ()), postgres.new_database(name, like=template[1]))
    house.configure(25)
    return Fleet(house), name


def _new_name() -> str:
    return f"fleet_{os.urandom(6).hex()}"
