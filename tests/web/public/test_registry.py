"""The registry: one commit for many, and none of them notices another's mistake."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event

import pytest

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import open_database, transaction
from distribute.audience.database.place import PostgresUrl
from distribute.audience.subscriber import Subscriber
from distribute.errors import AudienceError, AwayError, BusyError
from distribute.web.public import registry as module
from distribute.web.public.registry import Books, Registry
from tests.postgres import Server
from tests.web.public.visiting import SIGNER


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a database."""
    return tmp_path / "distribute.db"


@pytest.fixture
def registry(path: Path) -> Iterator[Registry]:
    """Open a registry."""
    opened = Registry(path, SIGNER)
    yield opened
    opened.close()


def _keep(name: str) -> Callable[[Books], bytes]:
    return lambda books: books.store.keep(name, b"1")


def _kept(path: Path) -> set[str]:
    connection = open_database(path)
    rows = connection.execute("SELECT key FROM meta").fetchall()
    connection.close()
    return {name for (name,) in rows}


def test_everybody_is_answered_once_it_is_on_the_disk(
    registry: Registry, path: Path
) -> None:
    """What another connection sees is what was answered for."""

    async def ask() -> None:
        await asyncio.gather(*(registry.write(_keep(f"n{n}")) for n in range(300)))
        assert len(_kept(path)) == 300

    asyncio.run(ask())


def test_many_share_a_commit(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a thousand in a second are a few dozen writes."""
    begun = []

    def counted(connection: Connection) -> AbstractContextManager[None]:
        begun.append(connection)
        return transaction(connection)

    monkeypatch.setattr(module, "transaction", counted)

    all_wait = Event()

    async def ask() -> None:
        first = asyncio.create_task(registry.write(lambda _: all_wait.wait(60)))
        others = [asyncio.create_task(registry.write(_keep("x"))) for _ in range(200)]
        await asyncio.sleep(0)
        all_wait.set()
        await asyncio.gather(first, *others)

    asyncio.run(ask())
    assert len(begun) <= 2


def test_a_failure_leaves_nothing_of_itself_and_all_of_the_others(
    registry: Registry, path: Path
) -> None:
    """Each is all or nothing, though they are written together."""

    def broken(books: Books) -> bytes:
        _keep("half")(books)
        raise ValueError("no")

    async def ask() -> list[object]:
        jobs = [registry.write(_keep(f"n{n}")) for n in range(5)]
        jobs.insert(2, registry.write(broken))
        return list(await asyncio.gather(*jobs, return_exceptions=True))

    answers = asyncio.run(ask())
    assert isinstance(answers[2], ValueError)
    assert _kept(path) == {f"n{n}" for n in range(5)}


def test_looking_up_does_not_wait_for_who_writes(
    registry: Registry, path: Path
) -> None:
    """Another process may hold the file for a while, as a large import does."""
    other = open_database(path)
    other.execute("BEGIN IMMEDIATE")

    async def ask() -> Subscriber | None:
        return await registry.read(lambda books: books.store.get("x@example.org"))

    assert asyncio.run(asyncio.wait_for(ask(), 30)) is None
    other.close()


def test_who_cannot_write_is_told_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some patience; nothing of what was asked for is done later."""
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    registry = Registry(path, SIGNER)
    other = open_database(path)
    other.execute("BEGIN IMMEDIATE")

    async def ask() -> None:
        await registry.write(_keep("x"))

    with pytest.raises(BusyError):
        asyncio.run(ask())
    other.close()
    registry.close()
    assert _kept(path) == set()


def test_what_was_asked_for_is_done_before_it_closes(path: Path) -> None:
    """Stopping the server loses nothing that somebody waits for."""

    async def ask() -> None:
        registry = Registry(path, SIGNER)
        jobs = [
            asyncio.ensure_future(registry.write(_keep(f"n{n}"))) for n in range(100)
        ]
        await asyncio.sleep(0)
        await asyncio.to_thread(registry.close)
        await asyncio.gather(*jobs)

    asyncio.run(ask())
    assert len(_kept(path)) == 100


def test_a_file_that_is_no_database_of_ours_is_refused(path: Path) -> None:
    """At once, and not when the first reader asks."""
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(AudienceError):
        Registry(path, SIGNER)


def test_a_server_may_be_started_again(own_postgres: Server) -> None:
    """Nobody who asks afterwards notices; who asks meanwhile is told to come back."""
    place = PostgresUrl(own_postgres.new_database())
    registry = Registry(place, SIGNER)

    async def ask(name: str) -> tuple[bytes, bytes | None]:
        written = await registry.write(_keep(name))
        return written, await registry.read(lambda books: books.store.meta(name))

    async def fails() -> list[object]:
        jobs = (registry.write(_keep("x")), registry.read(lambda b: b.store.meta("x")))
        return list(await asyncio.gather(*jobs, return_exceptions=True))

    try:
        assert asyncio.run(ask("before")) == (b"1", b"1")
        own_postgres.restart("immediate")
        assert asyncio.run(ask("after")) == (b"1", b"1")
        with own_postgres.away():
            assert all(isinstance(each, AwayError) for each in asyncio.run(fails()))
        assert asyncio.run(ask("later")) == (b"1", b"1")
    finally:
        registry.close()
