"""Spend little time on looking for garbage."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 100_000
"""Objects that a sending makes and does not let go of before it looks through them; fewer
than of other commands, for it goes on for hours and is to need no more memory."""
_RARELY = 300_000
"""The same for any command: what it takes to build a thousand posts is nearly all needed
to the end."""


def collect_seldom() -> None:
    """Look for cycles seldom from now on, in whatever the command does, and not at its end.

    Most of what a command loads and reads it needs as long as it runs, and then the system
    takes back all at once. To look through it takes a tenth of a build that has nothing
    to do.
    """
    gc.set_threshold(_RARELY, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)


@contextmanager
def little_collecting() -> Iterator[None]:
    """Leave alone what there is already, and look through the rest seldom.

    A sending makes a dozen objects per message and lets go of them without a cycle; to
    look through them again and again would take a twentieth of its time. What somebody
    else has set aside before stays aside.
    """
    usual, others = gc.get_threshold(), gc.get_freeze_count()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        if not others:
            gc.unfreeze()
