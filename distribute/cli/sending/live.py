"""Show how far a sending has come: live on a terminal, now and then elsewhere."""

import os
import shutil
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from distribute.cli.sending.tally import Tally
from distribute.cli.terminal.words import duration, many

_REFRESHED = 0.1
"""Seconds between two looks at a terminal."""
_REPORTED = 30.0
"""Seconds between two lines elsewhere."""
_WINDOW = 15
"""Seconds over which the present rate is taken."""
_LONG = 10.0
"""Seconds after which somebody wonders why nothing happens."""
_BAR = 10
_CLEAR = "\r\x1b[K"


@contextmanager
def live(total: int) -> Iterator[Callable[[Tally], None]]:
    """Give a function that shows a tally; it may be called as often as one likes.

    It should be called when nothing has happened, too: that is what one wants to know.
    """
    display = Display(total, sys.stderr, on_terminal=_is_terminal(sys.stderr))
    try:
        yield display.show
    finally:
        display.end()


class Display:
    """One line about a sending of so many messages.

    When nobody can see it any more, because the terminal is closed or who read from the
    pipe has gone, it is silent: the sending is more important than the talk about it.
    """

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
        """How many answers there were at which second, of late."""
        self._attempts, self._changed = 0, now
        """How many there are, and since when no other."""
        self._is_seen = True

    def show(self, tally: Tally) -> None:
        """Say how it stands, if enough time has gone by since the last time."""
        now = self._watch()
        if now < self._next:
            return
        self._next = now + (_REFRESHED if self._on_terminal else 1.0)
        self._note(tally, now)
        if self._on_terminal:
            self._write(f"{_CLEAR}{self._drawing(tally, now)}")
        elif now >= self._reported + _REPORTED:
            self._reported = now
            self._write(f"{self.line(tally, now)}\n")

    def line(self, tally: Tally, now: float) -> str:
        """Write down how it stands."""
        head = f"{many(tally.ended)} of {many(max(self._total, tally.ended))}"
        return f"{head}: {', '.join(self._news(tally, now))}"

    def end(self) -> None:
        """Leave the terminal as it was."""
        if self._on_terminal:
            self._write(_CLEAR)

    def _note(self, tally: Tally, now: float) -> None:
        """Remember what is needed to tell the pace, and whether it stands still."""
        if now >= self._seen[-1][0] + 1.0:
            self._seen.append((now, tally.attempts))
        if tally.attempts != self._attempts:
            self._attempts, self._changed = tally.attempts, now

    def _news(self, tally: Tally, now: float) -> list[str]:
        """Count how deliveries ended, and say how fast it goes, or why it does not."""
        counts = [
            f"{many(tally.accepted)} accepted",
            f"{many(tally.deferred)} deferred",
            f"{many(tally.rejected)} rejected",
        ]
        if tally.uncertain:
            counts.append(f"{many(tally.uncertain)} uncertain")
        if tally.deferred and tally.ended >= self._total:
            return [*counts, "waiting for those deferred"]
        if now - self._changed >= _LONG:
            return [*counts, f"nothing new for {duration(now - self._changed)}"]
        return counts + self._pace(tally, now)

    def _pace(self, tally: Tally, now: float) -> list[str]:
        """Say how fast it goes of late, and how long that will take."""
        since, before = self._seen[0]
        if now <= since or tally.attempts <= before:
            return []
        rate = (tally.attempts - before) / (now - since)
        left = max(self._total - tally.ended, 0) / rate
        shown = many(round(rate)) if rate >= 10 else f"{rate:.1f}"
        left = left if left < 60 else round(left / 60) * 60
        return [f"{shown}/s", f"{duration(left)} left"]

    def _drawing(self, tally: Tally, now: float) -> str:
        """Draw it in one line of the terminal: one that wraps cannot be written over."""
        done = min(tally.ended / max(self._total, 1), 1.0)
        full = int(_BAR * done)
        bar = "━" * full + "─" * (_BAR - full)
        text = f"{int(done * 100)}% {', '.join(self._news(tally, now))}"
        room = _columns(self._out) - 1
        drawing = f"{bar} {text}"
        return drawing if len(drawing) <= room else text[:room]

    def _write(self, text: str) -> None:
        if not self._is_seen:
            return
        try:
            self._out.write(text)
            self._out.flush()
        except OSError:
            self._is_seen = False


def _is_terminal(stream: TextIO) -> bool:
    """Tell whether a line can be drawn over and over there."""
    return stream.isatty() and os.environ.get("TERM") not in {"dumb", "unknown"}


def _columns(stream: TextIO) -> int:
    """Measure the terminal; stdout, at which `shutil` looks, may go elsewhere."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return columns or shutil.get_terminal_size().columns
