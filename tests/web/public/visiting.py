"""A public side with some people on its list, and a visitor who calls on it."""

import asyncio
import atexit
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from starlette.types import ASGIApp

from distribute.audience.database.database import engine_of, open_database
from distribute.audience.reception.token import Purpose, Signer
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.suppression import Reason
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.public.pages import PublicPages
from distribute.render.theme.files import read_theme_files
from distribute.render.theme.theme import Theme, theme_of
from distribute.web.public.app import application
from distribute.web.public.house import Hook, House
from distribute.web.public.registry import Books, Registry
from distribute.web.public.traps import Traps

EN, AR, PT = Language("en"), Language("ar"), Language("pt-BR")
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SIGNER = Signer(bytes(range(32)), retired=(bytes(range(1, 33)),))
PUBLIC_URL = "https://news.example.org"
CLIENT = ("203.0.113.9", 50000)
PEOPLE = {
    "confirmed@example.org": Status.CONFIRMED,
    "pending@example.org": Status.PENDING,
    "left@example.org": Status.UNSUBSCRIBED,
    "bounced@example.org": Status.BOUNCED,
    "complained@example.org": Status.COMPLAINED,
    "suppressed@example.org": Status.SUPPRESSED,
}
FORGOTTEN = "forgotten@example.org"
NOBODY = "nobody@example.org"
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
    "postgresql": """
        SELECT tablename FROM pg_tables
        WHERE schemaname = current_schema() ORDER BY tablename
    """,
}
EVERYBODY = (*PEOPLE, FORGOTTEN, NOBODY)
ADA = "confirmed@example.org"


@cache
def theme() -> Theme:
    """Read the shipped theme, once for all tests."""
    return theme_of(read_theme_files())


def publication() -> Publication:
    """Describe a newsletter in three languages."""
    return Publication(
        title="Example News",
        url="https://news.example.org",
        tag="example.org,2026",
        languages=(EN, AR, PT),
        address="1 Example Street",
    )


@dataclass
class Clock:
    """Shows the time that a test says it is."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


class Client:
    """A browser without cookies, which follows nothing by itself."""

    def __init__(
        self, app: ASGIApp, base_url: str, client: tuple[str, int] = CLIENT
    ) -> None:
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, client=client)
        self._client = httpx.AsyncClient(transport=transport, base_url=base_url)

    def request(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Ask for something."""
        return self._runner.run(self._client.request(method, path, **how))

    def get(self, path: str, **how: Any) -> httpx.Response:
        """Ask for a page."""
        return self.request("GET", path, **how)

    def head(self, path: str, **how: Any) -> httpx.Response:
        """Ask for its headers."""
        return self.request("HEAD", path, **how)

    def post(self, path: str, **how: Any) -> httpx.Response:
        """Send a form."""
        return self.request("POST", path, **how)

    def close(self) -> None:
        """Go away."""
        self._runner.run(self._client.aclose())
        self._runner.close()


@dataclass
class Town:
    """A house, and how to get into it."""

    house: House
    client: Client
    clock: Clock
    database: Path
    lines: list[str] = field(default_factory=list)
    woken: list[int] = field(default_factory=list)

    def status(self, address: str) -> Status | None:
        """Look up how somebody stands."""
        known = self.subscriber(address)
        return known.status if known else None

    def subscriber(self, address: str) -> Subscriber | None:
        """Look somebody up."""
        with self.books() as books:
            return books.store.get(address)

    @contextmanager
    def books(self) -> Iterator[Books]:
        """Open the database beside the house."""
        connection = open_database(self.database)
        try:
            yield Books.over(self.database, connection, SIGNER)
        finally:
            connection.close()

    def dump(self) -> list[str]:
        """Write the whole database down."""
        with closing(open_database(self.database)) as connection:
            tables = connection.execute(_TABLES[engine_of(connection)]).fetchall()
            return [
                f"{table} {row}"
                for (table,) in tables
                for row in connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own tables
            ]

    def form(self, email: str, **fields: str) -> dict[str, str]:
        """Fill in the form for joining, ten seconds after it was made."""
        begun = self.house.traps.begun(self.clock.now - timedelta(seconds=10))
        return {"email": email, "name": "", "website": "", "begun": begun, **fields}


def token(address: str, purpose: Purpose, expires: datetime | None = None) -> str:
    """Make the token of an address."""
    return SIGNER.sign(Mailbox(address).key, purpose, expires)


@contextmanager
def town(
    folder: Path,
    *,
    public_url: str = PUBLIC_URL,
    hooks: Mapping[str, Hook] | None = None,
) -> Iterator[Town]:
    """Open the public side of a newsletter with one person of every standing."""
    database = folder / "distribute.db"
    copy(_populated(), database)
    clock, lines, woken = Clock(), list[str](), list[int]()
    registry = Registry(database, SIGNER)
    own = replace(publication(), url=public_url)
    house = House(
        pages=PublicPages(own, theme(), public_url=public_url),
        publication=own,
        signer=SIGNER,
        traps=Traps(SIGNER.subkey("form")),
        registry=registry,
        site=folder / "site",
        public_url=public_url,
        clock=clock,
        log=lines.append,
        wordings={EN: "0123456789ab"},
        hooks=hooks or {},
        wake=lambda: woken.append(1),
        is_described=True,
    )
    client = Client(application(house), public_url)
    try:
        yield Town(house, client, clock, database, lines, woken)
    finally:
        client.close()
        registry.close()


@cache
def _populated() -> Path:
    """Make a list with one person of every standing, which stays while tests run."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    database = Path(folder.name) / "distribute.db"
    with closing(open_database(database)) as connection:
        books = Books.over(database, connection, SIGNER)
        for address, status in PEOPLE.items():
            subscriber = Subscriber(
                mailbox=Mailbox(address, "Ada" if address == ADA else ""),
                languages=(AR, EN) if address == ADA else (),
                status=status,
                joined=NOW - timedelta(days=100),
            )
            books.store.put(subscriber, by="test", now=NOW)
        books.suppressions.add(FORGOTTEN, Reason.FORGOTTEN, NOW.date())
    return database
