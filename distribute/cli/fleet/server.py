"""Open the database that workers share, where it is one on a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from distribute.audience.database.place import PostgresUrl
from distribute.config.settings import Settings
from distribute.errors import ConfigError

if TYPE_CHECKING:
    from distribute.audience.database.postgres.connection import PostgresConnection


def server_of(settings: Settings) -> PostgresUrl:
    """Give the server's URL; raises `ConfigError` where the state is in a file."""
    if isinstance(settings.database, PostgresUrl):
        return settings.database
    raise ConfigError(
        ("store.url: workers share a database of PostgreSQL, and this one is a file",),
        hint="Name one there: postgresql://USER@HOST/DATABASE. One machine needs none:"
        " `distribute send` does it all.",
    )


def make_queue(settings: Settings) -> None:
    """Make the tables of the job queue, where they are missing."""
    with open_fleet(settings):
        pass


_IMPATIENT = (
    "SET idle_in_transaction_session_timeout = '10s';"
    " SET max_parallel_workers_per_gather = 0"
)
"""Who freezes in the middle of a transaction must not hold the others up for ever; and
nobody needs a second process for the five hundred people of a batch."""


@contextmanager
def open_fleet(settings: Settings) -> Iterator["PostgresConnection"]:
    """Open it with the tables of the job queue; raises `AudienceError` if it cannot."""
    from distribute.audience.database.database import (
        PATIENCE,
        explained,
        place_of,
        transaction,
    )
    from distribute.audience.database.postgres.connection import open_server
    from distribute.campaign.fleet.jobs.tables import bring_up_to_date, is_up_to_date

    url = server_of(settings)
    place = place_of(url)
    with explained(url):
        connection = open_server(
            place if isinstance(place, PostgresUrl) else url, PATIENCE, first=_IMPATIENT
        )
    try:
        with explained(url):
            if not is_up_to_date(connection.raw):
                with transaction(connection):
                    bring_up_to_date(connection.raw)
        yield connection
    finally:
        connection.close()
