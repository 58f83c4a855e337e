"""Have on the disk what a sender relies on, and no more often than it must be.

SQLite is told to leave the flushing to us while somebody sends, for waiting for a disk
costs a fast sender a tenth of its time. A server of PostgreSQL has every commit on its
disk before it says so, and nothing is left to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import engine_of
from distribute.audience.database.place import Place
from distribute.campaign.custody.process import Process, shares_our_memory
from distribute.campaign.ledger.flush import Flush

_ENDURANCE = 12
"""While sending, wait so many times as long for others: giving up would stop it all."""

_ON_DISK = "PRAGMA synchronous = FULL"
_IN_SYSTEM = "PRAGMA synchronous = NORMAL"
_LONG_LOG = "PRAGMA wal_autocheckpoint = 4000"


class Durability(Protocol):
    """How what is committed gets to the disk."""

    @property
    def is_pending(self) -> bool:
        """Whether something may be on its way to the disk."""
        ...

    def ease(self) -> None:
        """Leave commits in the hands of the system from now on, for sending begins."""
        ...

    def claimed(self, latest: int) -> None:
        """Begin to bring to the disk what is committed, up to a delivery's number."""
        ...

    def claimed_out_of_order(self) -> None:
        """Do the same for deliveries with numbers from earlier, and wait for it."""
        ...

    def wait_for(self, latest: int) -> None:
        """Wait until the claim of a delivery is on the disk.

        Raises `AudienceError` if the disk does not take it.
        """
        ...

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Have what is committed in between on the disk, with all before it."""
        ...

    def settle(self) -> None:
        """Have all that was committed on the disk from the next commit on."""
        ...

    def rest(self) -> None:
        """Be as before, for it has ended."""
        ...

    def close(self) -> None:
        """Let what is on its way arrive."""
        ...


def durability_of(place: Place, connection: Connection, patience: float) -> Durability:
    """Choose by the engine; `patience` is how many seconds to wait for others usually."""
    if isinstance(place, Path) and engine_of(connection) == "sqlite":
        return FileDurability(place, connection, patience)
    return ServerDurability(connection, patience)


def has_kept_all(connection: Connection, dead: Process) -> bool:
    """Tell whether all that a dead sender wrote down is still there.

    A server has had it on its disk; what went into a file may be lost with the machine.
    """
    return engine_of(connection) == "postgresql" or shares_our_memory(dead)


class FileDurability:
    """Implements `Durability` for a file of SQLite."""

    def __init__(self, path: Path, connection: Connection, patience: float) -> None:
        self._connection = connection
        self._patience = patience
        self._flush = Flush(path)

    @property
    def is_pending(self) -> bool:
        """Whether a flush may be under way."""
        return self._flush.is_pending

    def ease(self) -> None:
        """Leave commits in the hands of the system, and wait long for others."""
        self._connection.execute(_IN_SYSTEM)
        self._connection.execute(_LONG_LOG)
        self._wait(self._patience * _ENDURANCE)

    def claimed(self, latest: int) -> None:
        """Begin to flush the log."""
        self._flush.begin(latest)

    def claimed_out_of_order(self) -> None:
        """Flush the log, for their numbers tell nothing of when that will be."""
        self._flush.finish()

    def wait_for(self, latest: int) -> None:
        """Wait for the flush, if one is under way."""
        self._flush.wait_for(latest)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let SQLite flush what is committed in between."""
        (usual,) = self._connection.execute("PRAGMA synchronous").fetchone()
        self._connection.execute(_ON_DISK)
        try:
            yield
        finally:
            self._connection.execute(f"PRAGMA synchronous = {usual}")

    def settle(self) -> None:
        """Let SQLite flush again by itself."""
        self._connection.execute(_ON_DISK)

    def rest(self) -> None:
        """Bring the log into the file."""
        self._connection.execute("PRAGMA wal_checkpoint").fetchall()
        self._wait(self._patience)

    def close(self) -> None:
        """Let the last flush end."""
        self._flush.close()

    def _wait(self, seconds: float) -> None:
        """Wait so long for other writers."""
        self._connection.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")


class ServerDurability:
    """Implements `Durability` for a server, which does all of it with each commit."""

    is_pending = False

    def __init__(self, connection: Connection, patience: float) -> None:
        self._connection = connection
        self._patience = patience

    def ease(self) -> None:
        """Wait long for others."""
        self._wait(self._patience * _ENDURANCE)

    def claimed(self, latest: int) -> None:
        """Nothing is left to do."""

    def claimed_out_of_order(self) -> None:
        """Nothing is left to do."""

    def wait_for(self, latest: int) -> None:
        """Nothing is left to wait for."""

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Nothing is left to do."""
        yield

    def settle(self) -> None:
        """Nothing is left to do."""

    def rest(self) -> None:
        """Wait for others as before."""
        self._wait(self._patience)

    def close(self) -> None:
        """Nothing is under way."""

    def _wait(self, seconds: float) -> None:
        milliseconds = max(1, round(seconds * 1000))  # 0 would be for ever
        self._connection.execute(f"SET lock_timeout = {milliseconds}")
