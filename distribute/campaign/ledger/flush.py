"""Have on the disk what SQLite has committed, while this process goes on with its work.

A disk takes milliseconds to say that it has something for good, and no processor all the
while. Waiting for it would cost a fast sender a tenth of its time.
"""

import os
from pathlib import Path
from threading import Thread

from distribute.errors import AudienceError


class Flush:
    """Writes the log of a database (WAL) through to the disk, in a thread of its own.

    What was committed with ``synchronous = NORMAL`` is in the log, in the hands of the
    system: it survives this process already, and a power cut once the log is flushed.
    """

    def __init__(self, path: Path) -> None:
        """Take the path of the database, which is in use and so has a log."""
        self._log = path.with_name(f"{path.name}-wal")
        self._thread: Thread | None = None
        self._failure: OSError | None = None
        self._asked = 0
        self._done = 0

    @property
    def is_pending(self) -> bool:
        """Whether something may be on its way to the disk."""
        return self._thread is not None

    def begin(self, mark: int) -> None:
        """Flush all that is committed, and with it whatever is numbered up to `mark`."""
        self.finish()
        self._asked = mark
        self._thread = Thread(target=self._try, name="flush")
        self._thread.start()

    def wait_for(self, mark: int) -> None:
        """Wait until that number is on the disk, if it is on its way there.

        Raises `AudienceError` if the disk does not take it.
        """
        if self._done < mark:
            self.finish()

    def finish(self) -> None:
        """Wait for what is on its way; raises as `wait_for` does."""
        if self._thread is None:
            return
        self._thread.join()
        self._thread, failure = None, self._failure
        if failure is not None:
            self._failure = None
            raise AudienceError(
                f"{self._log} cannot be written to the disk: {failure.strerror}",
                hint="See that the disk is healthy and has room; then run again.",
            ) from failure
        self._done = self._asked

    def close(self) -> None:
        """Let what is on its way arrive, and no longer ask whether it does."""
        if self._thread is not None:
            self._thread.join()

    def _try(self) -> None:
        try:
            self._write_through()
        except OSError as error:
            self._failure = error

    def _write_through(self) -> None:
        log = os.open(self._log, os.O_RDWR)
        try:
            os.fsync(log)
        finally:
            os.close(log)
