"""Show how far a sending has come: live on a terminal, now and then elsewhere."""

import shutil
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from distribute.cli.tally import Tally
from distribute.cli.words import duration, many

_REFRESHED = 0.1
"""Seconds between two looks at a terminal."""
_REPORTED = 30.0
"""Seconds between two lines elsewhere."""
_WINDOW = 15
"""Seconds over which the present rate is taken."""
_BAR = 10
_CLEAR = "\r\x1b[K"


@contextmanager
def live(total: int) -> Iterator[Callable[[Tally], None]]:
    """Give a function that shows a tally; it may be called as often as one likes."""
    display = Display(total, sys.stderr, on_terminal=sys.stderr.isatty())
    try:
        yield display.show
    finally:
        display.end()


class Display:
    """One line about a sending of so many messages."""

    def __init__(
        self,
        total: int,
        out: TextIO,
        *,
        on_terminal: bool,
        watch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total
        self._out = out
        self._on_terminal = on_terminal
        self._watch = watch
        now = watch()
        self._next = now
        self._reported = now
        self._seen = deque([(now, 0)], maxlen=_WINDOW + 1)
        """How many had ended at which second, of late."""

    def show(self, tally: Tally) -> None:
        """Say how it stands, if enough time has gone by since the last time."""
        now = self._watch()
        if now < self._next:
            return
        self._next = now + (_REFRESHED if self._on_terminal else 1.0)
        if now >= self._seen[-1][0] + 1.0:
            self._seen.append((now, tally.ended))
        if self._on_terminal:
            self._draw(", ".join(self._counts(tally, now)), tally.ended)
        elif now >= self._reported + _REPORTED:
            self._reported = now
            self._out.write(f"{self.line(tally, now)}\n")
            self._out.flush()

    def line(self, tally: Tally, now: float) -> str:
        """Write down how it stands."""
        head = f"{many(tally.ended)} of {many(max(self._total, tally.ended))}"
        return f"{head}: {', '.join(self._counts(tally, now))}"

    def _counts(self, tally: Tally, now: float) -> list[str]:
        """Count how deliveries ended, and say how fast it goes."""
        counts = [
            f"{many(tally.accepted)} accepted",
            f"{many(tally.deferred)} deferred",
            f"{many(tally.rejected)} rejected",
        ]
        if tally.uncertain:
            counts.append(f"{many(tally.uncertain)} uncertain")
        return counts + self._pace(tally.ended, now)

    def end(self) -> None:
        """Leave the terminal as it was."""
        if self._on_terminal:
            self._out.write(_CLEAR)
            self._out.flush()

    def _pace(self, ended: int, now: float) -> list[str]:
        """Say how fast it goes of late, and how long that will take."""
        since, before = self._seen[0]
        if now <= since or ended <= before:
            return []
        rate = (ended - before) / (now - since)
        left = max(self._total - ended, 0) / rate
        shown = many(round(rate)) if rate >= 10 else f"{rate:.1f}"
        left = left if left < 60 else round(left / 60) * 60
        return [f"{shown}/s", f"{duration(left)} left"]

    def _draw(self, line: str, ended: int) -> None:
        done = min(ended / max(self._total, 1), 1.0)
        full = int(_BAR * done)
        bar = "━" * full + "─" * (_BAR - full)
        columns = shutil.get_terminal_size().columns - 1
        self._out.write(f"{_CLEAR}{f'{bar} {int(done * 100)}% {line}'[:columns]}")
        self._out.flush()
