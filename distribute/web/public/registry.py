"""The one place where the public side reads and writes the database.

A thread owns each connection. What many people ask for at the same time is written in one
transaction and brought to the disk once, so that a mailbox provider that unsubscribes a
thousand people in a second is answered in time; and nobody is answered before it is on
the disk.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Thread
from typing import Generic, NamedTuple, TypeVar

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import explained, open_database, transaction
from distribute.audience.database.place import Place
from distribute.audience.reception.application import Applications
from distribute.audience.reception.letters import Letters
from distribute.audience.reception.reception import Reception
from distribute.audience.reception.token import Signer
from distribute.audience.reception.visits import Visits
from distribute.audience.store import Store
from distribute.audience.suppression.suppression import Hasher, Suppressions
from distribute.errors import AwayError, BusyError, DistributeError

PATIENCE = 60.0
"""Seconds to wait for another process that is writing, such as a large import: whoever
leaves meanwhile has left, even if they do not wait for the answer."""
MOST_WAITING = 10_000
"""Jobs; whoever comes behind them is asked to come back later."""
AT_ONCE = 512
"""Jobs in one transaction."""

Answer = TypeVar("Answer")


class Books(NamedTuple):
    """All that the public side keeps, on one connection."""

    place: Place
    connection: Connection
    store: Store
    suppressions: Suppressions
    reception: Reception
    applications: Applications
    letters: Letters
    visits: Visits

    @classmethod
    def over(cls, place: Place, connection: Connection, signer: Signer) -> "Books":
        """Take up what a connection leads to."""
        store = Store.sharing(place, connection)
        suppressions = store.suppressions(Hasher(signer.subkeys("suppression")))
        applications = Applications(place, connection)
        letters = Letters(place, connection)
        visits = Visits(place, connection, signer.subkey("visit"))
        reception = Reception(store, suppressions, applications, letters, visits)
        parts = (store, suppressions, reception, applications, letters, visits)
        return cls(place, connection, *parts)


class _Job(NamedTuple, Generic[Answer]):
    do: Callable[[Books], Answer]
    future: "asyncio.Future[Answer]"


class _Ended(NamedTuple):
    job: "_Job[object]"
    answer: object = None
    error: Exception | None = None


class Registry:
    """Carries jobs out on the database, for all requests there are."""

    def __init__(self, place: Place, signer: Signer) -> None:
        """Open the database, which is made if there is none; see `close`."""
        self._desks = {
            writes: _Desk(place, signer, writes=writes) for writes in (True, False)
        }

    async def write(self, job: Callable[[Books], Answer]) -> Answer:
        """Carry a job out, all or nothing, and answer once it is on the disk."""
        return await self._desks[True].ask(job)

    async def read(self, job: Callable[[Books], Answer]) -> Answer:
        """Look something up; it does not wait for those who write."""
        return await self._desks[False].ask(job)

    def close(self) -> None:
        """Finish what was asked for, and let go of the database."""
        for desk in self._desks.values():
            desk.close()


class _Desk:
    """One thread with one connection."""

    def __init__(self, place: Place, signer: Signer, *, writes: bool) -> None:
        self._place = place
        self._signer = signer
        self._writes = writes
        self._queue: Queue[_Job[object] | None] = Queue(MOST_WAITING)
        self._opened: Queue[Exception | None] = Queue()
        self._is_over = False
        self._thread = Thread(target=self._run, name="registry", daemon=True)
        self._thread.start()
        if error := self._opened.get():
            raise error

    async def ask(self, job: Callable[[Books], Answer]) -> Answer:
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(_Job(job, future))  # type: ignore[arg-type]  # any answer
        except Full:
            raise BusyError("too many are waiting for an answer") from None
        return await future

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            connection = open_database(self._place, patience=PATIENCE)
            books = Books.over(self._place, connection, self._signer)
        except Exception as error:  # noqa: BLE001 - raised again for whoever opens us
            self._opened.put(error)
            return
        self._opened.put(None)
        try:
            while not self._is_over:
                _tell(self._carried_out(self._next(), books))
        finally:
            connection.close()

    def _next(self) -> list["_Job[object]"]:
        """Take what is asked for by now; wait if that is nothing."""
        jobs: list[_Job[object]] = []
        job = self._queue.get()
        with suppress(Empty):
            while job is not None:
                jobs.append(job)
                if len(jobs) == AT_ONCE:
                    return jobs
                job = self._queue.get_nowait()
            self._is_over = True
        return jobs

    def _carried_out(
        self, jobs: Sequence["_Job[object]"], books: Books
    ) -> list[_Ended]:
        if not self._writes:
            return list(_looked_up(jobs, books))
        if not jobs:
            return []
        try:
            with explained(self._place), transaction(books.connection):
                return [_done(job, books, apart=True) for job in jobs]
        except DistributeError as error:
            return [_Ended(job, error=error) for job in jobs]


def _looked_up(jobs: Sequence["_Job[object]"], books: Books) -> Iterator[_Ended]:
    """Look it all up; a server that was away may be asked twice, and then no more.

    That a connection was lost while nobody asked for anything is found out by asking.
    """
    away: AwayError | None = None
    for job in jobs:
        ended = _Ended(job, error=away) if away else _done(job, books)
        if isinstance(ended.error, AwayError) and not away:
            ended = _done(job, books)
            away = ended.error if isinstance(ended.error, AwayError) else None
        yield ended


def _done(job: "_Job[object]", books: Books, *, apart: bool = False) -> _Ended:
    """Carry one out; if it fails, nothing of it is left and the others do not notice."""
    execute = books.connection.execute
    if apart:
        execute("SAVEPOINT job")
    try:
        ended = _Ended(job, job.do(books))
    except Exception as error:  # noqa: BLE001 - it is raised again for whoever asked
        ended = _Ended(job, error=error)
        if apart:
            execute("ROLLBACK TO job")
    if apart:
        execute("RELEASE job")
    return ended


def _tell(ended: Sequence[_Ended]) -> None:
    """Answer those who wait, each in their own event loop, with one call for each loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Ended]] = {}
    for each in ended:
        by_loop.setdefault(each.job.future.get_loop(), []).append(each)
    for loop, theirs in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, theirs)


def _settle(ended: Sequence[_Ended]) -> None:
    for job, answer, error in ended:
        if job.future.done():  # whoever asked has gone
            continue
        if error is None:
            job.future.set_result(answer)
        else:
            job.future.set_exception(error)
