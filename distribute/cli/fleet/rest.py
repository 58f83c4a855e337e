"""Rest after a failure, so that a worker that reaches no mail server leaves work to others.

It would fail with one batch after the other, and put them all off, within a second.
"""

from collections.abc import Callable, Iterator
from itertools import chain, repeat
from time import monotonic, sleep

_WAITS = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds to rest after one failure, and another, and so on; the last one stays."""
_TICK = 0.1
"""Seconds after which somebody who says stop is heard at the latest."""


class Rest:
    """Grows longer with each failure that follows another."""

    def __init__(self, waits: tuple[float, ...] = _WAITS) -> None:
        self._all = waits
        self._waits = self._growing()

    def take(self, should_stop: Callable[[], bool]) -> None:
        """Rest after a failure, or until somebody says stop."""
        until = monotonic() + next(self._waits)
        while monotonic() < until and not should_stop():
            sleep(_TICK)

    def is_over(self) -> None:
        """Begin with short ones again: something has worked."""
        self._waits = self._growing()

    def _growing(self) -> Iterator[float]:
        return chain(self._all, repeat(self._all[-1]))
