"""Tell what happens to a worker, one line each, whichever library noticed."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Log = Callable[[str], None]
"""Is told what happens, one line each; from any thread."""


class Line:
    """Tells once that the database is away, and once that it is back."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._missed_by: set[str] = set()

    def lost(self, by: str, error: BaseException) -> None:
        """Note that somebody of us cannot reach it."""
        if not self._missed_by:
            why = first_line(error.__cause__ or error)
            self._log(f"the database is away, and is tried again and again: {why}")
        self._missed_by.add(by)

    def back(self, by: str) -> None:
        """Note that somebody of us can."""
        if by in self._missed_by:
            self._missed_by.discard(by)
            if not self._missed_by:
                self._log("the database is back")


def first_line(error: BaseException) -> str:
    """Give the gist of an error; databases add detail and advice in further lines."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


@contextmanager
def hushed(log: Log) -> Iterator[None]:
    """Keep what the libraries log off the terminal; their errors are told, a line each."""
    handler = _Lines(log)
    loggers = [logging.getLogger(name) for name in ("procrastinate", "psycopg")]
    was = [logger.propagate for logger in loggers]
    for logger in loggers:
        logger.propagate = False
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger, propagate in zip(loggers, was, strict=True):
            logger.removeHandler(handler)
            logger.propagate = propagate


class _Lines(logging.Handler):
    """Passes errors on without their tracebacks."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.ERROR)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Pass one on."""
        self._log(record.getMessage().partition("\n")[0])
