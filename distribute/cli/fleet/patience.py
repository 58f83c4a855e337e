"""Go through with what must be written, however long the database is away."""

from collections.abc import Callable
from itertools import chain, repeat
from time import monotonic, sleep

from distribute.errors import AwayError, BusyError

_WAITS = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds before it is tried again; the last one stays."""
_FAREWELL = 20.0
"""Seconds for which a worker that is to stop waits for the database."""


class Patience:
    """Tries again and again as long as the database is away, or somebody has it locked.

    What it is given must come to the same if it is done twice. Gives up only some time
    after the worker was told to stop, or when it is to stop at once.
    """

    def __init__(
        self,
        should_stop: Callable[[], bool],
        tell: Callable[[str], object],
        *,
        is_halted: Callable[[], bool] = lambda: False,
    ) -> None:
        self._should_stop = should_stop
        self._is_halted = is_halted
        self._tell = tell
        self._give_up_at: float | None = None

    def __call__(self, act: Callable[[], None]) -> None:
        """Do it; raises `AwayError` if it gives up."""
        waits = chain(_WAITS, repeat(_WAITS[-1]))
        is_told = False
        while True:
            try:
                act()
            except BusyError as error:
                if self._is_over():
                    raise
                if not is_told and isinstance(error, AwayError):
                    is_told = True
                    self._tell(f"sending waits: {error.reason}")
                sleep(next(waits))
            else:
                if is_told:
                    self._tell("the database is back; sending goes on")
                return

    def _is_over(self) -> bool:
        if self._is_halted():
            return True
        if not self._should_stop():
            return False
        if self._give_up_at is None:
            self._give_up_at = monotonic() + _FAREWELL
        return monotonic() >= self._give_up_at
