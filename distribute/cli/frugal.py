"""Spend little time on looking for garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 100_000
"""Objects made and not let go of before the youngest are looked through."""


@contextmanager
def little_collecting() -> Iterator[None]:
    """Collect cycles seldom, and leave alone what there is already.

    A sending makes a dozen objects per message and lets go of them without a cycle; to
    look through them again and again would take a twentieth of its time.
    """
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
