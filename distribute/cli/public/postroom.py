"""A thread that sends letters while the public side answers.

It has a connection of its own, so that nobody who asks for something waits for a server
of mail; what it is in the midst of when the process is killed is found again later.
"""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from threading import Event, Thread

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import open_database, to_milliseconds
from distribute.audience.reception.token import Signer
from distribute.cli.newsletter.front import Front
from distribute.cli.newsletter.heeding import heed_suppressions
from distribute.cli.public.postage import Postage, Posted
from distribute.errors import DistributeError
from distribute.web.public.log import shown_defect
from distribute.web.public.registry import Books

_LOOK = 5.0
"""Seconds between two looks into the outbox; another process may have put something in."""
_PATIENCE = 30.0
"""Seconds for the letters in hand, when all else has ended."""
_HEED = timedelta(minutes=5)
"""How often to look whom others have suppressed."""


class PostRoom:
    """Sends what is due, from when it is opened until it is closed."""

    def __init__(
        self,
        head: Front,
        signer: Signer,
        *,
        sink: str,
        clock: Callable[[], datetime],
        log: Callable[[str], object],
    ) -> None:
        self._head = head
        self._signer = signer
        self._sink = sink
        self._clock = clock
        self._log = log
        self._is_over = False
        self._news = Event()
        self._heeded: datetime | None = None
        self._thread = Thread(target=self._run, name="letters", daemon=True)

    def open(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there is something to send."""
        self._news.set()

    def close(self) -> None:
        """End once the letters in hand are sent; the others wait for the next time.

        A server that does not answer is not waited for: nothing is lost by that.
        """
        self._is_over = True
        self._news.set()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        while not self._is_over:
            try:
                with closing(open_database(self._head.settings.database)) as connection:
                    self._work(connection)
            except DistributeError as error:
                self._log(f"letters: {error.reason}")
                self._news.wait(_LOOK)

    def _work(self, connection: Connection) -> None:
        books = Books.over(self._head.settings.database, connection, self._signer)
        postage = Postage(
            self._head,
            books.reception,
            books.letters,
            self._signer,
            sink=self._sink,
            clock=self._clock,
        )
        while not self._is_over:
            self._turn(postage, books)
            self._news.wait(self._pause(books))
            self._news.clear()

    def _turn(self, postage: Postage, books: Books) -> None:
        try:
            self._heed(books)
            at_once = self._sink != "smtp"  # nobody sees files being written
            posted = postage.send_due(until=lambda: self._is_over, at_once=at_once)
            self._tell(posted)
        except DistributeError as error:
            self._log(f"letters: {error.reason}")
            self._news.wait(_LOOK)
        except Exception as error:  # noqa: BLE001 - what it says may name somebody
            self._log(f"letters: defect: {shown_defect(error)}")
            self._news.wait(_LOOK)

    def _tell(self, posted: Posted) -> None:
        counts = {
            "sent": posted.accepted,
            "put off": posted.put_off,
            "refused": posted.refused,
            "uncertain": posted.uncertain,
        }
        said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        if said:
            self._log(f"letters: {said}")
        if posted.failure:
            self._log(f"letters: {posted.failure.reason}")

    def _pause(self, books: Books) -> float:
        """Say how long to wait, in seconds, unless somebody comes before."""
        try:
            due = books.letters.next_due()
        except DistributeError:
            return _LOOK
        if due is None:
            return _LOOK
        wait = (due - to_milliseconds(self._clock())) / 1000
        return min(max(wait, 0.05), _LOOK)

    def _heed(self, books: Books) -> None:
        """Heed the list of suppressions; nothing is sent while it cannot be read."""
        now = self._clock()
        if self._heeded is None or now - self._heeded >= _HEED:
            heed_suppressions(self._head.settings, books.store, now)
            self._heeded = now
