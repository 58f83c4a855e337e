"""Turn Ctrl-C and its kin into a wish to stop, which the run hears at its next turn."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from distribute.campaign.run.run import Haste

_SIGNALS = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)
]
_CLOSED = getattr(signal, "SIGHUP", None)
_STOPPING = (
    "\ndistribute: stopping; what is in flight ends first (once more: at once)\n"
)
_HALTING = "distribute: stopping at once\n"


class Wishes:
    """What signals have asked for so far."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        """The signals in the order in which they came."""

    def __call__(self) -> Haste:
        """Tell how urgent it is."""
        return (Haste.NONE, Haste.STOP, Haste.HALT)[min(len(self.numbers), 2)]

    @property
    def came_by_hand(self) -> bool:
        """Whether somebody at the keyboard wants it to stop, rather than the system."""
        return signal.SIGINT in self.numbers


@contextmanager
def heard(stopping: str = _STOPPING, halting: str = _HALTING) -> Iterator[Wishes]:
    """Hear signals: the first asks to stop, the second to stop at once.

    What is said then may be something else than that a sending stops.

    A signal that is ignored, as ``nohup`` has it, stays so. When a terminal is closed, the
    system says so, and the shell once more: that is no second wish.
    """
    wishes = Wishes()

    def wish(number: int, _frame: FrameType | None) -> None:
        if wishes.numbers and number == _CLOSED:
            return
        wishes.numbers.append(number)
        if len(wishes.numbers) <= 2:
            _tell(stopping if len(wishes.numbers) == 1 else halting)

    before = {
        number: signal.signal(number, wish)
        for number in _SIGNALS
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield wishes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(words: str) -> None:
    """Write past all buffers: one of them may be in use at this very moment."""
    with suppress(OSError, ValueError):  # nobody listens any more
        below = "\n" if sys.stderr.isatty() else ""
        os.write(sys.stderr.fileno(), f"{below}{words}".encode())
