"""Go through with what must be done, however long the database is away."""

from collections.abc import Callable
from itertools import chain, repeat
from time import monotonic, sleep
from typing import TypeVar

from distribute.errors import AwayError, BusyError

WAITS = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds before it is tried again; the last one stays.

At once for the first time: that a connection was lost is found out by using it.
"""
_SLICE = 0.1
"""Seconds of waiting after which somebody who wants it to end is heard."""

Answer = TypeVar("Answer")


class Patience:
    """Tries again and again as long as the database is away, or somebody has it locked.

    What it is given must come to the same if it is done twice. Gives up only some time
    after the process was told to stop, or when it is to stop at once.
    """

    def __init__(
        self,
        should_stop: Callable[[], bool],
        tell: Callable[[str], object],
        *,
        is_halted: Callable[[], bool] = lambda: False,
        farewell: float = 20.0,
        bears: type[BusyError] = BusyError,
        look: Callable[[], object] = lambda: None,
    ) -> None:
        """Take what is heard and told meanwhile.

        `farewell` is how many seconds somebody who is to stop waits for the database, and
        `bears` what is no reason to give up. Before anything is tried once more, `look`
        sees whether the database is there: it raises `AwayError` sooner than others do.
        """
        self._should_stop = should_stop
        self._is_halted = is_halted
        self._tell = tell
        self._farewell = farewell
        self._bears = bears
        self._look = look
        self._give_up_at: float | None = None
        self._is_away = False
        self._is_told = False

    def __call__(self, act: Callable[[], Answer]) -> Answer:
        """Do it, and give what comes of it; raises what it bore last if it gives up."""
        waits = chain(WAITS, repeat(WAITS[-1]))
        while True:
            try:
                answer = self._tried(act)
            except self._bears as error:
                self._is_away = isinstance(error, AwayError)
                self._wait(next(waits), error)
                if self._is_over():
                    raise
            else:
                self._greet()
                return answer

    def _tried(self, act: Callable[[], Answer]) -> Answer:
        if self._is_away:
            self._look()
        return act()

    def _wait(self, seconds: float, error: BusyError) -> None:
        """Wait, as long as nobody wants it to end, and say why for the first time."""
        if seconds and self._is_away and not (self._is_told or self._is_over()):
            self._is_told = True
            self._tell(f"sending waits: {error.reason}")
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0 and not self._is_over():
            sleep(min(left, _SLICE))

    def _greet(self) -> None:
        """Say that it is back, if it was said to be away."""
        if self._is_told:
            self._tell("the database is back; sending goes on")
        self._is_away = self._is_told = False

    def _is_over(self) -> bool:
        if self._is_halted():
            return True
        if not self._should_stop():
            return False
        if self._give_up_at is None:
            self._give_up_at = monotonic() + self._farewell
        return monotonic() >= self._give_up_at
