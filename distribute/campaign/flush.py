"""Have on the disk what SQLite has committed, while this process goes on with its work.

A disk takes milliseconds to say that it has something for good, and no processor all the
while. Waiting for it would cost a fast sender a tenth of its time.
"""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from distribute.errors import AudienceError


class Flush:
    """Writes the log of a database (WAL) through to the disk, in a thread of its own.

    What was committed with ``synchronous = NORMAL`` is in the log, in the hands of the
    system: it survives this process already, and a power cut once the log is flushed.
    """

    def __init__(self, path: Path) -> None:
        """Take the path of the database, which is in use and so has a log."""
        self._log = path.with_name(f"{path.name}-wal")
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._pending: Future[None] | None = None
        self._asked = 0
        self._done = 0

    @property
    def is_pending(self) -> bool:
        """Whether something may be on its way to the disk."""
        return self._pending is not None

    def begin(self, mark: int) -> None:
        """Flush all that is committed, and with it whatever is numbered up to `mark`."""
        self.finish()
        self._asked = mark
        self._pending = self._thread.submit(self._write_through)

    def wait_for(self, mark: int) -> None:
        """Wait until that number is on the disk, if it is on its way there.

        Raises `AudienceError` if the disk does not take it.
        """
        if self._done < mark:
            self.finish()

    def finish(self) -> None:
        """Wait for what is on its way; raises as `wait_for` does."""
        if self._pending is None:
            return
        pending, self._pending = self._pending, None
        try:
            pending.result()
        except OSError as error:
            raise AudienceError(
                f"{self._log} cannot be written to the disk: {error.strerror or error}",
                hint="See that the disk is healthy and has room; then run again.",
            ) from error
        self._done = self._asked

    def close(self) -> None:
        """End the thread; what is on its way still arrives."""
        self._thread.shutdown()

    def _write_through(self) -> None:
        log = os.open(self._log, os.O_RDWR)
        try:
            os.fsync(log)
        finally:
            os.close(log)
