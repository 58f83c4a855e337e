"""How long an answer takes tells nobody who is on the list."""

import asyncio
import re
import sqlite3
from datetime import timedelta
from time import perf_counter

import pytest

from distribute.web.public.registry import Books
from tests.web.public.visiting import EVERYBODY, Town

_VALUE = re.compile(r"x'[0-9A-F]*'|'(?:[^']|'')*'|\d+")


@pytest.mark.sqlite_only("it listens to what SQLite is told, as PostgreSQL is as well")
@pytest.mark.parametrize("path", ["/subscribe", "/link"])
def test_the_very_same_is_done_for_everybody(here: Town, path: str) -> None:
    """Statement by statement, but for the values; nothing else touches the disk."""
    said: list[str] = []
    registry = here.house.registry

    def trace(books: Books) -> None:
        assert isinstance(books.connection, sqlite3.Connection)
        books.connection.set_trace_callback(said.append)

    async def listen() -> None:
        await registry.write(trace)

    asyncio.run(listen())
    done = set()
    for address in EVERYBODY:
        said.clear()
        here.client.post(path, data=here.form(address))
        done.add(tuple(_VALUE.sub("?", statement) for statement in said))
    assert len(done) == 1
    (statements,) = done
    assert any("INTO letter" in statement for statement in statements)
    assert not any(" subscriber" in statement for statement in statements)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/subscribe", "/link"])
def test_the_time_is_the_same_for_everybody(here: Town, path: str) -> None:
    """Asked in turns, the best times differ by less than any network's noise."""
    taken: dict[str, list[float]] = {address: [] for address in EVERYBODY}
    for turn in range(60):
        here.clock.now += timedelta(hours=1)  # nobody has asked of late
        for address in EVERYBODY[turn % 8 :] + EVERYBODY[: turn % 8]:
            form = here.form(address)
            began = perf_counter()
            here.client.post(path, data=form)
            taken[address].append(perf_counter() - began)
    best = [min(times) for times in taken.values()]
    assert max(best) - min(best) < 0.001
