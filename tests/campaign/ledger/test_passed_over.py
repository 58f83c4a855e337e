"""Who is passed over is noted by several at once on a server, and nobody waits in a ring."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date
from time import monotonic, sleep

import psycopg
import pytest

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.connection import BESIDE_OTHERS
from distribute.campaign.ledger import passed_over
from distribute.campaign.plan.among import Among

CAMPAIGN, PATIENCE = 1, 60.0
NAMES = ("zoe", "moe", "ada")
"""As they came to the list, so a table that is gone through has them in this order."""
REASONS = {"pending": 7}
_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
Act = Callable[[Connection], object]


def _key(name: str) -> str:
    return f"{name}@example.org"


def _note(connection: Connection) -> None:
    people = [(_key(name), _key(name), 7) for name in NAMES]
    passed_over.note(connection, CAMPAIGN, people)


def _note_back_to_front(connection: Connection) -> None:
    people = [(_key(name), _key(name), 7) for name in sorted(NAMES)]
    passed_over.note(connection, CAMPAIGN, people)


def _note_unconfirmed(connection: Connection) -> None:
    passed_over.note_unconfirmed(connection, CAMPAIGN, REASONS)


def _note_others(connection: Connection) -> None:
    values, reason = {"came_by": "fair"}, "outside the segment source:fair"
    fair = Among(condition="s.source = :came_by", values=values, reason=reason)
    passed_over.note_others(connection, CAMPAIGN, date(2026, 11, 21), [fair])


def _look_again(connection: Connection) -> None:
    passed_over.look_again(connection, CAMPAIGN)


@pytest.fixture
def place(postgres_url: str) -> PostgresUrl:
    """Make a list with people who are passed over already."""
    with closing(open_database(PostgresUrl(postgres_url))) as connection:
        connection.executemany(
            "INSERT INTO subscriber (key, address, name, languages, only_these, status,"
            " joined, source, tags, paused) VALUES (?, ?, '', '', 0, ?, '', 'form', '', ?)",
            [
                (_key(name), _key(name), status, paused)
                for name, status, paused in (
                    *((name, "pending", "") for name in NAMES),
                    *((f"c-{name}", "confirmed", "") for name in NAMES),
                    *((f"p-{name}", "confirmed", "2099-01-01") for name in NAMES),
                )
            ],
        )
        everybody = [
            (_key(f"{kind}{name}"), "", 7)
            for kind in ("", "c-", "p-")
            for name in NAMES
        ]
        for person in everybody:  # and so they lie in the table
            passed_over.note(connection, CAMPAIGN, [person])
    return PostgresUrl(postgres_url)


@contextmanager
def _one_in_the_way(place: PostgresUrl, pattern: str) -> Iterator[psycopg.Connection]:
    """Hold one of them fast, so that two get to it from both ends."""
    with psycopg.connect(place.url) as stone:
        stone.execute(
            "SELECT 1 FROM passed_over WHERE key LIKE %s FOR UPDATE", (pattern,)
        )
        yield stone


def _wait_until(place: PostgresUrl, waiting: int) -> None:
    """Wait until so many are kept waiting by others, or somebody in a ring was ended."""
    end = monotonic() + PATIENCE
    with psycopg.connect(place.url, autocommit=True) as witness:
        while monotonic() < end:
            (count,) = witness.execute(_WAITING).fetchone() or (0,)
            if count >= waiting:
                return
            sleep(0.01)
    pytest.fail("nobody is kept waiting")


def _carry_out(place: PostgresUrl, act: Act) -> None:
    with closing(open_database(place)) as connection:
        connection.execute(BESIDE_OTHERS)
        act(connection)
        connection.execute("COMMIT")


@pytest.mark.parametrize(
    ("one", "other", "between"),
    [
        (_note, _note_back_to_front, "moe@%"),
        (_note, _note_unconfirmed, "moe@%"),
        (_note_back_to_front, _note_unconfirmed, "moe@%"),
        (_note, _look_again, "moe@%"),
        (_note_back_to_front, _look_again, "moe@%"),
        (_note_others, _look_again, "c-moe@%"),
        (_note_others, _look_again, "p-moe@%"),
    ],
)
def test_two_who_note_the_same_people_do_so_in_the_same_order(
    place: PostgresUrl, one: Act, other: Act, between: str
) -> None:
    """Whoever comes second waits for the first, who waits for nobody that it holds up."""
    with ThreadPoolExecutor(2) as pool, _one_in_the_way(place, between) as stone:
        done = [pool.submit(_carry_out, place, one)]
        _wait_until(place, 1)
        done.append(pool.submit(_carry_out, place, other))
        _wait_until(place, 2)
        stone.rollback()
        for each in done:
            each.result(PATIENCE)
