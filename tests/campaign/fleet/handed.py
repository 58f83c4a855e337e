"""A campaign that was handed over: people, batches, jobs, and somebody to carry them out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.campaign import Campaign, Entry, Sink
from distribute.campaign.fleet.batch import BatchId, Hold
from distribute.campaign.fleet.freeze import Decider, Freezer
from distribute.campaign.fleet.frozen import Frozen, FrozenEdition
from distribute.campaign.fleet.jobs.tables import bring_up_to_date
from distribute.campaign.fleet.portion import DecidedChoices
from distribute.campaign.fleet.work import Bench
from distribute.campaign.ledger.due import Due
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.message.links import Linking
from distribute.campaign.message.message import Addressing
from distribute.campaign.plan.choices import Choices
from distribute.campaign.run.page import Desk
from distribute.campaign.run.run import Haste, Steering
from distribute.sinks.memory import MemorySink
from tests.campaign.mailings import BEGAN, EN, IDS, PT, SIGNER, email_in, put_on_list
from tests.readers import ARCHIVE, CAMPAIGN

START = 1_790_000_000_000
"""Milliseconds since 1970."""


@dataclass
class Shop:
    """Implements `Workshop` with one sink that may be looked into."""

    desk: Desk
    sink: Sink
    clock: Callable[[], int]
    discarded: int = 0

    def discard(self) -> None:
        """Count how often somebody gave the sink up."""
        self.discarded += 1

    def steering(self, haste: Callable[[], Haste]) -> Steering:
        """Wait for nothing."""
        return Steering(clock=self.clock, timer=lambda: 0.0, haste=haste, stay=0.0)


@dataclass
class HandedOver:
    """Campaign 1, frozen and cut, on a database of its own."""

    url: str
    connection: PostgresConnection
    campaign: int
    now: int = START
    heard: list[Entry] = field(default_factory=list)
    outlast: Callable[[Callable[[], None]], None] = lambda act: act()

    @property
    def place(self) -> PostgresUrl:
        """Where it is."""
        return PostgresUrl(self.url)

    def bench(self, name: str = "host:1") -> Bench:
        """Make a place for a worker."""

        def tell(_held: Hold, entries: Sequence[Entry]) -> None:
            self.heard.extend(entries)

        return Bench(
            place=self.place,
            connection=self.connection,
            name=name,
            clock=lambda: self.now,
            today=lambda: date(2026, 11, 20),
            outlast=self.outlast,
            tell=tell,
        )

    def shop(self, sink: Sink | None = None) -> Shop:
        """Get ready for the campaign."""
        frozen = frozen_campaign()
        desk = Desk(
            campaign=CAMPAIGN.id,
            choices=DecidedChoices(),
            messages=frozen.messages(),
            addressing=Addressing(CAMPAIGN),
            ids=IDS,
            links=Linking(SIGNER, "https://news.example.org").by_key(),
        )
        return Shop(desk, sink or MemorySink(sleep=lambda _: None), lambda: self.now)

    def batch(self, number: int = 1) -> BatchId:
        """Name a batch."""
        return BatchId(self.campaign, number)

    def job(self, number: int = 1) -> int:
        """Give the job of a batch."""
        return int(self.ask("SELECT job FROM batch WHERE number = ?", number)[0][0])

    def errand(self, number: int = 1) -> tuple[BatchId, int]:
        """Give what the queue would."""
        return self.batch(number), self.job(number)

    def ask(self, sql: str, *values: object) -> list[Any]:
        """Ask the database."""
        return self.connection.execute(sql, values).fetchall()

    def states(self) -> Mapping[str, str]:
        """Give the state of each delivery by the local part of the address."""
        rows = self.ask("SELECT key, state FROM delivery ORDER BY key")
        return {key.partition("@")[0]: state for key, state in rows}

    def batches(self) -> Sequence[str]:
        """Give the states of the batches."""
        return [
            state for (state,) in self.ask("SELECT state FROM batch ORDER BY number")
        ]

    def jobs(self) -> Sequence[str]:
        """Give the states of all jobs."""
        return [s for (s,) in self.ask("SELECT status FROM procrastinate_jobs")]

    def state(self) -> str:
        """Give the state of the campaign."""
        return str(self.ask("SELECT state FROM frozen")[0][0])


def frozen_campaign(campaign: Campaign = CAMPAIGN) -> Frozen:
    """Freeze the campaign of `tests.readers` in English and Portuguese."""
    editions = tuple(
        FrozenEdition(
            email=email_in(language),
            archive_url=ARCHIVE,
            list_archive_url="https://news.example.org/",
        )
        for language in (EN, PT)
    )
    return Frozen(campaign=replace(campaign), editions=editions)


@contextmanager
def hand_over(
    url: str, names: Sequence[str] = (), *, size: int = 3, is_complete: bool = True
) -> Iterator[HandedOver]:
    """Put people on the list, and hand the campaign over in batches of so many."""
    place = PostgresUrl(url)
    put_on_list(place, names)
    with (
        SqliteLedger(place, "smtp") as ledger,
        handing_over(place, ledger, size) as freezer,
    ):
        decider = Decider(CAMPAIGN.id, Choices((EN, PT), (EN,), EN), IDS)
        with Due(place, sink="smtp", campaign=CAMPAIGN.id) as due:
            freezer.cut(decider.decide(due.fresh("", 1000)), START)
        if is_complete:
            freezer.complete(START)
        number = ledger.number
    connection = open_database(place)
    assert isinstance(connection, PostgresConnection)
    try:
        yield HandedOver(url, connection, number)
    finally:
        connection.close()


@contextmanager
def handing_over(
    place: PostgresUrl, ledger: SqliteLedger, size: int = 3
) -> Iterator[Freezer]:
    """Begin the campaign, and be the one who hands it over."""
    connection = ledger.connection
    assert isinstance(connection, PostgresConnection)
    with connection.raw.transaction():
        bring_up_to_date(connection.raw)
    with ledger.lock(CAMPAIGN.id, BEGAN, for_workers=True):
        ledger.started(CAMPAIGN.id, BEGAN)
        ledger.use(CAMPAIGN.id)
        number = ledger.number
        freezer = Freezer(place, connection, number, prove=ledger.prove, size=size)
        freezer.begin(frozen_campaign(), START)
        yield freezer
