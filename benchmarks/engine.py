"""Send what was handed over to workers without keeping any account of it.

usage: -m benchmarks.engine FOLDER

This is a worker less its database: who gets what is read before the clock starts, and
then the same engine writes and sends the same messages, and nothing is recorded.
"""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from benchmarks.peers.common import print_report
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.campaign import Entry, Parcel
from distribute.campaign.fleet import hold
from distribute.campaign.fleet.batch import BatchId, Hold
from distribute.campaign.fleet.portion import Portion
from distribute.campaign.run.run import Haste, run
from distribute.cli.fleet.server import open_fleet
from distribute.cli.fleet.workshop import CampaignShop, Workshops
from distribute.config.settings import read_settings

_BATCHES = "SELECT campaign, number, first, last FROM batch ORDER BY campaign, number"


class NoLedger:
    """Implements `distribute.campaign.campaign.Ledger`, and forgets everything."""

    def name_choices(self, choices: Mapping[int, tuple[str, str]]) -> None:
        """Do nothing."""

    def claim(self, parcels: Sequence[Parcel], now: int) -> None:
        """Do nothing."""

    def record(
        self, started: Sequence[Parcel], ended: Sequence[Entry], now: int
    ) -> None:
        """Do nothing."""

    def believe(self, now: int) -> None:
        """Do nothing."""

    def take_back(self, now: int) -> None:
        """Do nothing."""

    def skip(self, people: Sequence[tuple[str, str, int]]) -> None:
        """Do nothing."""

    def give_back(self, now: int) -> None:
        """Do nothing."""


def main() -> None:
    """Send all batches, and print what it took."""
    settings = read_settings(Path(sys.argv[1]))
    with open_fleet(settings) as connection:
        shops = Workshops(settings, connection, _clock, sys.stderr.write)
        work = list(_portions(connection, shops))
        began, used = time.perf_counter(), time.process_time()
        for shop, portion in work:
            steering = shop.steering(lambda: Haste.NONE)
            for _entries in run(portion, shop.sink, NoLedger(), steering):
                pass
        shops.close_sinks()
        print_report(time.perf_counter() - began, time.process_time() - used)


def _portions(
    connection: PostgresConnection, shops: Workshops
) -> Iterator[tuple[CampaignShop, Portion]]:
    now = _clock()
    today = date.fromisoformat(time.strftime("%Y-%m-%d", time.gmtime()))
    for campaign, number, first, last in connection.execute(_BATCHES).fetchall():
        batch = Hold(batch=BatchId(campaign, number), fence=0, first=first, last=last)
        people = hold.people(connection, batch, now=now)
        shop = shops.of(campaign)
        yield shop, Portion(people, shop.desk, today)


def _clock() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    main()
