"""Do beside the work what has to be done from time to time, in a thread of its own."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from threading import Event, Thread
from time import monotonic

from distribute.audience.database.database import explained
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.connection import (
    PostgresConnection,
    open_server,
)
from distribute.campaign.fleet import roll
from distribute.campaign.fleet.batch import BatchId
from distribute.campaign.fleet.overview import count_uncertain
from distribute.cli.fleet.meter import Meter
from distribute.errors import AudienceError

_TICK = 1.0
"""Seconds between two looks whether anything is to be done."""
_SIGN = 5.0
"""Seconds between two signs of life, as long as the same batch is in hand."""
_COUNT = 30.0
"""Seconds between two counts of the uncertain; longer if it takes long."""
_SELDOM = 10.0
"""Nothing is counted again before so many times as long as it took."""
_PATIENCE = 2.0
"""Seconds to wait for others, and at the end for the last sign of life."""


class Caretaker:
    """Puts a worker on the roll, and closes what is not used.

    It has a connection of its own. When the database does not let it, it leaves it be and
    tries again later: nobody's mail depends on it.
    """

    def __init__(
        self,
        url: PostgresUrl,
        member: roll.Member,
        meter: Meter,
        *,
        tidy: Callable[[], object],
        counts: bool,
    ) -> None:
        """`tidy` closes what is not used; `counts` says whether to count the uncertain."""
        self._url = url
        self._member = member
        self._meter = meter
        self._tidy = tidy
        self._counts = counts
        self._is_over = Event()
        self._connection: PostgresConnection | None = None
        self._next_sign = self._next_count = 0.0
        self._signed: BatchId | None = None
        """What was in hand when the last sign of life was given."""

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Do so while something else goes on; its end is waited for, but not for long."""
        thread = Thread(target=self._work, name="caretaker", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join(_PATIENCE)

    def _work(self) -> None:
        while not self._is_over.wait(_TICK if self._next_sign else 0.0):
            self._tidy()
            if self._in_hand != self._signed or monotonic() >= self._next_sign:
                self._sign()
                self._next_sign = monotonic() + _SIGN
            if self._counts and monotonic() >= self._next_count:
                self._count()
        self._sign(ended=True)
        if self._connection is not None:
            self._connection.close()

    def _sign(self, *, ended: bool = False) -> None:
        """Give a sign of life, as soon as somebody is on the roll."""
        self._signed = batch = self._in_hand
        shares = self._meter.shares()
        try:
            with explained(self._url):
                connection = self._connected()
                while not roll.sign(
                    connection, self._member, batch, shares, ended=ended
                ):
                    roll.enrol(connection, self._member)
        except AudienceError:
            self._meter.is_database_up = False
        else:
            self._meter.is_database_up = True

    @property
    def _in_hand(self) -> BatchId | None:
        course = self._meter.course
        return course.batch if course else None

    def _count(self) -> None:
        began = monotonic()
        with suppress(AudienceError), explained(self._url):
            self._meter.uncertain = count_uncertain(self._connected())
        took = monotonic() - began
        self._next_count = monotonic() + max(_COUNT, _SELDOM * took)

    def _connected(self) -> PostgresConnection:
        if self._connection is None:
            self._connection = open_server(self._url, _PATIENCE)
        return self._connection


def member_here(pid: int) -> roll.Member:
    """Say who works here."""
    host = socket.gethostname()
    name = f"{host}:{pid}"
    return roll.Member(name=name, host=host, pid=pid, version=_version())


def _version() -> str:
    try:
        return version("distribute-newsletter")
    except PackageNotFoundError:  # run from a checkout
        return ""
