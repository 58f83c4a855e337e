"""Turn Ctrl-C and its kin into a wish to stop, which the run hears at its next turn."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from distribute.campaign.run import Haste

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


@contextmanager
def heard() -> Iterator[Callable[[], Haste]]:
    """Hear signals: the first asks to stop, the second to stop at once.

    A signal that is ignored, as ``nohup`` has it, stays so. When a terminal is closed, the
    system says so, and the shell once more: that is no second wish.
    """
    wishes: list[int] = []

    def wish(number: int, _frame: FrameType | None) -> None:
        if wishes and number == _CLOSED:
            return
        wishes.append(number)
        if len(wishes) <= 2:
            _tell(_STOPPING if len(wishes) == 1 else _HALTING)

    before = {
        number: signal.signal(number, wish)
        for number in _SIGNALS
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield lambda: (Haste.NONE, Haste.STOP, Haste.HALT)[min(len(wishes), 2)]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(words: str) -> None:
    """Write past all buffers: one of them may be in use at this very moment."""
    with suppress(OSError, ValueError):  # nobody listens any more
        below = "\n" if sys.stderr.isatty() else ""
        os.write(sys.stderr.fileno(), f"{below}{words}".encode())
