"""Signals to this very process, while it does something."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from tests.scenarios.office import wait_until


@contextmanager
def signalled(
    *names: str, once: Callable[[], bool], ignored: bool = False
) -> Iterator[None]:
    """Send this process signals once something is so; they hurt nobody but a sending."""
    numbers = [signal.Signals[name] for name in names]
    before = {
        number: signal.signal(number, signal.SIG_IGN if ignored else lambda *_: None)
        for number in numbers
    }

    def wait() -> None:
        wait_until(once)
        for number in numbers:
            os.kill(os.getpid(), number)

    thread = Thread(target=wait)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        for number, usual in before.items():
            signal.signal(number, usual)
